"""Methods beside exact posteriors as figures: intervals of each method, and two hills."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from scipy import stats

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.blocks.text import listed, spoken
from reports.drawing.drawing import BLUE, GREEN, GREY, HALF, ORANGE, canvas_of, to_svg
from workflow.approximating.hills import Gaussian, Hills
from workflow.approximating.judged import Judged, Target
from workflow.checking.exact import Known

HOW_PICTURE = (
    "The grey band is the exact central 95% of a quantity, the line in it the exact mean. Dots and "
    "lines are mean and 95% interval of each method. Good is a line as long as the band is wide, "
    "and in its place. Lines that would leave the drawing end at its edge with an arrow; a cross "
    "is a method that was refused."
)
HOW_HILLS = (
    "Filled is the posterior, which is known. Lines are Gaussians: that of ADVI, which makes "
    "KL(q‖p) small, and that which makes KL(p‖q) small. Neither can be good: no Gaussian has two "
    "hills."
)
ROOM = 1.2  # widths of the exact interval that are drawn on either side of it


def picture(target: Target, of: Mapping[str, Judged], names: Sequence[str]) -> Figure:
    """Draw mean and interval of some quantities by each method, on the exact interval."""
    with canvas_of("answer", HALF, 1.5 + 0.34 * len(of)) as canvas:
        panels = np.atleast_1d(canvas.subplots(1, len(names), sharey=True))
        for axes, name in zip(panels, names, strict=True):
            _panel(axes, target.exact.known[name], [one.ends.get(name) for one in of.values()])
            axes.set_xlabel(spoken(name))
        panels[0].set_yticks(-np.arange(len(of)), list(of))
        svg = to_svg(canvas, "answer")
    told = (
        f"{spoken(name)}: exactly {_ends(known.lower, known.upper)}, {_by_method(of, name)}"
        for name, known in target.exact.known.items()
        if name in names
    )
    alt = f"95% intervals on the posterior of {target.name}. {listed(told, 600)}."
    caption = f"95% intervals by each method, on {target.name}; the band is exact."
    return Figure(svg, alt, caption, HOW_PICTURE)


def _panel(axes: Axes, known: Known, found: Sequence[tuple[float, float, float] | None]) -> None:
    axes.axvspan(known.lower, known.upper, color=GREY, alpha=0.25, linewidth=0)
    axes.axvline(known.mean, color=GREY, linewidth=1)
    room = ROOM * (known.upper - known.lower)
    left, right = known.lower - room, known.upper + room
    for i, ends in enumerate(found):
        if ends is None:
            axes.plot([known.mean], [-i], "x", color=ORANGE)
            continue
        mean, low, high = ends
        axes.plot(np.clip([low, high], left, right), [-i, -i], color=BLUE, linewidth=2)
        if left <= mean <= right:
            axes.plot([mean], [-i], "o", color=BLUE)
        for at, mark in ((left, "<"), (right, ">")):
            if (low < at) if mark == "<" else (high > at):
                axes.plot([at], [-i], mark, color=BLUE)
    axes.set_xlim(left - 0.05 * room, right + 0.05 * room)
    axes.set_ylim(-len(found) + 0.4, 0.6)
    axes.locator_params(axis="x", nbins=5)


def _by_method(of: Mapping[str, Judged], name: str) -> str:
    return ", ".join(
        f"{method} {_ends(*one.ends[name][1:]) if name in one.ends else 'refused'}"
        for method, one in of.items()
    )


def _ends(low: float, high: float) -> str:
    return f"{figure(low, 2)} to {figure(high, 2)}"


def hills(posterior: Hills, one_hill: Gaussian, covering: Gaussian) -> Figure:
    """Draw two hills, and the Gaussians by either divergence."""
    x = np.linspace(min(posterior.means) - 4, max(posterior.means) + 4, 600)
    with canvas_of("hills", 7, 3) as canvas:
        axes = canvas.subplots()
        axes.fill_between(
            x, np.exp(posterior.logpdf(x)), color=GREY, alpha=0.3, label="posterior p"
        )
        for q, colour, stroke, label in (
            (one_hill, BLUE, "--", "ADVI: least KL(q‖p)"),
            (covering, GREEN, "-", "least KL(p‖q)"),
        ):
            axes.plot(x, stats.norm(q.mean, q.sd).pdf(x), stroke, color=colour, label=label)
        axes.set_xlabel("x")
        axes.set_ylabel("density")
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, "hills")
    alt = (
        f"Two hills. The Gaussian of ADVI, mean {figure(one_hill.mean)}, sd {figure(one_hill.sd)}, "
        f"stands on one of them; that with the least KL(p‖q), mean {figure(covering.mean)}, sd "
        f"{figure(covering.sd)}, covers both and the gap."
    )
    return Figure(svg, alt, "A posterior with two hills, and one Gaussian.", HOW_HILLS)
