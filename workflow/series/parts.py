"""Values whose level jumps once, or never: all is a closed form, given the noise and the boundary.

Each boundary has the number, mean and squares of the values before and after it. Source: Gelman et
al. (2013), Bayesian Data Analysis, 3rd ed., section 2.5.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

from workflow.series.prior import Prior


class Side(NamedTuple):
    """Number, mean, and squares about the mean of values (one dim: boundaries)."""

    n: np.ndarray
    mean: np.ndarray
    squares: np.ndarray


@dataclass(frozen=True)
class Parts:
    """Values before each boundary and after it; none after the last one, which is no jump."""

    early: Side
    late: Side

    @classmethod
    def of(cls, y: np.ndarray, boundaries: np.ndarray) -> "Parts":
        """Return the parts of `y` at boundaries: so many values are before them."""
        middle = y.mean()
        sums = np.concatenate([[0.0], np.cumsum(y - middle)])
        squares = np.concatenate([[0.0], np.cumsum((y - middle) ** 2)])

        def side(n: np.ndarray, total: np.ndarray, square: np.ndarray) -> Side:
            mean = total / np.maximum(n, 1)
            return Side(n, middle + mean, np.maximum(square - n * mean**2, 0))

        one, two = sums[boundaries], squares[boundaries]
        rest = len(y) - boundaries, sums[-1] - one, squares[-1] - two
        return cls(side(boundaries, one, two), side(*rest))

    def first(self, noise: np.ndarray, prior: Prior) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and variance of the first level, given the values before."""
        error = noise / self.early.n
        gain = prior.start_sd**2 / (prior.start_sd**2 + error)
        return prior.start + gain * (self.early.mean - prior.start), gain * error

    def log_density(self, noise: np.ndarray, prior: Prior) -> np.ndarray:
        """Return the log density of all values; `noise` is broadcast against the boundaries."""
        wide = prior.start_sd**2 + noise / self.early.n
        density = stats.norm(prior.start, np.sqrt(wide)).logpdf(self.early.mean)
        found: np.ndarray = _within(self.early, noise) + density
        level, of_level = self.first(noise, prior)
        m = np.maximum(self.late.n, 1)
        wide = of_level + prior.jump**2 + noise / m
        density = stats.norm(level, np.sqrt(wide)).logpdf(self.late.mean)
        return found + np.where(self.late.n > 0, _within(self.late, noise) + density, 0.0)

    def after(self, noise: np.ndarray, prior: Prior) -> tuple[np.ndarray, ...]:
        """Return mean and variance of the level after the jump, and those of the jump."""
        level, of_level = self.first(noise, prior)
        error, before = noise / np.maximum(self.late.n, 1), of_level + prior.jump**2
        gain, share = before / (before + error), prior.jump**2 / (before + error)
        away = self.late.mean - level
        return level + gain * away, gain * error, share * away, share * (of_level + error)

    def joint(self, noise: np.ndarray, kept: tuple[np.ndarray, ...], prior: Prior) -> None:
        """Return nothing: there is no pattern beside the level."""


def _within(side: Side, noise: np.ndarray) -> np.ndarray:
    """Return the log density of values, but for that of their mean."""
    n = np.maximum(side.n, 1)
    found: np.ndarray = -0.5 * (
        (n - 1) * np.log(2 * np.pi * noise) + np.log(n) + side.squares / noise
    )
    return found
