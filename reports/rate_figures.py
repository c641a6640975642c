"""One rate under many priors, drawn: where the decision flips, and how data overrule priors."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from scipy.ndimage import distance_transform_edt

from reports.blocks import Figure
from reports.drawing import BLUE, COLOURS, GREY, ORANGE, canvas_of, to_svg
from workflow.data_size import Size
from workflow.sensitivity import Sweep
from workflow.threshold import NOT_SHOWN, Rule

STROKES = ("-", "--", ":")
WIDE, ROOM = (
    3,
    0.09,
)  # a label is so much wider than high, and half as wide as this share of the axis


def sides(rule: Rule) -> dict[str, str]:
    """Return the mark of each decision: triangles that point to its side, a ring for neither."""
    return {rule.below: "v", NOT_SHOWN: "o", rule.above: "^"}


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
        _logarithmic(axes, f"prior strength ({unit} that it weighs; axis: log scale)")
        axes.set_ylabel("prior mean (a rate)")
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, name)
    counted = [(side, sum(one.decision == side for one in found.points)) for side in sides(rule)]
    said = ", ".join(f"“{side}” at {n}" for side, n in counted)
    alt = f"Decision by prior mean and strength. Of the sweep's {len(found.points)} priors: {said}."
    caption = (
        "Where the decision flips. Lines: where the posterior probability P of a rate below "
        f"{rule.reference:g} is the same; marks: the sweep's fits. Grey: the reference."
    )
    return Figure(svg, alt, caption)


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
        for line in means.transpose("prior", "trials"):
            colour, stroke = (
                int(np.searchsorted(values, float(line[name])))
                for values, name in zip(knobs, ("prior_mean", "prior_strength"), strict=True)
            )
            axes.plot(
                means["trials"],
                line,
                color=COLOURS[colour % len(COLOURS)],
                linestyle=STROKES[stroke % len(STROKES)],
                linewidth=1.2,
            )
        for side, mark in sides(rule).items():
            fits = [fit for size in found for fit in size.extremes if fit.tenable[0] == side]
            axes.plot(
                [fit.count.trials for fit in fits],
                [fit.found["mean"] for fit in fits],
                mark,
                color="black",
                fillstyle="none",
                label=f"NUTS: {side}",
            )
        _explain(axes, knobs)
        _logarithmic(axes, f"{unit} (axis: log scale)")
        axes.set_ylabel("posterior mean (a rate)")
        svg = to_svg(canvas, name)
    said = "; ".join(
        f"{one.count.trials:,.0f} {unit}: {one.lowest:.3f} to {one.highest:.3f}" for one in found
    )
    caption = (
        "How data overrule priors: the exact posterior mean at the observed rate, by prior. Grey: "
        f"the reference, {rule.reference:g}."
    )
    return Figure(svg, f"Posterior means under {means.sizes['prior']} priors. {said}.", caption)


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
            axes.text(x[j], y[i], region, ha="center", va="center", fontweight="bold", fontsize=9)


def _logarithmic(axes: Axes, label: str) -> None:
    """Make the x axis logarithmic, with plain numbers."""
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.set_xlabel(label)


def _explain(axes: Axes, knobs: list[np.ndarray]) -> None:
    """Add the legends: marks, colours of the prior means, strokes of the strengths."""
    for i, value in enumerate(knobs[0]):
        axes.plot([], [], color=COLOURS[i % len(COLOURS)], label=f"prior mean {value:g}")
    for i, value in enumerate(knobs[1]):
        axes.plot([], [], color=GREY, linestyle=STROKES[i], label=f"strength {value:g}")
    axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
