"""Files that people bring to coin updating."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from data import coin_updating
from data._how import Reading
from tests.brought._brought import Like, Own, Reader, Sheet, csv, fault, size, spread
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

coin = model_of("coin_updating")

READERS = {"": Reader(coin_updating.load, coin)}

LIKE = {"": Like([["heads"], ["heads", "day"]], ["heads", "flip", "outcome", "event"])}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    flips = draw(st.lists(st.sampled_from("01"), min_size=1, max_size=12))
    return "\n".join(["heads", *flips]).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Trials of one rate, any between a tenth and nine tenths, in their order."""
    n = round(spread(rng, 20, 2000))
    return Sheet(pd.DataFrame({"heads": rng.binomial(1, rng.uniform(0.1, 0.9), size=n)}), {})


@fault(PREDICTIVE[False])
def in_runs(rng: np.random.Generator) -> Sheet:
    """Every trial is with probability .75 what the one before it was."""
    changes = rng.random(size(rng)) < 0.25
    return Sheet(pd.DataFrame({"heads": np.cumsum(changes) % 2}), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row for each trial."""
    return pd.DataFrame({"event": (rng.random(n) < 0.48).astype(int)})


OWN = Own(
    csv("won,site", [[i * i % 7 % 2, i % 5] for i in range(60)]),
    {"reading": Reading(outcome="won")},
    "",
)
