"""Sentences about the arms of an experiment: the answer, and what to know about its limits."""

from reports.blocks.numbers import per_thousand, points
from reports.page.page import Report
from workflow.deciding.decision import UNDECIDED
from workflow.quantities import Quantity, Scalar, label
from workflow.rates.experiment import arm_told

HOW_COUNTS = (
    "A row is an arm, the first one the control. Visitors were put in it; conversions are those of "
    "them for whom the outcome happened, guardrail, where it is recorded, those for whom the "
    "second outcome happened that must not get worse. A count divided by the visitors is a rate, "
    "and arms are compared by rates, since they need not have the same size."
)
COARSE = 0.05  # a limit on the loss above this share of the control's rate hides real differences


def warn_of_limits(
    report: Report, loss: dict[str, Scalar], limit: float, control_rate: float
) -> None:
    """Warn where the limit on the loss is within Monte Carlo error, or large beside the rates."""
    least = min(loss.values(), key=lambda scalar: scalar.value)
    if abs(least.value - limit) < 2 * least.mcse:
        report.warn("The expected loss is within Monte Carlo error of the limit.", "Raise --draws.")
    if limit > COARSE * control_rate:
        report.warn(
            f"The limit on the loss, {1000 * limit:g} per 1,000, is more than {COARSE:.0%} of the "
            "control's rate.",
            "Differences of that size count as no loss: set --max-loss to what you would not mind.",
        )


def answer(
    decision: str | None,
    control: str,
    found: dict[str, Quantity],
    loss: dict[str, Scalar],
    at_risk: set[str],
    words: tuple[str, str, str],
    limit: float,
) -> str:
    """Say the decision in a sentence with its numbers."""
    outcome, people, events = words
    ranked = {label(name): loss[name] for name in sorted(loss, key=lambda name: loss[name].value)}
    least, *others = ranked
    cost = f"{per_thousand(ranked[least])} {events} per 1,000 {people}".replace("< ", "less than ")
    if decision == UNDECIDED:
        return (
            f"The data do not decide yet: the best choice, {least}, is still expected to give away "
            f"{cost}, and the limit is {1000 * limit:g}."
        )
    arm = arm_told(loss, control)
    q = found[f"difference[{arm}]"]
    low, high = (points(x, q.mcse_interval, sign=True) for x in (q.lower, q.upper))
    also = [one for one in others if ranked[one].value < limit and one not in at_risk]
    return (
        f"Choose {least}{', the control' if least == control else ''}: the {outcome} of {arm} "
        f"minus that of {control} is {points(q.median, q.mcse_median, sign=True)} percentage "
        f"points (95% equal-tailed credible interval {low} to {high}), and the choice is expected "
        f"to give away {cost}, where the limit is {1000 * limit:g}."
        + (f" By that limit {' or '.join(also)} would do as well." if also else "")
    )
