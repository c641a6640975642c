"""Three accounts of a series: its level stays, jumps once, or drifts. Each is known exactly.

Given the sds everything is normal, and the sds are summed over by the midpoint rule. All
three have the same first level and the same prior of the noise; a level that drifts
has an sd for each step of time, and one that jumps a boundary, any as likely as any other, and a
height. So their evidences can be compared. Source: Durbin and Koopman (2012), chapters 2 and 4.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import xarray as xr
from scipy.special import log_softmax, logsumexp

from workflow.checking.exact import Known
from workflow.series.account import DRIFTS, JUMPS, STAYS, SURE, Account
from workflow.series.mixture import LEAST, Mixture
from workflow.series.parts import Parts
from workflow.series.plane import ends, growing, log_likelihood, of_line
from workflow.series.prior import Prior, log_prior, log_width, narrowed, usual
from workflow.series.regressed import Joint, Regressed

__all__ = ["DRIFTS", "JUMPS", "STAYS", "Account", "Prior", "Series", "points", "usual"]
MANY = 2000  # values: what so many say of the sds is near a normal distribution, and a coarser
# grid is as exact, since its points are still less than half an sd apart


def points(n: int) -> tuple[int, int]:
    """Return how many points a grid for `n` values has in each direction: of two sds, of one."""
    return (80, 120) if n <= MANY else (32, 32)


@dataclass(frozen=True)
class Series:
    """Values at whole steps of time (the first has 0), and a prior."""

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

    def ends(
        self, noise: np.ndarray, level: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, Joint | None]:
        """Return mean and variance of last level and change, for variances of noise and level."""
        now, of_now, change, of_change = ends(self.y, self.steps, self.prior, noise, level)
        return now, of_now, change, of_change, None

    def first(self, n: int) -> "Series":
        """Return the first `n` values alone."""
        return replace(self, y=self.y[:n], times=self.times[:n])

    def under(self, **knobs: float) -> "Series":
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

    @cached_property
    def stays(self) -> Account:
        """The level stays as it is."""
        noise = self.line**2
        logs = self.log_line(self.line)[:, 0] + self.log_width((self.line,))
        mean, variance = self.whole.first(noise[:, None], self.prior)
        now = Mixture(np.exp(log_softmax(logs)), mean[:, 0], variance[:, 0])
        kept = np.arange(len(noise)), np.zeros(len(noise), dtype=int)
        season = self.whole.joint(noise[:, None], kept, self.prior)
        return Account(
            *(STAYS, float(logsumexp(logs)), now, SURE, noise, np.zeros_like(noise), season)
        )

    @cached_property
    def _jumps(self) -> tuple[np.ndarray, np.ndarray]:
        """Variances of the noise, and log posteriors of them (rows) and of the boundary."""
        noise = self.line[:, None] ** 2
        logs = self.log_noise(self.line)[:, None] + self.log_width((self.line,))
        logs = logs + self.boundaries.log_density(noise, self.prior)
        return noise, logs - np.log(len(self.y) - 1)

    @cached_property
    def jumps(self) -> Account:
        """The level jumps once."""
        noise, logs = self._jumps
        kept = np.nonzero(logs > logs.max() + np.log(LEAST))
        weights = np.exp(log_softmax(logs[kept]))
        now, of_now, change, of_change = (
            one[kept] for one in self.boundaries.after(noise, self.prior)
        )
        spread = np.broadcast_to(noise, logs.shape)[kept]
        return Account(
            *(JUMPS, float(logsumexp(logs))),
            Mixture(weights, now, of_now),
            Mixture(weights, change, of_change),
            *(spread, np.zeros_like(spread)),
            self.boundaries.joint(noise, kept, self.prior),
        )

    @property
    def when(self) -> np.ndarray:
        """Probability of each boundary between two values, if the level jumps once."""
        found: np.ndarray = np.exp(log_softmax(logsumexp(self._jumps[1], axis=0)))
        return found

    def expected_if_it_jumps(self) -> np.ndarray:
        """Return the mean level at each value, if the level jumps once."""
        noise, logs = self._jumps
        now, _, change, _ = self.boundaries.after(noise, self.prior)
        weights = np.exp(logs - logsumexp(logs))
        late, early = ((weights * one).sum(0) for one in (now, now - change))
        past = np.concatenate([[0.0], np.cumsum(late)])  # jumps before each value
        found: np.ndarray = past + np.concatenate([np.cumsum(early[::-1])[::-1], [0.0]])
        return found

    @cached_property
    def _drifts(self) -> np.ndarray:
        """Log posterior of both sds on the plane."""
        points = np.meshgrid(*self.plane, indexing="ij")
        found: np.ndarray = self.log_plane(*points)[..., 0] + self.log_width(self.plane)
        return found

    @cached_property
    def drifts(self) -> Account:
        """The level drifts."""
        logs, points = self._drifts, np.meshgrid(*self.plane, indexing="ij")
        kept = logs > logs.max() + np.log(LEAST)
        noise, level = (one[kept] ** 2 for one in points)
        now, of_now, change, of_change, season = self.ends(noise, level)
        weights = np.exp(log_softmax(logs[kept]))
        return Account(
            *(DRIFTS, float(logsumexp(logs))),
            Mixture(weights, now, of_now),
            Mixture(weights, change, of_change),
            noise,
            level,
            season,
        )

    def sds(self) -> dict[str, Known]:
        """Return the exact posterior of both sds, if the level drifts."""
        weights = np.exp(self._drifts - logsumexp(self._drifts))
        names = ("sigma_observation", "sigma_level")
        return {
            name: of_line(axis, weights.sum(1 - i))
            for i, (name, axis) in enumerate(zip(names, self.plane, strict=True))
        }

    @property
    def accounts(self) -> tuple[Account, Account, Account]:
        """All three."""
        return self.stays, self.jumps, self.drifts
