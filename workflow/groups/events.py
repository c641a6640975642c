"""Events over an exposure, whose rates come from a gamma population: the posterior by quadrature.

    events[g] ~ Poisson(rate[g] * exposure[g])
    rate[g]   ~ Gamma(alpha, beta)
    alpha     ~ Exponential(alpha_rate)
    beta      ~ Gamma(beta_shape, beta_rate)

Given alpha and beta a group's rate is gamma again, so that it can be summed out. What is left is a
sum over a grid of log alpha and log beta, on which all is smooth and vanishes at the ends.

Source: George, Makov and Smith (1993), Conjugate likelihood distributions, Scandinavian Journal of
Statistics 20.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import gammaln

from workflow.checking.exact import Known
from workflow.groups.masses import of_masses

POINTS = 301  # of each of log alpha and log beta
FAR = 15.0  # in logs around 1: of the first look
LEFT = 30.0  # log density below its highest, where nothing is left


@dataclass(frozen=True)
class Population:
    """What is known of alpha and beta before the data; all of them above 0."""

    alpha_rate: float = 1.0
    beta_shape: float = 0.1
    beta_rate: float = 1.0

    def log_density(self, log_alpha: np.ndarray, log_beta: np.ndarray) -> np.ndarray:
        """Return the log density of log alpha and log beta."""
        alpha, beta = np.exp(log_alpha), np.exp(log_beta)
        of_alpha = stats.expon(scale=1 / self.alpha_rate).logpdf(alpha) + log_alpha
        of_beta = stats.gamma(self.beta_shape, scale=1 / self.beta_rate).logpdf(beta) + log_beta
        return np.asarray(of_alpha + of_beta)


class Events:
    """The posterior of alpha, beta and every group's rate; events and exposures are by group."""

    def __init__(self, events: np.ndarray, exposure: np.ndarray, prior: Population) -> None:
        self.events, self.exposure, self.prior = events, exposure, prior
        at = np.linspace(-FAR, FAR, POINTS)
        rough = self._logs(at, at)
        held = rough > rough.max() - LEFT
        self.log_alpha, self.log_beta = (
            np.linspace(low, high, POINTS)
            for low, high in (_ends(at, held.any(axis=1)), _ends(at, held.any(axis=0)))
        )
        logs = self._logs(self.log_alpha, self.log_beta)
        weights = np.exp(logs - logs.max())
        self.weights = weights / weights.sum()  # (alpha, beta)

    def known(self) -> dict[str, Known]:
        """Return the numbers of alpha and beta."""
        of_alpha, of_beta = self.weights.sum(axis=1), self.weights.sum(axis=0)
        return {
            "alpha": of_masses(self.log_alpha, of_alpha, np.exp),
            "beta": of_masses(self.log_beta, of_beta, np.exp),
        }

    def rates(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the posterior mean and sd of every group's rate."""
        alpha, beta = np.exp(self.log_alpha)[:, None, None], np.exp(self.log_beta)[:, None]
        shape, rate = alpha + self.events, beta + self.exposure
        mean = np.einsum("ab,abg->g", self.weights, shape / rate)
        square = np.einsum("ab,abg->g", self.weights, shape * (shape + 1) / rate**2)
        return mean, np.sqrt(square - mean**2)

    def _logs(self, log_alpha: np.ndarray, log_beta: np.ndarray) -> np.ndarray:
        """Return the log density at every pair, but for a constant."""
        a, b = log_alpha[:, None], log_beta[None, :]
        logs, alpha, beta = self.prior.log_density(a, b), np.exp(a), np.exp(b)
        for k, n in zip(self.events, self.exposure, strict=True):
            logs = logs + gammaln(alpha + k) - gammaln(alpha) + alpha * b
            logs = logs - (alpha + k) * np.log(beta + n)
        return np.asarray(logs)


def _ends(at: np.ndarray, held: np.ndarray) -> tuple[float, float]:
    inside = np.flatnonzero(held)
    return float(at[max(inside[0] - 1, 0)]), float(at[min(inside[-1] + 1, len(at) - 1)])
