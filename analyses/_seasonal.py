"""A season of a series: the model's part of it, and what the page says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import typer

from analyses._study import Study
from reports.series import level_tables as tables, season as words
from workflow.quantities import Quantity
from workflow.series.accounts import Prior, Series, usual
from workflow.series.changed import FACTORS, Rule
from workflow.series.left_out import Scores, scores_of
from workflow.series.seasonal import Seasonal, SeasonPrior, usual_beside, usual_pattern


def scale_of(y: np.ndarray, at: np.ndarray, season: int | None) -> float:
    """Return a scale for noise and for a step of the level: the season has no part in it."""
    return usual(y) if season is None else usual_beside(y, at, season)


def series_of(
    y: np.ndarray, at: np.ndarray, prior: Prior, season: int | None, pattern: float | None
) -> Series:
    """Return values at times, with a season or without one.

    Raises
    ------
    typer.BadParameter
        There is a prior of a season, and no season.
    """
    if season is None:
        if pattern is not None:
            raise typer.BadParameter("--pattern is the prior of a season: give --season too")
        return Series(y, at, prior)
    seasonal = SeasonPrior(**vars(prior), pattern=pattern or usual_pattern(y, season))
    return Seasonal(y, at, seasonal, season)


def season_of(values: Series, places: Sequence[str]) -> dict[str, Any]:
    """Return what the model has to know of the season; nothing without one."""
    if not isinstance(values, Seasonal):
        return {}
    return {"phases": places, "pattern": values.prior.pattern}


def add_season(
    study: Study, rule: Rule, found: Mapping[str, Quantity], scores: Scores, places: Sequence[str]
) -> None:
    """Add the season's pattern, whether it predicts, and what its prior does; nothing without."""
    values = rule.series
    if not isinstance(values, Seasonal):
        return
    without = Series(values.y, values.times, values.prior)
    both = scores, scores_of(without)
    other = {"pattern": [one * values.prior.pattern for one in FACTORS]}
    study.section(
        "Does a season come again?",
        words.pattern(rule.verdict, found, places),
        words.gain(*both),
        replace(tables.priors(rule, other), caption="The decision by the season's prior, exact"),
        line=words.line(rule.verdict, both, places),
    )
    words.warn(study.page, rule.verdict, both)
