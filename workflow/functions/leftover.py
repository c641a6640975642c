"""What a smooth curve with noise of one size leaves over, as test statistics.

Looked at is each row's value less what all others predict, in sds of that prediction, under one
theta near the middle of the posterior: of the model's own data these are standard normal, wherever
the curve goes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd
import xarray as xr

from workflow.checking.alike import Residuals
from workflow.checking.checks import Statistic
from workflow.functions import sides
from workflow.functions.course import MANY, thetas
from workflow.functions.maps import Maps, maps
from workflow.functions.points import Points, Solved, Theta
from workflow.functions.sizes import Between
from workflow.quantities import SAMPLE

FIXED = 5  # places at which the curve stands for all of it, where rows belong together


@dataclass(frozen=True)
class Leftover:
    """How rows differ from what others predict, as a fixed linear map of the values.

    `solved` has the rows that are looked at, and the theta.
    """

    solved: Solved

    @cached_property
    def order(self) -> np.ndarray:
        """Rows in the order of x."""
        return np.argsort(self.solved.points.at, kind="stable")

    @cached_property
    def maps(self) -> Maps:
        """Maps from sums by place to the curve, and to jumps beside it."""
        return maps(self.solved)

    @cached_property
    def scale(self) -> np.ndarray:
        """What a value less the curve has to be divided by, for each row."""
        points, variance = self.solved.points, np.square(self.solved.size)
        rest = variance - self.solved.variances
        found: np.ndarray = np.sqrt(np.maximum(rest, 1e-9 * variance))[points.at]
        return found

    @property
    def x(self) -> np.ndarray:
        """Return x of every row, in order."""
        found: np.ndarray = self.solved.points.where[self.solved.points.at][self.order]
        return found

    def sums(self, y: np.ndarray) -> np.ndarray:
        """Return sums by place of values (..., row) less the mean, over the root of the number."""
        points = self.solved.points
        found = np.zeros((*y.shape[:-1], len(points.where)))
        np.add.at(np.moveaxis(found, -1, 0), points.at, np.moveaxis(y - points.mean, -1, 0))
        return found / np.maximum(points.root, 1)

    def of(self, y: np.ndarray) -> np.ndarray:
        """Return the standardised differences of values (..., row), in the order of x."""
        points = self.solved.points
        curve = self.maps.smoothed(self.sums(y))
        left = (y - points.mean - curve[..., points.at]) / self.scale
        found: np.ndarray = left[..., self.order]
        return found


def middle(posterior: xr.Dataset, where: np.ndarray) -> Theta:
    """Return the posterior medians; of noise that changes, at each place."""
    length, sigma_f, sigma = (
        float(posterior[one].median()) for one in ("length", "sigma_f", "sigma")
    )
    if "b" not in posterior:
        return Theta(length, sigma_f, sigma)
    sizes = np.array([one.size(where) for one in thetas(posterior, MANY, where)])
    return Theta(length, sigma_f, sigma, Between(where, np.log(np.median(sizes, 0) / sigma)))


def residuals(points: Points, theta: Theta, index: pd.Index) -> Residuals:
    """Return what the curve leaves of each row, and what rows weigh in the curve at some places."""
    solved = points.solved(theta)
    left = Leftover(solved)
    values = np.empty(len(points.y))
    values[left.order] = left.of(points.y)
    some = np.linspace(points.where[0], points.where[-1], FIXED)
    weights = {
        f"the curve at {x:.4g}": row for x, row in zip(some, solved.weights(some), strict=True)
    }
    strata = np.zeros(len(values), dtype=int)
    return Residuals(pd.Series(values, index), pd.DataFrame(weights, index), strata)


def level(points: Points) -> dict[str, Statistic]:
    """Return what the prior says something of: how far the values go, and how fast they turn."""
    sd = float(points.y.std(ddof=1))
    of = {
        "sd of the values, in that of the data": lambda y: y.std(-1, ddof=1) / sd,
        "share of the variance between neighbours in x": sides.rough,
    }
    return {name: partial(_by_x, of=one) for name, one in of.items()}


def statistics(points: Points, theta: Theta) -> dict[str, Statistic]:
    """Return statistics that a curve with noise of one size does not fit."""
    of: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
        "scatter: the part of the rows with the most against that with the least": sides.uneven,
        "scatter that grows with x (correlation)": sides.grows,
        "largest difference from what the others predict, in sds": sides.farthest,
        "excess kurtosis of these differences": sides.heavy,
        "correlation of neighbours in x": sides.neighbours,
        "strongest wave, also of those shorter than the spacing": sides.waves,
    }
    every: dict[str, Callable[[Leftover, np.ndarray], np.ndarray]]
    every = {name: partial(_of_rows, of=one) for name, one in of.items()}
    every |= {"largest jump beside the curve, in sds of what the curve may do": _jump}
    return {
        name: partial(_of_leftover, of=one, points=points, theta=theta)
        for name, one in every.items()
    }


def _of_rows(
    left: Leftover, y: np.ndarray, of: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> np.ndarray:
    return of(left.of(y), left.x)


def _jump(left: Leftover, y: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.abs(left.maps.jumps(left.sums(y))).max(-1)
    return found


def _by_x(
    y: xr.DataArray, given: xr.Dataset, *, of: Callable[[np.ndarray], np.ndarray]
) -> xr.DataArray:
    """Apply a function of values in the order of x."""
    order = np.argsort(given["at"].to_numpy(), kind="stable")
    kept = [dim for dim in SAMPLE if dim in y.dims]
    return xr.DataArray(of(y.transpose(*kept, "row").to_numpy()[..., order]), dims=kept)


def _of_leftover(
    y: xr.DataArray,
    given: xr.Dataset,
    *,
    of: Callable[[Leftover, np.ndarray], np.ndarray],
    points: Points,
    theta: Theta,
) -> xr.DataArray:
    """Apply a function of what a theta leaves over to values; the rows are those of `given`."""
    at = given["at"].to_numpy()
    some = replace(points, at=at, y=np.zeros(len(at)))
    left = Leftover(some.solved(theta))
    kept = [dim for dim in SAMPLE if dim in y.dims]
    return xr.DataArray(of(left, y.transpose(*kept, "row").to_numpy()), dims=kept)
