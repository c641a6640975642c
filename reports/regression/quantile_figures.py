"""Figures of a quantile regression: rows and lines, and how a slope changes with the quantile."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reports.blocks.blocks import Figure
from reports.blocks.numbers import estimate, figure
from reports.blocks.text import listed, shortened
from reports.drawing.drawing import BLUE, GREY, HALF, ORANGE, canvas_of, to_svg, where_wanted
from workflow.quantities import Quantity
from workflow.regression.quantiles import percent

HIGH, PANELS, LONGEST, POINTS = 2.1, 3, 26, 500
HOW_LINES = (
    "Grey are rows of the data, blue the line of each quantile at its posterior mean, orange the "
    "one nearest to the middle. Good are lines with their share of the rows below them everywhere "
    "along the axis, and lines that do not cross. Lines that fan out say that the outcome spreads "
    "more there."
)
HOW_SLOPES = (
    "A panel a term: by how much the line of each quantile differs for one step of the term, other "
    "terms equal: median and corrected 95% equal-tailed credible interval. Were only the place of "
    "the outcome moved by the term, all would be at one height; higher to the right says that the "
    "outcome spreads more where the term is larger."
)


@where_wanted
def lines(rows: pd.DataFrame, line: pd.DataFrame, middle: float, name: str) -> Figure:
    """Draw rows (a column x, and y) and the line of each quantile, a column of `line`."""
    order = rows.iloc[:, 0].argsort(kind="stable")
    ends = order.iloc[[0, -1]]
    x, column = rows.iloc[:, 0].to_numpy(dtype=float), str(rows.columns[0])
    some = slice(None, None, max(1, -(-len(rows) // POINTS)))
    with canvas_of("answer", HALF, HIGH) as canvas:
        axes = canvas.subplots()
        axes.plot(x[some], rows.iloc[some, 1], "o", color=GREY, alpha=0.4, markersize=3, mew=0)
        for q in line:
            ink = ORANGE if q == middle else BLUE
            axes.plot(x[ends], line[q].iloc[ends], color=ink, linewidth=1.5)
            axes.annotate(percent(q), (x[ends.iloc[-1]], line[q].iloc[ends.iloc[-1]]), fontsize=8)
        axes.set_xlabel(shortened(column, 2 * LONGEST))
        axes.set_ylabel(shortened(name, LONGEST))
        svg = to_svg(canvas, "answer")
    at = [figure(float(x[i])) for i in ends]
    told = listed(
        f"{percent(q)}, from {figure(float(line[q].iloc[ends.iloc[0]]))} to "
        f"{figure(float(line[q].iloc[ends.iloc[-1]]))}"
        for q in line
    )
    alt = f"Lines of {name} from {column} {at[0]} to {at[1]}: {told}."
    return Figure(svg, alt, f"{name} by {column}: rows, and a line a quantile.", HOW_LINES)


@where_wanted
def slopes(
    found: Mapping[str, Quantity], terms: Sequence[str], quantiles: Sequence[float], name: str
) -> Figure:
    """Draw the coefficient of one step of the first terms at each quantile."""
    kept = terms[:PANELS]
    with canvas_of("answer", HALF, HIGH) as canvas:
        grid = canvas.subplots(1, len(kept), squeeze=False, sharey=True).ravel()
        for axes, term in zip(grid, kept, strict=True):
            of = [found[f"beta[{q}, {term}]"] for q in quantiles]
            middle = np.array([one.median for one in of])
            away = np.abs([[one.lower for one in of] - middle, [one.upper for one in of] - middle])
            axes.axhline(0, color=GREY, linewidth=1)
            axes.errorbar(quantiles, middle, away, fmt="o", color=BLUE, markersize=4)
            axes.set_xlim(0, 1)
            axes.set_xticks([0.1, 0.5, 0.9], ["10%", "50%", "90%"])
            axes.set_xlabel(shortened(term, LONGEST if len(kept) < PANELS else LONGEST // 2))
        canvas.supylabel(shortened(name, LONGEST), fontsize=10)
        svg = to_svg(canvas, "answer")
    ends = quantiles[0], quantiles[-1]
    told = listed(
        f"{term}: "
        + ", ".join(f"{percent(q)} {estimate(found[f'beta[{q}, {term}]'])}" for q in ends)
        for term in kept
    )
    some = f", the {len(kept)} of {len(terms)} with the largest" if len(kept) < len(terms) else ""
    caption = f"Difference of each line of {name} for one step of a term{some}."
    return Figure(svg, f"For one step of a term, by line: {told}.", caption, HOW_SLOPES)
