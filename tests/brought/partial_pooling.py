"""Files that people bring to partial pooling."""

import numpy as np
import pandas as pd
import pymc as pm
from hypothesis import strategies as st
from scipy.special import expit, logit

from data import partial_pooling
from data._how import Reading
from models.partial_pooling import effects, means, rates
from tests.brought._brought import Like, Own, Reader, Sheet, csv, fault, spread
from tests.faults.names import HOSTILE
from tests.gates.watched import PREDICTIVE


def built(found: pd.DataFrame) -> pm.Model:
    """Return the model of effects, of means, or of rates."""
    if "square" in found:
        return means(found)
    return (effects if "effect" in found else rates)(found)


READERS = {"": Reader(partial_pooling.load, built)}
LIKE = {
    "": Like(
        [
            ["group", "successes", "trials"],
            ["group", "effect", "standard_error"],
            ["group", "outcome"],
        ],
        ["group", "successes", "trials", "effect", "standard_error", "later"],
        first=list("ABCDEFGHIJKLMNOP"),
    )
}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    many = [draw(st.integers(1, 10**9)) for _ in range(draw(st.integers(2, 8)))]
    rows = [(f"group {i}", draw(st.integers(0, v)), v) for i, v in enumerate(many)]
    return csv("group,successes,trials", rows).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Five to thirty groups, alike or not: counts, some by row, effects with errors, or rows."""
    n = int(rng.integers(5, 31))
    names, apart = [f"group {i}" for i in range(n)], float(rng.choice([0, 0.3, 1]))
    if rng.random() < 0.3:
        unit, of = spread(rng, 1e-3, 1e3), np.repeat(np.arange(n), rng.integers(1, 20, size=n))
        value = unit * (rng.normal() + apart * rng.normal(size=n)[of] + rng.normal(size=len(of)))
        at = rng.permutation(len(of))
        rows = {"group": np.array(names)[of][at], "outcome": value[at]}
        return Sheet(pd.DataFrame(rows), {"ordered": True})
    if rng.random() < 0.5:
        unit = spread(rng, 1e-3, 1e3)
        errors = unit * np.exp(rng.normal(scale=0.4, size=n))
        true = unit * (rng.normal() + apart * rng.normal(size=n))
        table = {"group": names, "effect": true + errors * rng.normal(size=n)}
        return Sheet(pd.DataFrame(table | {"standard_error": errors}), {})
    trials = np.ceil(spread(rng, 5, 500) * np.exp(rng.normal(scale=0.4, size=n))).astype(int)
    chance = expit(logit(spread(rng, 0.02, 0.6)) + apart * rng.normal(size=n))
    events = rng.binomial(trials, chance)
    if rng.random() < 0.3:
        of = np.repeat(names, trials)
        happened = np.concatenate([np.arange(t) < k for t, k in zip(trials, events, strict=True)])
        at = rng.permutation(len(of))
        table = {"group": of[at], "outcome": happened[at].astype(int)}
        return Sheet(pd.DataFrame(table), {"ordered": True})
    return Sheet(pd.DataFrame({"group": names, "successes": events, "trials": trials}), {})


@fault(PREDICTIVE[False])
def a_group_of_another_kind(rng: np.random.Generator) -> Sheet:
    """One of twenty groups does not belong to the others: it is fifteen sds from them."""
    names = [f"group {i}" for i in range(20)]
    true = rng.normal(scale=0.3, size=20) + np.where(np.arange(20) == 7, 15, 0)
    table = {"group": names, "effect": true + rng.normal(size=20), "standard_error": 1.0}
    return Sheet(pd.DataFrame(table), {})


@fault(PREDICTIVE[True])
def another_unit(rng: np.random.Generator) -> Sheet:
    """Effects in thousandths, and a prior that was stated in units."""
    n = int(rng.integers(8, 20))
    table = {"group": np.arange(n), "effect": 1000 * (5 + rng.normal(size=n))}
    prior = {"mu_mean": 5.0, "mu_sd": 1.0, "tau_scale": 1.0}
    return Sheet(pd.DataFrame(table | {"standard_error": 300.0}), {**prior})


@fault(PREDICTIVE[False])
def rows_of_uneven_spread(rng: np.random.Generator) -> Sheet:
    """In one of eight groups rows are six times as far apart as in the others."""
    of = np.repeat(np.arange(8), 15)
    value = rng.normal(size=8)[of] + np.where(of == 3, 6, 1) * rng.normal(size=len(of))
    return Sheet(pd.DataFrame({"group": of, "outcome": value}), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row for each trial of fifty groups, whose rates differ."""
    group = rng.integers(50, size=n)
    return pd.DataFrame({"group": group, "outcome": (rng.random(n) < group / 100).astype(int)})


def measured() -> str:
    """Return groups with hostile names, an effect each and its standard error."""
    names = [one for one in HOSTILE if one.isprintable() and len(one) <= 200][:9]
    cells = [one.replace('"', '""') for one in dict.fromkeys(names)]
    return csv("<b>,km/h,se", [[f'"{one}"', i * i % 7, 1 + i / 4] for i, one in enumerate(cells)])


OWN = Own(
    measured(),
    {
        "reading": Reading(
            columns=(("group", "<b>"), ("effect", "km/h"), ("standard_error", "se"))
        ),
        "lowest": True,
    },
    "",
)
