"""Files that people bring to ab test."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy.special import expit, logit

from data import ab_test
from tests.brought._brought import (
    ALIKE,
    ARMS,
    RATES,
    ROWS,
    Like,
    Own,
    Reader,
    Sheet,
    csv,
    fault,
    size,
    spread,
)
from tests.contract import model_of

conversion = model_of("ab_test")

READERS = {"": Reader(ab_test.load, conversion)}

LIKE = {
    "": Like(
        [["arm", "visitors", "conversions"], ["arm", "converted"]],
        ["arm", "visitors", "conversions", "guardrail", "converted"],
        first=["A", "B", "C"],
    )
}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    many = [draw(st.integers(1, 10**9)) for _ in range(draw(st.integers(2, 4)))]
    rows = [f"arm {i},{v},{draw(st.integers(0, v))}" for i, v in enumerate(many)]
    return "\n".join(["arm,visitors,conversions", *rows]).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Two to four arms of the same size, rates alike or nearly; half of them a row a visitor.

    The limit on the loss is what suits the rate.
    """
    arms, rate = int(rng.integers(2, 5)), spread(rng, *RATES)
    settings = {"control": ARMS[0], "max_loss": 0.02 * rate}
    rates = expit(logit(rate) + rng.choice([0, 0.1]) * rng.normal(size=arms))
    if rng.random() < 0.5:
        n = round(spread(rng, *ROWS))
        arm = rng.integers(arms, size=n)
        arm[:arms] = np.arange(arms)
        rows = {"arm": arm, "converted": (rng.random(n) < rates[arm]).astype(int)}
        day, site = np.sort(rng.integers(30, size=n)), rng.integers(12, size=n)
        table = pd.DataFrame({**rows, "day": day, "site": site}).replace({"arm": ARMS})
        return Sheet(table, settings)
    visitors = rng.multinomial(round(spread(rng, 20 * arms, 1e6)), np.full(arms, 1 / arms))
    counts = {"visitors": visitors, "conversions": rng.binomial(visitors, rates)}
    names = list(ARMS.values())[:arms]
    return Sheet(pd.DataFrame({"arm": names, **counts}), settings)


@fault("Warn where the arms are filled otherwise than planned")
def lost_visitors(rng: np.random.Generator) -> Sheet:
    """One visitor in ten of an arm is lost."""
    visitors = np.array([20_000, rng.binomial(20_000, 0.9)])
    counts = {"visitors": visitors, "conversions": rng.binomial(visitors, 0.1)}
    return Sheet(pd.DataFrame({"arm": ["control", "red"], **counts}), {"control": "control"})


@fault(ALIKE)
def visits_of_a_person(rng: np.random.Generator) -> Sheet:
    """Six visits of each person, whose rates differ: Beta(1, 4)."""
    people = size(rng) // 4
    user = np.repeat(np.arange(people), 6)
    arm = np.where(user % 2, "red", "control")
    converted = rng.random(len(user)) < rng.beta(1, 4, size=people)[user]
    table = {"arm": arm, "converted": converted.astype(int), "user_id": user}
    return Sheet(pd.DataFrame(table), {"control": "control"})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row for each visitor of an A/B test."""
    events = {name: (rng.random(n) < p).astype(int) for name, p in (("converted", 0.1),)}
    return pd.DataFrame({"arm": rng.choice(["old", "new"], n), **events})


OWN = Own(
    csv("arm,visitors,conversions", [["<b>", "400", "37"], ["z'", "250", "9"]]),
    {"control": "<b>"},
    "",
)
