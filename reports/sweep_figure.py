"""The prior sweep as a figure: a quantity under every prior, and where the decision is another."""

import matplotlib.ticker
import numpy as np

from reports import how
from reports.blocks import Figure
from reports.drawing import COLOURS, GREY, MARKS, canvas_of, to_svg
from workflow.sensitivity import Sweep


def sweep(name: str, found: Sweep, shown: str, *, label: str, scale: float = 1) -> Figure:
    """Draw a quantity under every prior: the last knob along the axis, the first as lines."""
    first, *_, last = found.knobs
    with canvas_of(name, 7, 3) as canvas:
        axes = canvas.subplots()
        axes.axhline(0, color=GREY, linewidth=1)
        for i, value in enumerate(found.knobs[first]):
            points = [p for p in found.points if p.knobs[first] == value]
            x = np.array([p.knobs[last] for p in points]) * 1.08 ** (
                i - len(found.knobs[first]) / 2
            )
            q = [p.quantities[shown] for p in points]
            middle = scale * np.array([one.median for one in q])
            ends = scale * np.array([(one.lower, one.upper) for one in q]).T
            mark, colour = MARKS[i % len(MARKS)], COLOURS[i % len(COLOURS)]
            axes.errorbar(
                x, middle, np.abs(ends - middle), fmt=mark, color=colour, label=f"{value:g}"
            )
            flips = np.array([p in found.flips for p in points])
            axes.plot(
                x[flips], middle[flips], mark, color=colour, markerfacecolor="white", zorder=3
            )
        axes.set_xscale("log")
        axes.set_xticks(found.knobs[last], [f"{value:g}" for value in found.knobs[last]])
        axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.set_xlabel(f"{last.replace('_', ' ')} (axis: log scale)")
        axes.set_ylabel(label)
        axes.legend(
            frameon=False,
            fontsize=8,
            title=first.replace("_", " "),
            loc="center left",
            bbox_to_anchor=(1, 0.5),
        )
        svg = to_svg(canvas, name)
    medians = [scale * p.quantities[shown].median for p in found.points]
    span = f"{np.nanmin(medians):.3g} to {np.nanmax(medians):.3g}"
    n = len(found.flips)
    alt = (
        f"{shown} under {len(found.points)} priors: medians from {span}; the decision flips under "
        f"{n or 'none'} of them."
    )
    hollow = " Hollow: the decision is another than that of the analysis." if n else ""
    caption = f"{shown} under every prior of the sweep: median and 95% interval.{hollow}"
    return Figure(svg, alt, caption, how.SWEPT)
