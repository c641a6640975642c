"""Has a rate changed, and when? The answer in a sentence, the result as one table, warnings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import estimate, figure, interval, number, probability
from reports.page.page import Report
from workflow.deciding.decision import UNDECIDED
from workflow.quantities import INTERVAL, TAILS, Quantity, Scalar
from workflow.rates.changed import CHANGED, FALLEN, RISEN, SAME, Rule
from workflow.rates.step import Step

FEW = 2  # periods at an end: a change that they alone tell may be a single odd count
MOVED = 0.5  # posterior sds of the log ratio by which the ends may move it
MILLION = 1_000_000
SHOWN = 8  # boundaries in the table
HOW_SAID = (
    "One row a statement that could be made. Evidence: how many times more probable the counts are "
    "with one change at an unknown boundary than with one constant rate (for “unchanged”, the "
    "other way round), exact. That has to reach what was asked for (--evidence); the side of the "
    "change then needs its own probability (--sure), which is shown by NUTS and exactly."
)
HOW_ESTIMATES = (
    f"Median and {INTERVAL} of each quantity by NUTS, if there was one change. The ratio is that "
    "of the rate after to the rate before: below 1 the rate has fallen. Good is an interval of the "
    "ratio far from 1, and one of the change that spans few periods."
)
HOW_WHEN = (
    "One row a possible first period of the new rate, the most probable first, exact. Observed are "
    "events a period before it and from it on. Good is a first row with most of the probability; "
    "many rows alike say that when it was is not known, or that it was no sudden change."
)
HOW_ENDS = (
    "One row a choice of periods. The first and the last are often incomplete: their counts are "
    "then too small. Good is a second row that says the same as the first."
)


@dataclass(frozen=True)
class Words:
    """What is counted, what a period is called, and what each period is called."""

    events: str
    unit: str
    labels: Sequence[str]

    @property
    def rate(self) -> str:
        """The unit of a rate."""
        return f"{self.events} a {self.unit}"

    @property
    def span(self) -> str:
        """From which period to which."""
        return f"{self.labels[0]} to {self.labels[-1]}"

    def boundary(self, place: int) -> str:
        """Return what the period after a boundary is called."""
        return self.labels[place + 1]


def data(step: Step, words: Words) -> str:
    """Say what is in the data."""
    n, events = len(step.counts), int(step.counts.sum())
    return (
        f"{events:,} {words.events} in {n:,} periods (a {words.unit} each), {words.span}: "
        f"{figure(events / n)} a {words.unit}; {int((step.counts == 0).sum()):,} periods have none."
    )


def prior(step: Step, words: Words, *, given: bool) -> str:
    """Say what the prior expects of a rate, and where its mean comes from."""
    low, high = stats.gamma(step.shape, scale=step.mean / step.shape).ppf(TAILS)
    said = (
        f"Both rates have the prior Gamma with mean {figure(step.mean)} and shape {step.shape:g}, "
        f"95% between {figure(float(low))} and {figure(float(high))} {words.rate}."
    )
    if given:
        return said
    return (
        f"{said} The mean is the overall rate of the file, to one digit, which uses the data "
        "twice, but says nothing of a change; if you know the scale, say it with --prior-mean."
    )


def answer(decision: str | None, rule: Rule, found: Mapping[str, Quantity], words: Words) -> str:
    """Say the decision in a sentence with its numbers."""
    step, log = rule.step, rule.step.log_bayes_factor
    ratio, before, after = (found[name] for name in ("ratio", "rate_before", "rate_after"))
    factor = (
        f"{number(ratio.median, ratio.mcse_median)} times what it was ({INTERVAL} "
        f"{interval(ratio)})"
    )
    at = (
        f"most probably from {words.boundary(step.mode)} on (95%: {words.boundary(ends(step)[0])} "
        f"to {words.boundary(ends(step)[1])})"
    )
    rates = (
        f"from {number(before.median, before.mcse_median)} to "
        f"{number(after.median, after.mcse_median)} {words.rate}"
    )
    more = "more than a million" if abs(log) > np.log(MILLION) else times(abs(log))
    with_one = f"The counts are {more} times more probable with one change"
    if decision in (FALLEN, RISEN):
        return (
            f"The rate of {words.events} has {decision}, to {factor}: {rates}, {at}. {with_one} "
            "than with none."
        )
    if decision == CHANGED:
        return (
            f"The rate of {words.events} has changed, but to which side is not sure: it is "
            f"{factor} after a change, {at}. {with_one} than with none."
        )
    if decision == SAME:
        return (
            f"No change: the counts are {more} times more probable with one constant "
            f"rate of {words.events}, {constant(step)} a {words.unit}, than with one change."
        )
    side = "one change than with none" if log > 0 else "one constant rate than with a change"
    return (
        f"Not decided: the counts are only {more} times more probable with {side}, and "
        f"{rule.evidence:g} was asked for. If the rate of {words.events} changed, it is {factor}."
    )


def constant(step: Step) -> str:
    """Return mean and central 95% of the rate, if it never changed; exact."""
    n = len(step.counts)
    same = stats.gamma(step.shape + step.counts.sum(), scale=1 / (step.shape / step.mean + n))
    low, high = (figure(float(one)) for one in same.ppf(TAILS))
    return f"{figure(float(same.mean()))} (95% {low} to {high})"


def ends(step: Step) -> tuple[int, int]:
    """Return the boundaries at both ends of the central 95% of the change point."""
    low, high = (step.place(p) for p in TAILS)
    return low, high


def said(decision: str | None, rule: Rule, fallen: Scalar, exact: float) -> Table:
    """Return the statements that could be made, a row each, and which one is."""
    log = rule.step.log_bayes_factor
    risen = Scalar(1 - fallen.value, fallen.mcse)

    def row(side: str, by_nuts: Scalar, known: float) -> tuple[Cell, ...]:
        near = probability(Scalar(known, 1e-4))
        made = "yes" if decision == side else "no"
        return (side, times(log), probability(by_nuts), near, made)

    rows = (
        row(FALLEN, fallen, exact),
        row(RISEN, risen, 1 - exact),
        (SAME, times(-log), NONE, NONE, "yes" if decision == SAME else "no"),
    )
    caption = f"What can be said; evidence {rule.evidence:g} and side {rule.sure:g} are asked for"
    columns = ("statement", "evidence", "side, NUTS", "exact", "made")
    return Table(caption, columns, rows, HOW_SAID)


def times(log: float) -> str:
    """Format a factor of this logarithm; beyond a million, or below a millionth, as a bound."""
    if abs(log) > np.log(MILLION):
        return f"> {MILLION:,}" if log > 0 else f"< {1 / MILLION:.6f}"
    return figure(float(np.exp(log)))


def estimates(found: Mapping[str, Quantity], step: Step, words: Words) -> Table:
    """Return rates, their ratio and the change as median and interval."""
    low, high = ends(step)
    when = f"{words.boundary(step.place(0.5))} ({words.boundary(low)} to {words.boundary(high)})"
    rows = (
        ("rate before", estimate(found["rate_before"]), words.rate),
        ("rate after", estimate(found["rate_after"]), words.rate),
        ("ratio, after to before", estimate(found["ratio"]), "times"),
        ("first with the new rate (exact)", when, words.unit),
    )
    return Table(
        "If there was one change", ("quantity", "median (95%)", "unit"), rows, HOW_ESTIMATES
    )


def when(step: Step, words: Words) -> Table:
    """Return the most probable boundaries."""
    order = np.argsort(-step.weights, kind="stable")[:SHOWN]
    total, n = float(step.counts.sum()), len(step.counts)
    rows = tuple(
        (
            words.boundary(int(k)),
            probability(Scalar(float(step.weights[k]), 1e-4)),
            figure(float(step.early[k] / (k + 1))),
            figure(float((total - step.early[k]) / (n - k - 1))),
        )
        for k in order
    )
    columns = ("from", "probability", "observed before", "observed from it on")
    return Table("When the rate changed, if it did", columns, rows, HOW_WHEN)


def without_ends(rule: Rule, words: Words) -> Table:
    """Return what is said with and without the first and the last period."""

    def row(name: str, step: Step, moved: int) -> tuple[Cell, ...]:
        ratio = step.known()["log_ratio"]
        middle, low, high = (
            figure(float(np.exp(x))) for x in (ratio.median, ratio.lower, ratio.upper)
        )
        at = words.boundary(step.mode + moved)
        factor = times(step.log_bayes_factor)
        return (name, rule.of(step), factor, at, f"{middle} ({low} to {high})")

    rows = (row("all", rule.step, 0), row("without the ends", rule.step.without_ends(), 1))
    columns = ("periods", "the rate is", "evidence for a change", "from", "ratio (95%)")
    return Table("Do the first and the last period decide?", columns, rows, HOW_ENDS)


def warn_of_ends(report: Report, rule: Rule, words: Words) -> None:
    """Warn where the first and the last period decide, or a change is told by the ends alone."""
    step, less = rule.step, rule.step.without_ends()
    full, rest = step.known()["log_ratio"], less.known()["log_ratio"]
    decisions = rule.of(step), rule.of(less)
    moved = abs(rest.median - full.median) > MOVED * full.sd
    if decisions[0] != decisions[1] or (moved and decisions[0] != UNDECIDED):
        shown = [figure(float(np.exp(one.median))) for one in (full, rest)]
        report.warn(
            f"Without the first and the last {words.unit} the rate is “{decisions[1]}”, the ratio "
            f"{shown[1]} rather than {shown[0]}.",
            "Were they counted whole? An incomplete one has too small a count: leave it out (of "
            "dates by --since and --until).",
        )
    edge = float(step.weights[:FEW].sum() + step.weights[-FEW:].sum())
    if edge > 0.5 and decisions[0] in (FALLEN, RISEN, CHANGED):
        report.warn(
            f"The change is told by at most {FEW} periods at an end (probability {edge:.2f}).",
            "A single odd count looks the same: wait for more periods before you call it a change.",
        )


def rule_in_words(rule: Rule) -> str:
    """Say by which rule the rate is called changed."""
    return (
        f"Rule: call the rate changed once the counts are {rule.evidence:g} times more probable "
        "with one change than with none (--evidence), and fallen or risen once that side has the "
        f"posterior probability {rule.sure:g} (--sure); call it unchanged once they are "
        f"{rule.evidence:g} times less probable; else nothing is decided. The evidence depends on "
        "the prior of the rates, since a vague one expects large changes: see below whether the "
        "prior decides. A change in time is no cause: what else changed then is another question."
    )
