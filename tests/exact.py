"""Exact posteriors, from scipy alone: what the fits are held against.

Beta-Binomial: rate | conversions ~ Beta(alpha + conversions, beta + visitors - conversions); two
arms are independent, so differences are one-dimensional integrals.
"""

from dataclasses import dataclass

import numpy as np
from scipy import integrate, stats
from scipy.special import digamma, polygamma


@dataclass(frozen=True)
class BetaBinomial:
    """The posterior of one rate."""

    visitors: int
    conversions: int
    alpha: float = 1.0
    beta: float = 1.0

    @property
    def distribution(self) -> stats.rv_continuous:
        return stats.beta(
            self.alpha + self.conversions, self.beta + self.visitors - self.conversions
        )

    @property
    def mean(self) -> float:
        return float(self.distribution.mean())

    @property
    def sd(self) -> float:
        return float(self.distribution.std())


def difference(treatment: BetaBinomial, control: BetaBinomial) -> tuple[float, float]:
    """Return mean and sd of rate[treatment] - rate[control]."""
    return treatment.mean - control.mean, float(np.hypot(treatment.sd, control.sd))


def expected(function, one: BetaBinomial, other: BetaBinomial) -> float:  # type: ignore[no-untyped-def]
    """Return E[function(rate_one)] for a function that already integrates `other` out."""
    low, high = one.distribution.ppf([1e-14, 1 - 1e-14])
    return float(
        integrate.quad(
            lambda x: function(x) * one.distribution.pdf(x),
            low,
            high,
            limit=500,
            epsabs=1e-16,
            epsrel=1e-10,
            points=[other.mean] if low < other.mean < high else None,
        )[0]
    )


def prob_above(one: BetaBinomial, other: BetaBinomial) -> float:
    """Return P(rate_one > rate_other)."""
    return expected(other.distribution.cdf, one, other)


def expected_excess(one: BetaBinomial, other: BetaBinomial) -> tuple[float, float]:
    """Return mean and sd of max(rate_one - rate_other, 0): the loss of choosing `other`."""
    a, b = other.distribution.args
    up1, up2 = stats.beta(a + 1, b), stats.beta(a + 2, b)
    m1, m2 = a / (a + b), a * (a + 1) / ((a + b) * (a + b + 1))
    cdf = other.distribution.cdf
    first = expected(lambda x: x * cdf(x) - m1 * up1.cdf(x), one, other)
    second = expected(
        lambda x: x * x * cdf(x) - 2 * x * m1 * up1.cdf(x) + m2 * up2.cdf(x), one, other
    )
    return first, float(np.sqrt(second - first**2))


def log_ratio(one: BetaBinomial, other: BetaBinomial) -> tuple[float, float]:
    """Return mean and sd of log(rate_one / rate_other).

    log(X) of X ~ Beta(a, b) has mean digamma(a) - digamma(a + b) and variance trigamma(a) -
    trigamma(a + b).
    """
    mean = variance = 0.0
    for sign, (a, b) in ((1, one.distribution.args), (-1, other.distribution.args)):
        mean += sign * (digamma(a) - digamma(a + b))
        variance += polygamma(1, a) - polygamma(1, a + b)
    return float(mean), float(np.sqrt(variance))


def log_odds(one: BetaBinomial) -> tuple[float, float]:
    """Return mean and sd of log(rate / (1 - rate)).

    Of X ~ Beta(a, b): digamma(a) - digamma(b), and trigamma(a) + trigamma(b) for the variance.
    """
    a, b = one.distribution.args
    return float(digamma(a) - digamma(b)), float(np.sqrt(polygamma(1, a) + polygamma(1, b)))


def log_odds_ratio(one: BetaBinomial, other: BetaBinomial) -> tuple[float, float]:
    """Return mean and sd of the difference of their log-odds."""
    (m1, s1), (m2, s2) = log_odds(one), log_odds(other)
    return m1 - m2, float(np.hypot(s1, s2))
