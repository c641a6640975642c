"""One rate under many priors, drawn: what is expected, where the decision flips, the answer."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from scipy.ndimage import distance_transform_edt

from reports.blocks.blocks import Figure
from reports.drawing import figures
from reports.drawing.drawing import BLUE, GREY, ORANGE, canvas_of, to_svg, where_wanted
from reports.rates.rates import Words
from workflow.deciding.threshold import NOT_SHOWN, Rule
from workflow.quantities import Quantity
from workflow.rates.beta_binomial import Count
from workflow.sensitivity.sensitivity import Sweep

HOW_MAP = (
    "Every point is a prior: its mean along the upright axis, how much it weighs along the other. "
    "Each region, named in the figure where there is room, has the decision that follows from the "
    "exact posterior; the lines are its borders and where both sides are equally probable. The "
    "marks are the sweep's draws, by their decision: they should be of their region, but for those "
    "on a border. Good is a star (the prior of the analysis) far from every border."
)
STROKES = ("-", "--", ":")
WIDE, ROOM = (
    3,
    0.09,
)  # a label is so much wider than high, and half as wide as this share of the axis


def prior(tree: xr.DataTree, outcome: str, count: Count, words: Words) -> Figure:
    """Draw the prior of the rate, and what it predicts for an outcome of as many trials."""
    expected, predicted = tree["prior"]["theta"], tree["prior_predictive"][outcome]
    panels = {
        f"{words.rate}, prior": expected.to_numpy().ravel(),
        f"{words.events} in {count.trials:,} {words.trials}, predicted": predicted.to_numpy(),
    }
    caption = "The prior of the rate, and what it predicts for the data."
    return figures.densities(
        "prior", {label: draws.ravel() for label, draws in panels.items()}, caption=caption
    )


def picture(found: Sweep, own: Quantity, rule: Rule, words: Words) -> Figure:
    """Draw the difference from the reference under the swept priors that are centred on it.

    Where nothing was swept, under the prior of the analysis: `own`.
    """
    shown = {
        f"prior weighs {one.knobs['prior_strength']:g}": {"NUTS": one.quantities["difference"]}
        for one in found.points
        if one.knobs["prior_mean"] == rule.reference
    }
    under = f"priors centred on {rule.reference:g}, by how many {words.trials} they weigh"
    return figures.intervals(
        "answer",
        shown or {"difference": {"NUTS": own}},
        label=f"{words.rate}, difference from {rule.reference:g} (percentage points)",
        caption="Median and 95% equal-tailed credible interval under "
        f"{under if shown else 'the prior of the analysis'}.",
        scale=100,
    )


def sides(rule: Rule) -> dict[str, str]:
    """Return the mark of each decision: triangles that point to its side, a ring for neither."""
    return {rule.below: "v", NOT_SHOWN: "o", rule.above: "^"}


@where_wanted
def flip_map(
    name: str,
    surface: xr.DataArray,
    found: Sweep,
    own: tuple[float, float],
    rule: Rule,
    *,
    unit: str,
) -> Figure:
    """Draw P(rate < reference) over priors, the limits of the decision, and the sweep's points.

    Parameters
    ----------
    surface
        The exact probability; dims: prior_mean, prior_strength.
    own
        Mean and strength of the analysis' prior.
    unit
        What the trials are called.
    """
    x, y, p = _grid(surface)
    with canvas_of(name, 7, 4) as canvas:
        axes = canvas.subplots()
        limits = [1 - rule.sure, rule.sure]
        axes.contourf(x, y, p, levels=[-1, *limits, 2], colors=[ORANGE, "#ffffff", BLUE], alpha=0.2)
        for limit, stroke in zip((limits[1], 0.5, limits[0]), STROKES, strict=True):
            axes.contour(x, y, p, levels=[limit], colors="black", linestyles=stroke, linewidths=1)
            axes.plot([], [], stroke, color="black", linewidth=1, label=f"P = {limit:.3g}, exact")
        axes.axhline(rule.reference, color=GREY, linewidth=1)
        for side, mark in sides(rule).items():
            points = [one.knobs for one in found.points if one.decision == side]
            axes.plot(
                [one["prior_strength"] for one in points],
                [one["prior_mean"] for one in points],
                mark,
                color="black",
                fillstyle="none" if side == NOT_SHOWN else "full",
                linestyle="none",
                markersize=6,
                label=f"NUTS: {side}",
            )
        axes.plot(own[1], own[0], "*", color=ORANGE, markersize=11, label="prior of the\nanalysis")
        _name_regions(axes, x, y, p, rule, [tuple(one.knobs.values()) for one in found.points])
        logarithmic(axes, f"prior strength ({unit} that it weighs; axis: log scale)")
        axes.set_ylabel("prior mean (a rate)")
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, name)
    counted = [(side, sum(one.decision == side for one in found.points)) for side in sides(rule)]
    said = ", ".join(f"“{side}” at {n}" for side, n in counted)
    flips = "changes with the prior" if sum(n > 0 for _, n in counted) > 1 else "does not change"
    alt = (
        f"Over prior means and strengths the decision {flips}. Of the sweep's "
        f"{len(found.points)} priors: {said}."
    )
    caption = (
        "Where the decision flips. Lines: where the posterior probability P of a rate below "
        f"{rule.reference:g} is the same; marks: the sweep's draws. Grey: the reference."
    )
    return Figure(svg, alt, caption, HOW_MAP)


def logarithmic(axes: Axes, label: str) -> None:
    """Make the x axis logarithmic, with plain numbers."""
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.set_xlabel(label)


def _grid(surface: xr.DataArray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return strengths, means and probabilities, shape (mean, strength)."""
    p = surface.transpose("prior_mean", "prior_strength")
    return p["prior_strength"].to_numpy(), p["prior_mean"].to_numpy(), p.to_numpy()


def _name_regions(
    axes: Axes,
    x: np.ndarray,
    y: np.ndarray,
    p: np.ndarray,
    rule: Rule,
    taken: Sequence[tuple[float, ...]],
) -> None:
    """Write each decision where its region has the most room beside the points `taken`."""
    free = np.ones(p.shape, dtype=bool)
    for mean, strength in taken:
        free[np.abs(y - mean).argmin(), np.abs(x - strength).argmin()] = False
    side = np.vectorize(rule.side)(p)
    for region in sides(rule):
        inside = np.pad(free & (side == region), 1)
        room = distance_transform_edt(inside, sampling=(WIDE, 1))[1:-1, 1:-1]
        i, j = np.unravel_index(int(room.argmax()), room.shape)
        if room[i, j] > ROOM * len(x):
            text = axes.text(x[j], y[i], region, ha="center", va="center", weight="bold", size=9)
            text.set_bbox({"facecolor": "#ffffff", "alpha": 0.7, "linewidth": 0, "pad": 1})
