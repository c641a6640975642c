"""Figures of a fit: predicted data over the observed ones, PIT, shares in groups, residuals."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from reports.blocks.blocks import Figure
from reports.blocks.numbers import apart, figure
from reports.blocks.text import listed, shortened, told_apart
from reports.drawing.drawing import BLUE, GREY, HALF, ORANGE, canvas_of, to_svg, where_wanted
from reports.regression import how
from workflow.regression.left_over import Panel
from workflow.regression.pictured import Binned, Overlay, Pit, Rootogram

ACROSS, LONGEST, POINTS = 3, 26, 200
FEW, MANY = 12, 2000  # values that have a bar each; rows from which on bins are 60


@where_wanted
def distribution(outcome: pd.Series) -> Figure:
    """Draw how the outcome is distributed: a histogram, or a bar for each of few values."""
    y, name = outcome.to_numpy(dtype=float), str(outcome.name)
    values, times = np.unique(y, return_counts=True)
    few = len(values) <= FEW
    with canvas_of("outcome", HALF, 1.9) as canvas:
        axes = canvas.subplots()
        if few:
            axes.bar([f"{value:g}" for value in values], times, color=BLUE, alpha=0.6, width=0.6)
        else:
            axes.hist(y, bins="auto" if len(y) < MANY else 60, color=BLUE, alpha=0.6)
        axes.set_ylabel("rows")
        axes.set_xlabel(shortened(name, 2 * LONGEST))
        svg = to_svg(canvas, "outcome")
    counted = (f"{value:g}: {n:,}" for value, n in zip(values, times, strict=True))
    low, middle, high = apart(*map(float, np.quantile(y, (0.0, 0.5, 1.0))))
    said = listed(counted) if few else f"from {low} to {high}, median {middle}"
    return Figure(svg, f"{name}, rows by value: {said}.", f"{name}, the outcome.", how.OUTCOME)


@where_wanted
def overlay(found: Overlay | Rootogram, name: str) -> Figure:
    """Draw the observed outcome and predicted ones: densities, or bars of counts."""
    if isinstance(found, Rootogram):
        return _bars(found, name)
    with canvas_of("overlay", 7, 2.5) as canvas:
        axes = canvas.subplots()
        for i, line in enumerate(found.predicted):
            said = f"predicted, {len(found.predicted)} data sets" if not i else None
            axes.plot(*line, color=BLUE, alpha=0.35, linewidth=0.7, label=said)
        axes.plot(*found.observed, color=ORANGE, linewidth=2, label="observed")
        axes.set_yticks([])
        axes.set_ylabel("density")
        axes.set_xlabel(shortened(name, 2 * LONGEST))
        axes.legend(frameon=False, fontsize=9)
        svg = to_svg(canvas, "overlay")
    peaks = [float(x[np.argmax(height)]) for x, height in (found.observed, *found.predicted)]
    alt = (
        f"The density of {name} is highest at {figure(peaks[0])}, those of predicted data sets "
        f"between {figure(min(peaks[1:]))} and {figure(max(peaks[1:]))}."
    )
    return Figure(svg, alt, f"{name}: observed, and predicted by the fitted model.", how.OVERLAY)


@where_wanted
def _bars(found: Rootogram, name: str) -> Figure:
    root = {key: np.sqrt(getattr(found, key)) for key in ("observed", "lower", "median", "upper")}
    with canvas_of("overlay", 7, 2.5) as canvas:
        axes = canvas.subplots()
        axes.bar(found.values, root["observed"], color=ORANGE, alpha=0.5, label="observed")
        away = np.abs([root["lower"] - root["median"], root["upper"] - root["median"]])
        said = "predicted (95%)"
        axes.errorbar(found.values, root["median"], away, fmt="o", color=BLUE, ms=4, label=said)
        axes.set_ylabel("rows (square root)")
        axes.set_xlabel(shortened(name, 2 * LONGEST))
        axes.legend(frameon=False, fontsize=9)
        if found.more:
            at, last = found.values[::5], found.values[-1]
            axes.set_xticks(at, [f"{x:g}{'+' if x == last else ''}" for x in at])
        svg = to_svg(canvas, "overlay")
    alt = (
        f"{found.outside} of {len(found.values)} values of {name} were observed more, or less, "
        "often than the central 95% of predicted data have them."
    )
    above = f" ({found.values[-1]:g}+: that or more)" if found.more else ""
    caption = (
        f"How often {name} has each value{above}: observed, and predicted by the fitted model."
    )
    return Figure(svg, alt, caption, how.ROOTOGRAM)


@where_wanted
def pit(found: Pit) -> Figure:
    """Draw the ECDF of the PIT less the uniform one, in its band."""
    with canvas_of("pit", 7, 2.2) as canvas:
        axes = canvas.subplots()
        ends = found.lower, found.upper
        axes.fill_between(found.at, *ends, color=GREY, alpha=0.3, linewidth=0, step="post")
        axes.axhline(0, color=GREY, linewidth=1)
        axes.plot(found.at, found.difference, color=BLUE, drawstyle="steps-post")
        axes.set_xlabel("share of its prediction that lies below a row (PIT)")
        axes.set_ylabel("ECDF less\nuniform")
        svg = to_svg(canvas, "pit")
    some = f" {found.rows} of {found.of:,} rows, at random." if found.rows < found.of else ""
    inside = "stays inside" if found.inside else "leaves"
    alt = f"The line {inside} the 95% band. Variance of the PIT: {found.spread:.2f} of a uniform."
    return Figure(svg, alt, f"Are predictions as wide as they should be?{some}", how.PIT)


@where_wanted
def binned(found: Binned, name: str) -> Figure:
    """Draw the shares of events in groups of rows against their fitted probabilities."""
    with canvas_of("overlay", 5.2, 3.2) as canvas:
        axes = canvas.subplots()
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=1)
        said = "predicted (95%)"
        axes.vlines(found.p, found.lower, found.upper, color=BLUE, linewidth=5, alpha=0.4)
        axes.plot([], [], color=BLUE, linewidth=5, alpha=0.4, label=said)
        axes.plot(found.p, found.share, "D", color=ORANGE, markersize=5, label="observed")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_xlabel("fitted probability (mean of the group)")
        axes.set_ylabel(f"share of {shortened(name, LONGEST)}")
        axes.legend(frameon=False, fontsize=9)
        svg = to_svg(canvas, "overlay")
    alt = (
        f"In {found.outside} of {len(found.p)} groups of rows the share of {name} is outside the "
        "central 95% of predicted data."
    )
    caption = f"Share of {name} by fitted probability, on the rows that were fitted."
    return Figure(svg, alt, caption, how.BINNED)


@where_wanted
def left_over(found: Sequence[Panel], *, shares: bool, of: int) -> Figure:
    """Draw residuals in panels; `shares`: of an outcome of 0 and 1, groups alone.

    `of` is how many columns there are.
    """
    across = min(ACROSS, len(found))
    down = math.ceil(len(found) / across)
    with canvas_of("residuals", 7, 0.3 + 1.9 * down) as canvas:
        grid = canvas.subplots(down, across, squeeze=False, sharey=True).ravel()
        for axes, panel in zip(grid, found, strict=False):
            _panel(axes, panel, shares=shares)
        for axes in grid[len(found) :]:
            axes.set_axis_off()
        canvas.supylabel("share less probability" if shares else "residual", fontsize=10)
        svg = to_svg(canvas, "residuals")
    said = listed(f"{p.name}: {p.outside} of {len(p.at)}" for p in found)
    drawn = len(found) - 1
    some = f" Of {of} columns the {drawn} least even." if drawn < of else ""
    alt = f"Groups of rows whose mean residual is more than 1.96 standard errors from 0: {said}."
    how_to = how.LEFT_OVER_BINNED if shares else how.LEFT_OVER
    return Figure(svg, alt, f"Residuals against the fitted value and columns.{some}", how_to)


def _panel(axes: Axes, panel: Panel, *, shares: bool) -> None:
    axes.axhline(0, color=GREY, linewidth=1)
    if not shares:
        every = slice(None, None, -(-len(panel.x) // POINTS))
        axes.plot(panel.x[every], panel.left[every], "o", color=BLUE, alpha=0.5, ms=3, mew=0)
        ends = panel.mean - panel.sd, panel.mean + panel.sd
        if not panel.levels:
            axes.fill_between(panel.at, *ends, color=GREY, alpha=0.3, linewidth=0)
    mark = "D" if panel.levels else "D-"
    axes.errorbar(panel.at, panel.mean, panel.error, fmt=mark, color=ORANGE, ms=4, linewidth=1.2)
    if panel.levels:
        turn = 0 if sum(map(len, panel.levels)) < 18 else 40
        names = told_apart(panel.levels, 12)
        axes.set_xticks(
            np.arange(len(names)), names, rotation=turn, ha="right" if turn else "center", size=8
        )
        axes.set_xlim(-0.6, len(names) - 0.4)
    else:
        axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel(shortened(panel.name, LONGEST))
