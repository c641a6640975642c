"""A season in words and tables: what is assumed of it, its pattern, and whether it predicts."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import Cell, Table
from reports.blocks.numbers import estimate, figure
from reports.page.page import Report
from reports.series.level import between
from workflow.quantities import INTERVAL, Quantity
from workflow.series.changed import Verdict
from workflow.series.left_out import ERRORS, Scores, gained

HOW_PATTERN = (
    "One row a place of the period: by how much a value there is above its level, or below; all "
    "effects sum to zero. Together: exact, averaged over the three accounts. If it drifts: the "
    f"level drifts, by NUTS. Median and {INTERVAL}. Good are two columns that say the same."
)
HOW_GAIN = (
    "One row an account: the log density of the last values, each predicted by those before it "
    "alone, with season (or trend) and without one; the difference, and its standard error over "
    "the values. Good is a difference above zero by several errors; less than two cannot be told "
    "from none. Noise and steps of the level have the same priors with and without."
)


def assumed(places: Sequence[str], unit: str, *, trend: bool = False) -> str:
    """Say what is assumed of a level, with a season and a trend or without."""
    season = (
        f"The season comes again every {len(places)} {unit}s and is the same in every period; its "
        "effects sum to zero, and what is said of the level is said of it without the season. "
        if places
        else ""
    )
    on = (
        f"the trend adds the same slope in every {unit}, which does not change"
        if trend
        else "does not go on in one direction"
        if places
        else "neither knows a season nor goes on in one direction"
    )
    return (
        f"{season}The level moves by as much in any step of time, and {on}; noise is normal and as "
        "large everywhere. What contradicts that is looked for below. Two rivals have the same "
        "noise and the same first level: one whose level stays, and one whose level jumps once, at "
        "any boundary between two values alike."
    )


def prior(pattern: float | None, *, given: bool) -> str:
    """Say what is expected of a season beforehand; nothing without one."""
    if pattern is None:
        return ""
    said = f" An effect of the season has the prior sd {figure(pattern)}"
    if given:
        return f"{said}."
    return f"{said}: the sd of values within a period, to one digit (else --pattern)."


def pattern(verdict: Verdict, found: Mapping[str, Quantity], places: Sequence[str]) -> Table:
    """Return the season's effects, a row a place of the period."""
    rows = tuple(
        (name, between(verdict.effect(i).known()), estimate(found[f"season[{name}]"]))
        for i, name in enumerate(places)
    )
    columns = ("place", "together (95%)", "if it drifts (95%)")
    return Table(f"The season, {len(places)} places", columns, rows, HOW_PATTERN)


def gain(with_it: Scores, without: Scores, it: str) -> Table:
    """Return how much better values are predicted with a season, or a trend, than without."""

    def row(name: str) -> tuple[Cell, ...]:
        more, error = gained(with_it, without, name)
        each = (figure(one.elpd[name], 4) for one in (with_it, without))
        return (name, *each, f"{figure(more)} ({figure(error)})")

    columns = ("the level", f"with the {it}", "without", "better by (error)")
    caption = f"The last {with_it.values:,} values, predicted with a {it} and without"
    return Table(caption, columns, tuple(map(row, with_it.of)), HOW_GAIN)


def line(verdict: Verdict, scores: tuple[Scores, Scores], places: Sequence[str]) -> str:
    """Say where the season is highest and lowest, and whether it predicts, in a line."""
    effects = [verdict.effect(i).known() for i in range(len(places))]
    middle = [one.median for one in effects]
    top, bottom = (middle.index(one) for one in (max(middle), min(middle)))
    return (
        f"Highest in {places[top]}, by {between(effects[top])}, and lowest in {places[bottom]}, by "
        f"{between(effects[bottom])}; {predicts(verdict, scores)}."
    )


def predicts(verdict: Verdict, scores: tuple[Scores, Scores]) -> str:
    """Say whether the likeliest account predicts better with a season, or trend, than without."""
    name = verdict.likeliest
    more, error = gained(*scores, name)
    if abs(more) <= ERRORS * error:
        return "whether it predicts better than none cannot be told"
    return f"with it values are predicted {'better' if more > 0 else 'worse'} than without"


def warn(report: Report, verdict: Verdict, scores: tuple[Scores, Scores]) -> None:
    """Warn where values are predicted worse with a season than without."""
    name = verdict.likeliest
    more, error = gained(*scores, name)
    if more < -ERRORS * error:
        report.warn(
            f"With a season the last {scores[0].values:,} values are predicted worse than without, "
            f"if the level {name}: by {figure(-more)} in log density, standard error "
            f"{figure(error)}.",
            "The pattern did not come again: leave --season out, or look whether it changed.",
        )
