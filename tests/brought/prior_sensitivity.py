"""Files that people bring to prior sensitivity."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy.special import expit, logit

from data import prior_sensitivity
from tests.brought._brought import RATES, Like, Own, Reader, Sheet, fault, size, spread
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

births = model_of("prior_sensitivity")

READERS = {"": Reader(prior_sensitivity.load, births)}

LIKE = {
    "": Like(
        [["girls", "births"], ["event"]], ["girls", "births", "girl", "events", "trials", "event"]
    )
}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    n = draw(st.integers(1, 10**9))
    return f"events,trials\n{draw(st.integers(0, n))},{n}\n".encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Events among trials, of any rate, held against a reference near it."""
    n, rate = round(spread(rng, 20, 1e6)), spread(rng, *RATES)
    reference = float(expit(logit(rate) + 0.3 * rng.normal()))
    table = pd.DataFrame({"events": [rng.binomial(n, rate)], "trials": [n]})
    return Sheet(table, {"reference": min(max(reference, 1e-6), 0.6)})


@fault(PREDICTIVE[True])
def surprising(rng: np.random.Generator) -> Sheet:
    """A strong prior, weighing 500, at a rate ten times the true one."""
    n = size(rng)
    table = pd.DataFrame({"events": [rng.binomial(n, 0.03)], "trials": [n]})
    return Sheet(table, {"reference": 0.3, "prior_strength": 500.0})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row for each trial."""
    return pd.DataFrame({"event": (rng.random(n) < 0.48).astype(int)})


OWN = Own(
    "events,trials\n0,100\n",
    {"reference": 0.02},
    "The prior decides: under the flat prior, which weighs two trials, the decision would be "
    "“not shown”",
)
