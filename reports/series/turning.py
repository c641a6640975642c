"""Does a level rise or fall at the end? The answer in sentences, tables, and a warning."""

import math
from collections.abc import Mapping, Sequence
from itertools import product

from reports.blocks.blocks import NONE as NOTHING, Cell, Table
from reports.blocks.numbers import MILLION, estimate, figure, probability, times
from reports.page.page import Report
from reports.series.level import Words, between
from reports.series.level_tables import EXACT
from workflow.deciding.decision import UNDECIDED
from workflow.quantities import INTERVAL, Quantity, Scalar
from workflow.series.account import Account
from workflow.series.directions import Turning
from workflow.series.left_out import Scores
from workflow.series.mixture import Mixture
from workflow.series.rising import CHANGING, FALLING, NONE, STEADY, Rule

ASSUMED = (
    "In every step of time the level goes on by its slope, and beside it moves at random; the "
    "slope itself moves at random, by as much in any step. Noise is normal and as large "
    "everywhere. A sudden jump of the level, or a sudden turn, is not a part of this model: it is "
    "spread over the steps about it, and a jump is looked for below. Two rivals have the same "
    "noise and the same steps of the level: one whose slope stays the same, and one without."
)
RULE = (
    "Rule: call the level rising, or falling, at the last time with a value once its slope is "
    "above 0 there, or below, with probability {sure:g} (--sure), if the slope changes; else "
    "nothing is decided. The slope is what the level is expected to go on by in the next step: by "
    "chance it may go the other way for a while. Whether the level jumped is not asked here: "
    "without --turning it is."
)
HOW_SLOPES = (
    "One row an account of the slope. Slope: by how much the level goes on in a step at the last "
    "time (down: below zero), and the probability that it goes up. The next value is what is "
    f"expected of it. Exact, median and {INTERVAL}. The decision is by the row “{CHANGING}”, of "
    "which a steady slope is a part. Good are rows that say the same direction."
)
HOW_ESTIMATES = (
    f"Median and {INTERVAL} of each quantity by NUTS, if the slope changes. A slope is told by the "
    "step, at the first and the last time. A value is off its level by noise: a forecast has both, "
    "and the further ahead, the wider it is, since level and slope go on moving."
)
HOW_SCORES = (
    "One row an account. Each of the last values of the series is predicted by those before "
    "it alone, whatever the sds are; the log density that it gets is summed up. Behind the best: "
    "the difference, and its standard error over the values. Good is a best account that is ahead "
    "by several errors; less than two cannot be told from none. Evidence is the logarithm of how "
    "probable all values are, less that of the best: it hangs on the priors, predictions hardly."
)
HOW_PRIORS = (
    "One row a prior, exact: its scale of a step of the slope (--bend), and the sd of the first "
    "slope (--slope-sd). Goes up: the probability that the level rises at the last time. Good is "
    "the same decision in all rows."
)


def prior(series: Turning, *, given: bool) -> str:
    """Say what the prior expects, and where its scales come from."""
    one = series.prior
    said = (
        f"The sd of a value about its level is half normal with scale {figure(one.noise)}, that of "
        f"a step of the level beside its slope with scale {figure(one.drift)}, and that of a step "
        f"of the slope with scale {figure(one.bend)}. The first slope has the mean 0 and the sd "
        f"{figure(one.slope_sd)}; the first level is expected at {figure(one.start, 4)}, give or "
        f"take {figure(one.start_sd)}."
    )
    if given:
        return said
    return (
        f"{said} Scales of noise and level are the root mean square of the differences of "
        "neighbours, less the straight line that fits best. With its sd a first slope alone would "
        "go from the lowest to the highest value, and with that scale of its steps a level would "
        "go through this range and back, turning once. All to one digit. This uses the data twice; "
        "if you know, say it with --noise, --drift, --bend and --slope-sd."
    )


def answer(decision: str | None, rule: Rule, words: Words) -> str:
    """Say the decision in a sentence with its numbers, what comes next, and whether it changed."""
    last, slope = words.seen[-1], rule.series.slope.known()
    following = f"Expected for {words.ahead[0]}: {between(rule.series.ahead(1).known())}."
    up, level = rule.rises(), f"level of {words.name}"
    if decision == UNDECIDED or decision is None:
        said = (
            f"Not decided whether the {level} is rising or falling in {last}: its slope there is "
            f"{between(slope)} a {words.unit}, and it goes up with probability {_p(up)}; "
            f"{rule.sure:g} was asked for a side."
        )
    else:
        down = decision == FALLING
        said = (
            f"The {level} is {decision} in {last}, by {between(slope, down=down)} a {words.unit}, "
            f"with probability {_p(1 - up if down else up)}; {rule.sure:g} was asked for."
        )
    return f"{said} {following} {changes(rule)}"


def _p(p: float) -> str:
    return probability(Scalar(p, EXACT))


def changes(rule: Rule) -> str:
    """Say how much more probable the values are with a slope that changes."""
    log = rule.log_bayes_factor
    more = "more than a million" if abs(log) > math.log(MILLION) else times(abs(log))
    kinds = "a slope that changes", "a steady one"
    one, other = kinds if log > 0 else ("a steady slope", "one that changes")
    return f"The values are {more} times more probable with {one} than with {other}."


def of_slopes(rule: Rule, words: Words) -> Table:
    """Return the slope by each account of it, and the next value."""

    def row(name: str, slope: Mixture | None, ahead: Mixture) -> tuple[Cell, ...]:
        told = (NOTHING, NOTHING) if slope is None else (between(slope.known()), _up(slope))
        return (name, *told, between(ahead.known()))

    def of(name: str, one: Account | Turning) -> tuple[Cell, ...]:
        return row(name, None if name == NONE else one.slope, one.ahead(1))

    rows = (of(CHANGING, rule.series), of(STEADY, rule.steady), of(NONE, rule.none))
    last = words.seen[-1]
    columns = ("the slope", f"in {last}, a {words.unit}", "goes up", words.ahead[0])
    return Table(f"The slope in {last} by three accounts", columns, rows, HOW_SLOPES)


def _up(slope: Mixture) -> str:
    return _p(1 - slope.below(0))


def estimates(found: Mapping[str, Quantity], words: Words) -> Table:
    """Return the sds, level and slope at both ends, and the forecasts."""
    ends = (words.seen[0], words.seen[-1])
    named = {
        "sd of a value about its level": "sigma_observation",
        f"sd of a step of the level, a {words.unit}": "sigma_level",
        f"sd of a step of the slope, a {words.unit}": "sigma_slope",
        **{f"level in {one}": f"level[{one}]" for one in ends},
        **{f"slope in {one}, a {words.unit}": f"slope[{one}]" for one in ends},
        **{f"value in {one}": f"forecast[{one}]" for one in words.ahead},
    }
    rows = tuple((said, estimate(found[name])) for said, name in named.items())
    caption = "Quantities, if the slope changes"
    return Table(caption, ("quantity", "median (95%)"), rows, HOW_ESTIMATES)


def scores(of: Scores, rule: Rule) -> Table:
    """Return how well each account predicts the later values, and its evidence."""
    best = max(rule.logs.values())

    def row(name: str) -> tuple[Cell, ...]:
        gap, error = of.behind(name)
        behind = NOTHING if name == of.best else f"{figure(gap)} ({figure(error)})"
        worse = NOTHING if name == of.best else "yes" if of.told(name) else "cannot tell"
        return (name, figure(of.elpd[name], 4), behind, worse, figure(rule.logs[name] - best))

    columns = ("the slope", "log density", "behind the best (error)", "worse", "evidence")
    caption = f"The last {of.values:,} values, each predicted by those before it"
    return Table(caption, columns, tuple(map(row, of.of)), HOW_SCORES)


def priors(rule: Rule, knobs: Mapping[str, Sequence[float]]) -> Table:
    """Return the exact decision under each prior of the grid."""
    rows = tuple(
        (
            *map(figure, values),
            _p(rule.rises(**(prior := dict(zip(knobs, values, strict=True))))),
            rule.exact(**prior),
        )
        for values in product(*knobs.values())
    )
    columns = (*(f"--{name.replace('_', '-')}" for name in knobs), "goes up", "the level is")
    return Table("The decision by the slope's priors, exact", columns, rows, HOW_PRIORS)


def warn(report: Report, rule: Rule, of: Scores) -> None:
    """Warn where a slope that changes predicts worse than another account, beyond chance."""
    if of.told(CHANGING):
        gap, error = of.behind(CHANGING)
        instead = "leave --turning out" + " and give --trend" * (of.best == STEADY)
        report.warn(
            f"A slope that changes predicts the last {of.values:,} values worse than "
            f"“{of.best}”: by {figure(-gap)} in log density, standard error {figure(error)}.",
            f"Changes of the slope do not help to predict here: {instead}, and do not act on what "
            "the accounts disagree about.",
        )
