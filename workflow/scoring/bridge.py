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
UNLIKELY = 20  # times its expectation that a mean is hardly ever


def bridged(whole: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
    """Return log p(y[i] | the others) and its Monte Carlo error.

    `whole` and `rest` are log p(y[i] | draw), dims chain and draw, for draws of the posterior of
    all rows and of that without row i. Where a mean over either hangs on a few draws (a Pareto k
    above .7) its error is not known, and what is returned is what holds all the same: see `_held`.
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
    error = float(np.hypot(_error(above), _error(below)))
    return (float(log_p), error) if np.isfinite(error) else _held(whole, rest)


def _held(whole: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
    """Return the middle of two bounds of log p(y[i] | the others), and a quarter of their distance.

    The mean of p over draws without the row has the right expectation, and so has that of 1 / p
    over draws with it. Neither is above its expectation 20 times with a probability of more than
    1 / 20 (Markov's inequality), however heavy its tail: two errors reach both bounds.
    """
    lower = logsumexp(rest) - np.log(rest.size) - np.log(UNLIKELY)
    upper = np.log(whole.size) - logsumexp(-whole) + np.log(UNLIKELY)
    if not lower < upper < np.inf:
        return float(lower), np.inf
    return float(lower + upper) / 2, float(upper - lower) / 4


def _error(log_values: np.ndarray) -> float:
    """Return the Monte Carlo error of a mean, as a part of it; infinite where its tail is heavy."""
    with np.errstate(all="ignore"):
        values = np.exp(log_values - log_values.max())
        if np.ptp(values) == 0:
            return 0.0
        k = float(array_stats.psislw(-log_values.ravel())[1])
        error = array_stats.mcse(values / values.mean(), chain_axis=0, draw_axis=1, method="mean")
    return float(error) if k <= HEAVIEST else np.inf  # nor where k is not a number
