"""Gaps of predictors that the model fills (--missing impute): steps of a study of a regression."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import pymc as pm
import xarray as xr

from analyses._study import Study
from data._regression import Regression
from data._soundness import unusable
from reports.regression import imputed as words, priors
from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import Quantity, named, summarise
from workflow.regression import imputed
from workflow.sampling.compiling import compile_nuts
from workflow.sampling.fit import data_of, sample_nuts


def completed[R: Regression](study: Study, found: R, posterior: xr.Dataset) -> tuple[R, xr.Dataset]:
    """Return the regression with its gaps as one draw has them, and the draws of the rest.

    Without gaps both are as they were.
    """
    if not imputed.has_gaps(posterior):
        return found, posterior
    gaps, columns = found.terms.isna(), found.columns.copy()
    terms = imputed.completed(posterior, found.terms, seed=study.seed)
    for (line, term), value in imputed.one_draw(posterior, seed=study.seed).items():
        columns.loc[line, found.parts[term].numbers[0]] = value
    made = replace(found, terms=terms, columns=columns, gaps=gaps)
    return made, imputed.plain(posterior)


def warn_of_held_back(
    study: Study, found: Regression, knob_of: Mapping[str, float], posterior: xr.Dataset
) -> None:
    """Warn where the prior holds the terms back, if it can be told: of rows without gaps."""
    if found.gaps is None:
        priors.warn_of_held_back(study.page, knob_of, posterior, found.terms, found.outcome)


def told(study: Study, found: Regression, *, scored: words.Scored = "complete") -> None:
    """Add what was filled in, how well it is known, and the slopes of rows without gaps.

    `scored` says which rows the page leaves out to see how well they are predicted.
    """
    if found.gaps is None:
        return
    posterior = study.tree["posterior"].to_dataset()
    filled = imputed.filled(posterior, found.terms, found.outcome, found.gaps)
    slopes = named(summarise(posterior[["slope"]]), "slope")
    whole, why = _whole(study, found)
    n, rows = len(found.whole), len(found.terms)
    study.section(
        "What was filled in?",
        *words.blocks(filled, rows - n, rows, scored=scored),
        *([words.OF_GROUPS] if found.groups else []),
        *words.beside(slopes, whole, n, why),
    )
    words.warn(study.page, filled)


def _whole(study: Study, found: Regression) -> tuple[dict[str, Quantity], str]:
    """Return the slopes of the same model for rows without gaps; or none, and why."""
    lines = found.whole
    if problems := unusable(found.outcome.loc[lines], found.terms.loc[lines]):
        return {}, problems[0]
    study.step("rows without gaps")
    args = [_at(one, lines) for one in study.build.args]
    options = {name: _at(one, lines) for name, one in study.build.keywords.items()}
    model: pm.Model = partial(study.build.func, *args, **options)()
    compiled, lengths = compile_nuts(model), {"draws": study.draws, "tune": study.tune}
    tree = sample_nuts(
        compiled, data_of(model), seed=study.seed, chains=study.chains, retries=1, **lengths
    )
    if diagnose(tree).status is Status.FAIL:
        return {}, "the draws of their fit failed the diagnosis"
    return named(summarise(tree["posterior"].to_dataset()[["slope"]]), "slope"), ""


def _at(one: Any, lines: pd.Index) -> Any:
    """Return what is by row at these rows, and anything else as it is."""
    return one.loc[lines] if isinstance(one, pd.Series | pd.DataFrame) else one
