"""The curve at new places: what the page says at its own, and the same from sums by place."""

import numpy as np
import pytest
import xarray as xr

from data.smooth_curve import load
from workflow.functions.course import course
from workflow.functions.new_places import at
from workflow.functions.points import points, summed
from workflow.functions.told import WIDE

KNOWN = points(load(), 1.0)
RNG = np.random.default_rng(4)
POSTERIOR = xr.Dataset(
    {
        name: (("chain", "draw"), mean + sd * RNG.uniform(-1, 1, size=(2, 100)))
        for name, (mean, sd) in {
            "length": (5.2, 1.0),
            "sigma_f": (50.0, 15.0),
            "sigma": (22.8, 1.5),
        }.items()
    }
)


def test_it_is_what_the_page_says() -> None:
    """Means exactly; ends of mixtures that are nearly normal, by their moments."""
    x = np.array([20.0, 5.0, 57.0, 20.0, 60.0])
    found, own = at(KNOWN, POSTERIOR, x, seed=1), course(KNOWN, POSTERIOR, grid=x)
    assert found["mean"].to_numpy() == pytest.approx(own.mean, rel=1e-9)
    assert found["extrapolated"].tolist() == [False, False, False, False, True]
    assert found.iloc[0].tolist() == found.iloc[3].tolist()
    for name, variance in (("curve", 0.0), ("row", own.noise_variance)):
        sd = np.sqrt(own.curve_variance + variance)
        for end, sign in (("lower", -1), ("upper", 1)):
            off = (found[f"{end}_{name}"] - own.mean) / sd
            assert off.to_numpy() == pytest.approx(np.full(5, sign * WIDE), abs=0.25)


def test_sums_by_place_are_enough() -> None:
    less = summed(KNOWN.where, KNOWN.many, KNOWN.u, KNOWN.mean, KNOWN.level)
    x = np.linspace(0, 60, 250)
    one, other = (at(known, POSTERIOR, x, seed=1) for known in (KNOWN, less))
    assert one.drop(columns="extrapolated").to_numpy() == pytest.approx(
        other.drop(columns="extrapolated").to_numpy(), rel=1e-9
    )
