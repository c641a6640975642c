"""One change of a rate as tables: what can be said, the quantities, when it was, and its ends."""

from collections.abc import Mapping

import numpy as np

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import estimate, figure, probability, times
from reports.rates.step import Words, ends
from workflow.quantities import INTERVAL, Quantity, Scalar
from workflow.rates.changed import FALLEN, RISEN, SAME, Rule
from workflow.rates.step import Step

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
    caption = f"What can be said (asked for: {rule.evidence:g} and {rule.sure:g})"
    columns = ("statement", "evidence", "side, NUTS", "exact", "made")
    return Table(caption, columns, rows, HOW_SAID)


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
