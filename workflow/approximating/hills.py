"""Two hills and one Gaussian: what comes out where the one divergence or the other is made small.

Source: Minka (2005), Divergence measures and message passing, MSR-TR-2005-173.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

WIDE, POINTS = 12.0, 20_001  # sds of the widest part on either side, and points of the grid


@dataclass(frozen=True)
class Gaussian:
    """A Gaussian q beside the posterior p, with both divergences in nats."""

    mean: float
    sd: float
    reverse: float  # KL(q || p), which ADVI makes small
    forward: float  # KL(p || q)


@dataclass(frozen=True)
class Hills:
    """A mixture of normal distributions."""

    weights: Sequence[float]
    means: Sequence[float]
    sds: Sequence[float]

    def logpdf(self, x: np.ndarray) -> np.ndarray:
        """Return the log density at x."""
        each = stats.norm(np.array(self.means), np.array(self.sds)).logpdf(x[:, None])
        found: np.ndarray = special.logsumexp(each + np.log(self.weights), axis=1)
        return found

    @property
    def grid(self) -> np.ndarray:
        """Points that reach as far as there is any mass."""
        room = WIDE * max(self.sds)
        return np.linspace(min(self.means) - room, max(self.means) + room, POINTS)

    @property
    def highest(self) -> float:
        """Where the density is highest."""
        x = self.grid
        return float(x[np.argmax(self.logpdf(x))])

    def beside(self, mean: float, sd: float) -> Gaussian:
        """Return a Gaussian with its divergences, summed on the grid."""
        x = self.grid
        log_p, log_q = self.logpdf(x), stats.norm(mean, sd).logpdf(x)
        reverse = np.trapezoid(np.exp(log_q) * (log_q - log_p), x)
        forward = np.trapezoid(np.exp(log_p) * (log_p - log_q), x)
        return Gaussian(mean, sd, float(reverse), float(forward))

    def covering(self) -> Gaussian:
        """Return the Gaussian with the least KL(p || q): it has the mean and sd of p."""
        w, m, s = (np.array(one) for one in (self.weights, self.means, self.sds))
        mean = float(w @ m)
        return self.beside(mean, float(np.sqrt(w @ (s**2 + (m - mean) ** 2))))
