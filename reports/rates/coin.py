"""Is a coin fair? The answer in a sentence, its picture, its result as one table, warnings."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from scipy import stats

from reports.blocks.blocks import Cell, Figure, Table
from reports.blocks.numbers import figure, interval, percent, probability
from reports.drawing.drawing import BLUE, GREY, HALF, ORANGE, canvas_of, to_svg, where_wanted
from reports.page.page import Report
from workflow.quantities import INTERVAL, Quantity, Scalar
from workflow.rates.fairness import GO_ON, Fairness
from workflow.rates.looking import Looks

HOW_ANSWER = (
    "The line is the exact posterior of the rate, the bars are the draws of NUTS: they should "
    "agree. The dashed line is the prior with what was counted earlier. Grey are the rates that "
    "count as fair (--rope). Good is a posterior that lies on one side of an end of that range."
)
HOW_SIDES = (
    "One row a statement that could be made, with its posterior probability by NUTS and exactly. "
    "It is made once that reaches what was asked for; until then the thing to do is to go on."
)
LATE = 0.9  # a rule first met later than this share of the trials may be why they end


def data(outcomes: np.ndarray, before: tuple[float, ...], event: str) -> str:
    """Say what is in the data."""
    n, happened = len(outcomes), int(outcomes.sum())
    said = f"{happened:,} of {n:,} trials with {event}: {figure(happened / n, 4)}."
    heads, tails = before
    if heads + tails:
        said += (
            f" Before them there were {heads:,.0f} of {heads + tails:,.0f} (--before), which are "
            "known as counts alone: they count for the rate, and nothing is known of their order."
        )
    return said


def batches(outcomes: np.ndarray, before: tuple[float, ...], event: str) -> str:
    """Say that pieces and order make no difference, and Laplace's rule for the next trial."""
    happened, n = int(outcomes.sum()) + before[0], len(outcomes) + sum(before)
    return (
        "The posterior of one batch is the prior of the next, and after the last it is what all "
        f"trials at once would have given. For whoever begins with Beta(1, 1), the next trial has "
        f"{event} with probability ({happened:,.0f} + 1) / ({n:,.0f} + 2) = "
        f"{(happened + 1) / (n + 2):.4f}: Laplace's rule."
    )


def prior(alpha: float, beta: float, before: tuple[float, ...]) -> str:
    """Say what the prior weighs and implies, and what was counted earlier adds."""
    low, high = stats.beta.ppf((0.025, 0.975), alpha, beta)
    said = (
        f"The prior, Beta({alpha:g}, {beta:g}), weighs as much as {alpha + beta:g} trials and has "
        f"95% of its mass between {figure(low)} and {figure(high)}."
    )
    if sum(before):
        a, b = alpha + before[0], beta + before[1]
        low, high = stats.beta.ppf((0.025, 0.975), a, b)
        said += (
            f" With the earlier trials it is Beta({a:,g}, {b:,g}), between {figure(low)} and "
            f"{figure(high)}: the posterior of then is the prior of now."
        )
    return said


def answer(
    decision: str | None,
    rule: Fairness,
    measured: Mapping[str, Scalar],
    q: Quantity,
    met: tuple[int, str] | None,
    earlier: int,
) -> str:
    """Say the decision in a sentence with its numbers, and when it was known first."""
    rate = (
        f"the rate is {percent(q.median, q.mcse_median)} ({INTERVAL} {interval(q, 100, unit='%')})"
    )
    low, high = rule.range
    where = (f"below {low:g}", f"between {low:g} and {high:g}", f"above {high:g}")
    told = dict(zip(rule.sides, where, strict=True))
    if decision in (None, GO_ON):
        side = max(rule.sides, key=lambda one: measured[f"prob[{one}]"].value)
        return (
            f"Go on: nothing is sure enough yet. The rate of {rule.event} is {told[side]} with "
            f"probability {probability(measured[f'prob[{side}]'])}, where {rule.sure:g} was asked "
            f"for; {rate}."
        )
    p = probability(measured[f"prob[{decision}]"])
    said = (
        f"{str(decision).capitalize()}: the rate of {rule.event} is {told[str(decision)]} with "
        f"probability {p}, where {rule.sure:g} was asked for; {rate}."
    )
    if met and met[1] == decision:
        first = "already so" if met[0] == earlier else "first so"
        return f"{said} That was {first} after {met[0]:,} trial{'s' if met[0] > 1 else ''}."
    return f"{said} After {met[0]:,} trials it had looked {met[1]}." if met else said


@where_wanted
def picture(
    draws: xr.DataArray, exact: tuple[float, ...], prior: tuple[float, float], rule: Fairness
) -> Figure:
    """Draw the posterior of the rate, exact and by NUTS, the prior, and the range of fair rates."""
    x = draws.to_numpy().ravel()
    posterior, before = stats.beta(*exact), stats.beta(*prior)
    low = min(posterior.ppf(1e-4), rule.range[0] - rule.rope)
    high = max(posterior.ppf(1 - 1e-4), rule.range[1] + rule.rope)
    at = np.linspace(max(low, 1e-6), min(high, 1 - 1e-6), 300)
    with canvas_of("answer", HALF, 3) as canvas:
        axes = canvas.subplots()
        axes.axvspan(*rule.range, color=GREY, alpha=0.2, linewidth=0, label="practically fair")
        axes.hist(x, bins=40, density=True, color=BLUE, alpha=0.35, label="NUTS")
        axes.plot(at, posterior.pdf(at), color=BLUE, label="exact posterior")
        axes.plot(at, before.pdf(at), "--", color=ORANGE, label="prior")
        axes.set_xlim(at[0], at[-1])
        axes.set_xlabel(f"rate of {rule.event}")
        axes.set_ylabel("density")
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=4)
        svg = to_svg(canvas, "answer")
    ends = (figure(float(one)) for one in posterior.ppf((0.025, 0.975)))
    p = rule.probabilities(*exact)
    alt = (
        f"The exact posterior of the rate of {rule.event} has its central 95% from "
        f"{' to '.join(ends)}; {100 * p[0]:.1f}% of it is below the range of fair rates, "
        f"{100 * p[1]:.1f}% within and {100 * p[2]:.1f}% above."
    )
    return Figure(svg, alt, "Posterior of the rate, exact and by NUTS, and its prior.", HOW_ANSWER)


def sides(
    decision: str | None, rule: Fairness, measured: Mapping[str, Scalar], exact: Mapping[str, float]
) -> Table:
    """Return the statements that could be made, a row each, and which one is."""
    low, high = rule.range
    where = (f"below {low:g}", f"{low:g} to {high:g}", f"above {high:g}")
    rows: list[tuple[Cell, ...]] = [
        (
            side,
            rates,
            probability(measured[f"prob[{side}]"]),
            probability(Scalar(exact[f"prob[{side}]"], 1e-4)),
            "yes" if side == decision else "no",
        )
        for side, rates in zip(rule.sides, where, strict=True)
    ]
    columns = ("statement", "rates", "probability, NUTS", "exact", "made")
    return Table("What can be said", columns, tuple(rows), HOW_SIDES)


def rule_in_words(rule: Fairness) -> str:
    """Say by which rule the coin is called fair or biased."""
    low, high = rule.range
    return (
        f"Rule: call the rate practically fair once it is between {low:g} and {high:g} (--rope) "
        f"with posterior probability {rule.sure:g} (--sure), biased once it is beyond that on one "
        "side with that probability, and go on until then. What a wrong statement costs should set "
        "that probability."
    )


def decided_by_looking(found: Mapping[str, Looks]) -> str:
    """Say what looking after every trial does to the errors of the rule."""
    fair, drawn = found.values()
    return (
        f"Under a coin that is exactly fair, looking after every trial would have called it biased "
        f"in {percent(fair.wrong.value, 5e-4)} of {fair.wrong.of:,} simulated sequences, looking "
        f"once at the end in {percent(fair.wrong_at_end.value, 5e-4)}. Under rates drawn from the "
        f"posterior the first decision was wrong in {percent(drawn.wrong.value, 5e-4)}."
    )


def warn_of_looking(
    report: Report, decision: str | None, met: tuple[int, str] | None, n: int, earlier: int
) -> None:
    """Warn where the data end as soon as the rule is met, or where it was met for another side.

    What `earlier` trials decided, these have not ended for.
    """
    if met is None:
        return
    after, first = met
    if first != decision:
        report.warn(
            f"After {after:,} trials the rule said “{first}”, and that is no longer so.",
            "Whoever stops at the first decision errs more often: see what looking so often does.",
        )
    elif after > max(earlier, LATE * n) and n > 1:
        report.warn(
            f"The data end soon after the rule is first met, after {after:,} of {n:,} trials.",
            "If they were stopped for that reason, such decisions are wrong more often than the "
            "rule says: ask for more (a higher --sure), or go on for as long again.",
        )
