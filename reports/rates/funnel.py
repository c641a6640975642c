"""How data overrule priors, drawn: the posterior mean of a rate under many priors by data size."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from reports.blocks.blocks import Block, Figure
from reports.blocks.text import listed
from reports.drawing.drawing import COLOURS, GREY, canvas_of, to_svg
from reports.rates import rates, tables
from reports.rates.figures import STROKES, logarithmic, sides
from reports.rates.rates import Words
from workflow.deciding.threshold import Rule
from workflow.rates.data_size import Growing, Size

HOW_FUNNEL = (
    "A line is a prior: its mean is written beside the strongest with that mean, its strength is "
    "the stroke. To the right there are more data, all with the observed rate. Where the lines "
    "have run together the data decide, whatever one believed before; where they are apart the "
    "prior does. The marks are fits by NUTS under the lowest and the highest of the priors, by "
    "their decision."
)
NAMED = 0.2  # of the axis, on the left of the lines, for the names of the prior means


def blocks(found: Growing, rule: Rule, words: Words) -> list[Block]:
    """Return from how much data on the priors agree, what they make of each size, and how so."""
    return [
        rates.enough(found.agreed, found.sizes, found.priors, words),
        tables.sizes(found.sizes, words),
        funnel("funnel", found.course, found.sizes, rule, unit=words.trials),
    ]


def funnel(
    name: str, means: xr.DataArray, found: Sequence[Size], rule: Rule, *, unit: str
) -> Figure:
    """Draw the posterior mean under every prior by the size of the data, and NUTS at some sizes.

    Parameters
    ----------
    means
        Exact; dims: prior (with prior_mean and prior_strength), trials.
    unit
        What the trials are called.
    """
    knobs = [np.unique(means[name]) for name in ("prior_mean", "prior_strength")]
    with canvas_of(name, 7, 3.6) as canvas:
        axes = canvas.subplots()
        axes.axhline(rule.reference, color=GREY, linewidth=1)
        _lines(axes, means, knobs)
        _fits(axes, found, rule)
        _explain(axes, knobs)
        logarithmic(axes, f"{unit} (axis: log scale)")
        first, last = means["trials"].to_numpy()[[0, -1]]
        axes.set_xlim(first / (last / first) ** NAMED, None)
        axes.set_ylabel("posterior mean (a rate)")
        svg = to_svg(canvas, name)
    said = listed(
        f"{one.lowest:.3f} to {one.highest:.3f} with {one.count.trials:,.0f} {unit}"
        for one in found
    )
    alt = (
        "The more data, the nearer the posterior means are to one another, whatever the prior: "
        f"under {means.sizes['prior']} priors they are {said}."
    )
    caption = (
        "How data overrule priors: the exact posterior mean at the observed rate, by prior, whose "
        f"mean stands on the left. Grey: the reference, {rule.reference:g}."
    )
    return Figure(svg, alt, caption, HOW_FUNNEL)


def _lines(axes: Axes, means: xr.DataArray, knobs: list[np.ndarray]) -> None:
    """Draw a line for each prior: its mean is the colour and a name, its strength the stroke."""
    for line in means.transpose("prior", "trials"):
        mean, strength = (float(line[name]) for name in ("prior_mean", "prior_strength"))
        colour = COLOURS[int(np.searchsorted(knobs[0], mean)) % len(COLOURS)]
        stroke = STROKES[int(np.searchsorted(knobs[1], strength)) % len(STROKES)]
        axes.plot(means["trials"], line, color=colour, linestyle=stroke, linewidth=1.2)
        if strength == knobs[1][-1]:
            _name_line(axes, f"mean {mean:g}", (float(means["trials"][0]), float(line[0])), colour)


def _fits(axes: Axes, found: Sequence[Size], rule: Rule) -> None:
    """Mark the fits by NUTS, by the side that they show."""
    for side, mark in sides(rule).items():
        fits = [fit for size in found for fit in size.extremes if fit.tenable[0] == side]
        trials, means = [fit.count.trials for fit in fits], [fit.found["mean"] for fit in fits]
        axes.plot(trials, means, mark, color="black", fillstyle="none", label=f"NUTS: {side}")


def _explain(axes: Axes, knobs: list[np.ndarray]) -> None:
    """Add the legend: marks, and strokes of the strengths; prior means stand on their lines."""
    for i, value in enumerate(knobs[1]):
        axes.plot([], [], color=GREY, linestyle=STROKES[i], label=f"strength {value:g}")
    axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))


def _name_line(axes: Axes, text: str, at: tuple[float, float], colour: str) -> None:
    """Write what a line is to the left of its first point."""
    axes.annotate(
        text,
        at,
        xytext=(-2, 1),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=8,
        color=colour,
    )
