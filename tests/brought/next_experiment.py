"""Files that people bring to next experiment."""

import numpy as np
import pandas as pd
import pymc as pm
from hypothesis import strategies as st

from data import next_experiment
from data._how import Reading
from data.next_experiment import Tried
from tests.brought._brought import Like, Own, Reader, Sheet, csv, fault, spread
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

surrogate = model_of("next_experiment")
MOST = 300  # rows that the case reads


def _surrogate(found: Tried) -> pm.Model:
    return surrogate(found.settings, found.results)


READERS = {
    "": Reader(next_experiment.load, _surrogate),
    "a result that is named": Reader(
        lambda path: next_experiment.read(path, Reading(outcome="y"), drop_missing=True), _surrogate
    ),
}

LIKE = {"": Like([["x", "y"], ["water", "age", "y"]], ["x", "y", "run", "water", "result"])}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    rows = rng.normal(size=(draw(st.integers(4, 9)), draw(st.integers(2, 4))))
    scales = [10.0 ** draw(st.integers(-99, 99)) for _ in rows[0]]
    cells = [[repr(float(cell)) for cell in row] for row in rows * scales]
    header = [f"x{i}" for i in range(len(scales))]
    return "\n".join(",".join(row) for row in [header, *cells]).encode()


def trials(rng: np.random.Generator, n: int, k: int, noise: float) -> pd.DataFrame:
    """Return trials of a smooth function of k settings; results have an sd of about one."""
    x = rng.uniform(size=(n, k))
    centres = rng.uniform(size=(6, k))
    apart = ((x[:, None] - centres) ** 2).sum(axis=2)
    f = np.exp(-apart / (0.5 * k)) @ rng.normal(size=6)
    y = (f - f.mean()) / f.std() + noise * rng.normal(size=n)
    table = pd.DataFrame(x, columns=[f"x{i + 1}" for i in range(k)])
    return table.assign(y=y).round(5)


def sound(rng: np.random.Generator) -> Sheet:
    """Trials as the model says: a smooth function of a few settings, and some noise."""
    n, k = round(spread(rng, 15, 80)), int(rng.integers(1, 5))
    table = trials(rng, max(n, 12 * k), k, spread(rng, 0.02, 0.3))
    scales = [spread(rng, 1e-3, 1e4) for _ in range(k + 1)]
    ordered, least = bool(rng.random() < 0.5), bool(rng.random() < 0.5)
    return Sheet(table * scales, {"ordered": ordered, "minimise": least})


@fault(PREDICTIVE[False])
def a_slip(rng: np.random.Generator) -> Sheet:
    """One result of sixty is off by eight sds of all."""
    table = trials(rng, 60, 2, 0.1)
    table.loc[int(rng.integers(60)), "y"] += 8.0
    return Sheet(table, {})


@fault(PREDICTIVE[False])
def the_machine_drifts(rng: np.random.Generator) -> Sheet:
    """What any setting gives rises from the first trial to the last, by two sds."""
    table = trials(rng, 60, 2, 0.1)
    return Sheet(table.assign(y=table["y"] + np.linspace(0, 2, 60)), {"ordered": True})


@fault("Warn where results differ more by noise than by settings")
def mostly_noise(rng: np.random.Generator) -> Sheet:
    """The noise is three times as large as what the settings do."""
    return Sheet(trials(rng, 60, 2, 3.0), {})


@fault("Warn where the trials lie outside of what was tried")
def beyond_what_was_tried(rng: np.random.Generator) -> Sheet:
    """Results rise along a setting, and it may go twice as far as was tried."""
    table = trials(rng, 30, 2, 0.1)
    return Sheet(table.assign(y=table["y"] + 8 * table["x1"]), {"range": ["x1=0:2"]})


@fault("Warn where by its name the result may be better the other way")
def less_is_meant(rng: np.random.Generator) -> Sheet:
    """What came out is a cost, and nobody said that less is better."""
    return Sheet(trials(rng, 30, 2, 0.1).rename(columns={"y": "cost_eur"}), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Trials of three settings: as many as are read, and no more."""
    return trials(rng, min(n, MOST), 3, 0.2)


OWN = Own(
    csv(
        "<b>heat</b>,run,mode,yield",
        [
            [300 + 7 * i, i, 1, 1e4 * (i - 9) ** 2 + 2e4 * (i * 5 % 3) - 3e4 * i]
            for i in range(1, 18)
        ],
    ),
    {"reading": Reading(outcome="yield"), "minimise": True, "range": ["<b>heat</b>=300:700"]},
    "lie outside of what was tried",
)
