"""Which variant the next visitor sees: the answer, what policies cost, and the exact few."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from reports.blocks.blocks import Cell, Figure, Table
from reports.blocks.numbers import estimate, figure, per_thousand, percent, probability
from reports.blocks.text import listed
from reports.drawing.drawing import COLOURS, HALF, canvas_of, to_svg, where_wanted
from reports.drawing.whiskers import whiskers
from reports.page.page import Report
from reports.rates.experiment import COARSE
from workflow.deciding.decision import UNDECIDED
from workflow.quantities import Quantity, Scalar

STROKES = ("-", "--", "-.", ":", (0, (1, 3)))
HOW_VARIANTS = {
    "P(best)": "How probable it is that the variant has the highest rate; by NUTS, and exactly. "
    "Under Thompson sampling it is the share of the next visitors who see the variant.",
    "expected loss": "What showing the variant alone is expected to give away against the best "
    "one, whichever that is. The rule looks at this.",
}
HOW_ANSWER = (
    "Each line is the exact posterior of a variant's rate, the bars are the draws of NUTS: they "
    "should agree. The less two variants overlap, the surer it is which is better."
)


def variants(
    counts: pd.DataFrame,
    found: Mapping[str, Quantity],
    best: Mapping[str, Scalar],
    exact: Mapping[str, float],
    loss: Mapping[str, Scalar],
) -> Table:
    """Return what decides, a row a variant."""
    names = [str(one) for one in counts["arm"]]
    rates = [found[f"rate[{one}]"] for one in names]
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            f"{shown:,}",
            estimate(rate, 100),
            cell,
            probability(best[f"prob_best[{name}]"]),
            probability(Scalar(exact[f"prob_best[{name}]"], 1e-4)),
            per_thousand(loss[f"expected_loss[{name}]"]),
        )
        for name, shown, rate, cell in zip(
            names, counts["visitors"], rates, whiskers(rates, zero=None), strict=True
        )
    ]
    columns = (
        *("variant", "shown", "rate, %", "", "P(best), NUTS", "exact"),
        "expected loss per 1,000 visitors",
    )
    return Table("The variants: medians and 95% intervals", columns, tuple(rows), HOW_VARIANTS)


def answer(
    decision: str | None, best: Mapping[str, float], loss: Mapping[str, Scalar], limit: float
) -> str:
    """Say which variant the next visitor sees, in a sentence with its numbers."""
    least = min(loss, key=lambda name: loss[name].value)
    name = least.removeprefix("expected_loss[").removesuffix("]")
    cost = _clicks(loss[least], limit)
    if decision not in (None, UNDECIDED):
        chosen = str(decision).removeprefix("choose ")
        cost = _clicks(loss[f"expected_loss[{chosen}]"], limit)
        p = probability(Scalar(best[f"prob_best[{chosen}]"], 1e-4))
        return (
            f"Show {chosen} to everybody: that is expected to give away {cost} per 1,000 "
            f"visitors against the best variant, where the limit is {1000 * limit:g}; it is the "
            f"best with probability {p}."
        )
    split = listed(
        f"{one.removeprefix('prob_best[').removesuffix(']')} {percent(p, 1e-3)}"
        for one, p in best.items()
    )
    return (
        f"Keep exploring: showing {name} alone is still expected to give away {cost} per "
        f"1,000 visitors, and the limit is {1000 * limit:g}. Split the next visitors by Thompson "
        f"sampling: {split}."
    )


def _clicks(loss: Scalar, limit: float) -> str:
    """Say clicks per 1,000; a loss that would be rounded to the limit has two digits more."""
    said = per_thousand(loss)
    if said == f"{1000 * limit:g}":
        said = figure(1000 * loss.value, 3)
    return f"{said.replace('< ', 'less than ')} click{'' if said == '1' else 's'}"


@where_wanted
def picture(exact: Mapping[str, Any], draws: xr.DataArray) -> Figure:
    """Draw the posterior of each rate: exact by variant, and the draws of NUTS."""
    ends = np.array([one.ppf((1e-4, 1 - 1e-4)) for one in exact.values()])
    at = np.linspace(ends.min(), ends.max(), 400)
    with canvas_of("answer", HALF, 2.6) as canvas:
        axes = canvas.subplots()
        for i, (name, one) in enumerate(exact.items()):
            colour, stroke = COLOURS[i % len(COLOURS)], STROKES[i % len(STROKES)]
            x = draws.sel(variant=name).to_numpy().ravel()
            axes.hist(100 * x, bins=30, density=True, color=colour, alpha=0.3)
            density = one.pdf(at) / 100
            axes.plot(100 * at, density, color=colour, linestyle=stroke, label=name)
        axes.set_xlabel("rate of clicks (%)")
        axes.set_ylabel("density")
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, "answer")
    told = {name: [figure(100 * x) for x in one.ppf((0.025, 0.975))] for name, one in exact.items()}
    said = listed(f"{name}, {low}% to {high}%" for name, (low, high) in told.items())
    alt = f"Exact posteriors of the rates; the central 95%: {said}."
    caption = "Posterior of each rate: exact (lines) and by NUTS (bars)."
    return Figure(svg, alt, caption, HOW_ANSWER)


def rule(limit: float, alpha: float, beta: float) -> str:
    """Say by which rule a variant is shown to everybody."""
    return (
        f"Rule: show a variant to everybody once that is expected to give away less than "
        f"{1000 * limit:g} of 1,000 visitors' clicks (--max-loss) against the best one; until "
        "then split visitors by Thompson sampling, each variant as often as it is probable to be "
        f"the best. The prior of every rate is Beta({alpha:g}, {beta:g})."
    )


def data(counts: pd.DataFrame) -> str:
    """Say what is in the data."""
    shown, clicked = (int(counts[name].sum()) for name in ("visitors", "conversions"))
    return f"{shown:,} visitors, {clicked:,} clicks, {len(counts)} variants."


def warn_of_limit(report: Report, found: Mapping[str, Quantity], limit: float) -> None:
    """Warn where the limit on the loss is large beside the rates, so that it decides nothing."""
    highest = max(q.median for q in found.values())
    if limit > COARSE * highest:
        report.warn(
            f"The limit on the loss, {1000 * limit:g} per 1,000, is more than {COARSE:.0%} of the "
            f"highest rate, {figure(1000 * highest)} per 1,000.",
            "Differences of that size count as no loss: set --max-loss to what you would not mind.",
        )
