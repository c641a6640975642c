"""A plan as a page: how many trials until a study decides, as a sentence, a curve and a table."""

from collections.abc import Sequence

import numpy as np

from reports.blocks.blocks import NONE, Block, Figure, Table
from reports.blocks.numbers import percent
from reports.drawing.drawing import BLUE, GREY, HALF, ORANGE, canvas_of, to_svg
from reports.page.comparison import Comparison
from workflow.rates.planning import Plan, Size

HOW_CURVE = (
    "From left to right larger studies (log scale). The line is how probable it is that a study of "
    "that size decides by the rule, the dashed one that it decides rightly; what lies between them "
    "decides wrongly. Bars, where there are any, are the 95% interval of simulating. The dot is "
    "the smallest size that decides often enough. Where the line stays low no size that anybody "
    "can have will do: the rule asks for more than such a difference is worth."
)
HOW_SIZES = (
    "One row a size of the study. Decides: how probable it is that the rule decides at its end; "
    "rightly: that it decides for what is true. In brackets the 95% interval of simulating; a "
    "number without one is exact. Large and close together is good."
)


def blocks(plan: Plan, trials: str) -> list[Block]:
    """Return the table of sizes."""
    columns = (trials, "decides", "rightly")
    rows = tuple((f"{one.n:,}", _decides(one), percent(one.right, 5e-4)) for one in plan.sizes)
    return [Table("What studies of some sizes come to", columns, rows, HOW_SIZES)]


def result(plan: Plan, trials: str, shares: Sequence[tuple[float, int | None]]) -> Table:
    """Return how many trials it takes to decide with some probabilities, a row each."""
    rows = tuple(
        (f"{one:g}", f"{n:,}" if n else "none tried", "asked for" if one == plan.share else NONE)
        for one, n in shares
    )
    columns = ("probability of deciding", trials, "")
    return Table("How large a study has to be", columns, rows, HOW_SIZES)


def answer(plan: Plan, trials: str, what: str) -> str:
    """Say how many trials it takes."""
    if plan.enough is None:
        best = max(one.decides for one in plan.sizes)
        return (
            f"No size that was tried, up to {plan.sizes[-1].n:,} {trials}, decides with "
            f"probability {plan.share:g} {what}: {best:.2f} is the most."
        )
    return (
        f"About {plan.enough:,} {trials}: so large a study decides with probability "
        f"{plan.share:g} {what}."
    )


def curve(plan: Plan, trials: str) -> Figure:
    """Draw the probability of deciding, and of deciding rightly, against the size."""
    n = np.array([one.n for one in plan.sizes])
    decides = np.array([one.decides for one in plan.sizes])
    ends = np.array([one.interval for one in plan.sizes]).T
    with canvas_of("plan", HALF, 3.2) as canvas:
        axes = canvas.subplots()
        exact = plan.sizes[0].of is None
        errors = None if exact else np.abs(ends - decides)
        axes.errorbar(n, decides, yerr=errors, fmt="-", color=BLUE, label="decides")
        axes.plot(n, [one.right for one in plan.sizes], "--", color=ORANGE, label="rightly")
        axes.axhline(plan.share, color=GREY, linewidth=1)
        if plan.enough:
            axes.plot(plan.enough, plan.share, "o", color="black", label=f"{plan.enough:,}")
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
        axes.set_xlabel(f"{trials} (log scale)")
        axes.set_ylabel("probability")
        axes.set_ylim(-0.03, 1.03)
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, "plan")
    enough = f"{plan.enough:,} {trials}" if plan.enough else "none that was tried"
    alt = (
        f"The probability of deciding is {decides[0]:.2f} for {n[0]:,} {trials} and "
        f"{decides[-1]:.2f} for {n[-1]:,}; large enough: {enough}."
    )
    return Figure(svg, alt, "How probable it is that a study decides.", HOW_CURVE)


def page(
    name: str,
    plan: Plan,
    shares: Sequence[tuple[float, int | None]],
    trials: str,
    what: str,
    command: str,
    *,
    rule: str,
    question: str,
) -> Comparison:
    """Return the page of a plan, with its answer, picture and table."""
    origin = (
        "exact, nothing is drawn"
        if plan.sizes[0].of is None
        else (f"simulated, {plan.sizes[0].of:,} studies a size (--seed)")
    )
    found = Comparison(
        name,
        title=f"Plan: {name.removeprefix('plan_')}",
        question=question,
        command=command,
        pages={},
        files={},
        origin=origin,
    )
    found.section("The rule", rule)
    found.section("Every size that was tried", *blocks(plan, trials))
    found.conclude(answer(plan, trials, what), result(plan, trials, shares))
    found.picture = curve(plan, trials)
    return found


def _decides(one: Size) -> str:
    if one.of is None:
        return percent(one.decides, 5e-4)
    low, high = one.interval
    return f"{percent(one.decides, 5e-4)} ({100 * low:.1f} to {100 * high:.1f})"
