"""The exact posterior of one rate under a Beta prior, and what follows from it about priors.

A rate with the prior Beta(mean * strength, (1 - mean) * strength) has after so many events in so
many trials the posterior Beta(mean * strength + events, (1 - mean) * strength + trials - events).
Nothing here is drawn at random. Source: Gelman et al. (2013), Bayesian Data Analysis, section 2.4.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import brentq
from scipy.special import expit, logit

from workflow.deciding.threshold import Rule

MOST = 1e9  # strengths and sizes are looked at up to here
CONFLICT = 0.001  # prior predictive tail of a prior that is in plain conflict with the data


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


def posterior(count: Count, prior_mean: ArrayLike, prior_strength: ArrayLike) -> Any:
    """Return the scipy distribution of the posterior; arrays of knobs broadcast."""
    mean, strength = np.asarray(prior_mean, float), np.asarray(prior_strength, float)
    failures = count.trials - count.events
    return stats.beta(mean * strength + count.events, (1 - mean) * strength + failures)


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


def changes(
    count: Count, rule: Rule, prior_mean: float, *, least: float = 1
) -> list[tuple[float, str]]:
    """Return the decisions as the prior at this mean grows stronger: (from which strength, which).

    Looks from a prior of `least` trials to one of a thousand million; the first entry is at
    `least`.
    """

    def below(log_strength: ArrayLike) -> Any:
        return posterior(count, prior_mean, np.exp(log_strength)).cdf(rule.reference)

    grid = np.linspace(math.log(least), math.log(MOST), 3000)
    p = below(grid)
    found = [(least, rule.side(p[0]))]
    for i in range(len(grid) - 1):
        limits = sorted((rule.sure, 1 - rule.sure), reverse=bool(p[i] > p[i + 1]))
        for limit in limits:
            if (p[i] >= limit) != (p[i + 1] >= limit):
                at = brentq(lambda s, limit=limit: below(s) - limit, grid[i], grid[i + 1])
                after = limit + math.copysign(1e-9, p[i + 1] - p[i])
                found.append((math.exp(at), rule.side(after)))
    return found


@dataclass(frozen=True)
class Flips:
    """Where the exact decision changes: the `changes` by prior mean, the reference among them."""

    course: dict[float, list[tuple[float, str]]]
    reference: float

    @property
    def centred(self) -> list[tuple[float, str]]:
        """The changes under priors whose mean is the reference."""
        return self.course[self.reference]

    @property
    def at(self) -> float | None:
        """The strength at which a prior centred on the reference changes the decision, if any."""
        return self.centred[1][0] if len(self.centred) > 1 else None

    @property
    def until(self) -> float:
        """The strength at which the decision changes for the reference, or else for any mean."""
        others = (course[1][0] for course in self.course.values() if len(course) > 1)
        return self.at or min(others, default=0)


def find_flips(count: Count, rule: Rule, log_odds: Sequence[float]) -> Flips:
    """Look for changes at prior means so far from the reference in log-odds, 0 among them."""
    means = [moved(rule.reference, by) for by in log_odds]
    return Flips({mean: changes(count, rule, mean) for mean in means}, rule.reference)


def extended(strengths: Sequence[float], until: float, *, most: int = 6) -> tuple[float, ...]:
    """Return strengths with others behind them (1, 2, 5, 10, ...), the last at least `until`.

    Where that takes more than `most`, only every third is kept.
    """
    series = [digit * 10.0**power for power in range(10) for digit in (1, 2, 5)]
    more = [one for one in series if one > strengths[-1]]
    enough = next((i for i, one in enumerate(more) if one >= until), len(more) - 1)
    more = more[: enough + 1] if until > strengths[-1] else []
    return (*strengths, *(more if len(more) <= most else more[::-1][::3][::-1]))


def conflicting(count: Count, rule: Rule, strength: float = 200) -> tuple[float, float]:
    """Return mean and strength of a prior in plain conflict with the data.

    Its mean is on the other side of the reference, at first four times the odds away from it, and
    further until the data are in a prior predictive tail below .001.
    """
    away = 1 if count.rate <= rule.reference else -1
    for distance in (1.45, 2.5, 4.0, 6.0, 8.0):
        mean = moved(rule.reference, away * distance)
        if predictive_tail(count, mean, strength) < CONFLICT:
            break
    return mean, strength
