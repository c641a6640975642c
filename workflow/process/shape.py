"""Test statistics of pieces for `workflow.checking.checks`: what mean and sd do not fit.

All but the share outside are the same in any unit. A normal model fits mean and sd and nothing
else: heavy tails, two kinds of pieces, lack of symmetry and the order of the pieces show here.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import xarray as xr

from workflow.checking.checks import Statistic
from workflow.process.limits import Limits
from workflow.quantities import SAMPLE

NEAR = 0.5  # sds from the mean: there two kinds of pieces leave a gap


def level(limits: Limits) -> dict[str, Statistic]:
    """Return where the pieces are and how they spread, of which the prior says something."""
    of = {
        "mean, in half distances of the limits from their middle": lambda y: (
            (y.mean(-1) - limits.middle) / limits.half
        ),
        "sd, in half distances of the limits": lambda y: y.std(-1, ddof=1) / limits.half,
    }
    return {name: partial(_of_rows, of=one) for name, one in of.items()}


def shape(limits: Limits) -> dict[str, Statistic]:
    """Return statistics of the shape, whatever the order."""
    of: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "skewness": lambda y: (_z(y) ** 3).mean(-1),
        "excess kurtosis": lambda y: (_z(y) ** 4).mean(-1) - 3,
        "farthest value from the mean, in sds": lambda y: np.abs(_z(y)).max(-1),
        "share near the mean (half an sd)": lambda y: (np.abs(_z(y)) < NEAR).mean(-1),
        "share outside the limits": lambda y: limits.beyond(y).mean(-1),
    }
    return {name: partial(_of_rows, of=one) for name, one in of.items()}


def in_order() -> dict[str, Statistic]:
    """Return statistics of the order in which the rows stand."""
    of = {"trend (correlation with the order)": trend, "correlation of neighbours": neighbours}
    return {name: partial(_of_rows, of=one) for name, one in of.items()}


def trend(y: np.ndarray) -> np.ndarray:
    """Return the correlation of values with their place, along the last axis."""
    place = np.arange(y.shape[-1]) - (y.shape[-1] - 1) / 2
    found: np.ndarray = (_z(y) * place / place.std()).mean(-1)
    return found


def neighbours(y: np.ndarray) -> np.ndarray:
    """Return the correlation of each value with the one before, along the last axis."""
    z = _z(y)
    found: np.ndarray = (z[..., 1:] * z[..., :-1]).sum(-1) / y.shape[-1]
    return found


def _z(y: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = (y - y.mean(-1, keepdims=True)) / y.std(-1, keepdims=True)
    return found


def _of_rows(
    y: xr.DataArray, given: xr.Dataset, *, of: Callable[[np.ndarray], np.ndarray]
) -> xr.DataArray:
    """Apply a function of an array whose last axis is the rows."""
    kept = [dim for dim in SAMPLE if dim in y.dims]
    return xr.DataArray(of(y.transpose(*kept, "row").to_numpy()), dims=kept)
