"""How a process lies between its limits: capability, the share outside, exactly and by draws.

Given sigma, the mean is normal, and what is asked is a closed form; over sigma it is summed up by
the trapezoid rule on log sigma, which is exact to about eight digits here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from scipy import optimize
from scipy.special import ndtr
from scipy.stats import norm

from workflow.checking import exact
from workflow.process.conjugate import Known
from workflow.process.limits import Limits
from workflow.quantities import TAILS, Scalar, expectations

STEPS = 4001  # of log sigma; where the mean is summed up as well, every tenth,
MEANS = np.linspace(-8, 8, 401)  # and these means for each, in their sds
FAR = 1e-13  # of sigma's probability is left out at either end
ASKED = (1.0, 1.33)  # values of cpk that are asked for most
NEXT = "prob_next_outside"


def above(asked: float) -> str:
    """Return what the probability that cpk is above this is called."""
    return f"prob_cpk_above_{asked:g}"


def measure(limits: Limits, posterior: xr.Dataset) -> dict[str, Scalar]:
    """Return, by draws, how probable a cpk above 1 and 1.33 is, and a next piece outside."""
    mu, sigma = posterior["mu"], posterior["sigma"]
    outside = xr.DataArray(limits.outside(mu, sigma), dims=mu.dims)
    said = {above(asked): posterior["cpk"] > asked for asked in ASKED}
    found = {name: expectations("p", one)["p"] for name, one in said.items()}
    return found | {NEXT: expectations("p", outside)["p"]}


@dataclass(frozen=True)
class Capability:
    """The exact distribution of cpk, and of what follows from mean and sd."""

    limits: Limits
    known: Known

    @cached_property
    def sigmas(self) -> tuple[np.ndarray, np.ndarray]:
        """Values of sigma, evenly on the logarithm, and the probability that each stands for."""
        sigma = self.known.sigma
        low, high = np.log(sigma.ppf(FAR)), np.log(sigma.isf(FAR))
        at = np.exp(np.linspace(low, high, STEPS))
        logs = sigma.logpdf(at) + np.log(at)
        weights = np.exp(logs - logs.max())
        return at, weights / weights.sum()

    def expect(self, of: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> float:
        """Return the posterior mean of a function of mean and sd."""
        sigma, weights = (one[::10] for one in self.sigmas)
        at = self.known.center + sigma[:, None] / math.sqrt(self.known.pieces) * MEANS
        chance = norm.pdf(MEANS)
        given = of(at, np.broadcast_to(sigma[:, None], at.shape)) @ (chance / chance.sum())
        return float(weights @ given / weights.sum())

    @property
    def sd_of_outside(self) -> float:
        """Return the sd of the share outside, whose mean is the probability of the next piece."""
        mean = self.limits.next_outside(self.known)
        squares = self.expect(lambda mu, sigma: (self.limits.outside(mu, sigma) - mean) ** 2)
        return math.sqrt(squares)

    def prob_above(self, asked: float) -> float:
        """Return the probability that cpk is above a value."""
        sigma, weights = self.sigmas
        error = sigma / math.sqrt(self.known.pieces)
        low = (self.limits.lower + 3 * asked * sigma - self.known.center) / error
        high = (self.limits.upper - 3 * asked * sigma - self.known.center) / error
        return float(weights @ np.maximum(ndtr(high) - ndtr(low), 0))

    @cached_property
    def moments(self) -> tuple[float, float]:
        """Mean and sd of cpk: the second moment about a mean by sigma, and of these means."""
        sigma, weights = self.sigmas
        room, variance = self._room(sigma / math.sqrt(self.known.pieces))
        mean = float(weights @ (room / (3 * sigma)))
        about = weights @ (variance / (3 * sigma) ** 2)
        return mean, float(np.sqrt(about + weights @ (room / (3 * sigma) - mean) ** 2))

    def _room(self, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and variance of the distance to the nearer limit, by the mean's sd.

        That is the distance to the limit nearer to the mean that is expected, which is normal, less
        twice how far beyond the middle of both the mean may be.
        """
        center, limits = self.known.center, self.limits
        nearer = min(limits.upper - center, center - limits.lower)
        if not limits.both:
            return np.full_like(error, nearer), error**2
        away = abs(center - (limits.lower / 2 + limits.upper / 2))
        beyond = 2 * (error * norm.pdf(away / error) - away * ndtr(-away / error))
        return nearer - beyond, error**2 - 2 * away * beyond - beyond**2

    def quantile(self, p: float) -> float:
        """Return the value that cpk is below with probability p."""
        mean, sd = self.moments
        low, high = mean - 10 * sd, mean + 10 * sd
        while self.prob_above(low) < 1 - p:
            low -= 10 * sd
        while self.prob_above(high) > 1 - p:
            high += 10 * sd
        return float(optimize.brentq(lambda c: 1 - p - self.prob_above(c), low, high, xtol=1e-12))

    def known_cpk(self) -> exact.Known:
        """Return the numbers of cpk, exactly."""
        lower, median, upper = (self.quantile(p) for p in (TAILS[0], 0.5, TAILS[1]))
        return exact.Known(*self.moments, median, lower, upper)

    def quantities(self) -> dict[str, exact.Known]:
        """Return the exact posterior of mean, sd and cpk."""
        of = {"mu": exact.known(self.known.mu), "sigma": exact.known(self.known.sigma)}
        return of | {"cpk": self.known_cpk()}

    def probabilities(self) -> dict[str, float]:
        """Return the exact probabilities, by the names of `measure`."""
        found = {above(asked): self.prob_above(asked) for asked in ASKED}
        return found | {NEXT: self.limits.next_outside(self.known)}
