"""Files that people bring to coal rate."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from data import coal_rate
from data._how import Reading
from tests.brought._brought import OWN_DATA, Like, Own, Reader, Sheet, fault, size, spread
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

step = model_of("coal_rate")

READERS = {"": Reader(coal_rate.load, step)}

LIKE = {
    "": Like([["date"], ["period", "count"], ["date", "x"]], ["date", "period", "count", "year"])
}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    counts = draw(st.lists(st.integers(0, 10**9), min_size=5, max_size=9))
    first = draw(st.integers(-(10**9), 10**9))
    return "\n".join(["period,count", *(f"{first + i},{y}" for i, y in enumerate(counts))]).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Counts of periods whose rate changes once, by a factor of two to eight, not near an end."""
    n, rate = round(spread(rng, 20, 500)), spread(rng, 2, 200)
    change = round(n * rng.uniform(0.2, 0.8))
    after = rate * spread(rng, 2, 8) ** rng.choice([-1, 1])
    y = rng.poisson(np.where(np.arange(n) < change, rate, after))
    return Sheet(pd.DataFrame({"period": np.arange(n), "count": y}), {})


@fault("Warn where another course than one step is told")
def drifting_rate(rng: np.random.Generator) -> Sheet:
    """The rate does not step, but falls from year to year, to a tenth in all."""
    n = size(rng)
    y = rng.poisson(20 * 0.1 ** np.linspace(0, 1, n))
    return Sheet(pd.DataFrame({"period": np.arange(n), "count": y}), {})


@fault("Warn where another course than one step is told")
def two_changes(rng: np.random.Generator) -> Sheet:
    """The rate falls to a half, and comes back."""
    n = size(rng)
    t = np.arange(n) / n
    y = rng.poisson(np.where((t > 0.3) & (t < 0.6), 5.0, 10.0))
    return Sheet(pd.DataFrame({"period": np.arange(n), "count": y}), {})


@fault("Warn where another course than one step is told")
def wave(rng: np.random.Generator) -> Sheet:
    """The rate goes up and down once, without any step."""
    n = size(rng)
    y = rng.poisson(10 * np.exp(0.7 * np.sin(2 * np.pi * np.arange(n) / n)))
    return Sheet(pd.DataFrame({"period": np.arange(n), "count": y}), {})


@fault(PREDICTIVE[False])
def bursts(rng: np.random.Generator) -> Sheet:
    """Events come several at a time: one to ten."""
    n = size(rng)
    times = rng.poisson(np.where(np.arange(n) < n / 2, 6.0, 2.0))
    y = [rng.integers(1, 11, size=one).sum() for one in times]
    return Sheet(pd.DataFrame({"period": np.arange(n), "count": y}), {})


@fault("Warn where the first and the last period decide, or seem not to be whole")
def half_a_year(rng: np.random.Generator) -> Sheet:
    """Of the last period only a tenth has been counted."""
    n = size(rng)
    rate = np.where(np.arange(n) < n / 2, 80.0, 40.0)
    rate[-1] /= 10
    return Sheet(pd.DataFrame({"period": np.arange(n), "count": rng.poisson(rate)}), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row for each event of two centuries, fewer and fewer a year from 1900 on."""
    early = rng.random(n) < 0.7
    return pd.DataFrame({"date": np.where(early, 1800, 1900) + 100 * rng.random(n)}).round(4)


OWN = Own(
    (OWN_DATA / "faults.csv").read_text(encoding="utf-8"),
    {"reading": Reading.of({"date": "failed_on"}), "until": "2024-12"},
    "",
)
