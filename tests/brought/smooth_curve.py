"""Files that people bring to smooth curve."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from data import smooth_curve
from data._how import Reading
from models.smooth_curve import smooth
from tests.brought._brought import ALIKE, Like, Own, Reader, Sheet, csv, drawn, fault, spread
from tests.gates.watched import PREDICTIVE

READERS = {"": Reader(smooth_curve.load, smooth)}
FINEST = 1 / 40  # of the range: where places are many, shorter bends may be refused
LIKE = {
    "": Like(
        [["x", "y"], ["y", "day", "x"], ["time_ms", "acceleration_g"]],
        ["x", "y", "time_ms", "acceleration_g"],
    )
}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    size = 10.0 ** draw(st.integers(-99, 99))
    near = draw(st.floats(-1, 1)) * 10.0 ** draw(st.integers(-99, 99))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    pairs = near + size * rng.normal(size=(draw(st.integers(5, 12)), 2))
    return "\n".join(["x,y", *(f"{a!r},{b!r}" for a, b in pairs.tolist())]).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Rows about a curve of the model's own, with bends that can be seen, at 20 to 2,000 places."""
    places, reach = round(spread(rng, 20, 2000)), spread(rng, 1e-2, 1e4)
    unit, where = spread(rng, 1e-3, 1e3), reach * np.sort(rng.random(places))
    at = np.sort(np.r_[np.arange(places), rng.integers(places, size=rng.integers(2 * places))])
    length = spread(rng, max(4 / places, FINEST) * reach, reach)
    curve = spread(rng, 0.3, 5) * bent(rng, where / length)
    y = rng.normal() + curve[at] + rng.normal(size=len(at))
    return Sheet(pd.DataFrame({"x": where[at], "y": unit * y}).sample(frac=1, random_state=1), {})


def bent(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    """Return a smooth curve of variance 1 that bends within one unit: many waves, added up."""
    waves = rng.normal(size=200)
    found: np.ndarray = np.cos(np.outer(x, waves) + rng.uniform(0, 2 * np.pi, 200)).sum(1) / 10
    return found


def bends(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return x at 100 to 190 places, most of them twice, and a curve of two waves."""
    places = rng.uniform(0, 100, round(spread(rng, 100, 190)))
    x = np.r_[places, places]
    return x, 2 * np.sin(x / 8)


@fault(PREDICTIVE[False])
def noise_grows(rng: np.random.Generator) -> Sheet:
    """Noise that is seven times as large at the end as at the beginning."""
    x, curve = bends(rng)
    y = curve + np.interp(x, [0, 100], [0.2, 1.4]) * rng.normal(size=len(x))
    return Sheet(pd.DataFrame({"x": x, "y": y}), {})


@fault(PREDICTIVE[False])
def odd_rows(rng: np.random.Generator) -> Sheet:
    """Noise with the tails of a Student-t with 2 degrees of freedom."""
    x, curve = bends(rng)
    return Sheet(pd.DataFrame({"x": x, "y": curve + 0.5 * rng.standard_t(2, size=len(x))}), {})


@fault(PREDICTIVE[False])
def curve_jumps(rng: np.random.Generator) -> Sheet:
    """A jump of ten sds of the noise."""
    x, curve = bends(rng)
    y = curve + 6 * (x > 50) + 0.6 * rng.normal(size=len(x))
    return Sheet(pd.DataFrame({"x": x, "y": y}), {})


@fault(PREDICTIVE[False])
def curve_of_many_jumps(rng: np.random.Generator) -> Sheet:
    """A jump of ten sds of the noise, at 300 to 2,000 places, where the curve is told as waves."""
    x = rng.uniform(0, 100, round(spread(rng, 300, 2000)))
    y = 2 * np.sin(x / 8) + 6 * (x > 50) + 0.6 * rng.normal(size=len(x))
    return Sheet(pd.DataFrame({"x": x, "y": y}), {})


@fault(PREDICTIVE[False])
def wave_between_places(rng: np.random.Generator) -> Sheet:
    """A wave that goes up and down within 0.7 of the median distance of neighbours."""
    x, curve = bends(rng)
    apart = np.median(np.diff(np.unique(x)))
    y = curve + 1.2 * np.sin(2 * np.pi * x / (0.7 * apart)) + 0.3 * rng.normal(size=len(x))
    return Sheet(pd.DataFrame({"x": x, "y": y}), {})


@fault(ALIKE)
def devices(rng: np.random.Generator) -> Sheet:
    """Ten devices, each of them off by half the variance of the noise."""
    x, curve = bends(rng)
    device = rng.integers(10, size=len(x))
    y = curve + 0.7 * rng.normal(size=len(x)) + 0.7 * rng.normal(size=10)[device]
    return Sheet(pd.DataFrame({"x": x, "y": y, "device": [f"d{one}" for one in device]}), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row a measurement, at 150 places."""
    x = rng.integers(150, size=n)
    return pd.DataFrame({"x": x, "y": np.sin(x / 20) + rng.normal(size=n)}).round(5)


OWN = Own(
    csv(
        "<b>T</b>,site,depth",
        [
            [20 + 5 * np.sin(i * 7 % 40 / 4) + float(x), f"s{i % 3}", i * 7 % 40 / 4]
            for i, (x,) in enumerate(drawn(60, 1))
        ],
    ),
    {
        "reading": Reading(outcome="<b>T</b>"),
        "along": "depth",
        "level": 20.0,
        "gap": "4:5.5",
        "wanted": 0.5,
    },
    "",
)
