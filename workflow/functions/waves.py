"""A curve of many places as a sum of waves: a Gaussian process whose cost is that of the waves.

Within a range that is wider than the rows' the curve is a level and sines that are zero at both of
its ends; given the length their heights are independent, with variances that the spectral density
of the process has at their frequencies. Sources: Solin and Särkkä (2020), Hilbert space methods for
reduced-rank Gaussian process regression; Riutort-Mayol and others (2023), Practical Hilbert space
approximate Bayesian Gaussian processes for probabilistic programming.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.linalg import hankel, solve_triangular, toeplitz

from workflow.functions.basis import Basis
from workflow.functions.points import JITTER, Points, Solved, Theta

SUMMED = ("many", "root", "u", "within")  # what may be left of the values, by place
NOTHING = 1e-13  # of the greatest eigenvalue: rounding


@dataclass(frozen=True)
class Waves(Points):
    """Rows by place, about a curve that is a level and waves."""

    basis: Basis

    @cached_property
    def columns(self) -> np.ndarray:
        """Level and waves at each place; dims place, 1 + wave."""
        return self.basis.at(self.where)

    @cached_property
    def gram(self) -> np.ndarray:
        """Sums over the rows of products of any two columns."""
        weighted = self.columns * self.root[:, None]
        found: np.ndarray = weighted.T @ weighted
        return found

    @cached_property
    def sums(self) -> np.ndarray:
        """Sums over the rows of the columns times the values less the mean."""
        return self.columns.T @ (self.u * self.root)

    @cached_property
    def cosines(self) -> np.ndarray:
        """Cosines of which `products` are made; dims place, 1 + 2 * wave."""
        return self.basis.cosines(self.where)

    def products(self, theta: Theta) -> np.ndarray:
        """Return `gram`, each row over the variance of its noise.

        sin(i * t) * sin(j * t) is half of cos((i - j) * t) - cos((i + j) * t): sums of cosines are
        enough, and noise of another size costs no matrix of places (Viset, Kok and Solin, 2023).
        """
        if theta.change is None:
            found: np.ndarray = self.gram / theta.sigma**2
            return found
        weight = self.many / np.square(theta.size(self.where))
        whole, of, k = weight @ self.columns, weight @ self.cosines, self.basis.count
        waves = toeplitz(of[:k]) - hankel(of[2 : k + 2], of[k + 1 :])
        found = np.block([[whole[:1], whole[None, 1:]], [whole[1:, None], waves]])
        return found

    def halves(self, theta: Theta) -> np.ndarray:
        """Return the prior sds of the level and of each wave's height."""
        waves = theta.sigma_f * np.sqrt(self.basis.variances(theta.length))
        return np.r_[self.level, waves]

    def same(self, x: np.ndarray, z: np.ndarray, theta: Theta) -> np.ndarray:
        """Return the prior covariance of the curve at `x` with that at `z`."""
        half = self.halves(theta)
        found: np.ndarray = (self.basis.at(x) * half) @ (self.basis.at(z) * half).T
        return found

    def solved(self, theta: Theta) -> "SolvedWaves":
        """Return what the values tell under `theta`."""
        half = self.halves(theta)
        whole = np.eye(len(half)) + half[:, None] * self.products(theta) * half
        return SolvedWaves(self, theta, np.linalg.cholesky(whole))

    def rotated(self, length: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return what `Points.rotated` does, of which the waves leave a rest."""
        half = np.sqrt(self.basis.variances(length))
        values, vectors = np.linalg.eigh(half[:, None] * self.gram[1:, 1:] * half)
        there = values > NOTHING * max(values[-1], np.finfo(float).tiny)
        values, vectors = values[there], vectors[:, there]
        both = np.stack([self.sums, self.gram[0]])[:, 1:]
        u, one = (both * half) @ vectors / np.sqrt(values)
        n = self.gram[0, 0]
        inner = self.sums[0]
        rest = np.array([np.square(self.u).sum() - u @ u, inner - u @ one, n - one @ one])
        return values, u, one, rest


def about(points: Points, found: Basis) -> Waves:
    """Return the same values about waves; of some only the sums by place may be left."""
    waves = Waves(points.where, points.at, points.y, points.mean, points.level, found)
    vars(waves).update({name: vars(points)[name] for name in SUMMED if name in vars(points)})
    return waves


@dataclass(frozen=True)
class SolvedWaves(Solved):
    """The values and a theta: `factor` is that of the matrix over level and waves."""

    points: Waves

    @cached_property
    def _half(self) -> np.ndarray:
        return self.points.halves(self.theta)

    @cached_property
    def _z(self) -> np.ndarray:
        sums = (self.points.u * self.weight / self.size) @ self.points.columns
        return self._solve(self._half * sums)

    def _solve(self, right: np.ndarray) -> np.ndarray:
        found: np.ndarray = solve_triangular(self.factor, right, lower=True)
        return found

    @property
    def log_likelihood(self) -> float:
        """The log density of all values."""
        points, by_row = self.points, self.size[self.points.at]
        squares = np.square((points.y - points.mean) / by_row).sum() - self._z @ self._z
        logs = np.log(np.diag(self.factor)).sum() + np.log(by_row).sum()
        return float(-squares / 2 - logs - len(by_row) * np.log(2 * np.pi) / 2)

    def heights(self, x: np.ndarray, *, slope: bool = False) -> np.ndarray:
        """Return what the curve (or slope) at x takes of what the values tell; dims 1 + wave, x."""
        return self._solve((self.points.basis.at(x, slope=slope) * self._half).T)

    def curve(self, x: np.ndarray, *, slope: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and covariance of the curve, or of its slope, at `x`."""
        told = self.heights(x, slope=slope)
        mean = 0.0 if slope else self.points.mean
        return mean + told.T @ self._z, told.T @ told

    def weights(self, x: np.ndarray) -> np.ndarray:
        """Return what each row weighs in the mean of the curve at `x`; dims x, row."""
        each = self.heights(x).T @ self.heights(self.points.where) / np.square(self.size)
        found: np.ndarray = each[:, self.points.at]
        return found

    @cached_property
    def variances(self) -> np.ndarray:
        """The variance of the curve at each place."""
        found: np.ndarray = np.square(self.heights(self.points.where)).sum(0)
        return found

    def predicted(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and sd of the values of some rows, each as predicted by all others."""
        where, back = np.unique(self.points.at[rows], return_inverse=True)
        told = self.heights(self.points.where[where])
        mean, known = self.points.mean + told.T @ self._z, np.square(told).sum(0)
        y, variance = self.points.y[rows], np.square(self.size[self.points.at[rows]])
        rest = np.maximum(variance - known[back], JITTER * variance)
        error = (y - mean[back]) * variance / rest
        return y - error, variance / np.sqrt(rest)


def exactly(points: Waves, rows: np.ndarray) -> tuple[Points, Waves]:
    """Return some rows about the process itself, and about its waves."""
    where, at = np.unique(points.where[points.at[rows]], return_inverse=True)
    some = replace(points, where=where, at=at, y=points.y[rows])
    return Points(where, at, some.y, points.mean, points.level), some
