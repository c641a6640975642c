"""Has a rate changed, and when? The answer in a sentence, the result as one table, warnings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from reports.blocks.numbers import MILLION, apart, figure, interval, number, times
from reports.page.page import Report
from workflow.quantities import INTERVAL, TAILS, Quantity
from workflow.rates.changed import CHANGED, FALLEN, RISEN, SAME, Rule
from workflow.rates.step import Step

FEW = 2  # periods at an end: a change that they alone tell may be a single odd count
ODD = 0.001  # probability of so few events: an end is then hardly a whole period
WHOLE = (
    "Were they counted whole? An incomplete one has too small a count: leave it out (of dates by "
    "--since and --until)."
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


def answer(
    decision: str | None,
    rule: Rule,
    found: Mapping[str, Quantity],
    words: Words,
    *,
    at_once: bool = True,
) -> str:
    """Say the decision in a sentence with its numbers; a date only as far as it was `at_once`."""
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
    at = f", {at}" if at_once else f". If it was at once, then {at}; it may have been bit by bit"
    rates = (
        f"from {number(before.median, before.mcse_median)} to "
        f"{number(after.median, after.mcse_median)} {words.rate}"
    )
    more = "more than a million" if abs(log) > np.log(MILLION) else times(abs(log))
    with_one = f"The counts are {more} times more probable with one change"
    if decision in (FALLEN, RISEN):
        return (
            f"The rate of {words.events} has {decision}, to {factor}: {rates}{at}. {with_one} "
            "than with none."
        )
    if decision == CHANGED:
        return (
            f"The rate of {words.events} has changed, but to which side is not sure: it is "
            f"{factor} after a change{at}. {with_one} than with none."
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


def when_in_words(step: Step, words: Words) -> str:
    """Say when the rate changed, if it did."""
    low, high = (words.boundary(one) for one in ends(step))
    return (
        f"If it did, most probably from {words.boundary(step.mode)} on (probability "
        f"{step.weights[step.mode]:.2f}); 95% from {low} to {high}."
    )


def constant(step: Step) -> str:
    """Return mean and central 95% of the rate, if it never changed; exact."""
    n = len(step.counts)
    same = stats.gamma(step.shape + step.counts.sum(), scale=1 / (step.shape / step.mean + n))
    middle, low, high = apart(float(same.mean()), *map(float, same.ppf(TAILS)))
    return f"{middle} (95% {low} to {high})"


def ends(step: Step) -> tuple[int, int]:
    """Return the boundaries at both ends of the central 95% of the change point."""
    low, high = (step.place(p) for p in TAILS)
    return low, high


def warn_of_ends(report: Report, rule: Rule, words: Words) -> None:
    """Warn where the first and the last period decide, or seem not to be whole."""
    step, less = rule.step, rule.step.without_ends()
    decisions = rule.of(step), rule.of(less)
    evidence = abs(step.log_bayes_factor - less.log_bayes_factor)
    few = [
        f"{words.labels[at]} ({int(step.counts[at]):,})"
        for at, p in zip((0, -1), step.tails_of_ends(), strict=True)
        if p < ODD
    ]
    if few:
        report.warn(
            f"Far fewer {words.events} than the others lead one to expect: {' and '.join(few)}. "
            f"Without the first and the last {words.unit} the rate is “{decisions[1]}”.",
            WHOLE,
        )
    elif decisions[0] != decisions[1] and evidence > np.log(10):
        report.warn(
            f"Without the first and the last {words.unit} the rate is “{decisions[1]}”.", WHOLE
        )


def warn_of_edge(report: Report, rule: Rule) -> None:
    """Warn where a change is told by hardly any periods at an end."""
    step = rule.step
    edge = float(step.weights[:FEW].sum() + step.weights[-FEW:].sum())
    if edge > 0.5 and rule.of(step) in (FALLEN, RISEN, CHANGED):
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
