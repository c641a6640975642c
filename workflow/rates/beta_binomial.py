"""The exact posterior of one rate under a Beta prior, and what follows from it about priors.

A rate with the prior Beta(mean * strength, (1 - mean) * strength) has after so many events in so
many trials the posterior Beta(mean * strength + events, (1 - mean) * strength + trials - events).
Nothing here is drawn at random. Source: Gelman et al. (2013), Bayesian Data Analysis, section 2.4.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import expit, logit

from workflow.checking.conflict import PLAIN
from workflow.deciding.threshold import Rule

MOST = 1e9  # strengths and sizes are looked at up to here
HALF = 0.5  # of an event, which a prior at a rare rate weighs at least where nobody says how much
DRAWN = 0.3  # below this shape a Beta has much of its mass where no number but 0 can be written


@dataclass(frozen=True)
class Count:
    """So many events in so many trials (fractions of an event, and arrays, are allowed)."""

    events: Any
    trials: Any

    @property
    def rate(self) -> Any:
        """The observed rate."""
        return self.events / self.trials


def beta_prior(prior_mean: ArrayLike, prior_strength: ArrayLike) -> Any:
    """Return the scipy distribution of the prior; arrays of knobs broadcast."""
    return posterior(Count(0, 0), prior_mean, prior_strength)


def usual_strength(prior_mean: float, strength: float) -> float:
    """Return `strength`, or what makes half an event, where that is more: for rates near 0 or 1.

    A weaker prior at a rare rate is J-shaped, and all but sure that nothing ever happens: a single
    event contradicts it, and after none its posterior says that none is possible.
    """
    return max(strength, HALF / min(prior_mean, 1 - prior_mean))


def can_be_drawn(count: Count, prior_mean: float, prior_strength: float) -> bool:
    """Say whether draws can stand for the posterior: the exact one, of other shapes, is known."""
    return bool(min(posterior(count, prior_mean, prior_strength).args) >= DRAWN)


def posterior(count: Count, prior_mean: ArrayLike, prior_strength: ArrayLike) -> Any:
    """Return the scipy distribution of the posterior; arrays of knobs broadcast."""
    mean, strength = np.asarray(prior_mean, float), np.asarray(prior_strength, float)
    failures = count.trials - count.events
    return stats.beta(mean * strength + count.events, (1 - mean) * strength + failures)


def expects(
    rule: Rule, prior_mean: float, prior_strength: float
) -> tuple[tuple[float, float], float]:
    """Return the central 95% of a prior, and its probability of a rate below the reference."""
    prior = beta_prior(prior_mean, prior_strength)
    low, high = prior.ppf((0.025, 0.975))
    return (low, high), float(prior.cdf(rule.reference))


def exact_side(count: Count, rule: Rule, prior_mean: float, prior_strength: float) -> str:
    """Return the decision by the exact posterior under one prior."""
    return rule.side(float(posterior(count, prior_mean, prior_strength).cdf(rule.reference)))


def surface(
    count: Count, rule: Rule, prior_means: Sequence[float], strengths: Sequence[float]
) -> xr.DataArray:
    """Return P(rate < reference) on a fine grid of priors around those given.

    Dims: prior_mean (evenly spaced), prior_strength (evenly spaced logarithms, from 1 on).
    """
    low, high = min(prior_means), max(prior_means)
    room = 0.15 * (high - low)
    mean = np.linspace(max(low - room, low / 2), min(high + room, (1 + high) / 2), 120)
    strength = np.geomspace(min(1, *strengths), 2 * max(strengths), 160)
    p = posterior(count, mean[:, None], strength).cdf(rule.reference)
    return xr.DataArray(p, coords={"prior_mean": mean, "prior_strength": strength})


def plane(
    count: Count, rule: Rule, knobs: Mapping[str, Sequence[float]], own: Mapping[str, float]
) -> xr.DataArray:
    """Return `surface` around the priors of a grid and the one of the analysis."""
    means, strengths = ([*knobs[name], own[name]] for name in ("prior_mean", "prior_strength"))
    return surface(count, rule, means, strengths)


def predictive_tail(count: Count, prior_mean: float, prior_strength: float) -> float:
    """Return the smaller prior predictive probability of as many events or more, or fewer.

    The Binomial probability averaged over 10,000 evenly spaced quantiles of the prior: good to
    about 1e-4, for any number of trials.
    """
    rate = beta_prior(prior_mean, prior_strength).ppf((np.arange(10_000) + 0.5) / 10_000)
    predicted = stats.binom(count.trials, rate)
    fewer, more = predicted.cdf(count.events).mean(), predicted.sf(count.events - 1).mean()
    return float(min(fewer, more))


def moved(rate: float, by: float) -> float:
    """Return `rate` with its log-odds moved, rounded to two digits of the rarer outcome's share."""
    if by == 0:
        return rate
    share = float(expit(-abs(logit(rate) + by)))
    digits = 1 - math.floor(math.log10(share))
    share = round(share, digits)
    return share if logit(rate) + by < 0 else round(1 - share, digits)


def conflicting(count: Count, rule: Rule, strength: float = 200) -> tuple[float, float]:
    """Return mean and strength of a prior in plain conflict with the data.

    Its mean is on the other side of the reference, at first four times the odds away from it, and
    further until the data are in a prior predictive tail below .001.
    """
    away = 1 if count.rate <= rule.reference else -1
    for distance in (1.45, 2.5, 4.0, 6.0, 8.0):
        mean = moved(rule.reference, away * distance)
        if predictive_tail(count, mean, strength) < PLAIN:
            break
    return mean, strength
