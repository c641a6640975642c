"""A curve as tables: its sure stretches, and the split of the uncertainty."""

from collections.abc import Sequence

import numpy as np

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import figure, number, percent, probability
from reports.functions.curve import side
from workflow.functions.course import NOWHERE, Course, Rule
from workflow.functions.told import WIDE, Sure
from workflow.quantities import Scalar

HOW_STRETCHES = (
    "One row a stretch of x on which a side is sure at each x by itself. P(throughout): that it is "
    "so at all x of the stretch at once, by draws of whole curves, to the digits of its Monte "
    "Carlo error; long stretches have a lower one. Last column: by how much the curve changes from "
    "the first x to the last, or its mean distance from the level, with its 95% interval. Good are "
    "few, long stretches."
)
HOW_SPLIT = (
    "One row an x, evenly over the range. Sd of the noise: what a single row scatters. Sd of the "
    "curve: what is not known of it. Both squared add up to the square of the last sd, that of "
    "a new row. Good is a small share of the curve: more rows would change little. A large one "
    "is a place where rows are missing."
)
PLACES = 9


def stretches(found: Sequence[Sure], rule: Rule) -> Table:
    """Return the sure stretches, a row each."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        error = np.sqrt(max(one.throughout * (1 - one.throughout), 1 / one.draws) / one.draws)
        coarse = (one.upper - one.lower) / np.sqrt(one.draws)
        size, *ends = (number(v, coarse) for v in (one.size, one.lower, one.upper))
        span = f"{figure(one.first)} to {figure(one.last)}"
        p = probability(Scalar(one.throughout, float(error)))
        rows.append((span, side(one, rule), p, f"{size} ({ends[0]} to {ends[1]})"))
    what = "change" if rule.level is None else "distance"
    columns = ("x", "the curve", "P(throughout)", what)
    return Table(
        "Where it is sure", columns, tuple(rows) or ((NONE, NOWHERE, NONE, NONE),), HOW_STRETCHES
    )


def split(course: Course, name: str) -> Table:
    """Return noise and curve uncertainty at some x."""
    at = np.unique(np.linspace(0, len(course.grid) - 1, PLACES).round().astype(int))
    rows: list[tuple[Cell, ...]] = []
    for i in at:
        curve, mean = float(course.curve_variance[i]), float(course.mean[i])
        noise = float(course.noise_variance[i])
        room = WIDE * np.sqrt(curve)
        ends = f"{figure(mean - room)} to {figure(mean + room)}"
        sds = [figure(float(np.sqrt(one))) for one in (noise, curve, noise + curve)]
        share = percent(curve / (noise + curve), 0.001)
        rows.append((figure(float(course.grid[i])), figure(mean), ends, *sds[:2], share, sds[2]))
    columns = (name, "curve", "95% interval", "sd of the noise", "sd of the curve", "its share")
    return Table("What is not known, split", (*columns, "sd of a new row"), tuple(rows), HOW_SPLIT)
