"""A cubic smoothing spline as a rival of a Gaussian process: its smoothing by REML, then exact.

A smoothing spline is the posterior mean of a straight line with flat priors plus an integrated
random walk. Sources: Wahba (1990), Spline Models for Observational Data, section 1.5; Wahba (1985),
A comparison of GCV and GML for choosing the smoothing parameter (REML is GML).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import optimize
from scipy.linalg import cho_factor, cho_solve

from workflow.functions.points import Points

WIDEST = 14.0  # logarithm of (sd of the spline over that of the noise)
LEAST = 1e-9  # of the noise's variance: what rounding may leave of it


@dataclass(frozen=True)
class Spline:
    """A smoothing spline of values by place: `ratio` is its sd over that of the noise.

    The sd is that of the random walk over the whole range, of whose length x is the share.
    """

    points: Points
    ratio: float

    @cached_property
    def _parts(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Return the precision of means by place beyond the line (sigma 1), weights, log dets."""
        one = self.points
        there = one.many > 0
        x, many = one.where[there], one.many[there]
        t = (x - x[0]) / (x[-1] - x[0])
        less, more = np.minimum(t[:, None], t), np.maximum(t[:, None], t)
        walk = less**2 * (3 * more - less) / 6
        factor = cho_factor(self.ratio**2 * walk + np.diag(1 / many), lower=True)
        line = np.stack([np.ones_like(t), t], 1)
        solved = cho_solve(factor, line)
        inner = cho_factor(line.T @ solved, lower=True)
        precision = cho_solve(factor, np.eye(len(t))) - solved @ cho_solve(inner, solved.T)
        logs = np.log(np.diag(factor[0])).sum() + np.log(np.diag(inner[0])).sum()
        return precision, many, float(2 * logs + np.log(many).sum())

    @cached_property
    def _beyond(self) -> tuple[np.ndarray, np.ndarray]:
        """Return a straight line at each place that has rows, and what means are beyond it.

        The precision has no part along lines, but for rounding: a large line would be that.
        """
        one = self.points
        there = one.many > 0
        x, root = one.where[there], one.root[there]
        t = (x - x[0]) / (x[-1] - x[0])
        line = np.stack([np.ones_like(t), t], 1)
        left = one.u[there] / root
        fitted = line @ np.linalg.lstsq(line * root[:, None], left * root)[0]
        return one.mean + fitted, left - fitted

    @cached_property
    def sigma(self) -> float:
        """The sd of the noise, by REML at this ratio."""
        precision, left = self._parts[0], self._beyond[1]
        squares = self.points.within + left @ precision @ left
        return float(np.sqrt(squares / (len(self.points.y) - 2)))

    @property
    def reml(self) -> float:
        """The restricted log likelihood, sigma at its maximum, up to a constant."""
        n = len(self.points.y) - 2
        return float(-n * np.log(self.sigma) - self._parts[2] / 2)

    @property
    def curve(self) -> np.ndarray:
        """The spline at each place that has rows."""
        precision, many, _ = self._parts
        line, left = self._beyond
        found: np.ndarray = line + left - precision @ left / many
        return found

    @property
    def left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and sd of every row's value, as all others predict it with the same smoothing."""
        precision, many, _ = self._parts
        known = 1 / many - np.diag(precision) / many**2  # of the curve, in variances of the noise
        place = np.searchsorted(self.points.where[self.points.many > 0], self._x)
        rest = np.maximum(1 - known, LEAST)[place]
        error = (self.points.y - self.curve[place]) / rest
        return self.points.y - error, self.sigma / np.sqrt(rest)

    @property
    def _x(self) -> np.ndarray:
        found: np.ndarray = self.points.where[self.points.at]
        return found


def spline(points: Points) -> Spline:
    """Return the smoothing spline whose smoothing has the greatest restricted likelihood.

    There may be several maxima: it is the highest near a grid of the ratio's logarithm.
    """

    def low(log_ratio: float) -> float:
        return -Spline(points, float(np.exp(log_ratio))).reml

    grid = np.linspace(-WIDEST / 2, WIDEST, 29)
    values = [low(one) for one in grid]
    at = int(np.argmin(values))
    ends = grid[max(at - 1, 0)], grid[min(at + 1, len(grid) - 1)]
    best = optimize.minimize_scalar(low, bounds=ends, method="bounded", options={"xatol": 1e-6})
    return Spline(points, float(np.exp(best.x)))
