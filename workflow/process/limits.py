"""How a process lies between its limits: capability, the share outside, exactly and by draws.

Given sigma, the mean is normal, and what is asked is a closed form; over sigma it is summed up by
the trapezoid rule on log sigma, which is exact to about eight digits here. Source of cpk: Kane
(1986), Process capability indices.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from scipy import optimize
from scipy.special import ndtr
from scipy.stats import norm

from workflow.checking import exact
from workflow.process.conjugate import NOTHING, Known, Summary
from workflow.quantities import TAILS, Scalar, expectations

STEPS = 4001  # of log sigma; where the mean is summed up as well, every tenth,
MEANS = np.linspace(-8, 8, 401)  # and these means for each, in their sds
FAR = 1e-13  # of sigma's probability is left out at either end
ASKED = (1.0, 1.33)  # values of cpk that are asked for most
NEXT = "prob_next_outside"


@dataclass(frozen=True)
class Limits:
    """The lower and the upper limit of a measurement, in its unit."""

    lower: float
    upper: float

    @property
    def middle(self) -> float:
        """Where a process that is in the middle has its mean."""
        return self.lower / 2 + self.upper / 2

    @property
    def half(self) -> float:
        """Half the distance between the limits."""
        return self.upper / 2 - self.lower / 2

    def cpk(self, mu: ArrayLike, sigma: ArrayLike) -> np.ndarray:
        """Return the distance from the mean to the nearer limit, in units of three sds."""
        mu, sigma = np.asarray(mu, float), np.asarray(sigma, float)
        found: np.ndarray = np.minimum(self.upper - mu, mu - self.lower) / (3 * sigma)
        return found

    def outside(self, mu: ArrayLike, sigma: ArrayLike) -> np.ndarray:
        """Return the share of pieces outside the limits, of a normal process."""
        mu, sigma = np.asarray(mu, float), np.asarray(sigma, float)
        found: np.ndarray = ndtr((self.lower - mu) / sigma) + ndtr((mu - self.upper) / sigma)
        return found

    def beyond(self, values: ArrayLike) -> np.ndarray:
        """Say of each value whether it is outside."""
        x = np.asarray(values, float)
        found: np.ndarray = (x < self.lower) | (x > self.upper)
        return found

    def next_outside(self, known: Known) -> float:
        """Return the exact probability that the next piece is outside."""
        return float(known.next.cdf(self.lower) + known.next.sf(self.upper))

    def next_outside_if_centred(self, known: Known) -> float:
        """Return the same for a process whose mean is in the middle, sigma being what it is."""
        one = known.next_about(self.middle)
        return float(one.cdf(self.lower) + one.sf(self.upper))


@dataclass(frozen=True)
class Expected:
    """What is known of a process before its pieces are seen, by how many pieces that is worth.

    A process is designed for the middle of its limits; `usual_sd` is what its sd is expected to
    be, and `before` sums up pieces that were seen earlier.
    """

    limits: Limits
    usual_sd: float
    before: Summary | None = None

    def under(self, *, mean_pieces: float, sd_pieces: float) -> Known:
        """Return what is known under these knobs, earlier pieces included."""
        known = Known(self.limits.middle, mean_pieces, self.usual_sd, sd_pieces)
        return known.after(self.before) if self.before else known

    def nothing(self, seen: Summary) -> Known:
        """Return what is known after the pieces `seen`, and earlier ones, of no more than these.

        That is p(mu, sigma) ~ 1 / sigma, which is no distribution and has no prior draws; after two
        pieces it is one.
        """
        return NOTHING.after(seen.pooled(self.before))


def expected(limits: Limits, usual_sd: float | None, before: Summary | None) -> Expected:
    """Return what is expected; the usual sd is else a sixth of the distance of the limits."""
    return Expected(limits, usual_sd or limits.half / 3, before)


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
        """Mean and sd of cpk: given sigma, the distance to the middle is folded normal."""
        sigma, weights = self.sigmas
        error = sigma / math.sqrt(self.known.pieces)
        away = abs(self.known.center - self.limits.middle)
        z = away / error
        folded = 2 * error * norm.pdf(z) + away * (1 - 2 * ndtr(-z))
        room = self.limits.half - folded
        squares = room**2 + (away**2 + error**2 - folded**2)
        mean = float(weights @ (room / (3 * sigma)))
        about = weights @ ((squares - room**2) / (3 * sigma) ** 2)
        return mean, float(np.sqrt(about + weights @ (room / (3 * sigma) - mean) ** 2))

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
