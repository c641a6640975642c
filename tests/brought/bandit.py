"""Files that people bring to bandit."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy.special import expit, logit

from data import bandit
from data._how import Reading
from tests.brought._brought import ARMS, Like, Own, Reader, Sheet, csv, fault, size, spread
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

clicks = model_of("bandit")

READERS = {"": Reader(bandit.load, clicks)}

LIKE = {
    "": Like(
        [["variant", "shown", "clicked"], ["variant", "clicked"]],
        ["variant", "shown", "clicked", "arm", "visitors"],
        first=["A", "B", "C"],
    )
}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    others = [draw(st.integers(0, 10**9)) for _ in range(draw(st.integers(1, 3)))]
    many = [draw(st.integers(1, 10**9)), *others]
    rows = [f"arm {i},{v},{draw(st.integers(0, v))}" for i, v in enumerate(many)]
    return "\n".join(["variant,shown,clicked", *rows]).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Two to four variants, shown unequally often, whose rates are alike or nearly."""
    variants, rate = int(rng.integers(2, 5)), spread(rng, 0.01, 0.5)
    rates = expit(logit(rate) + rng.choice([0, 0.3]) * rng.normal(size=variants))
    shown = rng.multinomial(round(spread(rng, 50, 20_000)), rng.dirichlet(np.full(variants, 5)))
    counts = {"shown": shown + 1, "clicked": rng.binomial(shown + 1, rates)}
    names = list(ARMS.values())[:variants]
    return Sheet(pd.DataFrame({"variant": names, **counts}), {"horizon": 200})


@fault(PREDICTIVE[True])
def opposed(rng: np.random.Generator) -> Sheet:
    """A prior that weighs 500 visitors, at a rate ten times the true one."""
    n = size(rng)
    counts = {"shown": [n, n], "clicked": rng.binomial(n, 0.03, size=2)}
    prior = {"alpha": 150.0, "beta": 350.0}
    return Sheet(pd.DataFrame({"variant": ["a", "b"], **counts}), {**prior, "horizon": 100})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row for each visitor of a variant."""
    return pd.DataFrame(
        {"variant": rng.choice(["old", "new"], n), "clicked": rng.binomial(1, 0.1, n)}
    )


OWN = Own(
    csv("arm,n,km/h", [["<b>", "40", "7"], ["z'", "25", "9"], ["c", "1", "0"]]),
    {
        "reading": Reading(columns=(("variant", "arm"), ("shown", "n"), ("clicked", "km/h"))),
        "horizon": 100,
    },
    "",
)
