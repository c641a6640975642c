"""A series, its level and its slope as pictures, if the slope itself changes."""

from collections.abc import Mapping

import numpy as np

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.drawing.drawing import BLUE, GREY, HALF, ORANGE, canvas_of, to_svg
from reports.series.drawn import MARKS
from reports.series.level import Words, between
from workflow.quantities import Quantity
from workflow.series.directions import Turning
from workflow.series.levels import shown

HOW = (
    "Marks: the values. Band: the level by NUTS, median and central 95%. Bars at the end: what the "
    "next values will be, median and central 95%, exact, if the slope goes on changing as it did. "
    "Of very many times some are drawn. Good are values that scatter about the level alike."
)
HOW_SLOPE = (
    "Band: by how much the level goes on in a step of time, by NUTS, median and central 95%, at "
    "every time. Dashed: 0, where it goes neither up nor down. The ends are told by values on one "
    "side alone, and are wider. Good is a band that is off 0 where a direction is to be told."
)


def _band(of: Mapping[str, Quantity]) -> tuple[np.ndarray, ...]:
    """Return medians and both ends, in the order of time."""
    names = "median", "lower", "upper"
    return tuple(np.array([getattr(one, name) for one in of.values()]) for name in names)


def _ticks(axes: object, at: np.ndarray, of: Mapping[str, Quantity]) -> None:
    ticks = np.unique(np.linspace(0, len(at) - 1, 5).astype(int))
    names = [name.partition("[")[2].removesuffix("]") for name in of]
    axes.set_xticks(at[ticks], [names[i] for i in ticks])  # type: ignore[attr-defined]


def picture(series: Turning, levels: Mapping[str, Quantity], words: Words) -> Figure:
    """Draw values, levels at all times, and what comes next; `levels` in the order of time."""
    at = shown(int(series.times[-1]) + 1)
    some = np.unique(np.linspace(0, len(series.y) - 1, MARKS).astype(int))
    middle, low, high = _band(levels)
    ahead = [series.ahead(i + 1).known() for i in range(len(words.ahead))]
    with canvas_of("answer", HALF, 3.5) as canvas:
        axes = canvas.subplots()
        axes.plot(series.times[some], series.y[some], ".", color=GREY, markersize=4, label="values")
        axes.fill_between(at, low, high, color=BLUE, alpha=0.25, linewidth=0)
        axes.plot(at, middle, color=BLUE, label="level")
        places = [at[-1] + 1 + i for i in range(len(ahead))]
        for place, one in zip(places, ahead, strict=True):
            axes.vlines(place, one.lower, one.upper, color=ORANGE, linewidth=2)
        axes.plot(
            places, [one.median for one in ahead], "D", color=ORANGE, markersize=3, label="next"
        )
        _ticks(axes, at, levels)
        axes.set_ylabel(words.name)
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, "answer")
    alt = (
        f"{len(series.y):,} values, {words.span}. The level goes from "
        f"{figure(float(middle[0]), 4)} to {figure(float(middle[-1]), 4)}. Expected in "
        f"{words.ahead[0]}: {between(ahead[0])}; in {words.ahead[-1]}: {between(ahead[-1])}."
    )
    return Figure(svg, alt, f"Values of {words.name}, their level, and what comes next.", HOW)


def of_slope(series: Turning, slopes: Mapping[str, Quantity], words: Words) -> Figure:
    """Draw the slope at all times; `slopes` in the order of time."""
    at, (middle, low, high) = shown(int(series.times[-1]) + 1), _band(slopes)
    with canvas_of("slope", 7, 2.4) as canvas:
        axes = canvas.subplots()
        axes.axhline(0, color=GREY, linestyle="--", linewidth=1)
        axes.fill_between(at, low, high, color=BLUE, alpha=0.25, linewidth=0)
        axes.plot(at, middle, color=BLUE)
        _ticks(axes, at, slopes)
        axes.set_ylabel(f"slope, a {words.unit}")
        svg = to_svg(canvas, "slope")
    alt = f"{in_line(slopes, words)} At the end it is {figure(float(middle[-1]))} a {words.unit}."
    return Figure(svg, alt, f"By how much the level goes on in each {words.unit}.", HOW_SLOPE)


def in_line(slopes: Mapping[str, Quantity], words: Words) -> str:
    """Say when the slope was highest and lowest, and when it was off 0."""
    middle, low, high = _band(slopes)
    names = [name.partition("[")[2].removesuffix("]") for name in slopes]
    top, bottom = int(middle.argmax()), int(middle.argmin())
    off = int(((low > 0) | (high < 0)).sum())
    return (
        f"The slope is highest in {names[top]} (median {figure(float(middle[top]))} a "
        f"{words.unit}) and lowest in {names[bottom]} ({figure(float(middle[bottom]))}); its 95% "
        f"leave 0 out at {off:,} of {len(names):,} times."
    )
