"""Mixtures of Gamma distributions, and of the ratio of two: moments, and quantiles by root finding.

Of every component a pair of arrays has the shape and the inverse scale.
"""

from collections.abc import Callable

import numpy as np
from scipy import stats
from scipy.optimize import brentq
from scipy.special import digamma, polygamma

from workflow.checking.exact import Known
from workflow.quantities import TAILS

NONE = 1e-15  # weights below it count for nothing
FAR = 60  # sds: beyond them there is nothing of a Gamma distribution, or of its logarithm
FINE = 1e-10  # of an sd: so near a quantile is found

type Gammas = tuple[np.ndarray, np.ndarray]


def of_gammas(weights: np.ndarray, shape: np.ndarray, inverse: np.ndarray) -> Known:
    """Return the numbers of a mixture of Gamma distributions."""
    kept = weights > NONE
    w, one = weights[kept], stats.gamma(shape[kept], scale=1 / inverse[kept])
    top = float(np.max(one.mean() + FAR * one.std()))
    return _mixture(w, one.mean(), one.var(), lambda x: float(w @ one.cdf(x)), (0.0, top))


def prob_below(ratio: float, weights: np.ndarray, before: Gammas, after: Gammas) -> float:
    """Return P(after / before < ratio), where both are independent in every component.

    Each is a Beta probability, since the ratio of two Gamma variables is a beta prime.
    """
    (a1, b1), (a2, b2) = before, after
    kept = weights > NONE
    inside = stats.beta.sf(b1[kept] / (b1 + ratio * b2)[kept], a1[kept], a2[kept])
    return float(weights[kept] @ inside)


def of_log_ratio(weights: np.ndarray, before: Gammas, after: Gammas) -> Known:
    """Return the numbers of log(after / before): digamma and trigamma, mixed."""
    (a1, b1), (a2, b2) = before, after
    means = digamma(a2) - np.log(b2) - digamma(a1) + np.log(b1)
    variances = polygamma(1, a1) + polygamma(1, a2)
    kept = weights > NONE
    far = FAR * float(np.sqrt(variances[kept].max()))
    ends = (float(means[kept].min()) - far, float(means[kept].max()) + far)

    def below(x: float) -> float:
        return prob_below(float(np.exp(x)), weights, before, after)

    return _mixture(weights, means, variances, below, ends)


def _mixture(
    weights: np.ndarray,
    means: np.ndarray,
    variances: np.ndarray,
    below: Callable[[float], float],
    ends: tuple[float, float],
) -> Known:
    """Return mean and sd of a mixture, and its quantiles: where its distribution function is p."""
    mean = float(weights @ means)
    sd = float(np.sqrt(weights @ (variances + (means - mean) ** 2)))

    def quantile(p: float) -> float:
        return float(brentq(lambda x: below(x) - p, *ends, xtol=FINE * sd))

    return Known(mean, sd, quantile(0.5), quantile(TAILS[0]), quantile(TAILS[1]))
