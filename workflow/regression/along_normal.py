"""Means over a normal location, integrals along a line: of any likelihood, and of a Student-t."""

from collections.abc import Callable

import numpy as np
from scipy.special import expit, logsumexp

MATTERS = 40.0  # nats below the greatest value: what lies lower adds nothing
CLOSE, HALVINGS = 1e-6, 15  # nats that half the step changes, at the end; and steps, at most
REACH, FARTHEST = 10, 5_000  # sds on either side in which they are looked for: first, and at most
LATTICE = np.linspace(0, 1, 250)  # of the logarithm of a precision
NODES = np.polynomial.hermite_e.hermegauss(32)  # of the mean of a logistic function

type Numbers = np.ndarray


def over_normal(log_value: Callable[[Numbers], Numbers], mean: Numbers, sd: Numbers) -> Numbers:
    """Return the logarithm of the mean of exp(log_value(x)) over x ~ Normal(mean, sd).

    `log_value` takes and returns numbers of one dim more, of points. On a lattice that is refined,
    where it matters, until that changes nothing; sums over one are the more exact the smoother what
    is added (Trefethen and Weideman, 2014, The exponentially convergent trapezoidal rule).
    """
    reach = REACH
    while True:
        places, step = np.arange(-reach, reach + 1), 1.0
        terms = _on_lattice(log_value, mean, sd, places * step)
        ends = np.maximum(terms[..., 0], terms[..., -1])
        if reach > FARTHEST or np.all(ends < terms.max(axis=-1) - MATTERS):
            break
        reach *= 2
    found = _total(terms, step)
    for _ in range(HALVINGS):
        high = terms > terms.max(axis=-1, keepdims=True) - MATTERS
        near = places[high.reshape(-1, len(places)).any(axis=0)] + np.array([[-1], [0], [1]])
        places, before = np.unique(2 * near + np.array([[[-1]], [[0]], [[1]]])), found
        step /= 2
        terms = _on_lattice(log_value, mean, sd, places * step)
        found = _total(terms, step)
        if np.all(np.abs(found - before) < CLOSE):
            break
    return found


def student_t(y: Numbers, mean: Numbers, sd: Numbers, nu: Numbers, scale: Numbers) -> Numbers:
    """Return log p(y) of a Student-t about a location that is Normal(mean, sd).

    A Student-t is normal with a precision that is Gamma, and normal with normal is normal: what is
    left is an integral over the logarithm t of that precision, by the trapezoid rule between ends
    beyond which there are less than exp(-40) of it. Shapes: any that broadcast.
    """
    y, mean, sd, nu, scale = np.broadcast_arrays(y, mean, sd, nu, scale)
    far = np.square((y - mean) / scale)
    a = 2 * MATTERS / nu
    high = np.log(1 + a + np.sqrt(2 * a))
    low = np.minimum(0, np.log((nu + 1) / (nu + far))) - a - 9 * np.sqrt(2 / nu)
    t = low[..., None] + (high - low)[..., None] * LATTICE
    prior = (t - np.exp(t)) * nu[..., None] / 2
    variance = np.square(sd)[..., None] + np.square(scale)[..., None] * np.exp(-t)
    normal = -np.log(2 * np.pi * variance) / 2 - np.square(y - mean)[..., None] / variance / 2
    return np.asarray(logsumexp(prior + normal, axis=-1) - logsumexp(prior, axis=-1))


def _on_lattice(
    log_value: Callable[[Numbers], Numbers], mean: Numbers, sd: Numbers, u: Numbers
) -> Numbers:
    """Return the logarithm of what is added up, without the normal's constant; last dim: u."""
    return log_value(mean[..., None] + sd[..., None] * u) - u**2 / 2


def _total(terms: Numbers, step: float) -> Numbers:
    return np.asarray(logsumexp(terms, axis=-1) + np.log(step) - np.log(2 * np.pi) / 2)


def mean_expit(mean: Numbers, sd: Numbers) -> Numbers:
    """Return the mean of the logistic function over Normal(mean, sd)."""
    at, weights = NODES
    return np.asarray(expit(mean[..., None] + sd[..., None] * at) @ weights / weights.sum())
