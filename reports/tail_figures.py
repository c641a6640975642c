"""Weights of rows, and cumulative distributions, as figures."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from reports.blocks import Figure
from reports.drawing import BLUE, COLOURS, GREY, ORANGE, canvas_of, to_svg
from workflow.weights import LOW

DRAWN = 300  # rows in the figure, the least weights first


def figure_of_weights(found: pd.DataFrame) -> Figure:
    """Draw the weight of each row by its line; `found` is from `workflow.weights.by_row`."""
    shown = found.head(DRAWN).sort_index()
    with canvas_of("weights", 7, 2.6) as canvas:
        axes = canvas.subplots()
        axes.axhline(LOW, color=GREY, linewidth=1, linestyle="--")
        axes.vlines(shown.index, shown["lower"], shown["upper"], color=BLUE, linewidth=1)
        axes.plot(shown.index, shown["weight"], "o", color=ORANGE, markersize=4)
        for line in found.index[:4]:
            at = (line, found.loc[line, "weight"])
            axes.annotate(str(line), at, xytext=(4, -9), textcoords="offset points", fontsize=8)
        axes.set_ylim(0, 1.03)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("line in the file")
        axes.set_ylabel("weight (1: on the line)")
        svg = to_svg(canvas, "weights")
    least = "; ".join(f"line {line}: {found.loc[line, 'weight']:.2g}" for line in found.index[:4])
    which = "" if len(found) <= DRAWN else f" The {DRAWN} least of {len(found):,}."
    caption = f"Weight of each row: posterior mean and 95% equal-tailed credible interval.{which}"
    return Figure(svg, f"Weights of the rows. The least are {least}.", caption)


def cumulative(name: str, curves: Mapping[str, np.ndarray], *, label: str, caption: str) -> Figure:
    """Draw the probability of lying below a value (log axis), one line for each set of draws."""
    p = np.linspace(0.002, 0.998, 250)
    with canvas_of(name, 7, 2.8) as canvas:
        axes = canvas.subplots()
        for i, (about, draws) in enumerate(curves.items()):
            style = "--" if i == 0 else "-"
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
    said = "; ".join(f"{about}: median {np.median(draws):.3g}" for about, draws in curves.items())
    return Figure(svg, f"Distribution of {label}. {said}.", caption)
