"""One rate from one count: the side that its draws show, and a prior that the data contradict.

A posterior has the rate as `theta`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pymc as pm
import xarray as xr
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.checking.checks import Statistic, StatisticCheck, posterior_check, prior_check
from workflow.checking.diagnostics import Status, diagnose
from workflow.deciding.threshold import Rule
from workflow.quantities import Quantity, Scalar, summarise
from workflow.rates.beta_binomial import Count, conflicting
from workflow.sampling.fit import fit_nuts
from workflow.sensitivity.power import PowerScaling, power_scaling


def side(posterior: xr.Dataset, rule: Rule, errors: float = 2) -> tuple[str, ...]:
    """Return the side that the draws show, and behind it those that they cannot tell from it."""
    return rule.decide(posterior["theta"], errors=errors)


def measure(posterior: xr.Dataset, rule: Rule) -> dict[str, Scalar]:
    """Return P(rate < reference) as prob_below."""
    return {"prob_below": rule.probability(posterior["theta"])}


def share(trials: str) -> Statistic:
    """Return the share of events as a test statistic; constant data have the trials, so called."""
    return partial(_share, trials=trials)


def _share(y: xr.DataArray, given: xr.Dataset, *, trials: str) -> xr.DataArray:
    return y / given[trials]


@dataclass(frozen=True)
class Opposed:
    """What a fit under a prior in conflict with the data gives, and what the checks say of it."""

    mean: float  # of the prior
    strength: float
    decision: str
    theta: Quantity
    status: Status
    scaled: PowerScaling
    before: StatisticCheck  # the prior predictive check of the observed rate
    after: StatisticCheck  # the posterior predictive check


def oppose(
    count: Count,
    rule: Rule,
    build: Callable[..., pm.Model],
    compiled: CompiledPyMCModel,
    statistics: Mapping[str, Mapping[str, Statistic]],
    *,
    chains: int,
    seed: int,
) -> Opposed:
    """Fit a compiled model under a prior in plain conflict with the count; make all its checks.

    `build` makes the model of the knobs; `statistics` has the share, by outcome and name.
    """
    mean, strength = conflicting(count, rule)
    opposed = build(prior_mean=mean, prior_strength=strength)
    tree = fit_nuts(opposed, compiled, chains=chains, seed=seed)
    posterior = tree["posterior"].to_dataset()
    ((outcome, said),) = statistics.items()
    return Opposed(
        mean,
        strength,
        side(posterior, rule)[0],
        summarise(posterior)["theta"],
        diagnose(tree).status,
        power_scaling(tree, ["theta"]),
        prior_check(tree, outcome, said)[0],
        posterior_check(tree, outcome, said, saturated=True)[0],
    )
