"""Posteriors known without draws: mean, sd and interval of each quantity, and the evidence."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from workflow.checking.exact import Known, known
from workflow.quantities import TAILS

FINE, LOW, HIGH = 0.004, 14.0, 12.0  # of the grid of log tau: its step, and beyond all scales
WIDE = 9.0  # sds on either side of a grid for what is normal
POINTS = 4001

Cdf = Callable[[float], float]


@dataclass(frozen=True)
class Exact:
    """One posterior: its quantities by name, P(what is asked is below its reference), log p(y)."""

    known: Mapping[str, Known]
    below: float
    evidence: float


def of_normals(weights: np.ndarray, means: np.ndarray, sds: np.ndarray) -> tuple[Known, Cdf]:
    """Return the numbers of a mixture of normal distributions, and its distribution function."""
    mean = float(weights @ means)
    sd = math.sqrt(float(weights @ (sds**2 + (means - mean) ** 2)))

    def cdf(x: float) -> float:
        return float(weights @ special.ndtr((x - means) / sds))

    return by_cdf(mean, sd, cdf), cdf


def by_cdf(mean: float, sd: float, cdf: Cdf) -> Known:
    """Return the numbers of a distribution by its mean, sd and distribution function."""

    def quantile(p: float) -> float:
        reach = sd / math.sqrt(min(p, 1 - p))  # by Chebyshev's inequality it is within
        return float(optimize.brentq(lambda x: cdf(x) - p, mean - reach, mean + reach, xtol=1e-12))

    lower, median, upper = (quantile(p) for p in (TAILS[0], 0.5, TAILS[1]))
    return Known(mean, sd, median, lower, upper)


def schools(
    found: pd.DataFrame, *, mu_sd: float, tau_scale: float, reference: float = 0.0
) -> Exact:
    """Return the posterior of `models.approximations.non_centred`, by a sum over tau.

    Given tau, mu and all theta are normal. Asked is whether mu is below the reference.
    """
    y, se = (found[name].to_numpy(float)[:, None] for name in ("effect", "standard_error"))
    scales = [*se.ravel(), tau_scale, mu_sd, float(np.ptp(y)) or tau_scale]
    log_tau = np.arange(math.log(min(scales)) - LOW, math.log(max(scales)) + HIGH, FINE)
    tau = np.exp(log_tau)
    v = se**2 + tau**2
    precision = 1 / mu_sd**2 + (1 / v).sum(axis=0)
    mu = (y / v).sum(axis=0) / precision
    log_p = -np.log(2 * np.pi * v).sum(axis=0) - np.log(mu_sd**2 * precision)
    log_p -= (y**2 / v).sum(axis=0) - mu**2 * precision
    log_p = log_p / 2 + stats.halfcauchy(scale=tau_scale).logpdf(tau) + log_tau
    evidence = float(special.logsumexp(log_p)) + math.log(FINE)
    weights = np.exp(log_p - special.logsumexp(log_p))
    shrunk = tau**2 / v
    means = shrunk * y + (1 - shrunk) * mu
    sds = np.sqrt(se**2 * shrunk + (1 - shrunk) ** 2 / precision)
    of_mu, cdf = of_normals(weights, mu, precision**-0.5)
    each = {
        f"theta[{name}]": of_normals(weights, means[j], sds[j])[0]
        for j, name in enumerate(found.index)
    }
    known_of = {"mu": of_mu, "tau": _on_a_grid(log_tau, tau, weights), **each}
    return Exact(known_of, cdf(reference), evidence)


def _on_a_grid(log_tau: np.ndarray, tau: np.ndarray, weights: np.ndarray) -> Known:
    """Return the numbers of what has weights on a grid."""
    mean = float(weights @ tau)
    up_to = np.cumsum(weights) - weights / 2
    ends = np.exp(np.interp([TAILS[0], 0.5, TAILS[1]], up_to, log_tau))
    lower, median, upper = map(float, ends)
    return Known(mean, math.sqrt(float(weights @ (tau - mean) ** 2)), median, lower, upper)


def rates(counts: pd.DataFrame, *, alpha: float = 1.0, beta: float = 1.0) -> Exact:
    """Return the posterior of `models.approximations.two_rates`: Beta, arm by arm.

    Asked is whether the second rate is below the first.
    """
    k, n = counts["events"].to_numpy(), counts["trials"].to_numpy()
    first, second = (stats.beta(alpha + a, beta + b - a) for a, b in zip(k, n, strict=True))
    p = (np.arange(POINTS) + 0.5) / POINTS
    x = first.ppf(p)

    def cdf(d: float) -> float:
        return float(second.cdf(x + d).mean())

    sd = math.hypot(first.std(), second.std())
    difference = by_cdf(float(second.mean() - first.mean()), sd, cdf)
    each = {
        f"rate[{arm}]": known(of) for arm, of in zip(counts.index, (first, second), strict=True)
    }
    evidence = float(stats.betabinom(n, alpha, beta).logpmf(k).sum())
    return Exact({**each, "difference": difference}, cdf(0), evidence)


def slopes(terms: pd.DataFrame, outcome: pd.Series, *, slope_sd: float, noise: float) -> Exact:
    """Return the posterior of `models.approximations.collinear`, which is normal.

    Asked is whether the first slope is below 0.
    """
    x, y = terms.to_numpy(), outcome.to_numpy()
    cov = np.linalg.inv(x.T @ x / noise**2 + np.eye(x.shape[1]) / slope_sd**2)
    mean, sd = cov @ x.T @ y / noise**2, np.sqrt(np.diag(cov))
    of_y = noise**2 * np.eye(len(y)) + slope_sd**2 * x @ x.T
    evidence = float(stats.multivariate_normal(np.zeros(len(y)), of_y).logpdf(y))
    each = [stats.norm(m, s) for m, s in zip(mean, sd, strict=True)]
    names = (f"slope[{name}]" for name in terms)
    below = float(each[0].cdf(0))
    return Exact({n: known(one) for n, one in zip(names, each, strict=True)}, below, evidence)


def banana(*, width: float, reference: float) -> Exact:
    """Return what `models.approximations.banana` is. Asked is whether y is below the reference."""
    x = np.linspace(-WIDE, WIDE, POINTS)
    weights = stats.norm.pdf(x) / stats.norm.pdf(x).sum()
    of_y, cdf = of_normals(weights, x**2, np.full(POINTS, width))
    return Exact({"x": known(stats.norm()), "y": of_y}, cdf(reference), 0.0)


def modes(weights: Sequence[float], means: Sequence[float], sds: Sequence[float]) -> Exact:
    """Return what `models.approximations.two_modes` is. Asked is whether x is below 0."""
    of_x, cdf = of_normals(*(np.array(one, dtype=float) for one in (weights, means, sds)))
    return Exact({"x": of_x}, cdf(0.0), 0.0)
