"""The prior sweep as a figure: a quantity under every prior, and where the decision is another."""

import matplotlib.ticker
import numpy as np
from matplotlib.axes import Axes

from reports.blocks import how
from reports.blocks.blocks import Figure
from reports.blocks.numbers import apart
from reports.blocks.text import spoken, words
from reports.drawing.drawing import COLOURS, GREY, MARKS, canvas_of, to_svg, where_wanted
from workflow.checking.status import Status
from workflow.sensitivity.sensitivity import Point, Sweep


@where_wanted
def sweep(name: str, found: Sweep, shown: str, *, label: str, scale: float = 1) -> Figure:
    """Draw a quantity under every prior: the last knob along the axis, the first as lines.

    Where there is one knob there is one line. Fits that failed are left out: their numbers are
    none.
    """
    first, last = next(iter(found.knobs)), [*found.knobs][-1]
    lines = found.knobs[first] if first != last else (None,)
    sound = [point for point in found.points if point.status is not Status.FAIL]
    with canvas_of(name, 7, 3) as canvas:
        axes = canvas.subplots()
        axes.axhline(0, color=GREY, linewidth=1)
        for i, value in enumerate(lines):
            points = [point for point in sound if value in (None, point.knobs[first])]
            aside = 1.08 ** (i - len(lines) / 2)
            label_of = "" if value is None else f"{value:g}"
            _series(axes, points, found, shown, label=label_of, i=i, aside=aside, scale=scale)
        axes.set_xscale("log")
        axes.set_xticks(found.knobs[last], [f"{value:g}" for value in found.knobs[last]])
        axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.set_xlabel(f"{words(last)} (axis: log scale)")
        axes.set_ylabel(label)
        if first != last:
            beside = axes.legend(
                frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5)
            )
            beside.set_title(words(first))
        svg = to_svg(canvas, name)
    return Figure(svg, *_in_words(sound, found, shown, scale), how.SWEPT)


def _series(
    axes: Axes,
    points: list[Point],
    found: Sweep,
    shown: str,
    *,
    label: str,
    i: int,
    aside: float,
    scale: float,
) -> None:
    """Draw the points of one value of the first knob, the `i`-th, a little aside of the others."""
    last = [*found.knobs][-1]
    x = np.array([point.knobs[last] for point in points]) * aside
    q = [point.quantities[shown] for point in points]
    middle = scale * np.array([one.median for one in q])
    ends = scale * np.array([(one.lower, one.upper) for one in q]).reshape(-1, 2).T
    mark, colour = MARKS[i % len(MARKS)], COLOURS[i % len(COLOURS)]
    axes.errorbar(x, middle, np.abs(ends - middle), fmt=mark, color=colour, label=label)
    flips = np.array([point in found.flips for point in points], dtype=bool)
    axes.plot(x[flips], middle[flips], mark, color=colour, markerfacecolor="white", zorder=3)
    unknown = np.array([point in found.not_judged for point in points], dtype=bool)
    axes.plot(x[unknown], middle[unknown], "x", color="black", markersize=9, zorder=3)


def _in_words(sound: list[Point], found: Sweep, shown: str, scale: float) -> tuple[str, str]:
    """Return the alternative and the caption."""
    medians = [scale * point.quantities[shown].median for point in sound]
    least, greatest = apart(min(medians), max(medians), digits=3) if medians else ("", "")
    span = f": medians from {least} to {greatest}" if medians else ""
    n, failed = len(found.flips), len(found.failed)
    decided = (
        "the decision is withheld"
        if found.decision is None
        else (f"the decision flips under {n or 'none'} of them")
    )
    unknown = len(found.not_judged)
    decided += f" and is not judged under {unknown}" if unknown else ""
    alt = f"{spoken(shown)} under {len(sound)} priors{span}; {decided}."
    caption = f"{spoken(shown)} under every prior of the sweep: median and 95% interval."
    hollow = " Hollow: the decision is another than that of the analysis." if n else ""
    crossed = " Crossed: not judged, the decision there is not known." if unknown else ""
    left_out = f" Not drawn: {failed} of {len(found.points)} fits, which failed." if failed else ""
    return alt, caption + hollow + crossed + left_out
