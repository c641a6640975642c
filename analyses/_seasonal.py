"""A season or a trend of a series: the model's part of it, and what the page says of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import typer

from analyses._study import Study
from reports.series import level_tables as tables, season as seasons, trend as trends
from reports.series.trend import aside
from workflow.quantities import Quantity, Scalar
from workflow.series.accounts import Prior, Series, usual
from workflow.series.changed import FACTORS, Rule
from workflow.series.left_out import Scores, scores_of
from workflow.series.seasonal import Seasonal, SeasonPrior, flat, usual_beside, usual_pattern

__all__ = ["Course", "add_season", "add_trend", "aside", "effects_of", "held"]


@dataclass(frozen=True)
class Course:
    """Options of a season (its steps, prior sd of an effect) and of a trend (that of its slope).

    Raises
    ------
    typer.BadParameter
        There is a prior of a season, or of a slope, and no season or trend.
    """

    season: int | None
    pattern: float | None
    trend: bool
    slope_sd: float | None

    def __post_init__(self) -> None:
        if self.season is None and self.pattern is not None:
            raise typer.BadParameter("--pattern is the prior of a season: give --season too")
        if not self.trend and self.slope_sd is not None:
            raise typer.BadParameter("--slope-sd is the prior of a trend: give --trend too")

    def scale(self, y: np.ndarray, at: np.ndarray) -> float:
        """Return a scale for noise and a step of the level: season and trend have no part in it."""
        y = flat(y, at, self.season or 1)[0] if self.trend else y
        return usual(y) if self.season is None else usual_beside(y, at, self.season)

    @property
    def names(self) -> list[str]:
        """What season and trend are called in the model."""
        return [*["season"] * (self.season is not None), *["slope"] * self.trend]

    @property
    def advice(self) -> str:
        """What may be put into the model that is not there yet, behind a semicolon."""
        season = (
            "; a season is put into the model by --season 12, say, or goes away in means over "
            "whole ones (--means 12)"
        )
        trend = "; a slope that goes on, by --trend"
        return season * (self.season is None) + trend * (not self.trend)

    @property
    def rule(self) -> str:
        """What the rule of the decision says of a trend."""
        return trends.RULE if self.trend else ""

    def assumed(self, places: Sequence[str], unit: str) -> str:
        """Say what is assumed of the level, of season and trend."""
        return seasons.assumed(places, unit, trend=self.trend)

    def prior(self, effects: Mapping[str, Any]) -> str:
        """Say what is expected of season and trend beforehand."""
        of_season = seasons.prior(effects.get("pattern"), given=self.pattern is not None)
        return of_season + trends.prior(effects.get("slope_sd"), given=self.slope_sd is not None)

    def series(self, y: np.ndarray, at: np.ndarray, prior: Prior) -> Series:
        """Return values at times, with season and trend or without."""
        if self.season is None and not self.trend:
            return Series(y, at, prior)
        season, of = self.season or 1, {}
        left, slope_sd = flat(y, at, season) if self.trend else (y, 0.0)
        if self.season is not None:
            of["pattern"] = self.pattern or usual_pattern(left, season)
        if self.trend:
            of["slope_sd"] = self.slope_sd or slope_sd
        return Seasonal(y, at, SeasonPrior(**vars(prior), **of), season)


def effects_of(values: Series, places: Sequence[str]) -> dict[str, Any]:
    """Return what the model has to know of season and trend; nothing without them."""
    found: dict[str, Any] = {}
    if isinstance(values, Seasonal) and places:
        found |= {"phases": places, "pattern": values.prior.pattern}
    if isinstance(values, Seasonal) and values.trend:
        found["slope_sd"] = values.prior.slope_sd
    return found


def held(values: Series) -> dict[str, float]:
    """Return the knobs of the prior that there are: none of a season or a trend that is not."""
    found = dict(vars(values.prior))
    for name, there in (("pattern", places_of(values) > 1), ("slope_sd", trends.there(values))):
        if not there:
            found.pop(name, None)
    return found


def places_of(values: Series) -> int:
    """Return of how many steps the season is; of one is none."""
    return values.season if isinstance(values, Seasonal) else 1


def add_season(
    study: Study, rule: Rule, found: Mapping[str, Quantity], scores: Scores, places: Sequence[str]
) -> None:
    """Add the season's pattern, whether it predicts, and what its prior does; nothing without."""
    values = rule.series
    if not isinstance(values, Seasonal) or not places:
        return
    without = Series(values.y, values.times, values.prior)
    if values.trend:
        without = replace(values, prior=replace(values.prior, pattern=0.0), season=1)
    both = scores, scores_of(without)
    study.section(
        "Does a season come again?",
        seasons.pattern(rule.verdict, found, places),
        seasons.gain(*both, "season"),
        _other_priors(rule, "pattern", values.prior.pattern, "season"),
        line=seasons.line(rule.verdict, both, places),
    )
    seasons.warn(study.page, rule.verdict, both)


def add_trend(
    study: Study, rule: Rule, found: Mapping[str, Quantity], scores: Scores, unit: str
) -> dict[str, Scalar]:
    """Add the trend's slope, whether it predicts, and what its prior does; nothing without.

    Return the probability that it goes up.
    """
    values = rule.series
    if not isinstance(values, Seasonal) or not values.trend:
        return {}
    both = scores, scores_of(values.under(slope_sd=0.0))
    study.section(
        "Does it go on in one direction?",
        trends.slopes(rule.verdict, found, unit),
        seasons.gain(*both, "trend"),
        _other_priors(rule, "slope_sd", values.prior.slope_sd, "trend"),
        line=trends.line(rule.verdict, both, unit),
    )
    trends.warn(study.page, rule.verdict, both)
    return {"prob_slope_above_0": Scalar(1 - rule.verdict.slope.below(0), math.nan)}


def _other_priors(rule: Rule, knob: str, own: float, of: str) -> Any:
    found = tables.priors(rule, {knob: [one * own for one in FACTORS]})
    return replace(found, caption=f"The decision by the {of}'s prior, exact")
