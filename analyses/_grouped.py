"""Rows that have groups, (1 | group) in the formula: what a model takes, and what a page says."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import typer
import xarray as xr

from analyses._study import Study
from data._regression import Regression
from reports.regression import grouped as words
from workflow.checking.checks import StatisticCheck, posterior_check
from workflow.quantities import Quantity, named, summarise
from workflow.regression import dependence, grouped
from workflow.regression.residuals import predicted_from

SPREADS = {"between": (0.3, 1.0, 3.0)}  # of the prior sweep


def knob(found: Regression, between: float | None, usual: float = 1.0) -> dict[str, float]:
    """Return the prior scale of the sd between groups as the knob that it is; none without groups.

    Raises
    ------
    typer.BadParameter
        It was given, and rows have no groups.
    """
    if found.groups is not None:
        return {"between": usual if between is None else between}
    if between is not None:
        raise typer.BadParameter(
            "--between is about how much groups differ, and there are none: name their column in "
            "--formula, as in 'y ~ x + (1 | group)'"
        )
    return {}


def level_sd(level_sd: float, varying: Mapping[str, float]) -> float:
    """Return the prior sd of the linear predictor of an average row, with what its group adds."""
    return float(np.hypot(level_sd, varying.get("between", 0.0)))


def knob_words(varying: Mapping[str, float]) -> str:
    """Name the knob, for what the sweep changes; nothing without groups."""
    return ", and the prior scale of the sd between groups" if varying else ""


def told(
    study: Study,
    posterior: xr.Dataset,
    found: Regression,
    unit: str,
    *,
    noise: str | None = None,
    mean: Callable[[np.ndarray], np.ndarray] | None = np.asarray,
) -> dict[str, Quantity]:
    """Add how much groups differ, each of them, and whether slopes differ; return the quantities.

    Parameters
    ----------
    unit
        Of the linear predictor, as “units of y”.
    noise
        The variable that is the sd of a row within its group, where there is one.
    mean
        From the linear predictor to the mean of the outcome; None: slopes are not looked at.
    """
    if found.groups is None:
        return {}
    column, sizes = str(found.groups.of_row.name), found.groups.of_row.value_counts().to_dict()
    own = posterior[["group_sd", "offset"]]
    if noise is not None:
        within = posterior[noise]
        own = own.assign(noise=within, intraclass=grouped.intraclass(posterior, within))
    quantities = summarise(own)
    spread = named(quantities, "group_sd", "noise", "intraclass")
    checks, term = _slopes(study, posterior, found, mean) if mean else ([], "")
    slopes = words.slopes(checks, term, looked=mean is not None)
    between, known = float(study.settings["between"]), study.model.named_vars
    sd = float(study.model["outcome_sd"].get_value()) if "outcome_sd" in known else 1.0
    about = column, sizes, named(quantities, "offset"), spread, unit, between, sd
    title = f"How much do groups of {column} differ?"
    study.section(title, *words.blocks(*about), *slopes)
    words.warn_of_few(study.page, column, len(sizes))
    words.warn_of_slopes(study.page, checks, column, term)
    return {name: quantities[name] for name in ("intraclass",) if name in quantities}


def _slopes(
    study: Study, posterior: xr.Dataset, found: Regression, mean: Callable[..., Any]
) -> tuple[list[StatisticCheck], str]:
    """Return the check whether slopes differ between groups, and of which term they do most."""
    terms = found.terms.iloc[study.rows]
    used = predicted_from(study.tree)
    statistics: Mapping[str, Any] = grouped.slopes_differ(used, terms, mean=mean)
    if not statistics:
        return [], ""
    line = dependence.line(posterior, terms)
    left = found.outcome.loc[terms.index] - mean(line.to_numpy())
    term = grouped.which_differs(posterior, terms, left)
    return posterior_check(study.tree, "y", statistics), term
