"""Is NUTS right, where the exact posterior is known? Differences in Monte Carlo errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from workflow.quantities import TAILS, Quantity, Scalar

WORST = 4  # Monte Carlo errors: among so few comparisons, more is no chance
LEAST_ESS = 400  # of draws that all have the same value
RARE = 1e6  # a step less often than that among draws is nothing
FEW = 4  # quantities


def off(found: Mapping[str, Quantity], exact: Mapping[str, float]) -> float:
    """Return the largest difference of posterior means from exact ones, in Monte Carlo errors.

    NaN where any is not a number.
    """
    gaps = [(found[name].mean, found[name].mcse_mean, mean) for name, mean in exact.items()]
    mean, error, truth = np.array(gaps, dtype=float).T
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.max(np.abs(mean - truth) / error))


@dataclass(frozen=True)
class Known:
    """The exact posterior of one quantity: mean, sd, median and the central 95%, without draws.

    `step` is how far apart the values are that it can have, 0 where it can have any.
    """

    mean: float
    sd: float
    median: float
    lower: float
    upper: float
    step: float = 0.0


def known(distribution: Any) -> Known:
    """Return the numbers of a frozen distribution of scipy."""
    lower, median, upper = map(float, distribution.ppf((TAILS[0], 0.5, TAILS[1])))
    return Known(float(distribution.mean()), float(distribution.std()), median, lower, upper)


def farthest(found: Quantity, exact: Known) -> float:
    """Return how far draws are from the exact posterior: the largest of four, in their errors.

    Compared are mean, median and both ends; NaN where any of it is not a number. Where values are
    a step apart, quantiles have no such error: the mean is compared alone, by an error that is not
    too small where draws have few of the values, or one.
    """
    ours = np.array([found.mean, found.median, found.lower, found.upper], dtype=float)
    errors = [found.mcse_mean, found.mcse_median, found.mcse_lower, found.mcse_upper]
    truth = np.array([exact.mean, exact.median, exact.lower, exact.upper])
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.abs(ours - truth) / np.array(errors, dtype=float)
    if exact.step:
        ess = found.ess_bulk if found.ess_bulk > 0 else LEAST_ESS
        error = max(found.mcse_mean or 0, exact.sd / float(np.sqrt(ess)), exact.step / RARE)
        return float(abs(ours[0] - truth[0]) / error)
    return float(np.max(off))


def allowed(quantities: int) -> float:
    """Return how far off, in Monte Carlo errors, the worst of so many quantities may be by chance.

    That is `WORST` for a few; of many it is as improbable that any is beyond it.
    """
    return max(float(WORST), float(stats.norm.isf(stats.norm.sf(WORST) * FEW / quantities)))


def error_of(found: Scalar, exact: float, ess: float, sd: float | None = None) -> float:
    """Return the Monte Carlo error of a probability whose exact value is known.

    Of a rare event, few draws make the estimated error too small: that of the exact one is taken
    where it is larger. Where not a share of the draws, but a mean over them stands for it, `sd` is
    the exact one of what is averaged.
    """
    one = np.sqrt(max(exact * (1 - exact), 0)) if sd is None else sd
    return max(found.mcse, float(one / np.sqrt(ess)))
