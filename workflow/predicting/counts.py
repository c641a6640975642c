"""How many of the next so many trials have the event: a mixture of Binomials over the draws.

Of the next periods of a Poisson rate it is a mixture of Poisson distributions.

With a Beta posterior of the rate that is the Beta-Binomial distribution. Trials that come in
clusters spread more than independent ones: by the design effect, the factor of the variance. The
rate of the next n is then itself drawn, from a Beta distribution with that variance. Source: Gelman
et al., Bayesian Data Analysis, 3rd ed., section 5.3; Kish (1965), Survey Sampling, for the effect.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, pdtr

from workflow.predicting.draws import TAILS


@dataclass(frozen=True)
class Next:
    """Events among the next trials: mean, sd and the central 95%, whole numbers."""

    trials: int
    mean: float
    sd: float
    lower: int
    upper: int


def next_events(rate: np.ndarray, trials: int, *, effect: float = 1.0, seed: int) -> Next:
    """Return the events to expect in `trials` more trials, given draws of the rate.

    `effect` is the design effect, 1 for independent trials; it is at most the number of trials. The
    mean and the sd are exact moments of the mixture.
    """
    p, n = np.asarray(rate, dtype=float).ravel(), trials
    effect = min(max(effect, 1.0), float(n))
    mean = float(n * p.mean())
    variance = float(n * effect * (p * (1 - p)).mean() + n**2 * p.var())
    if effect > 1:
        p = _clustered(p, n, effect, seed)
    lower, upper = (_quantile(p, n, tail) for tail in TAILS)
    return Next(n, mean, float(np.sqrt(variance)), lower, upper)


def next_periods(rate: np.ndarray, periods: int) -> Next:
    """Return the events to expect in so many more periods, given draws of a Poisson rate."""
    expected = periods * np.asarray(rate, dtype=float).ravel()
    mean = float(expected.mean())
    sd = float(np.sqrt(mean + expected.var()))

    def least(tail: float) -> int:
        low, high = -1, int(mean + 60 * sd) + 60
        while high - low > 1:
            middle = (low + high) // 2
            enough = pdtr(middle, expected).mean() >= tail
            low, high = (low, middle) if enough else (middle, high)
        return high

    return Next(periods, mean, sd, *map(least, TAILS))


def design_effect(size: float, icc: float) -> float:
    """Return the design effect of clusters whose rows are so correlated.

    `size` is how many rows the cluster of a row has, on average over rows: sum n^2 / sum n.
    """
    return 1 + (size - 1) * icc


def _clustered(p: np.ndarray, n: int, effect: float, seed: int) -> np.ndarray:
    """Return rates of the next n: Beta about each draw, with variance p (1 - p) (effect - 1) / n.

    Of these the Binomial count has n p (1 - p) times the effect as its variance, but for the factor
    (n - 1) / n.
    """
    share = (effect - 1) / (n - 1)
    if share >= 1:
        return (np.random.default_rng(seed).uniform(size=len(p)) < p).astype(float)
    size = (1 - share) / share
    tiny = np.finfo(float).tiny
    a, b = np.maximum(p * size, tiny), np.maximum((1 - p) * size, tiny)
    return np.random.default_rng(seed).beta(a, b)


def _quantile(p: np.ndarray, n: int, tail: float) -> int:
    """Return the least count that the mixture does not exceed with probability `tail` or more."""
    low, high = -1, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bdtr(middle, n, p).mean() >= tail else (middle, high)
    return high
