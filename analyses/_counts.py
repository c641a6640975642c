"""The rivals of a regression of counts: fitted, left out row by row, and told beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from analyses._certified import TooLongError
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


def compared(
    study: Study, rows: Counted, prior: Mapping[str, Any], at_most: float
) -> tuple[list[Fitted], list[str]]:
    """Fit the rivals, leave out each row of all three models; the negative binomial is first.

    None in a quick look. The second says which rivals are not there, since NUTS would take more
    minutes than `at_most`.
    """
    if study.quick:
        return [], []
    settings: dict[str, Any] = {"draws": study.draws, "tune": study.tune, "chains": study.chains}
    settings |= {"seed": study.seed}
    study.step("leave-one-out")
    given = study.by_row, data_of(study.model), study._drawn, rows
    found, left = [rivals.assess(rivals.NEGATIVE_BINOMIAL, *given, **settings)], []
    for name, build in ((rivals.POISSON, poisson), (rivals.ZERO_INFLATED, zero_inflated)):
        study.step(f"the {name} rival")
        own = {
            key: value for key, value in prior.items() if name != rivals.POISSON or key != "scatter"
        }
        model = build(rows.terms, rows.outcome, rows.exposure, rows.groups, **own)
        try:
            compiled, tree = study.beside(model, settings, at_most=at_most)
        except TooLongError as error:
            left.append(words.left_out(name, error.minutes, at_most))
            study.page.steps.say(f"{study.case}: {left[-1]}")
            continue
        found.append(rivals.assess(name, compiled, data_of(model), tree, rows, **settings))
    return found, left


def told(
    study: Study,
    made: tuple[Sequence[Fitted], Sequence[str]],
    rows: Counted,
    prior: Mapping[str, Any],
    sure: float,
) -> tuple[tuple[float, float] | None, dict[str, Quantity]]:
    """Add which kind of counts these are, and warn; return zeros seen and by Poisson, and zeros.

    `made` is what `compared` returns. The second that is returned is `zero_share`, how many rows
    the zero inflated model takes for such. There is nothing of a rival that was left out.
    """
    fits, left = made
    if not fits:
        study.section("Which kind of counts?", QUICK)
        return None, {}
    mine, *others = fits
    gaps = {one.name: rivals.gap(one, mine) for one in others}
    verdicts = {name: rivals.verdict(gap, len(rows.outcome)) for name, gap in gaps.items()}
    logs = {one.name: (original_scale(summarise(_logs(one.factors))), one.rises) for one in fits}
    blocks: list[Block] = [
        words.models(table(fits), verdicts),
        words.side_by_side(list(map(str, rows.terms)), logs),
    ]
    of = {one.name: one for one in others}
    zeros = None
    if other := of.get(rivals.POISSON):
        blocks.append(_of_poisson(study, other, rows, prior))
        expected = poisson_zeros(other.posterior, rows.complete, rows.exposure)
        zeros = float((rows.outcome == 0).mean()), expected
    study.section("Which kind of counts?", *words.blocks_of_rivals(*blocks), *left)
    if (inflated := of.get(rivals.ZERO_INFLATED)) is None:
        return zeros, {}
    known = [signs(one.factors - 1, sure) for one in (mine, inflated)]
    if (gap := gaps[inflated.name]) and verdicts[inflated.name] == rivals.BETTER:
        differing = [term for term in known[0] if known[0][term] != known[1].get(term)]
        said = f"elpd higher by {gap.value:.3g}, standard error {gap.se:.2g}"
        words.warn_of_better(study.page, inflated.name, said, differing)
    return zeros, named(summarise(inflated.posterior[["zero_share"]]), "zero_share")


def _of_poisson(study: Study, other: Fitted, rows: Counted, prior: Mapping[str, Any]) -> Block:
    """Return what a Poisson regression makes of the counts, by data simulated from it."""
    of_poisson = {key: value for key, value in prior.items() if key != "scatter"}
    model = poisson(rows.terms, rows.outcome, rows.exposure, rows.groups, **of_poisson)
    name = str(rows.outcome.name)
    checks = rivals.check(model, other.posterior, rows.outcome, name, seed=study.seed)
    return tables.predictive("What a Poisson regression makes of these data", checks)


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
