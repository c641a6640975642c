"""Files that people bring to known noise."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from data import known_noise
from data._how import Reading
from tests.brought._brought import (
    ALIKE,
    ROWS,
    Like,
    Own,
    Reader,
    Sheet,
    csv,
    drawn,
    fault,
    size,
    spread,
)
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

readings = model_of("known_noise")

READERS = {"": Reader(known_noise.load, readings)}

LIKE = {
    "": Like(
        [["reading"], ["experiment", "run", "speed"]], ["reading", "speed", "experiment", "run"]
    )
}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    size = 10.0 ** draw(st.integers(-99, 99))
    near = draw(st.floats(-1, 1)) * 10.0 ** draw(st.integers(-99, 99))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    some = near + size * rng.normal(size=draw(st.integers(1, 12)))
    return "\n".join(["reading", *map(repr, some.tolist())]).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Readings with the stated noise and a bias of the stated kind, on several days."""
    n, noise = round(spread(rng, *ROWS)), spread(rng, 0.01, 100)
    bias = noise * spread(rng, 0.1, 10)
    quantity = noise * rng.normal() * spread(rng, 1, 1e4)
    values = quantity + bias * rng.normal() + noise * rng.normal(size=n)
    table = pd.DataFrame({"batch": np.arange(n) * 6 // n, "reading": values})
    target = bias * spread(rng, 0.5, 2)
    return Sheet(table, {"noise_sd": noise, "bias_sd": bias, "target_sd": target})


STATED: dict[str, object] = {"noise_sd": 1.0, "bias_sd": 0.5, "target_sd": 0.6}


@fault(PREDICTIVE[False])
def noisier_than_stated(rng: np.random.Generator) -> Sheet:
    """The readings scatter half as much again as is stated."""
    return Sheet(pd.DataFrame({"reading": rng.normal(7, 1.5, size=size(rng))}), STATED)


@fault(ALIKE)
def another_bias_each_day(rng: np.random.Generator) -> Sheet:
    """Each of ten batches of readings is off by a bias of its own, half as large as the noise."""
    batch = np.repeat(np.arange(10), size(rng) // 10)
    values = rng.normal(0, 0.5, size=10)[batch] + rng.normal(size=len(batch))
    return Sheet(pd.DataFrame({"batch": batch, "reading": values}), STATED)


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row for each reading."""
    return pd.DataFrame({"batch": np.arange(n) % 50, "reading": rng.normal(size=n)})


NEEDED = {"noise_sd": 1.0, "bias_sd": 0.5, "target_sd": 0.6}


OWN = Own(
    csv("site,<b>z</b>", [[i % 3, 1e6 + 2 * float(x)] for i, (x,) in enumerate(drawn(40, 1))]),
    {"reading": Reading(outcome="<b>z</b>"), "noise_sd": 0.5, "bias_sd": 0.2, "target_sd": 0.1},
    "state the noise of single readings as it is",
)
