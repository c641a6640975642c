"""How many trials until a study decides, before there are any: assurance against size.

For one rate every count is enumerated, so that it is exact; arms of a test are simulated and told
with the error of that. What is planned for is a stated rate, or all rates that the prior allows
(assurance). Source: O'Hagan, Stevens and Campbell (2005), Assurance in clinical trial design.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats
from scipy.special import expit, logit

from workflow.rates.arms_in_time import Seen
from workflow.rates.looking import Share
from workflow.rates.ratio import DECISIONS, NOT, Ratio, log_bayes_factor

TESTS = 2000  # simulated for each size
FIRST, STEP, LAST = 10, 2**0.5, 10**8  # sizes that are tried: each so many times the one before
SURE = 0.99  # of deciding: larger sizes are of no interest
WIDE = 9.0  # sds of a count that are enumerated, where not all are


@dataclass(frozen=True)
class Size:
    """What a study of `n` trials (in each arm) comes to: it decides, and rightly.

    Where it was simulated there are the counts; else both are exact.
    """

    n: int
    decides: float
    right: float
    of: int | None = None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of `decides`; a point where that is exact."""
        if self.of is None:
            return self.decides, self.decides
        return Share(round(self.decides * self.of), self.of).interval


@dataclass(frozen=True)
class Plan:
    """Sizes in their order, and the smallest that decides often enough; None where none does."""

    sizes: tuple[Size, ...]
    share: float
    enough: int | None


def plan(size: Callable[[int], Size], share: float) -> Plan:
    """Try sizes until one decides nearly always, and find the first that does so often enough.

    Chance of simulating, and the steps of counts, leave that size a little uncertain.
    """
    tried: list[Size] = []
    n = float(FIRST)
    while n <= LAST and (not tried or tried[-1].decides < SURE):
        tried.append(size(round(n)))
        n *= STEP
    found = Plan(tuple(tried), share, None)
    return replace(found, enough=enough(found, size, share))


def enough(plan: Plan, size: Callable[[int], Size], share: float) -> int | None:
    """Return the smallest size that decides with the probability `share`; None: none was tried.

    Between two sizes that were tried it is found by halves, to half a per cent.
    """
    above = next((i for i, one in enumerate(plan.sizes) if one.decides >= share), None)
    if above is None:
        return None
    low, high = (plan.sizes[above - 1].n if above else 1), plan.sizes[above].n
    while high - low > max(1, high // 200):
        middle = (low + high) // 2
        low, high = (low, middle) if size(middle).decides >= share else (middle, high)
    return high


def of_one_rate(
    n: int, decided: Callable[[np.ndarray, int], np.ndarray], truth: int | None, rate: float
) -> Size:
    """Return how often `n` trials at a known rate decide, by all counts; exact.

    Parameters
    ----------
    decided
        From counts of events and the number of trials to the place of the decision, -1 for none.
    truth
        The place of the decision that is right; None where none is.
    """
    sd = np.sqrt(n * rate * (1 - rate))
    low, high = max(0, int(n * rate - WIDE * sd) - 1), min(n, int(n * rate + WIDE * sd) + 1)
    k = np.arange(low, high + 1)
    p, found = stats.binom(n, rate).pmf(k), decided(k, n)
    right = p[found == truth].sum() if truth is not None else 0.0
    return Size(n, float(p[found >= 0].sum()), float(right))


def averaged(n: int, size: Callable[[int, float], Size], alpha: float, beta: float) -> Size:
    """Return how often `n` trials decide, averaged over the rates of a Beta distribution."""
    x, w = np.polynomial.legendre.leggauss(60)
    rates = stats.beta(alpha, beta).ppf((x + 1) / 2)
    found = [size(n, float(rate)) for rate in rates]
    decides, right = (
        float(np.dot(w / 2, [getattr(one, name) for one in found])) for name in ("decides", "right")
    )
    return Size(n, decides, right)


def rates_of(
    baseline: float, arms: int, lift: float | None, effect_sd: float, *, seed: int
) -> np.ndarray:
    """Return the rates of the simulated tests, the control's first; shape (test, arm).

    With a `lift` the second arm's rate is that much more, and the others are as the control; else
    log-odds of all but the control are Normal around the control's with the sd `effect_sd`.
    """
    rates = np.full((TESTS, arms), baseline)
    if lift is not None:
        rates[:, 1] += lift
    else:
        z = np.random.default_rng(seed).normal(size=(TESTS, arms - 1))
        rates[:, 1:] = expit(logit(baseline) + effect_sd * z)
    return rates


def of_arms(
    n: int, rates: np.ndarray, limit: float, alpha: float, beta: float, *, seed: int
) -> Size:
    """Return how often a test with `n` visitors an arm decides; right is the arm that is best."""
    counts = np.random.default_rng((seed, n)).binomial(n, rates).astype(float)
    chosen = Seen(np.full(rates.shape, float(n)), counts, alpha, beta).chosen(limit)
    best = rates == rates.max(1, keepdims=True)
    right = (chosen >= 0) & best[np.arange(len(chosen)), chosen]
    return Size(n, float((chosen >= 0).mean()), float(right.mean()), len(rates))


def of_shares(n: int, shares: np.ndarray, ratio: Ratio, concentration: float, *, seed: int) -> Size:
    """Return how often `n` observations decide whether shares stand as expected.

    `shares` are those of the simulated studies; shape (study, kind). Right is that they do not hold
    where any is beyond what is practically as expected, and else that they hold, or do nearly.
    """
    counts = np.random.default_rng((seed, n)).multinomial(n, shares)
    outside = ratio.outside(counts + concentration)
    factor = log_bayes_factor(counts, ratio.expected, concentration)
    decided = ratio.decisions(factor, outside)
    low, high = ratio.range
    beyond = ((shares < low) | (shares > high)).any(axis=1)
    right = (decided >= 0) & ((decided == DECISIONS.index(NOT)) == beyond)
    return Size(n, float((decided >= 0).mean()), float(right.mean()), len(shares))
