"""What a page says of the arms of an experiment: tables, limits, the rule."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.blocks.numbers import figure, probability
from reports.page.exact import warn_of_off as warn_of_off
from reports.page.page import Report
from workflow.quantities import Quantity, Scalar, named


@dataclass(frozen=True)
class Words:
    """What outcome, guardrail, visitors and conversions are called, and what an arm does."""

    outcome: str = "conversion rate"
    guardrail: str = "guardrail rate"
    people: str = "visitors"
    events: str = "conversions"
    verb: str = "converts"


HOW_COUNTS = (
    "A row is an arm, the first one the control. Visitors were put in it; conversions are those of "
    "them for whom the outcome happened, guardrail, where it is recorded, those for whom the "
    "second outcome happened that must not get worse. A count divided by the visitors is a rate, "
    "and arms are compared by rates, since they need not have the same size."
)
SATURATED = (
    "There is a rate for every count, so these counts cannot contradict the model unless a strong "
    "prior holds the rates back: the check proves nothing. What could be wrong leaves no trace in "
    "them: visitors counted twice, rates that change during the test, arms that influence one "
    "another."
)
DECIDED = "The rule decides, so no continuation was simulated."
FAILED = "No continuation was simulated, because the diagnosis failed."
ON_ITS_PAGE = "How much more data would decide is simulated for its page alone."
PEEKING = (
    "Looking every day and stopping at the first decision (peeking) leaves the posterior as it is, "
    "but raises the share of wrong choices with every look: a lucky streak ends the test, an "
    "unlucky one does not. Fix the number of visitors, or a few looks, beforehand."
)
MISMATCH = 0.01  # p of the arms' sizes below which something is wrong with the assignment
CLEARED = 0.05  # P(worse by more than the margin) up to which the guardrail clears an arm
COARSE = 0.05  # a limit on the loss above this share of the control's rate hides real differences


def warn_of_sizes(report: Report, p: float, planned: str, people: str) -> None:
    """Warn where the arms are filled otherwise than planned."""
    if p < MISMATCH:
        report.warn(
            f"The sizes of the arms do not fit the {planned}: p = {figure(p, 2)}.",
            f"Find out why before you act: {people} lost or assigned unevenly can bias every "
            "comparison, and no model of these counts can tell. Another plan goes in "
            "--allocation.",
        )


def estimates(
    found: dict[str, Quantity],
    quantities: dict[str, Quantity],
    measured: Mapping[str, Scalar],
    rope: float,
    people: str,
) -> list[Block]:
    """Return the tables of rates, differences, lifts and odds, of probabilities and of losses."""
    sure = named(measured, "prob_best") | named(measured, "prob_practically_equal")
    points = tables.estimates(
        "Differences from the control", named(found, "difference"), scale=100, unit="points"
    )
    return [
        tables.estimates("Rates", named(found, "rate"), scale=100, unit="%"),
        points,
        tables.estimates("Relative lift", named(quantities, "relative_lift"), scale=100, unit="%"),
        tables.estimates("Odds ratio", named(quantities, "odds_ratio")),
        tables.probabilities(
            f"Probabilities; practically equal: within ±{100 * rope:g} points", sure
        ),
        tables.losses(named(measured, "expected_loss"), people),
    ]


def guardrail(
    found: dict[str, Quantity], worse: Mapping[str, Scalar], name: str, margin: float
) -> list[Block]:
    """Return whether an arm is worse than the control by more than a margin, in the guardrail."""
    differences = named(found, "guardrail_difference")
    return [
        f"The guardrail, {name}, by the same model. It clears an arm that is worse than "
        f"the control by more than {100 * margin:g} points with probability "
        f"{CLEARED:g} at most; the control's rival is the best other arm.",
        tables.estimates("Guardrail", differences, scale=100, unit="points"),
        tables.probabilities("Worse by more than the margin", worse),
    ]


def warn_of_guardrail(
    report: Report, worse: Mapping[str, Scalar], decision: str, name: str, margin: float
) -> None:
    """Warn where the guardrail does not clear the arm that is chosen."""
    risk = worse.get(f"prob_guardrail_worse[{decision.removeprefix('choose ')}]")
    if risk and risk.value > CLEARED:
        report.warn(
            f"The guardrail ({name}) {'disagrees' if risk.value > 0.5 else 'is not cleared'}: "
            f"worse by more than {100 * margin:g} points with probability "
            f"{probability(risk)}.",
            "Weigh both outcomes, or collect more data.",
        )


def rule(max_loss: float, rope: float, sd: float, words: Words) -> str:
    """Say by which rule an arm is chosen, beside the posterior sd of a difference."""
    return (
        f"Rule: choose the arm with the least expected loss if that is below {1000 * max_loss:g} "
        f"{words.events} per 1,000 {words.people} (--max-loss); else go on. The limit is what you "
        "would not mind losing; the default, 1 per 1,000, is less than changes of a product are "
        f"made for. The posterior sd of a difference is here {figure(1000 * sd, 2)} per "
        f"1,000. Arms within ±{1000 * rope:g} per 1,000 (--rope) count as practically equal; the "
        "default is twice the limit, since a toss-up between two such arms loses the limit at most."
    )


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
