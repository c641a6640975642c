"""A trend in words and tables: what is assumed of it, its slope, and whether it predicts."""

from collections.abc import Mapping
from dataclasses import replace

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import apart, estimate, figure, probability
from reports.page.page import Report
from reports.series.level import Words, between
from reports.series.level_tables import EXACT
from reports.series.season import predicts
from workflow.quantities import INTERVAL, Quantity, Scalar
from workflow.series.accounts import Series
from workflow.series.changed import Rule, Verdict
from workflow.series.left_out import ERRORS, Scores, gained
from workflow.series.mixture import Mixture
from workflow.series.seasonal import Seasonal

TOLD = 0.95  # probability of a direction at which it is told as one
RULE = (
    " All three have the trend: a level that stays goes on along a straight line, and what the "
    "trend adds is no part of the change."
)
HOW_SLOPES = (
    "One row an account: by how much the level goes up in each step of time (down: below zero), "
    "beside what else moves it, and the probability that it goes up. Exact; the last row is by "
    f"NUTS. Median and {INTERVAL}. A level that drifts makes a slope of its own by chance, so that "
    "its row is the widest. Good are rows that say the same direction."
)


def there(series: Series) -> bool:
    """Say whether there is a trend."""
    return isinstance(series, Seasonal) and series.trend


def aside(rule: Rule, words: Words) -> Words:
    """Return words that say of what a level is told, season and trend aside."""
    season = isinstance(rule.series, Seasonal) and rule.series.season > 1
    if not there(rule.series):
        return replace(words, aside=", its season aside," if season else "")
    up = probability(Scalar(1 - rule.verdict.slope.below(0), EXACT))
    known = rule.verdict.slope.known()
    middle, low, high = apart(known.median, known.lower, known.upper, digits=3)
    return replace(
        words,
        aside=f", apart from its {'season and its ' if season else ''}trend of {middle} a "
        f"{words.unit} (95% {low} to {high}; up with probability {up}),",
        then=f" in {words.seen[-1]}",
    )


def prior(slope_sd: float | None, *, given: bool) -> str:
    """Say what is expected of a slope beforehand; nothing without one."""
    if slope_sd is None:
        return ""
    said = f" The slope of the trend, a step, has the mean 0 and the prior sd {figure(slope_sd)}"
    if given:
        return f"{said}."
    return (
        f"{said}: a slope alone would go from the lowest to the highest value with it, to one "
        "digit (else --slope-sd)."
    )


def slopes(verdict: Verdict, found: Mapping[str, Quantity], unit: str) -> Table:
    """Return the slope by each account, by all together, and by NUTS."""

    def row(name: str, slope: Mixture) -> tuple[Cell, ...]:
        up = probability(Scalar(1 - slope.below(0), EXACT))
        return (name, between(slope.known()), up)

    rows = [row(one.name, one.slope) for one in verdict.accounts]
    rows.append(row("together", verdict.slope))
    rows.append(("drifts, by NUTS", estimate(found["slope"]), NONE))
    columns = ("the level", f"slope, a {unit} (95%)", "goes up")
    return Table("The slope of the trend", columns, tuple(rows), HOW_SLOPES)


def line(verdict: Verdict, scores: tuple[Scores, Scores], unit: str) -> str:
    """Say where the trend goes, and whether it predicts, in a line."""
    slope = verdict.slope
    up = 1 - slope.below(0)
    down = up < 1 / 2
    which = "down" if down else "up"
    p = probability(Scalar(max(up, 1 - up), EXACT))
    sure = f"probability {p}" if max(up, 1 - up) >= TOLD else f"which is not sure: probability {p}"
    return (
        f"It goes {which} by {between(slope.known(), down=down)} a {unit} ({sure}); "
        f"{predicts(verdict, scores)}."
    )


def warn(report: Report, verdict: Verdict, scores: tuple[Scores, Scores]) -> None:
    """Warn where values are predicted worse with a trend than without."""
    name = verdict.likeliest
    more, error = gained(*scores, name)
    if more < -ERRORS * error:
        report.warn(
            f"With a trend the last {scores[0].values:,} values are predicted worse than without, "
            f"if the level {name}: by {figure(-more)} in log density, standard error "
            f"{figure(error)}.",
            "The slope did not stay the same: leave --trend out, or let it change (--turning), and "
            "do not rely on forecasts that go on with it.",
        )
