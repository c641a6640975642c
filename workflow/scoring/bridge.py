"""The density of a row given the others, from draws with and without the row: bridge sampling.

The mean density of the row over the draws without it may hang on one of them, where the row is an
outlier, and PSIS uses only the draws with it. Both together are worth more than either, and no draw
can weigh much, unless the two have next to nothing in common. Source: Meng and Wong (1996),
Simulating ratios of normalizing constants via a simple identity.
"""

import numpy as np
from arviz_stats.base import array_stats
from scipy.special import logsumexp

STEPS, CLOSE = 1000, 1e-9
HEAVIEST = 0.7  # Pareto k up to which the error of a mean is known


def bridged(whole: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
    """Return log p(y[i] | the others) and its Monte Carlo error.

    `whole` and `rest` are log p(y[i] | draw), dims chain and draw, for draws of the posterior of
    all rows and of that without row i. The error is infinite where a mean over either hangs on a
    few draws (a Pareto k above .7).
    """
    share = np.log(np.array([whole.size, rest.size]) / (whole.size + rest.size))
    log_p = logsumexp(rest) - np.log(rest.size)
    for _ in range(STEPS):
        above = rest - np.logaddexp(share[0] + rest, share[1] + log_p)
        below = log_p - np.logaddexp(share[0] + whole, share[1] + log_p)
        change = logsumexp(above) - np.log(above.size) - logsumexp(below) + np.log(below.size)
        log_p += change
        if abs(change) < CLOSE:
            break
    return float(log_p), float(np.hypot(_error(above), _error(below)))


def _error(log_values: np.ndarray) -> float:
    """Return the Monte Carlo error of a mean, as a part of it; infinite where its tail is heavy."""
    with np.errstate(all="ignore"):
        values = np.exp(log_values - log_values.max())
        if np.ptp(values) == 0:
            return 0.0
        k = float(array_stats.psislw(-log_values.ravel())[1])
        error = array_stats.mcse(values / values.mean(), chain_axis=0, draw_axis=1, method="mean")
    return float(error) if k <= HEAVIEST else np.inf  # nor where k is not a number
