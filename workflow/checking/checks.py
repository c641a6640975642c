"""Predictive checks: does the prior allow the data, and does the fitted model reproduce them?

A test statistic is a function of the outcome (a DataArray, possibly with the dims chain and draw)
and the tree's constant data; it keeps the sample dims. One that looks at the parameters, too, has
them for the observed data as well: the two are then compared draw by draw. Sources: Gelman et al.
(2013), Bayesian Data Analysis, chapter 6; Czado, Gneiting and Held (2009), Predictive model
assessment for count data.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import xarray as xr

from workflow.checking import advising
from workflow.checking.status import Status
from workflow.quantities import SAMPLE

Statistic = Callable[[xr.DataArray, xr.Dataset], xr.DataArray]

CONFLICT = 0.01  # chance, on either side, that any statistic of a true prior is called a conflict
SURPRISE = 0.02  # chance, at most, that any of the posterior predictive p of a sound fit warns
SATURATED = "cannot fail"
EDGE, DENSE = 0.01, 4  # this share at an end is dense if hardly any is 4 times as dense
DEFINED = 0.95  # the share of predictive draws for which a statistic has to be a number


@dataclass(frozen=True)
class StatisticCheck:
    """One test statistic: its observed value among its predictive draws.

    `p` is P(T(y_rep) >= T(y)), with half of the ties; `tail` the smaller of the two one-sided
    probabilities, ties included; NaN where the statistic is not defined, which warns. `observed` is
    an average over the draws where they are part of the statistic. `result` is a
    status or, for a saturated model, "cannot fail"; `advice` says what to do about a warning.
    """

    statistic: str
    observed: float
    lower: float  # ends of the central 95% of the predictive draws
    median: float
    upper: float
    p: float
    tail: float
    result: Status | str
    advice: str = ""


def each(labels: Iterable[str], dim: str, said: str) -> dict[str, Statistic]:
    """Return what was observed at every label along `dim` as test statistics.

    `said` is what one is called, with {} for the label.
    """
    return {said.format(one): partial(_at, at={dim: one}) for one in labels}


def _at(y: xr.DataArray, given: xr.Dataset, *, at: Mapping[str, str]) -> xr.DataArray:
    return y.sel(at)


def prior_check(
    tree: xr.DataTree, outcome: str, statistics: Mapping[str, Statistic]
) -> list[StatisticCheck]:
    """Compare statistics of the data with the prior predictive; a tail below .01 warns.

    That is shared by the statistics (Bonferroni): of the data that the prior expects any of them
    warns in one page of fifty at most. Not where the prior is densest at that end: a rate near 0 is
    what a prior that falls from 0 on expects before all others, and so little of its mass is below
    only because so little is there.
    """
    found = _check(tree, "prior_predictive", outcome, statistics)
    least = CONFLICT / max(len(found), 1)
    return [
        one
        if one.tail >= least or densest(drawn, one.observed)
        else _warned(one, advising.of_conflict)
        for one, drawn in found
    ]


def densest(drawn: np.ndarray, observed: float) -> bool:
    """Say whether a value in a tail of draws lies where they are about as dense as anywhere.

    The width that holds the outermost hundredth of the draws, and the value, is compared with the
    least widths that hold as many of them (by their 10% quantile, since the very least is chance).
    """
    x = np.sort(drawn[np.isfinite(drawn)])
    m = max(10, math.ceil(EDGE * x.size))
    if x.size <= 2 * m or math.isnan(observed):
        return False
    low, high = min(observed, x[0]), max(observed, x[-1])
    edge = x[m] - low if observed < np.median(x) else high - x[-m - 1]
    return bool(edge <= DENSE * np.quantile(x[m:] - x[:-m], 0.1))


def posterior_check(
    tree: xr.DataTree, outcome: str, statistics: Mapping[str, Statistic], *, saturated: bool = False
) -> list[StatisticCheck]:
    """Compare statistics of the data with the posterior predictive; a p near 0 or 1 warns.

    How near: so that of a sound fit any of the statistics warns in one page of fifty at most
    (Bonferroni).
    Name statistics that the model does not fit directly. Where it has a parameter for every number
    of the data (`saturated`) none can be surprising unless a strong prior holds it back, and the
    result says "cannot fail" instead of PASS.
    """
    found = [one for one, _ in _check(tree, "posterior_predictive", outcome, statistics)]
    low = SURPRISE / 2 / max(len(found), 1)
    good: Status | str = SATURATED if saturated else Status.PASS
    return [
        replace(one, result=good) if low <= one.p <= 1 - low else _warned(one, advising.of_misfit)
        for one in found
    ]


def pit(tree: xr.DataTree, outcome: str, *, seed: int) -> xr.DataArray:
    """Return the probability integral transform of every observation, randomised for counts.

    P(y_rep < y) + u P(y_rep = y) with u uniform: uniform on 0 to 1 where the predictions are
    calibrated. Dims: those of the outcome.
    """
    y = tree["observed_data"].to_dataset()[outcome]
    predicted = tree["posterior_predictive"].to_dataset()[outcome]
    u = xr.zeros_like(y, dtype=float) + np.random.default_rng(seed).uniform(size=y.shape)
    return (predicted < y).mean(SAMPLE) + u * (predicted == y).mean(SAMPLE)


def _check(
    tree: xr.DataTree, group: str, outcome: str, statistics: Mapping[str, Statistic]
) -> list[tuple[StatisticCheck, np.ndarray]]:
    """Return every statistic's check and its predictive draws."""
    y = tree["observed_data"].to_dataset()[outcome]
    predicted = tree[group].to_dataset()[outcome]
    constants = (
        tree["constant_data"].to_dataset() if "constant_data" in tree.children else xr.Dataset()
    )
    checks = []
    for name, statistic in statistics.items():
        observed = np.ravel(statistic(y, constants).to_numpy())
        drawn = statistic(predicted, constants).to_numpy().ravel()
        checks.append((_compare(name, observed, drawn), drawn))
    return checks


def _compare(name: str, observed: np.ndarray, drawn: np.ndarray) -> StatisticCheck:
    """Place what was observed among the predictive draws for which the statistic is defined.

    `observed` has one value, or one for each draw.
    """
    there = ~(np.isnan(drawn) | np.isnan(observed))
    if not there.any() or there.sum() < DEFINED * drawn.size:
        value, no = float(observed.mean()), math.nan
        return StatisticCheck(name, value, no, no, no, no, no, Status.PASS)
    kept, beside = drawn[there], np.broadcast_to(observed, drawn.shape)[there]
    above, below = float((kept >= beside).mean()), float((kept <= beside).mean())
    lower, median, upper = (float(q) for q in np.quantile(kept, (0.025, 0.5, 0.975)))
    p, tail = (above + 1 - below) / 2, min(above, below)
    return StatisticCheck(name, float(beside.mean()), lower, median, upper, p, tail, Status.PASS)


def _warned(one: StatisticCheck, advice: Callable[[str, int], str]) -> StatisticCheck:
    """Return the check as a warning, with advice that says on which side the data are."""
    if math.isnan(one.p):
        return replace(one, result=Status.WARN, advice=advising.UNDEFINED)
    side = advising.GREATER if one.p < 0.5 else advising.SMALLER
    return replace(one, result=Status.WARN, advice=advice(one.statistic, side))
