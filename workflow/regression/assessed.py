"""One model beside others of the same rows: its diagnosis, and its elpd by leave-one-out.

Rows are left out by PSIS, with refits where its k-hat is too large (`workflow.scoring.loo`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel
from scipy.special import logsumexp

from workflow.checking.diagnostics import Diagnosis, Status, diagnose
from workflow.comparing import stacking
from workflow.quantities import SAMPLE, Scalar
from workflow.regression.regression import rises
from workflow.scoring.elpd import (
    ERRORS,
    LEAST_DIFFERENCE,
    QUADRATURE,
    Difference,
    Elpd,
    Looked,
    difference,
    errors_needed,
)
from workflow.scoring.loo import loo
from workflow.scoring.psis import psis

BETTER, WORSE, UNDECIDED, UNKNOWN = "better", "worse", "cannot tell", "not known"
REFITS, REFITTED = 10, 20_000  # rows left out by refits, and rows of all these refits, at most


class Rows(Protocol):
    """The rows of a regression, under one noise: what leaving them out one at a time asks for."""

    @property
    def terms(self) -> pd.DataFrame:
        """One column a coefficient, in its own units."""

    @property
    def outcome(self) -> pd.Series:
        """The outcome of every row."""

    @property
    def by_row(self) -> tuple[str, ...]:
        """The `pm.Data` that have a row each."""

    def density(self, posterior: xr.Dataset) -> xr.DataArray:
        """Return the log density of the rows that are looked at; dims: chain, draw, row."""

    def looked(self, posterior: xr.Dataset) -> Looked | None:
        """Return which rows are looked at, and a stand-in for each; None for all."""

    def exact(self, data: Mapping[str, ArrayLike]) -> Elpd | None:
        """Return the elpd without draws, from the `pm.Data`; None where that is not to be had."""

    def factors(self, posterior: xr.Dataset) -> xr.DataArray:
        """Return what is above 1 where the outcome is higher for one step more of a term."""


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
    rows: Rows,
    **settings: int,
) -> Fitted:
    """Diagnose a fit, and leave each row out; `settings` are draws, tune, chains and the seed.

    Of an elpd that needs no draws there is no k-hat.
    """
    names = list(map(str, rows.terms))
    posterior = tree["posterior"].to_dataset().assign_coords(term=names)
    fit = partial(Fitted, name, posterior, diagnosis := diagnose(tree), rows.factors(posterior))
    if diagnosis.status is Status.FAIL:
        return fit()
    elpd = left_out(compiled, data, posterior, rows, **settings)
    densities = rows.density(posterior)
    drawn = densities.transpose(*SAMPLE, "row").to_numpy().reshape(-1, densities.sizes["row"])
    within = logsumexp(drawn, axis=0) - np.log(len(drawn))
    p_loo = float(np.nansum(within - elpd.pointwise)) * len(rows.outcome) / len(within)
    exact = elpd.method == QUADRATURE
    return fit(elpd, np.nan if exact else float(psis(densities).k.max()), p_loo)


def left_out(
    compiled: CompiledPyMCModel,
    data: Mapping[str, ArrayLike],
    posterior: xr.Dataset,
    rows: Rows,
    *,
    draws: int,
    tune: int,
    chains: int,
    seed: int,
) -> Elpd:
    """Return the elpd: exactly, or by PSIS, a few of whose rows are left out by refits."""
    if (found := rows.exact(data)) is not None:
        return found
    most = min(REFITS, REFITTED // len(rows.outcome))
    return loo(
        *(compiled, data, rows.by_row, posterior, rows.density),
        looked=rows.looked(posterior),
        all_up_to=0,
        at_most=most,
        draws=min(draws, 1000),
        tune=min(tune, 500),
        chains=chains,
        seed=seed,
    )


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
        row |= {
            "k_hat": None if np.isnan(one.k_hat) else one.k_hat,
            "weight": weights.get(one.name),
        }
        made[one.name] = row
    return made


def _elpd(one: Fitted) -> Elpd:
    assert one.elpd is not None
    return one.elpd
