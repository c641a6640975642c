"""Files that people bring to process corridor."""

import numpy as np
import pandas as pd
import pymc as pm
from hypothesis import strategies as st

from data import process_corridor
from data._how import Reading
from tests.brought._brought import (
    ALIKE,
    OWN_DATA,
    ROWS,
    Like,
    Own,
    Reader,
    Sheet,
    fault,
    size,
    spread,
)
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

process = model_of("process_corridor")


def _process(found: pd.Series) -> pm.Model:
    low, high = found.min(), found.max()
    return process(found, low, high, center=low / 2 + high / 2, spread=(high - low) / 6)


READERS = {
    "": Reader(process_corridor.load, _process),
    "a column of several": Reader(
        lambda path: process_corridor.read(path, Reading(outcome="y"), drop_missing=True)[0],
        _process,
    ),
}

LIKE = {"": Like([["value"], ["machine", "value"]], ["value", "diameter", "y", "lower"])}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    size = 10.0 ** draw(st.integers(-99, 99))
    drawn = np.random.default_rng(draw(st.integers(0, 99))).normal(size=draw(st.integers(5, 12)))
    return "\n".join(
        ["value", *(f"{size * (draw(st.floats(-9, 9)) + x)!r}" for x in drawn.tolist())]
    ).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Normal pieces of a process that is just capable or not, near the middle of its limits."""
    n = round(spread(rng, *ROWS))
    half, middle = spread(rng, 1e-3, 1e3), spread(rng, 1e-2, 1e4)
    sd = half / 3 * spread(rng, 0.3, 3)
    values = middle + half * rng.uniform(-0.8, 0.8) + sd * rng.normal(size=n)
    table = pd.DataFrame({"value": values, "shift": rng.integers(3, size=n)})
    limits = {"lower": middle - half, "upper": middle + half}
    return Sheet(table, {**limits, "ordered": bool(rng.random() < 0.5)})


HELD = "Warn where the prior decides, or holds the sd away from what the pieces alone say"
CORRIDOR: dict[str, object] = {"lower": -4.0, "upper": 4.0}


@fault(PREDICTIVE[False])
def two_machines(rng: np.random.Generator) -> Sheet:
    """Pieces of two machines, whose means are four sds apart."""
    n = size(rng)
    values = rng.normal(size=n) + 4 * (rng.random(n) < 0.4)
    return Sheet(pd.DataFrame({"value": values}), {"lower": -4.0, "upper": 8.0})


@fault(PREDICTIVE[False])
def odd_pieces(rng: np.random.Generator) -> Sheet:
    """Pieces with the tails of a Student-t with 3 degrees of freedom."""
    return Sheet(pd.DataFrame({"value": rng.standard_t(3, size=size(rng))}), CORRIDOR)


@fault("Warn that Cpk is not that of now, where a check of the order warns")
def tool_wears(rng: np.random.Generator) -> Sheet:
    """The mean moves by two sds from the first piece to the last."""
    n = size(rng)
    values = rng.normal(size=n) + np.linspace(0, 2, n)
    return Sheet(pd.DataFrame({"value": values}), {**CORRIDOR, "ordered": True})


@fault(HELD)
def far_better_than_usual(rng: np.random.Generator) -> Sheet:
    """An sd a hundred times smaller than the limits would allow."""
    values = 0.013 * rng.normal(size=30)
    return Sheet(pd.DataFrame({"value": values}), CORRIDOR)


@fault(ALIKE)
def batches(rng: np.random.Generator) -> Sheet:
    """Five pieces of each batch, which share a third of the variance."""
    batch = np.repeat(np.arange(size(rng) // 5), 5)
    values = 0.8 * rng.normal(size=len(batch)) + 0.6 * rng.normal(size=len(batch))[batch]
    return Sheet(pd.DataFrame({"value": values, "batch": batch}), CORRIDOR)


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Normal measurements, one row a piece."""
    return pd.DataFrame({"value": rng.normal(5.61, 0.048, n).round(4)})


NEEDED = {"lower": 5.49, "upper": 5.79}


OWN = Own(
    (OWN_DATA / "rods.csv").read_text(encoding="utf-8"),
    {"lower": 11.9, "upper": 12.1, "reading": Reading(outcome="length_cm"), "ordered": True},
    "The process moves",
)
