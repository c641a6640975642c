"""A curve as pictures: with its rows, before any rows, and what is not known of it."""

from collections.abc import Sequence

import numpy as np

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.drawing.drawing import BLUE, GREEN, GREY, HALF, ORANGE, canvas_of, to_svg
from workflow.functions.course import Course
from workflow.functions.points import Points
from workflow.functions.told import WIDE, Sure

HOW = (
    "Marks: the rows. Line: the posterior mean of the curve; band: its 95% interval at each x by "
    "itself, which is not a band that holds the whole curve. Dashed: the 95% interval of a new "
    "row. Thick: where the side is sure. Good are a narrow band, and one row in twenty outside the "
    "dashed lines, everywhere alike."
)
HOW_PRIOR = (
    "Curves that the prior expects before any row, in the range of the data and about the mean of "
    "the values, each with a length and an sd of its own; marks: the rows. Good are curves that "
    "could be such a thing: neither all straight nor all wild, and about as high as the rows."
)
HOW_SPLIT = (
    "Sds against x. Solid: of the curve, which rows nearby make small; dashed: of the noise, "
    "a level line where the model gives it one size. Ticks at the bottom: the places that have "
    "rows. Good is a solid line below the dashed one; where it is above, the curve is known less "
    "well than one row would tell it."
)
MOST, SHOWN = 2000, 8  # marks, and curves of the prior


def picture(
    points: Points,
    course: Course,
    found: Sequence[Sure],
    names: Sequence[str],
    said: str,
    gap: tuple[float, float] | None,
) -> Figure:
    """Draw the rows, the curve and where it is sure; `said` is the decision."""
    x, mean, sd = course.grid, course.mean, np.sqrt(course.curve_variance)
    whole = np.sqrt(course.curve_variance + course.noise_variance)
    with canvas_of("answer", HALF, 3.5) as canvas:
        axes = canvas.subplots()
        _marks(axes, points)
        axes.fill_between(x, mean - WIDE * sd, mean + WIDE * sd, color=BLUE, alpha=0.3, lw=0)
        axes.plot(x, mean, color=BLUE, label="curve")
        for sign, label in ((-1, "new row"), (1, None)):
            axes.plot(x, mean + sign * WIDE * whole, "--", color=ORANGE, lw=1, label=label)
        for i, one in enumerate(found):
            part = (x >= one.first) & (x <= one.last)
            label = None if i else "sure"
            axes.plot(x[part], mean[part], color=GREEN, lw=4, alpha=0.8, label=label)
        if gap:
            axes.axvspan(*gap, color=GREY, alpha=0.15, lw=0, label="left out")
        axes.set_xlabel(names[0])
        axes.set_ylabel(names[1])
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=5)
        svg = to_svg(canvas, "answer")
    widest, least = int(sd.argmax()), int(sd.argmin())
    alt = (
        f"The curve {said}. It is known best at {figure(x[least])}, to within "
        f"{figure(WIDE * sd[least])} either way, and worst at {figure(x[widest])}, to within "
        f"{figure(WIDE * sd[widest])}."
    )
    return Figure(svg, alt, "The rows, the curve, and where its side is sure.", HOW)


def prior(points: Points, drawn: np.ndarray, grid: np.ndarray, names: Sequence[str]) -> Figure:
    """Draw curves of the prior (dims draw, x) beside the rows."""
    with canvas_of("prior-curves", 2 * HALF, 3.2) as canvas:
        axes = canvas.subplots()
        _marks(axes, points)
        for curve in drawn[:SHOWN]:
            axes.plot(grid, curve, color=BLUE, alpha=0.7, lw=1)
        axes.set_xlabel(names[0])
        axes.set_ylabel(names[1])
        svg = to_svg(canvas, "prior-curves")
    reach = np.ptp(drawn, axis=1)
    alt = (
        f"{min(SHOWN, len(drawn))} curves of the prior. Of {len(drawn)} such curves half go up and "
        f"down by {figure(float(np.median(reach)))} or more within the range; the rows do by "
        f"{figure(float(np.ptp(points.y)))}."
    )
    return Figure(svg, alt, "Curves that the prior expects, beside the rows.", HOW_PRIOR)


def split(points: Points, course: Course, name: str, gap: tuple[float, float] | None) -> Figure:
    """Draw the sds of curve and noise against x."""
    x, sd = course.grid, np.sqrt(course.curve_variance)
    noise = np.sqrt(course.noise_variance)
    with canvas_of("split", 2 * HALF, 3.0) as canvas:
        axes = canvas.subplots()
        axes.plot(x, sd, color=BLUE, label="of the curve")
        axes.plot(x, noise, color=ORANGE, linestyle="--", label="of the noise")
        ticks = points.where[:: -(-len(points.where) // MOST)]
        axes.plot(ticks, np.zeros(len(ticks)), "|", color=GREY, markersize=8)
        if gap:
            axes.axvspan(*gap, color=GREY, alpha=0.15, lw=0, label="left out")
        axes.set_ylim(bottom=0)
        axes.set_xlabel(name)
        axes.set_ylabel("sd")
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, "split")
    said = f"is {figure(float(noise[0]))} everywhere"
    if np.ptp(noise) > 0:
        least, most = int(noise.argmin()), int(noise.argmax())
        said = (
            f"goes from {figure(noise[least])} at {figure(x[least])} to {figure(noise[most])} at "
            f"{figure(x[most])}"
        )
    alt = (
        f"The sd of the noise {said}; that of the curve goes from "
        f"{figure(sd.min())} at {figure(x[sd.argmin()])} to {figure(sd.max())} at "
        f"{figure(x[sd.argmax()])}."
    )
    return Figure(svg, alt, "What is not known of the curve, and the noise.", HOW_SPLIT)


def _marks(axes: object, points: Points) -> None:
    n = len(points.y)
    shown = np.unique(np.linspace(0, n - 1, min(n, MOST)).astype(int))
    axes.plot(points.where[points.at[shown]], points.y[shown], ".", color=GREY, markersize=4)  # type: ignore[attr-defined]
