"""The decision of an experiment in a sentence, and its result as one table, a row an arm."""

from collections.abc import Mapping

import pandas as pd

from reports.blocks.blocks import Cell, Table
from reports.blocks.numbers import MINUS, ends, estimate, per_thousand, percent, points, probability
from reports.drawing.whiskers import whiskers
from reports.rates.experiment import CLEARED, MISMATCH, Words
from workflow.deciding.decision import UNDECIDED, Projection
from workflow.quantities import INTERVAL, Quantity, Scalar, label, named
from workflow.rates.experiment import arm_told

HOW_ARMS = {
    "difference, lift": "The rate of the arm less that of the control, in percentage points, and "
    "as a part of the control's rate. Median and 95% equal-tailed credible interval: given model "
    "and prior, the difference is inside with probability .95. The drawing shows the difference; "
    "the dashed line is the control.",
    "P(best)": "How probable it is that the arm has the highest rate of all.",
    "expected loss": "What choosing the arm is expected to give away against the best one, "
    "whichever that is. The rule looks at this.",
    "guardrail": "How probable it is that the arm is worse than the control in the second outcome "
    f"by more than the margin; up to {CLEARED:g} it is cleared.",
}


def arms(
    counts: pd.DataFrame,
    found: Mapping[str, Quantity],
    lift: Mapping[str, Quantity],
    measured: Mapping[str, Scalar],
    words: Words,
) -> Table:
    """Return what decides, a row an arm, the control first."""
    names = [str(arm) for arm in counts["arm"]]
    best, loss = named(measured, "prob_best"), named(measured, "expected_loss")
    worse = named(measured, "prob_guardrail_worse")
    differences = [found.get(f"difference[{arm}]") for arm in names]
    drawn = whiskers(differences)
    rows: list[tuple[Cell, ...]] = []
    for arm, visitors, q, cell in zip(names, counts["visitors"], differences, drawn, strict=True):
        rate, more = found[f"rate[{arm}]"], lift.get(f"relative_lift[{arm}]")
        rows.append(
            (
                arm,
                f"{visitors:,}",
                percent(rate.median, rate.mcse_median),
                estimate(q, 100, sign=True) if q else "control",
                cell,
                estimate(more, 100, sign=True) if more else "–",
                probability(best[f"prob_best[{arm}]"]),
                per_thousand(loss[f"expected_loss[{arm}]"]),
                *([_cleared(worse.get(f"prob_guardrail_worse[{arm}]"))] if worse else []),
            )
        )
    columns = (
        *("arm", words.people, words.outcome, "difference, points", "", "lift, %", "P(best)"),
        f"expected loss per 1,000 {words.people}",
        *([f"guardrail: {words.guardrail}"] if worse else []),
    )
    return Table("The arms: medians and 95% credible intervals", columns, tuple(rows), HOW_ARMS)


def _cleared(worse: Scalar | None) -> str:
    """Say whether the guardrail clears an arm, and how probable it is that the arm is worse."""
    if worse is None:
        return "–"
    said = "cleared" if worse.value <= CLEARED else "not cleared"
    return f"{said}: P(worse) {probability(worse)}"


def answer(
    decision: str | None,
    control: str,
    found: dict[str, Quantity],
    loss: dict[str, Scalar],
    worse: Mapping[str, Scalar],
    words: Words,
    limit: float,
    sizes: float,
) -> str:
    """Say the decision in a sentence with its numbers.

    `worse` are the probabilities that an arm is worse by the guardrail, `sizes` is the p of the
    arms' sizes.
    """
    outcome, people, events = words.outcome, words.people, words.events
    ranked = {label(name): loss[name] for name in sorted(loss, key=lambda name: loss[name].value)}
    least = next(iter(ranked))
    chosen = least if decision in (None, UNDECIDED) else str(decision).removeprefix("choose ")
    others = [one for one in ranked if one != chosen]
    cost = f"{per_thousand(ranked[chosen])} {events} per 1,000 {people}".replace("< ", "less than ")
    if decision == UNDECIDED and ranked[least].value < limit:
        return (
            f"The data do not decide yet: {least} is ahead only because fewer {people} saw it, "
            f"and the prior counts for more there; the observed {outcome} of an arm that more saw "
            "is as high."
        )
    if decision == UNDECIDED:
        return (
            f"The data do not decide yet: the best choice, {least}, is still expected to give away "
            f"{cost}, and the limit is {1000 * limit:g}."
        )
    arm = arm_told(loss, control) if chosen == control else chosen
    q = found[f"difference[{arm}]"]
    also = [one for one in others if ranked[one].value < limit and one not in at_risk(worse)]
    called = f"{chosen}, the control," if chosen == control else chosen
    choose = f"Choose {called}".rstrip(",")
    if sizes < MISMATCH:
        choose = f"{called} is ahead, but find out first why the arms are not filled as planned"
    return (
        f"{choose}: {arm} {words.verb} {compared(q, people)} than {control}, and the choice "
        f"is expected to give away {cost}, where the limit is {1000 * limit:g}."
        + (f" By that limit {' or '.join(also)} would do as well." if also else "")
    )


def compared(q: Quantity, people: str) -> str:
    """Say a difference of rates as so many percentage points more or fewer people."""
    way = "more" if q.median >= 0 else "fewer"
    low, high = (one.lstrip(MINUS + "+") for one in ends(q, 100))
    around = f"{low} fewer to {high} more"
    if q.lower >= 0 or q.upper <= 0:
        around = f"{low} to {high}" if q.lower >= 0 else f"{high} to {low}"
    size = points(abs(q.median), q.mcse_median)
    return f"{size} percentage points {way} {people} ({INTERVAL} {around})"


def projected(found: Projection) -> str:
    """Say how much more data it would take to decide."""
    tried = ", ".join(f"{k} of {n} at {times} times" for times, (k, n) in found.decided.items())
    wait = f"About {found.enough}" if found.enough else f"More than {max(found.decided)}"
    would = f"(simulated continuations that would: {tried})"
    return f"{wait} times the present data should decide {would}."


def at_risk(worse: Mapping[str, Scalar]) -> set[str]:
    """Return the arms that the guardrail does not clear."""
    return {label(name) for name, one in worse.items() if one.value > CLEARED}
