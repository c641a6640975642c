"""Values of a curve with noise, by the places at which they were measured, and what they tell.

Given length, sigma_f and the noise, curve and values are jointly normal. All of it comes from one
matrix over the places, 1 + w * (covariance of the curve) * w, with w the root of the rows over the
sd of the noise, which is never near singular. Source: Rasmussen and Williams
(2006), Gaussian Processes for Machine Learning, sections 2.2 and 9.4 (slopes).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular

from workflow.functions.sizes import Change

JITTER = 1e-9  # of a prior variance: what rounding may take from a covariance


@dataclass(frozen=True)
class Theta:
    """Length, sd of the curve, sd of the noise, in the units of the data.

    Where the size of the noise changes with x, `sigma` is its middle, and `change` is by how much
    the logarithm differs from that of `sigma`.
    """

    length: float
    sigma_f: float
    sigma: float
    change: Change | None = None

    def size(self, x: np.ndarray) -> np.ndarray:
        """Return the sd of the noise at each x."""
        if self.change is None:
            return np.full(len(x), self.sigma)
        found: np.ndarray = self.sigma * np.exp(self.change.at(x))
        return found


@dataclass(frozen=True)
class Points:
    """Rows by place: `where` (increasing), the place `at` of each row, and its value `y`.

    `mean` is that of the curve's prior, `level` the prior sd of what it goes up and down about.
    """

    where: np.ndarray
    at: np.ndarray
    y: np.ndarray
    mean: float
    level: float

    @cached_property
    def many(self) -> np.ndarray:
        """Rows at each place; there may be none."""
        return np.bincount(self.at, minlength=len(self.where)).astype(float)

    @cached_property
    def root(self) -> np.ndarray:
        """The root of it."""
        return np.sqrt(self.many)

    @cached_property
    def u(self) -> np.ndarray:
        """Sums of the values less the mean, by place, over the root of their number."""
        sums = np.bincount(self.at, self.y - self.mean, minlength=len(self.where))
        return sums / np.maximum(self.root, 1)

    @cached_property
    def within(self) -> float:
        """Sum of squares of the values about the means of their places."""
        return float(np.square(self.y - self.mean).sum() - np.square(self.u).sum())

    def same(self, x: np.ndarray, z: np.ndarray, theta: Theta) -> np.ndarray:
        """Return the prior covariance of the curve at `x` with that at `z`."""
        apart = (x[:, None] - z) / theta.length
        return self.level**2 + theta.sigma_f**2 * np.exp(-np.square(apart) / 2)

    def rotated(self, length: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return what a length makes of places, values and level, so that sds cost only sums.

        Eigenvalues of the covariance of a curve of variance 1 times the rows; `u` and the root of
        the rows along their vectors; and what these leave of u * u, u * root and root * root.
        """
        unit = replace(self, level=0.0)
        shape = unit.same(self.where, self.where, Theta(length, 1.0, 1.0))
        values, vectors = np.linalg.eigh(self.root[:, None] * shape * self.root)
        return values, vectors.T @ self.u, vectors.T @ self.root, np.zeros(3)

    def solved(self, theta: Theta) -> "Solved":
        """Return what the values tell under `theta`."""
        curve, weight = self.same(self.where, self.where, theta), self.root / theta.size(self.where)
        whole = np.eye(len(self.where)) + weight[:, None] * curve * weight
        return Solved(self, theta, np.linalg.cholesky(whole))


@dataclass(frozen=True)
class Solved:
    """The values and a theta: `factor` is lower triangular, that of the matrix over places."""

    points: Points
    theta: Theta
    factor: np.ndarray

    @cached_property
    def size(self) -> np.ndarray:
        """The sd of the noise at each place."""
        return self.theta.size(self.points.where)

    @cached_property
    def weight(self) -> np.ndarray:
        """The root of the rows over it."""
        return self.points.root / self.size

    @cached_property
    def _z(self) -> np.ndarray:
        found: np.ndarray = solve_triangular(self.factor, self.points.u / self.size, lower=True)
        return found

    @property
    def log_likelihood(self) -> float:
        """The log density of all values."""
        points, z, by_row = self.points, self._z, self.size[self.points.at]
        squares = np.square((points.y - points.mean) / by_row).sum() + z @ z
        squares -= np.square(points.u / self.size).sum()
        logs = np.log(np.diag(self.factor)).sum() + np.log(by_row).sum()
        return float(-squares / 2 - logs - len(points.y) * np.log(2 * np.pi) / 2)

    def curve(self, x: np.ndarray, *, slope: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and covariance of the curve, or of its slope, at `x`."""
        theta = self.theta
        to = self.points.same(x, self.points.where, theta)
        own, mean = self.points.same(x, x, theta), self.points.mean
        if slope:
            apart = (x[:, None] - self.points.where) / theta.length
            to = -(to - self.points.level**2) * apart / theta.length
            apart = (x[:, None] - x) / theta.length
            own = (own - self.points.level**2) * (1 - np.square(apart)) / theta.length**2
            mean = 0.0
        told = solve_triangular(self.factor, (to * self.weight).T, lower=True)
        return mean + told.T @ self._z, own - told.T @ told

    def weights(self, x: np.ndarray) -> np.ndarray:
        """Return what each row weighs in the mean of the curve at `x`; dims x, row."""
        to = (self.points.same(x, self.points.where, self.theta) * self.weight).T
        half = solve_triangular(self.factor, to, lower=True)
        found = solve_triangular(self.factor.T, half, lower=False)
        scale = self.size * np.maximum(self.points.root, 1)
        each: np.ndarray = (found / scale[:, None])[self.points.at].T
        return each

    @cached_property
    def variances(self) -> np.ndarray:
        """The variance of the curve at each place."""
        found: np.ndarray = np.diag(self.curve(self.points.where)[1])
        return found

    @property
    def left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and sd of every row's value, as predicted by all others; dims row."""
        return self.predicted(np.arange(len(self.points.y)))

    def predicted(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and sd of the values of some rows, each as predicted by all others."""
        mean, covariance = self.curve(self.points.where)
        at, y = self.points.at[rows], self.points.y[rows]
        variance = np.square(self.size)[at]
        rest = np.maximum(variance - np.diag(covariance)[at], JITTER * variance)
        error = (y - mean[at]) * variance / rest
        return y - error, variance / np.sqrt(rest)


def summed(where: np.ndarray, many: np.ndarray, u: np.ndarray, mean: float, level: float) -> Points:
    """Return points of whose values only the sums by place are left, as `many` and `u` have them.

    They tell the curve; they have no likelihood.
    """
    found = Points(where, np.array([], dtype=int), np.array([]), mean, level)
    vars(found).update(many=many, u=u)  # what would be computed of the values
    return found


def points(rows: pd.DataFrame, level: float) -> Points:
    """Return two columns, x and y, by place; `level` is in sds of y, about its mean."""
    x, y = rows.to_numpy(dtype=float).T
    where, at = np.unique(x, return_inverse=True)
    return Points(where, at, y, float(y.mean()), level * float(y.std(ddof=1)))


def drawn(mean: np.ndarray, covariance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw once from a normal distribution whose covariance may be singular to rounding."""
    values, vectors = np.linalg.eigh(covariance)
    size = np.sqrt(np.maximum(values, 0)) * rng.standard_normal(len(values))
    found: np.ndarray = mean + vectors @ size
    return found
