"""Weights of rows, and cumulative distributions, as figures."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.blocks.text import listed
from reports.drawing.drawing import BLUE, COLOURS, GREY, ORANGE, canvas_of, to_svg, where_wanted
from workflow.regression.weights import LOW

HOW_WEIGHTS = (
    "A dot is the weight of a row, the line through it the 95% equal-tailed credible interval. At "
    "1 the row counts in full; the lower, the less it says, since it lies far off the line. The "
    "four least are named by their line in the file, and below the dashed line rows count for less "
    f"than {LOW:g}. All near 1 is what Gaussian noise would give; a few low ones are odd rows to "
    "look at, many low ones heavy tails."
)
HOW_CUMULATIVE = (
    "The height of a line is the probability of lying below the value on the axis; where it climbs "
    "steeply the values are probable. The dashed line is the prior. A line that stays on it has "
    "learnt nothing from the data; the farther away and the steeper it is, the more they said."
)
STROKES = ("--", "-", "-.", ":")
DENSE = 100  # rows from which on lines and dots are drawn finer
DRAWN = 300  # rows in the figure, the least weights first


@where_wanted
def figure_of_weights(found: pd.DataFrame) -> Figure:
    """Draw the weight of each row, which `workflow.regression.weights.by_row` found, by line."""
    shown = found.head(DRAWN).sort_index()
    with canvas_of("weights", 7, 2.6) as canvas:
        axes = canvas.subplots()
        axes.axhline(LOW, color=GREY, linewidth=1, linestyle="--")
        width, size = (0.4, 2.5) if len(shown) > DENSE else (1, 4)
        axes.vlines(shown.index, shown["lower"], shown["upper"], color=BLUE, linewidth=width)
        axes.plot(shown.index, shown["weight"], "o", color=ORANGE, markersize=size)
        for i, line in enumerate(found.index[:4]):
            at, to = (line, found.loc[line, "weight"]), (4, 3 if i % 2 else -9)
            axes.annotate(str(line), at, xytext=to, textcoords="offset points", fontsize=8)
        axes.set_ylim(0, 1.03)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("line in the file")
        axes.set_ylabel("weight (1: on the line)")
        svg = to_svg(canvas, "weights")
    least = ", ".join(
        f"line {line}: {figure(found.loc[line, 'weight'], 2)}" for line in found.index[:4]
    )
    low = f"{int((found['weight'] < LOW).sum()):,} of {len(found):,} rows have a weight below"
    which = "" if len(found) <= DRAWN else f" The {DRAWN} least of {len(found):,}."
    caption = (
        "Weight of each row: posterior mean and 95% equal-tailed credible interval; dashed: "
        f"{LOW:g}.{which}"
    )
    return Figure(svg, f"{low} {LOW:g}. The least are {least}.", caption, HOW_WEIGHTS)


@where_wanted
def cumulative(name: str, curves: Mapping[str, np.ndarray], *, label: str, caption: str) -> Figure:
    """Draw the probability of lying below a value (log axis), one line for each set of draws.

    The first set is the prior's.
    """
    p = np.linspace(0.002, 0.998, 250)
    with canvas_of(name, 7, 2.8) as canvas:
        axes = canvas.subplots()
        for i, (about, draws) in enumerate(curves.items()):
            style = STROKES[i % len(STROKES)]
            colour = GREY if i == 0 else COLOURS[i - 1]
            axes.plot(np.quantile(draws, p), p, style, color=colour, label=about)
        axes.set_xscale("log")
        ticks = (2, 3, 5, 10, 20, 50, 100)
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.minorticks_off()
        axes.set_xlabel(f"{label} (axis: log scale)")
        axes.set_ylabel(f"P({label} below this)")
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, name)
    said = listed(f"{about} {figure(float(np.median(draws)))}" for about, draws in curves.items())
    return Figure(svg, f"{caption} Medians of {label}: {said}.", caption, HOW_CUMULATIVE)
