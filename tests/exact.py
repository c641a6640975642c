"""Exact posteriors, from scipy alone: what the fits are held against.

Beta-Binomial: rate | conversions ~ Beta(alpha + conversions, beta + visitors - conversions); two
arms are independent, so differences are one-dimensional integrals.
"""

from dataclasses import dataclass

import numpy as np
from scipy import integrate, stats


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
