"""The one formula of `model_comparison` that is told in full: its prior, its rows, its fit.

Without terms, where only a mean is asked for, there is less to look at: no line, no columns.
"""

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from analyses import _shown
from analyses._study import Study
from data.model_comparison import Formula
from reports.blocks.blocks import Block
from reports.regression import gaussian as told, misfit, priors, regression as words
from reports.regression.formula_answer import expected_mean
from workflow.quantities import Quantity
from workflow.regression import dependence, regression as slopes, residuals
from workflow.regression.hanging import Hanging, hanging

HELD = "outcomes like the observed for unlikely"
ADVICE = "Add a --formula with a transformation (log), a product or a square, and compare."


def rows(
    study: Study, full: Formula, posterior: xr.Dataset, terms: pd.DataFrame, *, ordered: bool
) -> Hanging:
    """Warn of terms that hang on one row, and of rows that are alike; return the former."""
    if not full.intercept:
        return Hanging()
    outcome = full.found.outcome
    hangs = hanging(posterior, terms, outcome)
    words.warn_of_hanging(study.page, hangs)
    left = dependence.residuals(posterior, terms, outcome)
    study.independent(left, full.found.beside, ordered=ordered)
    return hangs


def prior(study: Study, full: Formula, knob_of: Mapping[str, float], noise: float) -> None:
    """Add the prior predictive check."""
    outcome, terms = full.found.outcome, full.found.terms
    name, drawn = str(outcome.name), study.tree["prior"].to_dataset()
    if full.intercept:
        sd = float(outcome.std())
        expected = slopes.explained(drawn, terms, drawn["sigma"])
        blocks: list[Block] = [
            priors.expected(knob_of, sd, name),
            told.prior(noise, sd, expected),
            told.prior_figure(expected, drawn["sigma"], name),
        ]
    else:
        blocks = [expected_mean(drawn["slope"], drawn["sigma"], name)]
    study.prior(
        *blocks,
        statistics={"y": residuals.outcome_statistics(name)},
        held=HELD,
        advice=f"Look at --{next(iter(knob_of)).replace('_', '-')} and --noise.",
    )


def fit(
    study: Study,
    full: Formula,
    posterior: xr.Dataset,
    quantities: Mapping[str, Quantity],
    *,
    ordered: bool,
) -> None:
    """Add whether the formula reproduces the data."""
    found, terms, outcome = full.found, full.found.terms, full.found.outcome
    name, used = str(outcome.name), residuals.predicted_from(study.tree)
    statistics = dict(residuals.outcome_statistics(name))
    about = (study, posterior, found, name)
    if full.intercept:
        looked = terms.iloc[study.rows]
        statistics |= residuals.residual_statistics(used, looked, ordered=ordered)
    study.fit(
        misfit.GAUSSIAN + (misfit.RESIDUALS if full.intercept else ""),
        statistics={"y": statistics},
        misfit="The formula that is told in full does not reproduce this side of the data",
        advice=ADVICE if full.intercept else "Look at the values that are far off.",
        then=lambda checks: (
            [
                *_shown.fit(*about, checks, ordered=ordered),
                *misfit.told(study.page, posterior, terms, outcome, quantities, checks),
            ]
            if full.intercept
            else []
        ),
    )
