"""The exact posterior of groups with a row a measurement, by quadrature over two sds.

Given the sd between groups, tau, and the sd within, sigma, all else is normal: means and variances
of it are in closed form, and the posterior is their mixture. The grid is even in v, where tau =
scale sinh(v), as in `exact.py`, and in log sigma.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from workflow.checking.exact import Known
from workflow.groups.exact import FARTHEST, LEFT, Prior
from workflow.groups.masses import finer, of_masses
from workflow.groups.observed import Observed
from workflow.quantities import TAILS

ROUGH, LEVELS = 200, 80  # of each sd: for a first look, and then
ZOOMS = 4  # looks, each nearer than the one before
WIDE = 12.0  # of log sigma, around the sd of the rows: of the first look
NEGLIGIBLE = 1e-13  # weight of a pair of sds


@dataclass(frozen=True)
class Given:
    """What is known given both sds: log weight, mean and variance of mu; by (tau, sigma)."""

    logs: np.ndarray
    at: np.ndarray
    variance: np.ndarray


class ExactRows:
    """The posterior of mu, tau, sigma, every group's mean and a new one's."""

    def __init__(self, observed: Observed, prior: Prior) -> None:
        self.observed, self.prior = observed, prior
        estimates, errors = observed.rough
        self.scale = max(float(np.std(estimates)), float(errors.min()))
        v = np.linspace(0, FARTHEST, ROUGH)
        w = np.log(observed.within) + np.linspace(-WIDE, WIDE, 2 * ROUGH)
        for _ in range(ZOOMS):  # of many rows sigma is narrower than a step of the first look
            logs = self._given(v, w).logs
            held = logs > logs.max() - LEFT
            v, w = (_between(*one) for one in ((v, held.any(1)), (w, held.any(0))))
        self.v, self.w = v, w
        given = self._given(self.v, self.w)
        self.ends = np.ones(LEVELS)
        self.ends[[0, -1]] = 0.5
        mass = np.exp(given.logs - given.logs.max()) * self.ends[:, None]
        self.weights = mass / mass.sum()  # (tau, sigma)
        self._kept = self.weights > NEGLIGIBLE * self.weights.max()
        self.mu, self.of_mu = given.at[self._kept], given.variance[self._kept]

    def known(self) -> dict[str, Known]:
        """Return the numbers of mu, tau, sigma, and of each group's mean."""
        of_tau, of_sigma = self.weights.sum(axis=1), self.weights.sum(axis=0)
        found = {
            "mu": self._mixture(self.mu, self.of_mu),
            "tau": of_masses(*finer(self.v, of_tau / self.ends), self._tau),
            "sigma": of_masses(self.w, of_sigma, np.exp),
        }
        tau, sigma = (one[self._kept] for one in np.meshgrid(*self._sds(), indexing="ij"))
        for name, y, n in zip(
            self.observed.names, self.observed.first, self.observed.second, strict=True
        ):
            error = sigma**2 / n
            share = tau**2 / (tau**2 + error)  # of its own rows in the mean of a group
            mean = share * y + (1 - share) * self.mu
            found[f"mean[{name}]"] = self._mixture(
                mean, share * error + (1 - share) ** 2 * self.of_mu
            )
        return found

    def new_group(self) -> Known:
        """Return the numbers of the mean of a group that was not seen."""
        tau = np.broadcast_to(self._tau(self.v)[:, None], self.weights.shape)[self._kept]
        return self._mixture(self.mu, self.of_mu + tau**2)

    def _tau(self, v: np.ndarray | float) -> np.ndarray:
        return np.asarray(self.scale * np.sinh(v))

    def _sds(self) -> tuple[np.ndarray, np.ndarray]:
        return self._tau(self.v), np.exp(self.w)

    def _given(self, v: np.ndarray, w: np.ndarray) -> Given:
        """Return what both sds say; weights are densities of v and of w, but for a constant."""
        prior, y, n = self.prior, self.observed.first, self.observed.second
        tau, sigma = self._tau(v)[:, None], np.exp(w)
        precision, along, square, logs = (np.zeros((len(v), len(w))) for _ in range(4))
        for one, size in zip(y - prior.mu_mean, n, strict=True):
            variance = sigma**2 / size + tau**2
            precision += 1 / variance
            along += one / variance
            square += one**2 / variance
            logs -= np.log(variance) / 2
        precision += prior.mu_sd**-2.0
        at = along / precision
        logs -= (np.log(precision) + square - at * along) / 2
        free, squares = n.sum() - len(n), np.asarray(self.observed.squares).sum()
        logs -= free * w + squares / sigma**2 / 2
        logs += prior.log_tau(tau) + np.log(np.cosh(v))[:, None]
        logs += stats.halfcauchy(scale=prior.sigma_scale).logpdf(sigma) + w
        return Given(logs, prior.mu_mean + at, 1 / precision)

    def _mixture(self, means: np.ndarray, variances: np.ndarray) -> Known:
        """Return the numbers of normals, mixed by the weights of the sds."""
        p = self.weights[self._kept]
        p = p / p.sum()
        mean, sds = float(p @ means), np.sqrt(variances)
        sd = float(np.sqrt(p @ (variances + (means - mean) ** 2)))
        low, high = float((means - 40 * sds).min()), float((means + 40 * sds).max())

        def quantile(tail: float) -> float:
            def over(x: float) -> float:
                return float(p @ stats.norm.cdf((x - means) / sds)) - tail

            return float(brentq(over, low, high, xtol=1e-9 * sd))

        lower, median, upper = map(quantile, (TAILS[0], 0.5, TAILS[1]))
        return Known(mean, sd, median, lower, upper)


def _between(at: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Return even points from the first to the last that is held, and one step beyond."""
    inside = np.flatnonzero(held)
    first, last = max(inside[0] - 1, 0), min(inside[-1] + 1, len(at) - 1)
    return np.linspace(at[first], at[last], LEVELS)
