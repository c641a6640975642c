"""A process and its limits as pictures: values beside the next piece, and values in their order."""

import numpy as np
import pandas as pd

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.drawing.drawing import BLUE, GREY, HALF, ORANGE, canvas_of, to_svg, where_wanted
from workflow.process.conjugate import Known
from workflow.process.limits import Limits

HOW = (
    "Bars: the values. Line: the exact distribution of the next piece, with the uncertainty of "
    "mean and sd. Dashed: the limits; what of the line lies beyond them is the probability "
    "of a piece outside. Good is a line that has come down before it meets a limit, and bars that "
    "look like the line."
)
HOW_ORDER = (
    "Each mark is a piece, in the order of the rows; a cross is one that is outside. Dashed: "
    "the limits. Line: the mean of all. Good are marks that scatter about it without a trend, "
    "a jump or waves."
)
MOST = 2000  # marks drawn


@where_wanted
def picture(values: pd.Series, known: Known, limits: Limits) -> Figure:
    """Draw the values, the next piece and the limits."""
    x, following = values.to_numpy(), known.next
    low = min(*limits.ends, following.ppf(0.0005), x.min())
    high = max(*limits.ends, following.ppf(0.9995), x.max())
    room = (high - low) / 20
    at = np.linspace(low - room, high + room, 400)
    with canvas_of("answer", HALF, 3.3) as canvas:
        axes = canvas.subplots()
        axes.hist(x, bins=_bins(x), density=True, color=GREY, alpha=0.4, label="values")
        density = following.pdf(at)
        axes.plot(at, density, color=BLUE, label="next piece")
        for start, end in ((at[0], limits.lower), (limits.upper, at[-1])):
            part = (at >= start) & (at <= end)
            axes.fill_between(at[part], density[part], color=ORANGE, alpha=0.6, linewidth=0)
        for i, limit in enumerate(limits.ends):
            axes.axvline(limit, color=ORANGE, linestyle="--", label="_" if i else "limits")
        axes.set_xlabel(str(values.name))
        axes.set_ylabel("density")
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, "answer")
    ends = " to ".join(figure(float(one), 4) for one in following.ppf((0.025, 0.975)))
    beyond = {
        "below the lower limit": (limits.lower, following.cdf(limits.lower)),
        "above the upper limit": (limits.upper, following.sf(limits.upper)),
    }
    said = [f"{100 * p:.2g}% is {at}" for at, (end, p) in beyond.items() if end in limits.ends]
    alt = (
        f"The next piece is expected, with 95% probability, from {ends}; "
        f"of it {' and '.join(said)}."
    )
    return Figure(svg, alt, "The values, the next piece and the limits.", HOW)


@where_wanted
def in_order(values: pd.Series, limits: Limits) -> Figure:
    """Draw the values in the order of the rows."""
    x, outside = values.to_numpy(), limits.beyond(values)
    place = np.arange(1, len(x) + 1)
    shown = np.unique(np.linspace(0, len(x) - 1, min(len(x), MOST)).astype(int))
    with canvas_of("order", 2 * HALF, 3.2) as canvas:
        axes = canvas.subplots()
        inside = shown[~outside[shown]]
        axes.plot(place[inside], x[inside], "o", color=BLUE, markersize=3)
        axes.plot(place[outside][:MOST], x[outside][:MOST], "x", color=ORANGE, markersize=6)
        for limit in limits.ends:
            axes.axhline(limit, color=ORANGE, linestyle="--")
        axes.axhline(x.mean(), color=GREY)
        axes.set_xlabel("piece, in the order of the rows")
        axes.set_ylabel(str(values.name))
        svg = to_svg(canvas, "order")
    alt = (
        f"{len(x):,} pieces in the order of the rows, {int(outside.sum()):,} of them outside; the "
        f"first half has the mean {figure(x[: len(x) // 2].mean(), 4)}, the second "
        f"{figure(x[len(x) // 2 :].mean(), 4)}."
    )
    return Figure(svg, alt, "The pieces in their order.", HOW_ORDER)


def _bins(x: np.ndarray) -> int:
    return int(min(40, max(5, round(np.sqrt(len(x)) * 1.5))))
