"""The posterior of a curve of one or two parameters on a grid: no draws, rows left out exactly.

With more parameters leave rows out by draws instead (`workflow.scoring.loo`).
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.special import gammaln, logsumexp

from workflow.checking.exact import Known
from workflow.putting.curves import Curve
from workflow.quantities import TAILS

POINTS = {1: 801, 2: 61}  # along each axis, by the number of axes
TINY = 1e-12
EDGE = 30.0  # nats below the highest, at which the grid ends


@dataclass(frozen=True)
class Exact[C: Curve]:
    """The posterior of a curve by quadrature, given putts (`distance_ft`, `tries`, `successes`)."""

    curve: C
    putts: pd.DataFrame

    @cached_property
    def _whole(self) -> tuple[np.ndarray, np.ndarray]:
        return self._grid(np.ones(len(self.putts), dtype=bool))

    @cached_property
    def _mode(self) -> np.ndarray:
        points, weights = self.grid
        return np.asarray(points[weights.argmax()])

    @cached_property
    def _arrays(self) -> np.ndarray:
        return self.putts[["distance_ft", "tries", "successes"]].to_numpy(dtype=float)

    @cached_property
    def grid(self) -> tuple[np.ndarray, np.ndarray]:
        """Points (point, parameter), and their weights, which add up to 1."""
        points, log_p = self._whole
        return points, np.exp(log_p - logsumexp(log_p))

    def log_likelihood(self, theta: np.ndarray, rows: np.ndarray | slice) -> np.ndarray:
        """Return log p(successes | theta) of some rows; dims: those of theta but the last, row."""
        x, n, y = self._arrays[rows].T
        made, missed = self.curve.logs(theta, x)
        ways = gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)
        return y * made + (n - y) * missed + ways

    @cached_property
    def left_out(self) -> np.ndarray:
        """log p(successes[i] | all other rows), of every row."""
        return np.array([self.without(i) for i in range(len(self.putts))])

    def without(self, row: int) -> float:
        """Return log p(successes[row] | all other rows), the evidence with it over that without.

        Each has a grid of its own: a row that is far off moves the posterior far away.
        """
        _, others = self._grid(np.arange(len(self.putts)) != row)
        return float(logsumexp(self._whole[1]) - logsumexp(others))

    def chances(self, distance: np.ndarray) -> pd.DataFrame:
        """Return mean, lower and upper end of the central 95% of the chance, by distance.

        It is never 0 or 1: a count has an sd.
        """
        points, weights = self.grid
        p = np.exp(self.curve.logs(points, distance)[0])
        ends = np.stack([quantiles(one, weights) for one in p.T])
        found = np.column_stack([weights @ p, ends[:, 0], ends[:, 2]])
        found = np.clip(found, TINY, 1 - TINY)
        return pd.DataFrame(found, columns=["mean", "lower", "upper"])

    def known(self, values: np.ndarray) -> Known:
        """Return the exact numbers of a quantity, given its value at each point of the grid."""
        weights = self.grid[1]
        mean = float(weights @ values)
        sd = math.sqrt(weights @ (values - mean) ** 2)
        lower, median, upper = quantiles(values, weights)
        return Known(mean, sd, median, lower, upper)

    def _log_density(self, theta: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return self.log_likelihood(theta, rows).sum(axis=-1) + self.curve.log_prior(theta)

    def _grid(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return points and log densities given some rows, times the volume that each stands for.

        The box is around the mode, its axes are those of the curvature there, and it grows until
        its sides are `EDGE` below.
        """
        start = self.curve.start if rows.all() else self._mode
        at = optimize.minimize(
            lambda theta: -self._log_density(theta, rows), start, method="Nelder-Mead"
        ).x
        k = len(at)
        axes, ends = self._axes(at, rows), np.full((k, 2), (-8.0, 8.0))
        for _ in range(60):
            sides = [np.linspace(low, high, POINTS[k]) for low, high in ends]
            z = np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1)
            log_p = self._log_density(at + z @ axes.T, rows)
            least = log_p.max() - EDGE
            wider = [[log_p.take(i, axis=j).max() > least for i in (0, -1)] for j in range(k)]
            if not np.any(wider):
                break
            ends = np.where(wider, 1.4 * ends, ends)
        steps = np.prod(np.ptp(ends, axis=1) / (POINTS[k] - 1))
        volume = math.log(steps * np.linalg.det(axes))
        return (at + z @ axes.T).reshape(-1, k), log_p.ravel() + volume

    def _axes(self, at: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return a root of the inverse of minus the second derivatives, by differences."""
        h, eye = 1e-3, np.eye(len(at))

        def f(*moves: np.ndarray) -> float:
            return float(self._log_density(at + h * sum(moves), rows))

        hessian = np.array(
            [[(f(a, b) - f(a, -b) - f(-a, b) + f(-a, -b)) / (4 * h * h) for b in eye] for a in eye]
        )
        return np.linalg.cholesky(np.linalg.inv(-hessian))


def quantiles(values: np.ndarray, weights: np.ndarray) -> tuple[float, float, float]:
    """Return lower end, median and upper end of weighted values."""
    order = np.argsort(values)
    total = np.cumsum(weights[order]) - weights[order] / 2
    low, middle, high = np.interp((TAILS[0], 0.5, TAILS[1]), total, values[order])
    return float(low), float(middle), float(high)
