"""A level that goes on by a slope which itself changes: what is known of it, exactly.

Given three sds level and slope are normal, and the sds are summed over by the midpoint rule.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import xarray as xr
from scipy.special import log_softmax, logsumexp

from workflow.checking.exact import Known
from workflow.quantities import SAMPLE
from workflow.series.accounts import Series
from workflow.series.mixture import LEAST, Mixture
from workflow.series.plane import of_line
from workflow.series.prior import Prior, log_prior, log_width, narrowed
from workflow.series.seasonal import Seasonal, SeasonPrior, flat
from workflow.series.turning import Passed, Sds, State, TurnPrior, growing, log_likelihood

FINE, COARSE = 32, 20  # points of a grid in each of three directions
MANY = 400  # values: of more the grid is coarser, since what they say is near a normal distribution
SDS = ("sigma_observation", "sigma_level", "sigma_slope")
TURN = 4.0  # slopes of the whole range, by which a slope changes that turns once in the middle


def usual_bend(y: np.ndarray, times: np.ndarray) -> float:
    """Return a scale for the sd of a step of the slope, to one digit.

    A level that goes through the range of the values in half of the time, and then back, changes
    its slope by four times the range by the time: so large changes, if they are spread evenly.
    """
    return float(f"{TURN * flat(y, times, 1)[1] / np.sqrt(times[-1]):.0e}")


def variances(posterior: xr.Dataset) -> Sds:
    """Return the variances of all draws."""
    return Sds(*(np.square(posterior[one].transpose(*SAMPLE).to_numpy().ravel()) for one in SDS))


@dataclass(frozen=True)
class Turning:
    """Values at whole steps of time (the first has 0), and a prior; the slope itself changes."""

    y: np.ndarray
    times: np.ndarray
    prior: TurnPrior

    @property
    def steps(self) -> np.ndarray:
        """Steps of time from the value before to each; 0 for the first."""
        found: np.ndarray = np.diff(self.times, prepend=self.times[0]).astype(float)
        return found

    def first(self, n: int) -> Self:
        """Return the first `n` values alone."""
        return replace(self, y=self.y[:n], times=self.times[:n])

    def under(self, **knobs: float) -> Self:
        """Return the same values under other knobs of the prior."""
        return replace(self, prior=replace(self.prior, **knobs))

    def with_steady(self) -> Seasonal:
        """Return the same values with a slope that stays the same, or with none if its sd is 0."""
        one = self.prior
        shared = {"start": one.start, "start_sd": one.start_sd, "slope_sd": one.slope_sd}
        return Seasonal(
            self.y, self.times, SeasonPrior(one.noise, one.drift, jump=one.drift, **shared)
        )

    def without(self) -> Series:
        """Return the same values with no slope."""
        one = self.prior
        return Series(
            self.y, self.times, Prior(one.noise, one.drift, one.drift, one.start, one.start_sd)
        )

    def passed(self, y: np.ndarray, given: xr.Dataset) -> Passed:
        """Predict values (dims: time, draws) from those before them, by the sds of each draw."""
        return Passed.of(y, self.steps, self.prior, variances(given))

    def ends(self, sds: Sds) -> tuple[np.ndarray, State]:
        """Return the log density of all values, and what is known of the last level and slope."""
        return log_likelihood(self.y, self.steps, self.prior, sds)

    def log_before(self, *sds: np.ndarray) -> np.ndarray:
        """Return the log prior density of three sds."""
        scales = self.prior.noise, self.prior.drift, self.prior.bend
        found: np.ndarray = sum(map(log_prior, sds, scales), np.zeros(()))
        return found

    def log_box(self, *sds: np.ndarray) -> np.ndarray:
        """Return the log posterior of three sds (with a last dim)."""
        logs, _ = self.ends(Sds(*(one.ravel() ** 2 for one in sds)))
        found: np.ndarray = (logs.reshape(sds[0].shape) + self.log_before(*sds))[..., None]
        return found

    @cached_property
    def box(self) -> tuple[np.ndarray, ...]:
        """Three sds, where they count."""
        return self.narrowed(self)

    def narrowed(self, *others: "Turning") -> tuple[np.ndarray, ...]:
        """Return the points of three sds that count for any of some series of the same prior."""
        scales = self.prior.noise, self.prior.drift, self.prior.bend
        points = FINE if len(self.y) <= MANY else COARSE
        return narrowed(
            *(scales, points),
            lambda *at: np.concatenate([one.log_box(*at) for one in others], axis=-1),
        )

    @cached_property
    def _logs(self) -> np.ndarray:
        found: np.ndarray = self.log_box(*np.meshgrid(*self.box, indexing="ij"))[..., 0]
        return found

    @property
    def log_evidence(self) -> float:
        """The log density of the values, all summed out."""
        return float(logsumexp(self._logs)) + log_width(self.box)

    @cached_property
    def _now(self) -> tuple[np.ndarray, Sds, State]:
        """Weights, variances, and last level and slope of the settings that count."""
        kept = self._logs > self._logs.max() + np.log(LEAST)
        points = np.meshgrid(*self.box, indexing="ij")
        sds = Sds(*(one[kept] ** 2 for one in points))
        return np.exp(log_softmax(self._logs[kept])), sds, self.ends(sds)[1]

    @property
    def slope(self) -> Mixture:
        """The slope at the last time."""
        weights, _, now = self._now
        return Mixture(weights, now.slope, now.of_slope)

    @property
    def now(self) -> Mixture:
        """The level at the last time."""
        weights, _, now = self._now
        return Mixture(weights, now.level, now.of_level)

    def ahead(self, steps: int) -> Mixture:
        """Return what the value will be so many steps after the last."""
        weights, sds, now = self._now
        later = now.after(float(steps), sds)
        return Mixture(weights, later.level, later.of_level + sds.noise)

    def grown(self, n: int, *sds: np.ndarray) -> np.ndarray:
        """Return log evidences (over a grid of three sds) of the first values, `n` and more."""
        given = Sds(*(one**2 for one in sds))
        return growing(self.y, self.steps, self.prior, given, self.log_before(*sds), n)

    def sds(self) -> dict[str, Known]:
        """Return the exact posterior of three sds."""
        weights = np.exp(self._logs - logsumexp(self._logs))
        others = [tuple(j for j in range(3) if j != i) for i in range(3)]
        return {
            name: of_line(axis, weights.sum(other))
            for name, axis, other in zip(SDS, self.box, others, strict=True)
        }
