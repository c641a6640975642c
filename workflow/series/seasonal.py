"""A series with a season: a pattern that comes again every so many steps, and sums to zero.

It is the same in every period. What is said of a level is said of it without the season, and all
three accounts have the same pattern: it is summed out of each of them, exactly.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.linalg import helmert
from scipy.special import logsumexp

from workflow.quantities import SAMPLE
from workflow.series import summed
from workflow.series.accounts import Series
from workflow.series.prior import Prior, log_prior
from workflow.series.regressed import Joint, Regressed

SMALL = 6000  # values times places of the period, of which the grid is as fine as without a season
COARSE = 48  # points else in each direction: many values are told by them as exactly


@dataclass(frozen=True)
class SeasonPrior(Prior):
    """A prior that has the sd of an effect of the season, but for their sum."""

    pattern: float


def usual_pattern(y: np.ndarray, season: int) -> float:
    """Return the sd of values within a period, to one digit."""
    apart = [np.mean(np.square(y[lag:] - y[:-lag])) for lag in range(1, season)]
    return float(f"{np.sqrt(np.mean(apart) / 2):.0e}")


def usual_beside(y: np.ndarray, times: np.ndarray, season: int) -> float:
    """Return the sd of the differences of neighbours at the same place of the period.

    So the season has no part in it. To one digit.
    """
    places, apart = times[1:] % season, np.diff(y)
    sums = np.bincount(places, apart, minlength=season)
    each = np.bincount(places, minlength=season)
    left = apart - (sums / np.maximum(each, 1))[places]
    free = len(apart) - np.count_nonzero(each)
    return float(f"{np.sqrt(np.square(left).sum() / free):.0e}")


def contrasts(season: int) -> np.ndarray:
    """Return effects at each place of the period by independent coefficients (columns)."""
    found: np.ndarray = helmert(season).T
    return found


@dataclass(frozen=True)
class Seasonal(Series):
    """Values at whole steps of time with a season of so many steps."""

    prior: SeasonPrior
    season: int

    @property
    def _about(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, Prior]:
        """What filters need: values, columns of the pattern in prior sds, steps, and the prior."""
        return self.y, self._rows[self.times % self.season], self.steps, self.prior

    @property
    def _rows(self) -> np.ndarray:
        return self.prior.pattern * contrasts(self.season)

    @property
    def fineness(self) -> tuple[int, int]:
        """How many points a grid has; every filter has a column more for each place."""
        two, one = super().fineness
        return (two if len(self.y) * self.season <= SMALL else min(two, COARSE)), one

    def parts(self, boundaries: np.ndarray) -> Regressed:
        """Return values before and after boundaries."""
        return Regressed.of(self.y, self.times, boundaries, self.prior, self._rows)

    def log_plane(self, noise: np.ndarray, level: np.ndarray) -> np.ndarray:
        """Return the log posterior of both sds, if the level drifts (with a last dim)."""
        weight = log_prior(noise, self.prior.noise) + log_prior(level, self.prior.drift)
        return (weight + summed.log_likelihood(*self._about, noise**2, level**2))[..., None]

    def ends(
        self, noise: np.ndarray, level: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, Joint | None]:
        """Return mean and variance of last level and change, and the pattern beside the former."""
        told, change, of_change = summed.ends(*self._about, noise, level)
        joint = Joint(*told, self._rows, int(self.times[-1]))
        return joint.mean[:, 0], joint.cov[:, 0, 0], change, of_change, joint

    def grown(self, noise: np.ndarray, level: np.ndarray, first: int) -> np.ndarray:
        """Return log evidences (over a grid of sds) of the first values, so many and more."""
        found = summed.growing(*self._about, noise**2, level**2, first)
        weight = log_prior(noise, self.prior.noise) + log_prior(level, self.prior.drift)
        evidence: np.ndarray = logsumexp(found + weight, axis=1)
        return evidence

    def shift(self, posterior: xr.Dataset, times: np.ndarray) -> np.ndarray:
        """Return what the season adds at times, by the draws (dims: time, draws)."""
        effects = posterior["season"].transpose("phase", *SAMPLE).to_numpy()
        found: np.ndarray = effects.reshape(self.season, -1)[times % self.season]
        return found
