"""Waves whose sum is a curve: how many, how far they reach, and how high each is beforehand.

Sources: Solin and Särkkä (2020); Riutort-Mayol and others (2023); see `workflow.functions.waves`.
"""

from dataclasses import dataclass

import numpy as np

NARROWEST, BEYOND, FARTHEST = 1.2, 2.5, 3.2  # of the range: at least, and by the longest length
HIGHEST = 4.5  # radians a length, beyond which less than 1e-5 of the curve's variance is
MOST = 250  # waves


@dataclass(frozen=True)
class Basis:
    """So many waves between `reach` half ranges of the rows to either side of their middle."""

    count: int
    reach: float
    middle: float
    half: float

    @property
    def frequencies(self) -> np.ndarray:
        """Radians per unit of x, by wave."""
        each: np.ndarray = np.arange(1, self.count + 1) * np.pi / (2 * self.reach * self.half)
        return each

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest x at which the curve is told."""
        return self.middle - self.half, self.middle + self.half

    def at(self, x: np.ndarray, *, slope: bool = False) -> np.ndarray:
        """Return the level and the waves, or their slopes, at each x; dims x, 1 + wave."""
        angle = (x[:, None] - self.middle + self.reach * self.half) * self.frequencies
        waves = np.cos(angle) * self.frequencies if slope else np.sin(angle)
        level = np.full((len(x), 1), 0.0 if slope else 1.0)
        return np.hstack([level, waves / np.sqrt(self.reach)])

    def cosines(self, x: np.ndarray) -> np.ndarray:
        """Return cosines of 0, 1, 2 ... times the angle of the first wave, over twice the reach.

        Products of any two waves are differences of them; dims x, 1 + 2 * wave.
        """
        angle = (x - self.middle + self.reach * self.half) * self.frequencies[0]
        found: np.ndarray = np.cos(angle[:, None] * np.arange(2 * self.count + 1))
        return found / (2 * self.reach)

    def variances(self, length: float) -> np.ndarray:
        """Return the variance of each wave's height, for a curve of variance 1."""
        unit = length / self.half
        found: np.ndarray = (
            np.sqrt(2 * np.pi) * unit * np.exp(-np.square(length * self.frequencies) / 2)
        )
        return found

    def shortest(self) -> float:
        """Return the shortest length of which hardly any variance is beyond the last wave."""
        return float(HIGHEST / self.frequencies[-1])

    def longest(self) -> float:
        """Return the longest length at which the ends are too far for the rows to feel them."""
        return self.half * min(self.reach / FARTHEST, (self.reach - 1) / BEYOND)


def basis(where: np.ndarray, short: float, long: float) -> Basis:
    """Return waves for curves of lengths from `short` to `long`, but no more than the most."""
    middle, half = float(where[0] + where[-1]) / 2, float(where[-1] - where[0]) / 2
    unit = long / half
    reach = max(NARROWEST, FARTHEST * unit, 1 + BEYOND * unit)
    count = int(np.ceil(HIGHEST * 2 * reach * half / (np.pi * short)))
    return Basis(min(max(count, 8), MOST), reach, middle, half)
