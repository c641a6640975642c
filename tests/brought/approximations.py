"""Files that people bring to approximations."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from data import approximations
from data._how import Reading
from models.approximations import non_centred
from tests.brought._brought import Like, Own, Reader, Sheet, csv, fault, size, spread
from tests.gates.watched import PREDICTIVE

COLUMNS = ["group", "effect", "standard_error"]
READERS = {"": Reader(approximations.load, non_centred)}
LIKE = {"": Like([COLUMNS], [*COLUMNS, "school"], first=[f"site {i}" for i in range(99)])}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    any_size = st.floats(1e-9, 1e9) | st.integers(-99, 99).map(lambda power: 10.0**power)
    known = any_size if draw(st.booleans()) else st.floats(1e-3, 1e5)
    errors = draw(st.lists(known, min_size=3, max_size=8))
    rows = [(f"g{i}", repr(draw(any_size)), repr(x)) for i, x in enumerate(errors)]
    return csv("group,effect,standard_error", rows).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Effects of one normal population, with errors of any size beside its sd."""
    n, error = round(spread(rng, 5, 100)), spread(rng, 0.1, 1000)
    tau, errors = error * spread(rng, 0.1, 5), error * rng.uniform(0.5, 2, size=n)
    effect = error * rng.normal() + tau * rng.normal(size=n) + errors * rng.normal(size=n)
    table = {"group": np.arange(n), "effect": effect, "standard_error": errors}
    return Sheet(pd.DataFrame(table), {})


@fault(PREDICTIVE[True])
def far_effects(rng: np.random.Generator) -> Sheet:
    """A prior that has mean and sd of the effects ten times nearer to 0 than they are."""
    n = size(rng) // 20
    effect = 30 + rng.normal(size=n) * 3
    table = {"group": np.arange(n), "effect": effect, "standard_error": 1.0}
    return Sheet(pd.DataFrame(table), {"mu_sd": 1.0, "tau_scale": 0.01})


@fault(PREDICTIVE[False])
def small_studies(rng: np.random.Generator) -> Sheet:
    """Of groups with large errors only those are told whose effect is large."""
    n = size(rng) // 4
    errors = rng.uniform(0.2, 2, size=4 * n)
    effect = rng.normal(size=4 * n) * errors
    told = effect > 1.3 * errors
    table = pd.DataFrame({"effect": effect, "standard_error": errors})[told].head(200)
    return Sheet(table.assign(group=np.arange(len(table))), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """As many groups as the case takes, however many rows are asked for."""
    n = min(n, 200)
    table = {"group": np.arange(n), "effect": rng.normal(size=n) + 1, "standard_error": 1.0}
    return pd.DataFrame(table)


OWN = Own(
    csv(
        "site,<b>z</b>,se",
        [[f'"{name}"', 3 * i % 7, 2] for i, name in enumerate(["<i>", "z'", "ü", "d"])],
    ),
    {
        "reading": Reading(
            columns=(("group", "site"), ("effect", "<b>z</b>"), ("standard_error", "se"))
        )
    },
    "",
)
