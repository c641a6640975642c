"""What is added to a level at every time: a season, a trend, or both, as columns of a regression.

Their coefficients are standard normal beforehand, so that columns are in prior sds.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Columns:
    """Effects of a season at each place of its period, and the prior sd of a trend's slope.

    `effects` have a row a place and a column a coefficient (none without a season); a slope of 0 is
    no trend, and else the last column, in steps of time from the first value on.
    """

    effects: np.ndarray
    slope_sd: float = 0.0

    @property
    def width(self) -> int:
        """How many columns there are."""
        return self.effects.shape[1] + bool(self.slope_sd)

    def at(self, times: np.ndarray) -> np.ndarray:
        """Return all columns at times (dims: time, columns)."""
        season: np.ndarray = self.effects[times % len(self.effects)]
        return np.column_stack([season, self.slope_sd * times]) if self.slope_sd else season

    def of_season(self, place: int) -> np.ndarray:
        """Return the row of the season alone, at a place of the period; the first time has 0."""
        return np.append(self.effects[place], [0.0] * bool(self.slope_sd))

    def of_trend(self, steps: int) -> np.ndarray:
        """Return the row of what the trend alone adds in so many steps."""
        return np.append(0.0 * self.effects[0], [self.slope_sd * steps] * bool(self.slope_sd))
