"""Values of a series and their prior: densities of the sds, and the points at which these count."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import xarray as xr
from scipy.special import logsumexp

from workflow.quantities import SAMPLE
from workflow.series.kalman import Filtered, filtered
from workflow.series.parts import Parts
from workflow.series.plane import ends, growing, log_likelihood
from workflow.series.prior import Prior, log_prior, log_width, narrowed
from workflow.series.regressed import Joint, Regressed

MANY = 2000  # values: what so many say of the sds is near a normal distribution, and a coarser
# grid is as exact, since its points are still less than half an sd apart


def points(n: int) -> tuple[int, int]:
    """Return how many points a grid for `n` values has in each direction: of two sds, of one."""
    return (80, 120) if n <= MANY else (32, 32)


@dataclass(frozen=True)
class Values:
    """Values at whole steps of time (the first has 0), a prior, and the sds that count."""

    y: np.ndarray
    times: np.ndarray
    prior: Prior

    @property
    def steps(self) -> np.ndarray:
        """Steps of time from the value before to each; 0 for the first."""
        found: np.ndarray = np.diff(self.times, prepend=self.times[0]).astype(float)
        return found

    @property
    def fineness(self) -> tuple[int, int]:
        """How many points a grid has in each direction: of two sds, of one."""
        return points(len(self.y))

    def parts(self, boundaries: np.ndarray) -> Parts | Regressed:
        """Return the values before and after boundaries; so many values are before each."""
        return Parts.of(self.y, boundaries)

    @cached_property
    def boundaries(self) -> Parts | Regressed:
        """The values before and after each boundary between two."""
        return self.parts(np.arange(1, len(self.y)))

    @cached_property
    def whole(self) -> Parts | Regressed:
        """All values, with nothing after them."""
        return self.parts(np.array([len(self.y)]))

    def shift(self, posterior: xr.Dataset, times: np.ndarray) -> np.ndarray:
        """Return what is added to the level at times beside noise, by draws: nothing."""
        return np.zeros((len(times), 1))

    def course(self, posterior: xr.Dataset, times: np.ndarray) -> np.ndarray:
        """Return what of that is a part of the level: nothing."""
        return np.zeros((len(times), 1))

    def passed(self, y: np.ndarray, given: xr.Dataset) -> Filtered:
        """Predict values (dims: time, draws) from those before them, by the sds of each draw."""
        noise, level = (
            np.square(given[name].transpose(*SAMPLE).to_numpy()).ravel()
            for name in ("sigma_observation", "sigma_level")
        )
        gained, start = self.steps[:, None] * level, self.prior.start
        aside = y - self.shift(given, self.times)
        return filtered(aside, gained, noise, start, self.prior.start_sd**2)

    def ends(
        self, noise: np.ndarray, level: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, Joint | None]:
        """Return mean and variance of last level and change, for variances of noise and level."""
        now, of_now, change, of_change = ends(self.y, self.steps, self.prior, noise, level)
        return now, of_now, change, of_change, None

    def first(self, n: int) -> Self:
        """Return the first `n` values alone."""
        return replace(self, y=self.y[:n], times=self.times[:n])

    def under(self, **knobs: float) -> Self:
        """Return the same values under other knobs of the prior."""
        return replace(self, prior=replace(self.prior, **knobs))

    @cached_property
    def line(self) -> np.ndarray:
        """The noise's sds that count, if the level stays or jumps."""
        (axis,) = self.narrowed(1, self.log_line)
        return axis

    def narrowed(self, sds: int, logs: Callable[..., np.ndarray]) -> tuple[np.ndarray, ...]:
        """Return the points of the noise's sd, or of both, at which log posteriors count."""
        scales = (self.prior.noise, self.prior.drift)[:sds]
        return narrowed(scales, self.fineness[2 - sds], logs)

    def log_noise(self, noise: np.ndarray) -> np.ndarray:
        """Return the log prior density of the noise's sd."""
        return log_prior(noise, self.prior.noise)

    def log_both(self, noise: np.ndarray, level: np.ndarray) -> np.ndarray:
        """Return the log prior density of both sds."""
        return log_prior(noise, self.prior.noise) + log_prior(level, self.prior.drift)

    def log_width(self, axes: tuple[np.ndarray, ...]) -> float:
        """Return the logarithm of what a point of sds stands for."""
        return log_width(axes)

    def log_line(self, noise: np.ndarray) -> np.ndarray:
        """Return log posteriors if the level stays, and if it jumps (last dim)."""
        prior, variance = self.log_noise(noise), noise[:, None] ** 2
        none = self.whole.log_density(variance, self.prior)[:, 0]
        one = logsumexp(self.boundaries.log_density(variance, self.prior), axis=1)
        return np.stack([prior + none, prior + one - np.log(len(self.y) - 1)], axis=-1)

    def log_plane(self, noise: np.ndarray, level: np.ndarray) -> np.ndarray:
        """Return the log posterior of both sds, if the level drifts (with a last dim)."""
        weight = self.log_both(noise, level)
        return (weight + log_likelihood(self.y, self.steps, self.prior, noise**2, level**2))[
            ..., None
        ]

    def grown(self, noise: np.ndarray, level: np.ndarray, first: int) -> np.ndarray:
        """Return log evidences (over a grid of sds) of the first values, so many and more."""
        logs = self.log_both(noise, level)
        return growing(self.y, self.steps, self.prior, noise, level, logs)[first:]

    @cached_property
    def plane(self) -> tuple[np.ndarray, ...]:
        """Both sds, where they count if the level drifts."""
        return self.narrowed(2, self.log_plane)
