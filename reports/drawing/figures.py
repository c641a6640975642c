"""Results as figures: labelled axes with units, inline SVG, an alternative in words."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np

from reports.blocks import how
from reports.blocks.blocks import Figure
from reports.blocks.numbers import apart, estimate
from reports.blocks.text import listed, told_apart
from reports.drawing.drawing import (
    BLUE,
    COLOURS,
    GREY,
    HALF,
    MARKS,
    ORANGE,
    canvas_of,
    to_svg,
    where_wanted,
)
from workflow.checking.checks import StatisticCheck
from workflow.quantities import INTERVAL, Quantity

DRAWN = 30  # rows of a figure: more make it taller than a screen and no clearer
LONGEST = 30  # characters of the name of a row, in a line; of two at most
ALONG, ACROSS = 36, 46  # characters of a line below half a figure, and below one of intervals


@where_wanted
def intervals(
    name: str,
    rows: Mapping[str, Mapping[str, Quantity]],
    *,
    label: str,
    caption: str,
    scale: float = 1,
    rope: float | None = None,
) -> Figure:
    """Draw medians and 95% intervals: one line a quantity, or one for each method.

    Where there are more than `DRAWN` lines, those are drawn whose medians are farthest from 0.

    Parameters
    ----------
    rows
        Quantity name to its summaries by method.
    label, scale
        Axis label with the unit, and the factor into that unit.
    rope
        Half-width of the region of practical equality, in that unit.
    """
    methods = list(dict.fromkeys(method for found in rows.values() for method in found))
    every, rows = len(rows), farthest(rows, DRAWN // len(methods))
    short = told_apart([*rows], 2 * LONGEST)
    with canvas_of(name, HALF, 1.1 + 0.34 * len(rows) * len(methods)) as canvas:
        axes = canvas.subplots()
        axes.axvline(0, color=GREY, linewidth=1)
        if rope:
            within = f"practically equal (within ±{rope:g})"
            axes.axvspan(-rope, rope, color=GREY, alpha=0.2, linewidth=0, label=within)
        for m, method in enumerate(methods):
            y = -np.arange(len(rows)) - 0.6 * (m - (len(methods) - 1) / 2) / len(methods)
            found = [by_method[method] for by_method in rows.values()]
            middle = scale * np.array([q.median for q in found])
            ends = scale * np.array([(q.lower, q.upper) for q in found]).T
            axes.errorbar(
                middle,
                y,
                xerr=np.abs(ends - middle),
                fmt=MARKS[m],
                color=COLOURS[m],
                label=method if len(methods) > 1 else None,
            )
        lines = [textwrap.fill(one, LONGEST) for one in short]
        axes.set_yticks(-np.arange(len(rows)), lines)
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        axes.set_xlabel(textwrap.fill(label, ACROSS))
        if len(methods) > 1 or rope:
            canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, name)
    some = f" Drawn are the {len(rows)} of {every:,} that are farthest from 0."
    some = some if len(rows) < every else ""
    told = _medians(dict(zip(short, rows.values(), strict=True)), scale)
    alt = f"{label}: {_sides(rows)}. Median and {INTERVAL}: {told}.{some}"
    return Figure(svg, alt, caption + some, how.INTERVALS + (how.ROPE if rope else ""))


def farthest(
    rows: Mapping[str, Mapping[str, Quantity]], most: int
) -> dict[str, Mapping[str, Quantity]]:
    """Return the rows whose medians (by the first method) are farthest from 0, in their order."""
    away = {name: abs(next(iter(found.values())).median) for name, found in rows.items()}
    kept = sorted(away, key=away.__getitem__, reverse=True)[:most]
    return {name: found for name, found in rows.items() if name in kept}


def _medians(rows: Mapping[str, Mapping[str, Quantity]], scale: float) -> str:
    """Say median and interval of each quantity by each method."""
    return listed(
        f"{name}{f' by {method}' if len(found) > 1 else ''}: {estimate(q, scale)}"
        for name, found in rows.items()
        for method, q in found.items()
    )


def _sides(rows: Mapping[str, Mapping[str, Quantity]]) -> str:
    """Say how many of the intervals are on either side of 0."""
    drawn = [q for found in rows.values() for q in found.values()]
    above, below = sum(q.lower > 0 for q in drawn), sum(q.upper < 0 for q in drawn)
    if len(drawn) == 1:
        return f"the interval is {'above' if above else 'below' if below else 'on both sides of'} 0"
    across = len(drawn) - above - below
    return f"of {len(drawn)} intervals {above} above 0, {below} below, {across} on both sides"


@where_wanted
def densities(name: str, panels: Mapping[str, np.ndarray], *, caption: str) -> Figure:
    """Draw histograms of draws side by side; `panels` has the draws by axis label."""
    below = {textwrap.fill(label, ALONG): draws for label, draws in panels.items()}
    lines = max(label.count("\n") for label in below)
    with canvas_of(name, 7, 2.6 + 0.17 * lines) as canvas:
        for axes, (label, draws) in zip(
            np.atleast_1d(canvas.subplots(1, len(below))), below.items(), strict=True
        ):
            axes.hist(draws, bins=40, density=True, color=BLUE, alpha=0.6)
            axes.locator_params(axis="x", nbins=6)
            axes.set_xlabel(label)
            axes.set_ylabel("density")
        svg = to_svg(canvas, name)
    central = {label: np.quantile(draws, (0.025, 0.975)) for label, draws in panels.items()}
    told = {label: apart(*map(float, ends), digits=3) for label, ends in central.items()}
    said = (f"{label}, from {low} to {high}" for label, (low, high) in told.items())
    alt = f"{caption} Histograms of draws; the central 95%: {listed(said)}."
    return Figure(svg, alt, caption, how.DENSITIES)


@where_wanted
def predictive(name: str, checks: Sequence[StatisticCheck], *, label: str, caption: str) -> Figure:
    """Draw the central 95% of each statistic's predictive draws and the observed value.

    Of more than `DRAWN` statistics the first are drawn.
    """
    every, checks = len(checks), checks[:DRAWN]
    short = told_apart([one.statistic for one in checks], LONGEST + 4)
    with canvas_of(name, 7, 1.1 + 0.4 * len(checks)) as canvas:
        axes = canvas.subplots()
        y = -np.arange(len(checks))
        axes.hlines(
            y, [c.lower for c in checks], [c.upper for c in checks], color=BLUE, linewidth=3
        )
        axes.plot([c.median for c in checks], y, "|", color=BLUE, markersize=12)
        axes.plot([], [], "-|", color=BLUE, linewidth=3, markersize=12, label="predicted (95%)")
        axes.plot([c.observed for c in checks], y, "D", color=ORANGE, label="observed")
        axes.set_yticks(y, short)
        axes.set_ylim(-len(checks) + 0.4, 0.6)
        axes.set_xlabel(label)
        axes.locator_params(axis="x", nbins=6)
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, name)
    inside = sum(c.lower <= c.observed <= c.upper for c in checks)
    told = (apart(c.observed, c.lower, c.upper) for c in checks)
    said = (
        f"{name}, observed {observed}, predicted {lower} to {upper}"
        for name, (observed, lower, upper) in zip(short, told, strict=True)
    )
    some = f" Drawn are the first {DRAWN} of {every:,}." if every > DRAWN else ""
    alt = (
        f"{label}: {inside} of {len(checks)} observed values are within the central 95% of what is "
        f"predicted. {listed(said)}.{some}"
    )
    return Figure(svg, alt, caption + some, how.PREDICTED)
