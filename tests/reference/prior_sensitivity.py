"""Exact: theta is Beta(a, b) with a = m s + girls and b = (1 - m) s + births - girls, m = .485 and
s = 20; difference = theta - .485; mean and sd of log(theta / (1 - theta)) by digamma and trigamma.
"""

import math

from scipy.special import digamma, polygamma

from data.prior_sensitivity import load
from tests.exact import BetaBinomial

REFERENCE, STRENGTH = 0.485, 20


def compute() -> dict[str, tuple[float, ...]]:
    """Return theta, difference and log-odds: mean, sd, and no Monte Carlo error."""
    girls, births = (int(count) for count in load().iloc[0])
    exact = BetaBinomial(births, girls, REFERENCE * STRENGTH, (1 - REFERENCE) * STRENGTH)
    a, b = exact.distribution.args
    log_odds = digamma(a) - digamma(b), math.sqrt(polygamma(1, a) + polygamma(1, b))
    return {
        "theta": (exact.mean, exact.sd, 0, 0),
        "difference": (exact.mean - REFERENCE, exact.sd, 0, 0),
        "log_odds": (*log_odds, 0, 0),
    }
