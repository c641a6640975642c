"""Readings with known noise and a common bias: quantity, bias and mean are jointly normal.

Everything is known in closed form, for any number of readings. Source: Gelman et al. (2013),
Bayesian Data Analysis, section 2.5.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from workflow.checking.exact import Known, known


@dataclass(frozen=True)
class Posterior:
    """The joint posterior of quantity and bias, and what follows for the readings' mean.

    `means` and `sds` are those of quantity, bias and mean; `correlation` is that of the first two.
    """

    means: tuple[float, float, float]
    sds: tuple[float, float, float]
    correlation: float
    noise_sd: float

    def distributions(self) -> dict[str, stats.rv_continuous]:
        """Return the posterior of quantity, bias and mean, and what the next reading will be."""
        names = ("quantity", "bias", "mean")
        both = zip(names, self.means, self.sds, strict=True)
        found = {name: stats.norm(mean, sd) for name, mean, sd in both}
        following = stats.norm(self.means[2], math.hypot(self.sds[2], self.noise_sd))
        return found | {"next_reading": following}

    def known(self) -> dict[str, Known]:
        """Return the numbers of these distributions."""
        return {name: known(one) for name, one in self.distributions().items()}


@dataclass(frozen=True)
class Instrument:
    """What is known before any reading: the quantity's prior, the bias', and the noise.

    `n_before` earlier readings had the mean `mean_before`; numbers of readings below are those that
    come after them.
    """

    prior_mean: float
    prior_sd: float
    bias_sd: float
    noise_sd: float
    n_before: float = 0.0
    mean_before: float = 0.0

    def under(self, **changed: float) -> "Instrument":
        """Return the same with other knobs."""
        return replace(self, **changed)

    def pooled(self, n: int, mean: float) -> tuple[int, float]:
        """Return number and mean of all readings, the earlier ones among them."""
        total = self.n_before + n
        return int(total), (self.n_before * self.mean_before + n * mean) / total

    def after(self, n: int, mean: float) -> Posterior:
        """Return the posterior after `n` readings, 1 or more, with that mean."""
        total, pooled = self.pooled(n, mean)
        q, b = self.prior_sd**2, self.bias_sd**2
        surprise = (pooled - self.prior_mean) / (q + b + self.noise_sd**2 / total)
        means = self.prior_mean + q * surprise, b * surprise
        sd_q, sd_m = float(self.sd_of_quantity(n)), float(self.sd_of_mean(n))
        noise = self.noise_sd**2 / total
        sd_b = math.sqrt(b * (q + noise) / (q + b + noise))
        shared = -q * b / (q + b + noise)
        alike = shared / (sd_q * sd_b) if sd_b else 0.0
        return Posterior((*means, sum(means)), (sd_q, sd_b, sd_m), alike, self.noise_sd)

    def sd_of_mean(self, n: ArrayLike) -> np.ndarray:
        """Return the posterior sd of the readings' mean after `n` readings: it falls to 0."""
        v, total = self.prior_sd**2 + self.bias_sd**2, self.n_before + np.asarray(n, float)
        found: np.ndarray = self.noise_sd * np.sqrt(v / (self.noise_sd**2 + total * v))
        return found

    def sd_of_quantity(self, n: ArrayLike) -> np.ndarray:
        """Return the posterior sd of the quantity after `n` readings: it falls to `floor`."""
        q, b, total = self.prior_sd**2, self.bias_sd**2, self.n_before + np.asarray(n, float)
        left = (total * b + self.noise_sd**2) / (total * (q + b) + self.noise_sd**2)
        found: np.ndarray = self.prior_sd * np.sqrt(left)
        return found

    @property
    def floor(self) -> float:
        """The sd of the quantity that no number of readings falls below: the bias stays."""
        return self.prior_sd * self.bias_sd / math.hypot(self.prior_sd, self.bias_sd)

    def reducible(self, n: ArrayLike) -> np.ndarray:
        """Return the part of the quantity's sd that more readings can take away."""
        found: np.ndarray = np.sqrt(np.maximum(self.sd_of_quantity(n) ** 2 - self.floor**2, 0))
        return found

    def needed(self, target: float) -> float:
        """Return how many readings bring the sd of the quantity to `target`; infinity: none do."""
        q, b = self.prior_sd**2, self.bias_sd**2
        if target >= self.prior_sd:
            return 0.0
        room = target**2 * (q + b) - q * b
        if room <= 0:
            return math.inf
        return max(self.noise_sd**2 * (q - target**2) / room - self.n_before, 0.0)

    def bias_allowed(self, target: float, n: int) -> float:
        """Return how large the bias' sd may be so that `n` readings reach `target`.

        NaN where noise alone keeps them from it; infinity where any will do.
        """
        q, total = self.prior_sd**2, self.n_before + n
        if target >= self.prior_sd:
            return math.inf
        room = target**2 * q / (q - target**2) - self.noise_sd**2 / total
        return math.sqrt(room) if room > 0 else math.nan
