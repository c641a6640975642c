"""A series with a season, a pattern that comes again every so many steps, or a trend, or both.

A season is the same in every period and sums to zero: what is said of a level is said of it without
the season. A trend adds the same slope in every step: it is a part of the level, but not of what is
called its change. All three accounts have them: they are summed out of each of them, exactly.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.linalg import helmert
from scipy.special import logsumexp

from workflow.quantities import SAMPLE
from workflow.series import summed
from workflow.series.accounts import Series
from workflow.series.columns import Columns
from workflow.series.prior import Prior, log_prior
from workflow.series.regressed import Joint, Regressed

SMALL = 6000  # values times places of the period, of which the grid is as fine as without a season
COARSE = 48  # points else in each direction: many values are told by them as exactly


@dataclass(frozen=True)
class SeasonPrior(Prior):
    """A prior with the sd of an effect of the season, but for their sum, and that of the slope."""

    pattern: float = 0.0
    slope_sd: float = 0.0


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
    found: np.ndarray = helmert(season).T if season > 1 else np.empty((1, 0))
    return found


def flat(y: np.ndarray, times: np.ndarray, season: int) -> tuple[np.ndarray, float]:
    """Return values less the straight line that fits best, and a scale for a slope.

    Each place of a period has a mean of its own beside the line. The scale is one with which a
    slope alone goes from the lowest value to the highest, season aside, within the time there is;
    to one digit.
    """
    places = (times[:, None] % season == np.arange(season)).astype(float)
    found = np.linalg.lstsq(np.column_stack([places, times]), y, rcond=None)[0]
    aside = y - places @ found[:-1]
    return y - found[-1] * times, float(f"{np.ptp(aside) / times[-1]:.0e}")


@dataclass(frozen=True)
class Seasonal(Series):
    """Values at whole steps of time with a season of so many steps; of one step is none.

    They have a trend where its slope has a prior sd.
    """

    prior: SeasonPrior
    season: int = 1

    @property
    def trend(self) -> bool:
        """Whether there is one."""
        return self.prior.slope_sd > 0

    @property
    def _about(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, Prior]:
        """What filters need: values, columns in prior sds, steps, and the prior."""
        return self.y, self._columns.at(self.times), self.steps, self.prior

    @property
    def _columns(self) -> Columns:
        return Columns(self.prior.pattern * contrasts(self.season), self.prior.slope_sd)

    @property
    def fineness(self) -> tuple[int, int]:
        """How many points a grid has; every filter has more columns than the level's own."""
        (two, one), columns = super().fineness, 1 + self._columns.width
        return (two if len(self.y) * columns <= SMALL else min(two, COARSE)), one

    def parts(self, boundaries: np.ndarray) -> Regressed:
        """Return values before and after boundaries."""
        return Regressed.of(self.y, self.times, boundaries, self.prior, self._columns)

    def log_plane(self, noise: np.ndarray, level: np.ndarray) -> np.ndarray:
        """Return the log posterior of both sds, if the level drifts (with a last dim)."""
        weight = log_prior(noise, self.prior.noise) + log_prior(level, self.prior.drift)
        return (weight + summed.log_likelihood(*self._about, noise**2, level**2))[..., None]

    def ends(
        self, noise: np.ndarray, level: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, Joint | None]:
        """Return mean and variance of last level and change, and what is beside the former."""
        told, change, of_change = summed.ends(*self._about, noise, level)
        joint = Joint(*told, self._columns, int(self.times[-1]))
        return joint.mean[:, 0], joint.cov[:, 0, 0], change, of_change, joint

    def expected_if_it_jumps(self) -> np.ndarray:
        """Return the mean level at each value, which a trend is a part of, if it jumps once."""
        found = super().expected_if_it_jumps()
        return found + self.jumps.slope.mean * self.times if self.trend else found

    def grown(self, noise: np.ndarray, level: np.ndarray, first: int) -> np.ndarray:
        """Return log evidences (over a grid of sds) of the first values, so many and more."""
        found = summed.growing(*self._about, noise**2, level**2, first)
        weight = log_prior(noise, self.prior.noise) + log_prior(level, self.prior.drift)
        evidence: np.ndarray = logsumexp(found + weight, axis=1)
        return evidence

    def shift(self, posterior: xr.Dataset, times: np.ndarray) -> np.ndarray:
        """Return what season and trend add at times, by the draws (dims: time, draws)."""
        found = self.course(posterior, times)
        if self.season > 1:
            effects = posterior["season"].transpose("phase", *SAMPLE).to_numpy()
            found = found + effects.reshape(self.season, -1)[times % self.season]
        return found

    def course(self, posterior: xr.Dataset, times: np.ndarray) -> np.ndarray:
        """Return what the trend alone adds at times, by the draws (dims: time, draws)."""
        if not self.trend:
            return super().course(posterior, times)
        slope = posterior["slope"].transpose(*SAMPLE).to_numpy().ravel()
        found: np.ndarray = np.multiply.outer(times, slope)
        return found
