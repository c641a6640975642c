"""Pareto k-hat of an approximation: can importance sampling correct it at all?

Source: Yao, Vehtari, Simpson and Gelman (2018), Yes, but did it work? Evaluating variational
inference. Above .7 the approximation is too far from the posterior. Below it nothing is proved: an
approximation that is too wide has a low k-hat as well.
"""

import math
from collections.abc import Callable

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from arviz_stats.base import array_stats
from pymc.variational.opvi import Approximation
from pytensor.graph.replace import graph_replace, vectorize_graph
from scipy.special import logsumexp
from scipy.stats import Covariance, multivariate_normal

from workflow.sampling.part import numbers

DRAWS = 50_000
CHUNK = 500  # points evaluated at once, at most
NUMBERS = 4_000_000  # points times observations, at most: some ten arrays of 32 MB at a time
TOO_FAR = 0.7
EVEN = 0.2  # as a power of the number of draws: a largest ratio below that has no tail behind it


def k_hat(approx: Approximation, *, draws: int = DRAWS, seed: int) -> float:
    """Return the k-hat of the ratios p/q in the unconstrained space, for a Gaussian `approx`.

    It is infinite where the covariance is singular in double precision.
    """
    return pareto_k(log_ratios(approx, draws=draws, seed=seed))


def log_ratios(approx: Approximation, *, draws: int = DRAWS, seed: int) -> np.ndarray:
    """Return log p/q at draws of a Gaussian `approx`, in the unconstrained space."""
    chunk = max(1, min(CHUNK, NUMBERS // max(1, numbers(approx.model))))
    return of_gaussian(*moments(approx)(), _log_density(approx), draws, chunk=chunk, seed=seed)


def of_gaussian(
    mean: np.ndarray,
    cov: np.ndarray,
    log_density: Callable[[np.ndarray], np.ndarray],
    draws: int = DRAWS,
    *,
    chunk: int = CHUNK,
    seed: int,
) -> np.ndarray:
    """Return log p/q at draws of the Gaussian q; infinite where its covariance is singular."""
    try:
        factor = np.linalg.cholesky(cov)
    except np.linalg.LinAlgError:
        return np.full(1, math.inf)
    z = np.random.default_rng(seed).multivariate_normal(mean, cov, draws, method="cholesky")
    log_p = np.concatenate([log_density(part) for part in np.split(z, range(chunk, draws, chunk))])
    found: np.ndarray = log_p - multivariate_normal(mean, Covariance.from_cholesky(factor)).logpdf(
        z
    )
    return found


def bound(log_ratios: np.ndarray) -> dict[str, float]:
    """Return their mean, which is the ELBO, and its Monte Carlo error; NaN if any is no number."""
    if not np.isfinite(log_ratios).all():
        return {"elbo": math.nan, "elbo_error": math.nan}
    error = log_ratios.std(ddof=1) / math.sqrt(log_ratios.size)
    return {"elbo": float(log_ratios.mean()), "elbo_error": float(error)}


def moments(approx: Approximation) -> Callable[[], tuple[np.ndarray, np.ndarray]]:
    """Return a function that gives mean and covariance of a Gaussian `approx` at the time."""
    (group,) = approx.groups
    return pm.compile([], [group.mean, group.cov], mode="FAST_COMPILE")


def _log_density(approx: Approximation) -> Callable[[np.ndarray], np.ndarray]:
    """Compile the model's log density for a matrix of unconstrained points, one a row."""
    model, (group,) = approx.model, approx.groups
    z = pt.vector("z")
    value = {variable.name: variable for variable in model.value_vars}
    values = {value[name]: z[s].reshape(shape) for name, s, shape, _ in group.ordering.values()}
    log_p = graph_replace(model.logp(jacobian=True), values, strict=False)
    points = pt.matrix("points")
    return pm.compile([points], vectorize_graph(log_p, {z: points}), mode="FAST_COMPILE")


def pareto_k(log_ratios: np.ndarray) -> float:
    """Return the shape of the generalised Pareto fitted to the upper tail of the importance ratios.

    Ratios that are all the same mean that q is p: -inf. Ratios that are not numbers mean that q
    reaches where p cannot be evaluated: inf. (`psislw` negates what it is given.)

    Of n ratios with a Pareto tail of shape k the largest is about n^k times their mean. Where it is
    below n^.2, there is no tail to speak of, and k is that exponent at most: to the ripples of a
    good approximation, which are not Pareto at all, a k of 5 and more was seen to be fitted.
    """
    if not np.isfinite(log_ratios).all():
        return math.inf
    if np.ptp(log_ratios) < 1e-9:
        return -math.inf
    n = math.log(log_ratios.size)
    largest = (np.max(log_ratios) - logsumexp(log_ratios) + n) / n
    with np.errstate(all="ignore"):
        fitted = float(array_stats.psislw(-log_ratios)[1])
    return min(fitted, float(largest)) if largest < EVEN else fitted
