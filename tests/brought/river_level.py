"""Files that people bring to a level that moves."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
from hypothesis import strategies as st

from data import river_level
from data._how import Reading
from models._turning_level import turning_level
from tests.brought._brought import Like, Own, Reader, Sheet, csv, fault, spread
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

ENDS = "Warn where a jump is told by hardly any values at an end"
FEWEST, MOST = 20, 400  # values of sound files


def built(found: river_level.Recorded) -> pm.Model:
    """Return the model of what was read, under a prior of the size of the values."""
    values = found.values.to_numpy(dtype=float)
    scale = float(np.sqrt(np.mean(np.square(np.diff(values)))))
    prior = {"noise": scale, "drift": scale, "start": float(values[0]), "start_sd": 10 * scale}
    return model_of("river_level")(found.values, found.at, **prior)


def turning(found: river_level.Recorded) -> pm.Model:
    """Return the model of what was read whose slope changes, under a prior of that size."""
    values = found.values.to_numpy(dtype=float)
    scale = float(np.sqrt(np.mean(np.square(np.diff(values)))))
    sds = {"noise": scale, "drift": scale, "bend": scale, "slope_sd": scale}
    return turning_level(found.values, found.at, **sds, start=float(values[0]), start_sd=10 * scale)


READERS = {"": Reader(river_level.load, built), "turning": Reader(river_level.load, turning)}

LIKE = {
    "": Like(
        [["time", "value"], ["year", "volume"], ["value", "x", "time"]],
        ["time", "value", "date", "year", "series"],
    )
}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    size = 10.0 ** draw(st.integers(-99, 99))
    near = draw(st.floats(-1, 1)) * 10.0 ** draw(st.integers(-99, 99))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    some = near + size * rng.normal(size=draw(st.integers(5, 12)))
    first = draw(st.integers(-(10**9), 10**9))
    return "\n".join(
        ["time,value", *(f"{first + i},{y!r}" for i, y in enumerate(some.tolist()))]
    ).encode()


def series(rng: np.random.Generator, n: int, **other: Any) -> Sheet:
    """Return a file of a level that drifts by a fifth of its noise, and of what is added to it."""
    level = np.cumsum(0.2 * rng.normal(size=n))
    noise = other.pop("noise", rng.normal(size=n))
    values = 10 + level + noise + other.pop("added", 0.0)
    return Sheet(pd.DataFrame({"time": np.arange(n), "value": values}), other)


def sound(rng: np.random.Generator) -> Sheet:
    """A level that drifts, jumps once or stays, with noise; of any unit, a tenth of it missing."""
    n = round(spread(rng, FEWEST, MOST))
    step = rng.choice([0.0, spread(rng, 0.02, 2)])
    level = np.cumsum(step * rng.normal(size=n))
    y = spread(rng, 1e-3, 1e6) * (rng.normal() * 10 + level + rng.normal(size=n))
    days = [date(2020, 1, 1) + timedelta(i) for i in range(n)]
    table = pd.DataFrame({"time": days, "value": y})
    return Sheet(table[rng.random(n) > 0.1], {})


def many(rng: np.random.Generator) -> int:
    """Return a number of values at which faults are plain."""
    return round(spread(rng, 200, MOST))


@fault(PREDICTIVE[False])
def a_season(rng: np.random.Generator) -> Sheet:
    """A season of twelve steps, twice as high as the noise."""
    n = many(rng)
    return series(rng, n, added=2 * np.sin(np.arange(n) * np.pi / 6))


@fault(PREDICTIVE[False])
def hangs_together(rng: np.random.Generator) -> Sheet:
    """Noise overshoots: each is minus .7 of the one before it, and something new."""
    n = many(rng)
    noise = rng.normal(size=n)
    for t in range(1, n):
        noise[t] -= 0.7 * noise[t - 1]
    return series(rng, n, noise=noise)


@fault(PREDICTIVE[False])
def wild(rng: np.random.Generator) -> Sheet:
    """The noise has the tails of a Student-t with 2 degrees of freedom."""
    n = many(rng)
    return series(rng, n, noise=rng.standard_t(2, size=n))


@fault(PREDICTIVE[False])
def grows(rng: np.random.Generator) -> Sheet:
    """The noise is three times as large in the second half."""
    n = many(rng)
    return series(rng, n, noise=np.where(np.arange(n) < n / 2, 1.0, 3.0) * rng.normal(size=n))


@fault(PREDICTIVE[False])
def leaps(rng: np.random.Generator) -> Sheet:
    """The level, which drifts, leaps by eight sds of the noise in the middle."""
    n = many(rng)
    return series(rng, n, added=8.0 * (np.arange(n) >= n / 2))


@fault(PREDICTIVE[False])
def leaps_beside_a_slope(rng: np.random.Generator) -> Sheet:
    """The level, whose slope may change, leaps by twelve sds of the noise in the middle."""
    n = many(rng)
    return series(rng, n, added=12.0 * (np.arange(n) >= n / 2), turning=True)


@fault(ENDS)
def odd_end(rng: np.random.Generator) -> Sheet:
    """The level stays, and the last value is off by nine sds of the noise."""
    n = many(rng)
    values = rng.normal(size=n) + 9.0 * (np.arange(n) == n - 1)
    return Sheet(pd.DataFrame({"time": np.arange(n), "value": values}), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row for each time."""
    return pd.DataFrame({"time": np.arange(n), "value": np.cumsum(rng.normal(size=n))})


OWN = Own(
    csv(
        "month,note,<b>price</b>",
        [
            [f"{2001 + i // 12}-{i % 12 + 1:02d}", "x", "" if i % 7 == 3 else f"{50 + i % 5}.{i}"]
            for i in range(40)
        ],
    ),
    {"reading": Reading.of({"time": "month", "value": "<b>price</b>"}), "ahead": 2},
    "",
)
