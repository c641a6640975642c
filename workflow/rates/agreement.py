"""Is NUTS right here? Refits of a Beta-Binomial model against its exact posterior, and ADVI beside.

Every number of a refit is held against the exact one in units of its own Monte Carlo error.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from arviz_stats.base import array_stats
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.checking.diagnostics import Status, diagnose
from workflow.deciding.threshold import Rule
from workflow.quantities import TAILS
from workflow.rates.beta_binomial import Count, posterior
from workflow.sampling.fit import refit
from workflow.variational.advi import fit_advi, fit_both

QUANTILES = (TAILS[0], 0.5, TAILS[1])
Numbers = dict[str, float]


@dataclass(frozen=True)
class Agreement:
    """One prior and one count: the exact posterior's numbers, NUTS's, and the errors of these.

    The numbers are mean, sd, median, lower and upper end of the central 95%, and prob_below.
    """

    count: Count
    knobs: dict[str, float]
    exact: Numbers
    found: Numbers
    errors: Numbers
    decision: str  # by the exact posterior
    tenable: tuple[str, ...]  # by NUTS: its decision, and those within Monte Carlo error
    status: Status

    @property
    def off(self) -> float:
        """The largest difference, in Monte Carlo errors; NaN where any is not a number."""
        gaps = np.array([(self.found[n] - self.exact[n], self.errors[n]) for n in self.exact])
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(np.max(np.abs(gaps[:, 0]) / gaps[:, 1]))


def exact_numbers(distribution: Any, rule: Rule) -> Numbers:
    """Return the numbers of an exact posterior."""
    moments = distribution.mean(), distribution.std()
    return _named(*moments, distribution.ppf(QUANTILES), distribution.cdf(rule.reference))


def drawn_numbers(rate: xr.DataArray, rule: Rule) -> Numbers:
    """Return the numbers of draws of a rate (dims chain, draw)."""
    x = rate.to_numpy()
    below = rule.probability(rate).value
    return _named(x.mean(), x.std(ddof=1), np.quantile(x, QUANTILES), below)


def errors_of(rate: xr.DataArray, rule: Rule, prob_below: float) -> Numbers:
    """Return the Monte Carlo errors of `drawn_numbers`; `prob_below` is the exact one.

    Of a rare event, few draws make the estimated error too small: the exact one is taken if larger.
    """
    x = rate.transpose("chain", "draw").to_numpy()
    mean, sd = (array_stats.mcse(x, method=m) for m in ("mean", "sd"))
    ends = np.array([array_stats.mcse(x, method="quantile", prob=p) for p in QUANTILES])
    exact = np.sqrt(prob_below * (1 - prob_below) / array_stats.ess(x, method="bulk"))
    return _named(mean, sd, ends, max(rule.probability(rate).mcse, exact))


def agree(
    compiled: CompiledPyMCModel,
    count: Count,
    knobs: Mapping[str, float],
    rule: Rule,
    *,
    data: Mapping[str, float],
    rate: str,
    draws: int = 500,
    tune: int = 500,
    chains: int = 4,
    seed: int,
) -> Agreement:
    """Fit the compiled model under one prior and hold it against the exact posterior.

    Parameters
    ----------
    knobs
        prior_mean and prior_strength: `pm.Data` of the model.
    data
        The other `pm.Data` that make the model's data `count`.
    rate
        Name of the rate in the model.
    """
    tree = refit(compiled, {**data, **knobs}, draws=draws, tune=tune, chains=chains, seed=seed)
    theta = tree["posterior"].to_dataset()[rate]
    exact = exact_numbers(posterior(count, **knobs), rule)
    return Agreement(
        count,
        dict(knobs),
        exact,
        drawn_numbers(theta, rule),
        errors_of(theta, rule, exact["prob_below"]),
        rule.side(exact["prob_below"]),
        rule.decide(theta, errors=3),
        diagnose(tree).status,
    )


def refits(
    compiled: CompiledPyMCModel,
    rule: Rule,
    rate: str,
    counted: tuple[str, str],
    *,
    draws: int,
    chains: int,
    seed: int,
) -> Callable[[Count, Mapping[str, float]], Agreement]:
    """Return what fits a compiled model to a count under a prior, and holds it against the truth.

    `counted` names the `pm.Data` that have events and trials; the others are those of `agree`.
    """

    def fit(count: Count, knobs: Mapping[str, float]) -> Agreement:
        data = dict(zip(counted, (count.events, count.trials), strict=True))
        options = {"draws": draws, "chains": chains, "seed": seed}
        return agree(compiled, count, knobs, rule, data=data, rate=rate, **options)

    return fit


def advi_grid(
    build: Callable[..., pm.Model],
    own: Mapping[str, float],
    grid: Sequence[Mapping[str, float]],
    rate: str,
    *,
    seed: int,
) -> tuple[dict[str, xr.DataTree], list[xr.DataArray]]:
    """Return both ADVI fits under the analysis' `own` prior, and mean-field draws under a grid.

    With one parameter, mean-field and full-rank are the same family. Made to run in a process of
    its own: `build` takes the knobs.
    """
    both = fit_both(partial(build, **own), seed=seed)
    trees = (fit_advi(build(**knobs), seed=seed) for knobs in grid)
    return both, [tree["posterior"].to_dataset()[rate] for tree in trees]


def _named(mean: float, sd: float, quantiles: np.ndarray, prob_below: float) -> Numbers:
    numbers = (mean, sd, *quantiles, prob_below)
    names = ("mean", "sd", "lower", "median", "upper", "prob_below")
    return dict(zip(names, map(float, numbers), strict=True))
