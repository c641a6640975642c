"""Files that people bring: how they are read, such as the model says, and such as it does not."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from data.my_case import load
from tests.brought._brought import Like, Own, Reader, Sheet, csv, fault, size, spread
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

COLUMNS = ["group", "events", "exposure"]  # EDIT: your columns
READERS = {"": Reader(load, model_of("my_case"))}
LIKE = {"": Like([COLUMNS], [*COLUMNS, "n"], first=["A", "B", "C"])}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    rows = draw(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**9)), min_size=2))
    return csv(
        "group,events,exposure", [(f"group {i}", *row) for i, row in enumerate(rows)]
    ).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Groups of the model itself, watched for any time."""  # EDIT: data as your model says
    return Sheet(table(rng, rng.gamma(2.0, 1.0, size=rng.integers(2, 9))), {})


@fault(PREDICTIVE[True])
def far_prior(rng: np.random.Generator) -> Sheet:
    """A prior that weighs 500 events, at rates ten times the true ones."""  # EDIT: a fault
    prior = {"prior_mean": 20.0, "prior_shape": 500.0}
    return Sheet(table(rng, np.full(size(rng, 2, 9), 2.0)), prior)


def table(rng: np.random.Generator, rate: np.ndarray) -> pd.DataFrame:
    """Return groups with these rates, watched for 1 to 100."""
    exposure = np.array([spread(rng, 1, 100) for _ in rate]).round(2)
    names = [f"group {i}" for i in range(len(rate))]
    counts = {"events": rng.poisson(rate * exposure), "exposure": exposure}
    return pd.DataFrame({"group": names, **counts})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Return a file of n rows."""
    return table(rng, rng.gamma(2.0, 1.0, size=n))


OWN = Own(csv("group,events,exposure", [["<b>", 0, 0.5], ["z'", 7, 1], ["c", 1, 3]]), {}, "")
