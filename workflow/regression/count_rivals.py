"""A negative binomial regression and its rivals: which predicts unseen rows best, and by how much?

The rivals are the Poisson regression, whose counts scatter less, and the zero inflated one, in
which some rows have no count whatever the rest says. By leave-one-out (`workflow.scoring.loo`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel
from scipy.special import logsumexp

from workflow.checking.checks import StatisticCheck, posterior_check
from workflow.checking.diagnostics import Diagnosis, Status, diagnose
from workflow.comparing import stacking
from workflow.quantities import SAMPLE, Scalar
from workflow.regression.counts import factors, log_density, statistics
from workflow.regression.regression import rises
from workflow.sampling.part import thinned
from workflow.sampling.simulating import simulate
from workflow.scoring.elpd import (
    ERRORS,
    LEAST_DIFFERENCE,
    Difference,
    Elpd,
    Looked,
    difference,
    errors_needed,
)
from workflow.scoring.loo import loo
from workflow.scoring.psis import psis

NEGATIVE_BINOMIAL, POISSON, ZERO_INFLATED = "negative binomial", "Poisson", "zero inflated"
BETTER, WORSE, UNDECIDED, UNKNOWN = "better", "worse", "cannot tell", "not known"
REFITS, REFITTED = 10, 20_000  # rows left out by refits, and rows of all these refits, at most
SIMULATED = 20_000_000  # counts in all
BY_ROW = ("terms", "exposure", "y_data")


@dataclass(frozen=True)
class Counted:
    """The rows of a regression of counts; `at` are the positions of those that are looked at."""

    terms: pd.DataFrame
    outcome: pd.Series
    exposure: pd.Series
    at: slice | np.ndarray = slice(None)
    groups: pd.Series | None = None

    def density(self, posterior: xr.Dataset) -> xr.DataArray:
        """Return the log density of the rows looked at, of every so many draws if they are many."""
        rows = self.terms.iloc[self.at], self.outcome.iloc[self.at], self.exposure.iloc[self.at]
        return log_density(thinned(posterior, len(rows[0])), *rows)

    def looked(self, posterior: xr.Dataset) -> Looked | None:
        """Return which rows are looked at, and a stand-in for each; None for all."""
        if isinstance(self.at, slice):
            return None
        mean = posterior.mean(SAMPLE).expand_dims(SAMPLE)
        rows = self.terms, self.outcome, self.exposure
        return Looked(self.at, log_density(mean, *rows).to_numpy().ravel())


@dataclass(frozen=True)
class Fitted:
    """One model of the counts: its posterior, whether it can be trusted, and if so its elpd.

    `k_hat` is the largest Pareto k-hat before any refit, `p_loo` the effective number of
    parameters; `factors` says by what factor counts differ for one step of each term.
    """

    name: str
    posterior: xr.Dataset
    diagnosis: Diagnosis
    factors: xr.DataArray
    elpd: Elpd | None = None
    k_hat: float = np.nan
    p_loo: float = np.nan

    @property
    def known(self) -> bool:
        """Whether the elpd is known, with its Monte Carlo error."""
        return bool(self.elpd and not self.elpd.failed and np.isfinite(self.elpd.mcse))

    @property
    def rises(self) -> dict[str, Scalar]:
        """P(counts are higher for one step more) by term, as prob_positive[term]."""
        return rises(self.factors - 1)


def assess(
    name: str,
    compiled: CompiledPyMCModel,
    data: Mapping[str, ArrayLike],
    tree: xr.DataTree,
    rows: Counted,
    **settings: int,
) -> Fitted:
    """Diagnose a fit, and leave each row out; `settings` are draws, tune, chains and the seed."""
    names = list(map(str, rows.terms))
    posterior = tree["posterior"].to_dataset().assign_coords(term=names)
    fit = partial(Fitted, name, posterior, diagnosis := diagnose(tree))
    found = factors(posterior, rows.terms)
    if diagnosis.status is Status.FAIL:
        return fit(found)
    most = min(REFITS, REFITTED // len(rows.outcome))
    refits: dict[str, Any] = settings | {"all_up_to": 0, "at_most": most}
    refits |= {"draws": min(settings["draws"], 1000), "tune": min(settings["tune"], 500)}
    about = compiled, data, BY_ROW, posterior, rows.density
    elpd = loo(*about, looked=rows.looked(posterior), **refits)
    densities = rows.density(posterior)
    drawn = densities.transpose(*SAMPLE, "row").to_numpy().reshape(-1, densities.sizes["row"])
    within = logsumexp(drawn, axis=0) - np.log(len(drawn))
    p_loo = float(np.nansum(within - elpd.pointwise)) * len(rows.outcome) / len(within)
    return fit(found, elpd, float(psis(densities).k.max()), p_loo)


def gap(one: Fitted, other: Fitted) -> Difference | None:
    """Return the elpd of one model minus that of another; None where one has none."""
    return difference(one.elpd, other.elpd) if one.elpd and other.elpd else None


def verdict(found: Difference | None, rows: int) -> str:
    """Say whether the first of two models predicts better, worse, or that one cannot tell.

    The difference has to be 4 or more, and so many standard errors as `errors_needed` says,
    whatever Monte Carlo error may take away. Where that is not known, nothing is claimed.
    """
    if found is None or not np.isfinite(found.mcse):
        return UNKNOWN
    room, least = ERRORS * found.mcse, max(LEAST_DIFFERENCE, errors_needed(rows) * found.se)
    if abs(found.value) - room < least:
        return UNDECIDED
    return BETTER if found.value > 0 else WORSE


def table(fits: Sequence[Fitted]) -> dict[str, dict[str, float | None]]:
    """Return each model's elpd and what belongs to it; what there is not is None.

    Keys: elpd, se, p_loo, k_hat, difference (from the best whose elpd is known), difference_se,
    weight (stacking, of those that are known). An elpd with a large k_hat is a bound rather.
    """
    known = sorted((one for one in fits if one.known), key=lambda one: -_elpd(one).total)
    weights, best = {}, known[0] if known else None
    if known:
        found = stacking.weights(np.column_stack([_elpd(one).pointwise for one in known]))
        weights = {one.name: float(w) for one, w in zip(known, found, strict=True)}
    made: dict[str, dict[str, float | None]] = {}
    for one in fits:
        row: dict[str, float | None] = dict.fromkeys(
            ("elpd", "se", "p_loo", "k_hat", "difference", "difference_se", "weight")
        )
        if one.elpd and best and best.elpd:
            away = difference(one.elpd, best.elpd)
            each = _elpd(one).pointwise
            rows = looked.rows if (looked := one.elpd.looked) else len(each)
            row |= {"elpd": _elpd(one).total, "se": float(np.sqrt(rows * each.var(ddof=1)))}
            row |= {"p_loo": one.p_loo, "difference": away.value, "difference_se": away.se}
        row |= {"k_hat": one.k_hat, "weight": weights.get(one.name)}
        made[one.name] = row
    return made


def _elpd(one: Fitted) -> Elpd:
    assert one.elpd is not None
    return one.elpd


def check(
    model: pm.Model, posterior: xr.Dataset, outcome: pd.Series, name: str, *, seed: int
) -> list[StatisticCheck]:
    """Check what a rival reproduces of the outcome called `name`, from data simulated from it."""
    size = int(np.clip(SIMULATED // len(outcome), 100, 1000))
    drawn = simulate(model, posterior, ["y"], size=size, seed=seed)
    groups = {
        "posterior_predictive": drawn.rename(sample="draw").expand_dims("chain"),
        "observed_data": xr.Dataset({"y": ("row", outcome)}),
    }
    return posterior_check(xr.DataTree.from_dict(groups), "y", statistics(name))
