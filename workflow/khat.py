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
from scipy.stats import multivariate_normal

DRAWS = 50_000
CHUNK = 500  # points evaluated at once: memory grows with points times observations
TOO_FAR = 0.7
EVEN = 0.1  # log of the largest ratio over their mean, below which there is no tail to fit


def k_hat(approx: Approximation, *, draws: int = DRAWS, seed: int) -> float:
    """Return the k-hat of the ratios p/q in the unconstrained space, for a Gaussian `approx`."""
    mean, cov = moments(approx)()
    z = np.random.default_rng(seed).multivariate_normal(mean, cov, draws, method="cholesky")
    log_density = _log_density(approx)
    log_p = np.concatenate([log_density(part) for part in np.split(z, range(CHUNK, draws, CHUNK))])
    return pareto_k(log_p - multivariate_normal(mean, cov).logpdf(z))


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

    Ratios that are practically the same (none more than 10% above their mean) mean that q is p, as
    far as these draws can tell: -inf. Their largest are then ripples and no tail, to which a Pareto
    was seen to fit with k = 5.6. Ratios that are not numbers mean that q reaches where p cannot be
    evaluated: inf. (`psislw` negates what it is given.)
    """
    if not np.isfinite(log_ratios).all():
        return math.inf
    if np.max(log_ratios) - (logsumexp(log_ratios) - math.log(log_ratios.size)) < EVEN:
        return -math.inf
    with np.errstate(all="ignore"):
        return float(array_stats.psislw(-log_ratios)[1])
