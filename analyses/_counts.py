"""The rivals of a regression of counts: fitted, left out row by row, and told beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from analyses._sampled import QUICK
from analyses._study import Study
from data._regression import Regression
from data._table import DataError
from models.count_regression import poisson, zero_inflated
from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.regression import count_rivals as words, fit_figures
from workflow.quantities import Quantity, named, original_scale, summarise
from workflow.regression import count_rivals as rivals, left_over, pictured
from workflow.regression.count_rivals import Counted, Fitted, table
from workflow.regression.counts import fitted, poisson_zeros
from workflow.regression.regression import signs
from workflow.sampling.fit import data_of

__all__ = ["table"]  # of the rivals, for the analysis


def treated(path: Path, found: Regression, column: str | None) -> list[str]:
    """Return the terms that a column is in: those that the decision is about; all for None.

    Raises
    ------
    DataError
        There are none.
    """
    if column is None:
        return list(map(str, found.terms))
    judged = [
        name
        for name, part in found.parts.items()
        if column in {name, *part.numbers, *(one.column for one in part.levels)}
    ]
    if not judged:
        terms = ", ".join(map(str, found.terms))
        raise DataError(f"{path}: --treatment: no term has {column!r}; there are {terms}")
    return judged


def compared(study: Study, rows: Counted, prior: Mapping[str, Any]) -> list[Fitted]:
    """Fit the rivals, leave out each row of all three models; the negative binomial is first.

    None in a quick look.
    """
    if study.quick:
        return []
    settings: dict[str, Any] = {"draws": study.draws, "tune": study.tune, "chains": study.chains}
    settings |= {"seed": study.seed}
    study.step("leave-one-out")
    given = study.by_row, data_of(study.model), study._drawn, rows
    found = [rivals.assess(rivals.NEGATIVE_BINOMIAL, *given, **settings)]
    for name, build in ((rivals.POISSON, poisson), (rivals.ZERO_INFLATED, zero_inflated)):
        study.step(f"the {name} rival")
        own = {
            key: value for key, value in prior.items() if name != rivals.POISSON or key != "scatter"
        }
        model = build(rows.terms, rows.outcome, rows.exposure, rows.groups, **own)
        compiled, tree = study.beside(model, settings)
        found.append(rivals.assess(name, compiled, data_of(model), tree, rows, **settings))
    return found


def told(
    study: Study, fits: Sequence[Fitted], rows: Counted, prior: Mapping[str, Any], sure: float
) -> tuple[tuple[float, float] | None, dict[str, Quantity]]:
    """Add which kind of counts these are, and warn; return zeros seen and by Poisson, and zeros.

    The second is `zero_share`, how many rows the zero inflated model takes for such.
    """
    if not fits:
        study.section("Which kind of counts?", QUICK)
        return None, {}
    mine, other, inflated = fits
    verdicts, gaps = {}, {}
    for one in (other, inflated):
        gaps[one.name] = rivals.gap(one, mine)
        verdicts[one.name] = rivals.verdict(gaps[one.name], len(rows.outcome))
    of_poisson = {key: value for key, value in prior.items() if key != "scatter"}
    model = poisson(rows.terms, rows.outcome, rows.exposure, rows.groups, **of_poisson)
    name = str(rows.outcome.name)
    checks = rivals.check(model, other.posterior, rows.outcome, name, seed=study.seed)
    logs = {one.name: (original_scale(summarise(_logs(one.factors))), one.rises) for one in fits}
    share = named(summarise(inflated.posterior[["zero_share"]]), "zero_share")
    blocks: list[Block] = [
        words.models(table(fits), verdicts),
        words.side_by_side(list(map(str, rows.terms)), logs),
        tables.predictive("What a Poisson regression makes of these data", checks),
    ]
    study.section("Which kind of counts?", *words.blocks_of_rivals(*blocks))
    known = [signs(one.factors - 1, sure) for one in (mine, inflated)]
    if (gap := gaps[inflated.name]) and verdicts[inflated.name] == rivals.BETTER:
        differing = [term for term in known[0] if known[0][term] != known[1].get(term)]
        said = f"elpd higher by {gap.value:.3g}, standard error {gap.se:.2g}"
        words.warn_of_better(study.page, inflated.name, said, differing)
    expected = poisson_zeros(other.posterior, rows.complete, rows.exposure)
    return (float((rows.outcome == 0).mean()), expected), share


def _logs(factors: xr.DataArray) -> xr.Dataset:
    return xr.ufuncs.log(factors).to_dataset(name="log_factor")


def pictures(
    study: Study, posterior: xr.Dataset, rows: Counted, columns: pd.DataFrame
) -> list[Block]:
    """Return the rootogram and the Pearson residuals along fitted counts and columns."""
    mu, left, _ = fitted(posterior, rows.complete, rows.outcome, rows.exposure)
    at = rows.at
    panels = left_over.panels(mu.iloc[at], left.iloc[at], columns.iloc[at])
    name = str(rows.outcome.name)
    return [
        fit_figures.overlay(pictured.rootogram(study.tree), name),
        fit_figures.left_over(panels, shares=False, of=columns.shape[1]),
    ]
