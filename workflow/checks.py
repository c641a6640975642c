"""Predictive checks: does the prior allow the data, and does the fitted model reproduce them?

A test statistic is a function of the outcome (a DataArray, possibly with the dims chain and draw)
and the tree's constant data; it keeps the sample dims. Sources: Gelman et al. (2013), Bayesian Data
Analysis, chapter 6; Czado, Gneiting and Held (2009), Predictive model assessment for count data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from workflow.diagnostics import Status
from workflow.quantities import SAMPLE

Statistic = Callable[[xr.DataArray, xr.Dataset], xr.DataArray]

CONFLICT = 0.01  # a prior predictive tail below this is a conflict of prior and data
SURPRISE = (0.005, 0.995)  # a posterior predictive p outside of this warns
SATURATED = "cannot fail"


@dataclass(frozen=True)
class StatisticCheck:
    """One test statistic: its observed value among its predictive draws.

    `p` is P(T(y_rep) >= T(y)), with half of the ties; `tail` the smaller of the two one-sided
    probabilities, ties included. `result` is a status or, for a saturated model, "cannot fail".
    """

    statistic: str
    observed: float
    lower: float  # ends of the central 95% of the predictive draws
    median: float
    upper: float
    p: float
    tail: float
    result: Status | str


def prior_check(
    tree: xr.DataTree, outcome: str, statistics: Mapping[str, Statistic]
) -> list[StatisticCheck]:
    """Compare statistics of the data with the prior predictive; a tail below .01 warns."""
    found = _check(tree, "prior_predictive", outcome, statistics)
    return [replace(one, result=_warn_unless(one.tail >= CONFLICT)) for one in found]


def posterior_check(
    tree: xr.DataTree, outcome: str, statistics: Mapping[str, Statistic], *, saturated: bool = False
) -> list[StatisticCheck]:
    """Compare statistics of the data with the posterior predictive; p outside .005-.995 warns.

    Name statistics that the model does not fit directly. Where it has a parameter for every number
    of the data (`saturated`) none can be surprising unless a strong prior holds it back, and the
    result says "cannot fail" instead of PASS.
    """
    found = _check(tree, "posterior_predictive", outcome, statistics)
    low, high = SURPRISE
    return [
        replace(one, result=(SATURATED if saturated else Status.PASS))
        if low <= one.p <= high
        else replace(one, result=Status.WARN)
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
) -> list[StatisticCheck]:
    y = tree["observed_data"].to_dataset()[outcome]
    predicted = tree[group].to_dataset()[outcome]
    constants = (
        tree["constant_data"].to_dataset() if "constant_data" in tree.children else xr.Dataset()
    )
    checks = []
    for name, statistic in statistics.items():
        observed = float(statistic(y, constants))
        drawn = statistic(predicted, constants).to_numpy().ravel()
        above, below = float((drawn >= observed).mean()), float((drawn <= observed).mean())
        lower, median, upper = (float(q) for q in np.quantile(drawn, (0.025, 0.5, 0.975)))
        p = (above + 1 - below) / 2
        checks.append(
            StatisticCheck(name, observed, lower, median, upper, p, min(above, below), Status.PASS)
        )
    return checks


def _warn_unless(good: bool) -> Status:
    return Status.PASS if good else Status.WARN
