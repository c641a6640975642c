"""What a page says of each column's effect on the outcome, on the outcome's own scale."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from reports.blocks.blocks import Block, Figure, Table
from reports.blocks.numbers import apart, estimate, figure
from reports.blocks.text import listed, shortened, told_apart
from reports.drawing.drawing import BLUE, GREY, canvas_of, to_svg, where_wanted
from reports.regression import how
from reports.regression.terms import on_line
from workflow.quantities import Quantity
from workflow.regression.effects import Comparison, Curve, Effects
from workflow.regression.hanging import Hanging

ACROSS, LONGEST, POINTS = 3, 26, 150  # panels in a row; characters of a label; rows drawn
PERCENT = ("logit", "share")  # scales that are told in per cent
NAME = 80  # characters of the name of a column, or of a level, in a table
KINDS = {
    "identity": "",
    "logit": " The outcome is a probability here; differences are in percentage points.",
    "share": " The outcome is a share; differences are in percentage points of it.",
    "log": " The model is one of a logarithm; here its predictions are told back in {name}: a "
    "prediction is the median of such a row (half of them lie above it), not its mean, which is "
    "higher.",
    "count": " A prediction is the expected count, the mean of such rows, per unit of exposure; a "
    "difference says how many more, a ratio by which share more.",
}


def blocks(found: Effects, hanging: Hanging) -> list[Block]:
    """Return the figure of the largest effects and the table of all."""
    if not found.comparisons:
        return ["No column changes the predictions."]
    n, drawn = len({one.column for one in found.comparisons}), len(found.curves)
    some = f" Drawn are the {drawn} of {n} with the largest differences." if n > drawn else ""
    return [
        "Predictions, averaged over the rows, one column at the value on the axis, "
        f"the others as they are.{KINDS[found.kind].format(name=found.name)} These are "
        "associations, other columns being equal, and not what would happen if somebody changed "
        "one.",
        _panels(found, some),
        _table(found, hanging),
    ]


@where_wanted
def _panels(found: Effects, some: str) -> Figure:
    curves, in_percent = found.curves, found.kind in PERCENT
    across = min(ACROSS, len(curves))
    down = math.ceil(len(curves) / across)
    with canvas_of("effects", 7 if across > 1 else 4.5, 0.3 + 2.3 * down) as canvas:
        grid = canvas.subplots(down, across, squeeze=False, sharey=True).ravel()
        for axes, curve in zip(grid, curves, strict=False):
            _draw(axes, curve)
            if in_percent:
                axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        for axes in grid[len(curves) :]:
            axes.set_axis_off()
        canvas.supylabel(shortened(found.name, 2 * LONGEST), fontsize=10)
        svg = to_svg(canvas, "effects")
    said = listed((_in_words(curve, in_percent=in_percent) for curve in curves), most=600)
    caption = f"{found.name} by each column, averaged over the rows; 95% intervals.{some}"
    return Figure(svg, f"Predicted {found.name}: {said}.", caption, how.EFFECTS)


def _draw(axes: Axes, curve: Curve) -> None:
    x, y = (values[:: -(-len(values) // POINTS)] for values in curve.seen)
    axes.plot(x, y, "o", color=GREY, alpha=0.4, markersize=3, markeredgewidth=0)
    if curve.curve:
        at = np.asarray(curve.at, dtype=float)
        axes.fill_between(at, curve.lower, curve.upper, color=BLUE, alpha=0.3, linewidth=0)
        axes.plot(at, curve.median, color=BLUE)
        axes.locator_params(axis="x", nbins=4)
    else:
        at = np.arange(len(curve.at))
        away = np.abs([curve.lower - curve.median, curve.upper - curve.median])
        axes.errorbar(at, curve.median, away, fmt="D", color=BLUE, markersize=5)
        turn = 0 if sum(map(len, map(str, curve.at))) < 18 else 40
        names = told_apart([str(one) for one in curve.at], 12)
        axes.set_xticks(at, names, rotation=turn, ha="right" if turn else "center", fontsize=8)
        axes.set_xlim(-0.6, len(at) - 0.4)
    axes.set_xlabel(shortened(curve.column, LONGEST))


def _in_words(curve: Curve, *, in_percent: bool) -> str:
    """Say the predictions at the ends of a curve, or at its lowest and highest level."""
    ends = [0, len(curve.at) - 1]
    if not curve.curve:
        ends = [int(np.argmin(curve.median)), int(np.argmax(curve.median))]
    first, last = (f"{float(curve.at[i]):.4g}" if curve.curve else str(curve.at[i]) for i in ends)
    values = apart(*(float((100 if in_percent else 1) * curve.median[i]) for i in ends), digits=3)
    low, high = (f"{one}{'%' * in_percent}" for one in values)
    return f"{shortened(curve.column, NAME)}, {low} at {first} and {high} at {last}"


def _table(found: Effects, hanging: Hanging) -> Table:
    logs, factor = found.kind in {"log", "count"}, 100.0 if found.kind in PERCENT else 1.0
    slopes = any(one.slope for one in found.comparisons)
    rows = []
    for one in found.comparisons:
        row = [_compared(one, hanging), _signed(one.difference, factor)]
        row += [_signed(one.ratio, 100)] if logs else []
        row += [_signed(one.slope, 100 if logs else factor)] if slopes else []
        rows.append(tuple(row))
    unit = f"{found.name}, percentage points" if found.kind in PERCENT else found.name
    columns = ["compared", f"average difference ({unit})", *["in %"] * logs]
    per = dict.fromkeys(("log", "count"), "in % per unit more")
    per |= dict.fromkeys(PERCENT, "slope (points per sd more)")
    columns += [per.get(found.kind, "slope (per unit more)")] * slopes
    return Table("Comparisons, averaged over the rows", (*columns,), (*rows,), how.COMPARISONS)


def _signed(q: Quantity | None, factor: float) -> str:
    return estimate(q, factor, sign=True) if q else "–"


def _compared(one: Comparison, hanging: Hanging) -> str:
    value, than = (x if isinstance(x, str) else figure(x, 4) for x in (one.value, one.than))
    said = f"{one.column}: {value} rather than {than}"
    line = on_line(hanging, said) or on_line(hanging, one.column)
    short = [shortened(x, NAME) for x in (one.column, value, than)]
    return f"{short[0]}: {short[1]} rather than {short[2]}{f' ({line})' if line else ''}"
