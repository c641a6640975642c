"""What every regression shows of its fit and of its columns: steps of the study that they share."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analyses._study import Study
from data._misfit import warning
from data._regression import Regression
from reports.blocks.blocks import Block
from reports.page.rendering import Section
from reports.regression import effects as effect_words, fitted
from workflow.checking.checks import StatisticCheck
from workflow.regression import dependence, effects as effect_draws, left_over, pictured
from workflow.regression.averaged import Modelled
from workflow.regression.hanging import Hanging


def kind(study: Study, found: Regression, *, lost: str = "", formula: str | None = None) -> None:
    """Warn where the outcome is plainly of a kind that another case is for, and name that.

    `lost` is what this case loses, if it is not what a linear regression does; `formula` the one
    that is meant, where it is not the study's.
    """
    asked = study.settings["reading"].outcome, formula or study.settings["formula"]
    if said := warning(study.case, found, study.settings["data"], *asked, lost):
        study.warn(*said)


def effects(
    study: Study,
    posterior: xr.Dataset,
    found: Modelled,
    name: str,
    hanging: Hanging,
    *,
    kind: str = "identity",
) -> Section:
    """Add what each column does to the outcome, on its own scale: figure and comparisons.

    `kind` is that of the scale: "identity", "logit" where the outcome is 0 or 1, or "share".
    """
    made = effect_draws.effects(posterior, found, name, kind=kind, seed=study.seed)
    title = f"What does each term do to {made.name}?"
    return study.section(title, *effect_words.blocks(made, hanging))


def fit(
    study: Study,
    posterior: xr.Dataset,
    found: Modelled,
    name: str,
    checks: Sequence[StatisticCheck],
    *,
    ordered: bool = False,
    p: np.ndarray | None = None,
    known: np.ndarray | None = None,
    tree: xr.DataTree | None = None,
    instead: tuple[pd.Series, pd.Series] | None = None,
    remedies: Mapping[str, str] = {},
) -> list[Block]:
    """Return the pictures of a fit, each with the warnings that it shows, for `study.fit`.

    `p` are the fitted probabilities of the rows looked at, where the outcome is 0 or 1; `known` the
    same given what is known of rows with gaps, of which `found` has one value each. `tree` has
    observed and predicted outcomes where they are not those of the study, such as of one cut;
    `instead` is what stands for the line and for the residuals, and `remedies` for what helps.
    """
    tree = study.tree if tree is None else tree
    at, columns = study.rows, found.columns.iloc[study.rows, 1:]
    y, terms = found.outcome.iloc[at], found.terms.iloc[at]
    line = dependence.line(posterior, terms) if p is None else pd.Series(p, y.index)
    line, left = instead or (line, y - line)
    sd = None if p is None else np.sqrt(line * (1 - line))
    known = p if known is None else known
    shape = pictured.overlay(tree) if known is None else pictured.binned(tree, known)
    pit = pictured.pit(tree, seed=study.seed) if p is None else None
    panels = left_over.panels(line, left, columns, ordered=ordered, sd=sd)
    along = left_over.along(left, columns)
    many: dict[str, Any] = {"columns": columns.shape[1], "logged": found.logged is not None}
    many["remedies"] = remedies
    return fitted.blocks(shape, pit, panels, checks, along, name, **many)
