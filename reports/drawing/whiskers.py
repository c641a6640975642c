"""Dots and whiskers in the rows of a table: medians and intervals on one axis; such a table."""

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from reports.blocks import how
from reports.blocks.blocks import Table, Whisker
from reports.blocks.numbers import estimate, probability
from workflow.quantities import Quantity, Scalar, label

WIDE, HIGH, EDGE = 130, 18, 6  # pixels: of a cell, and what is left free at its ends


def whiskers(found: Sequence[Quantity | None], zero: float | None = 0.0) -> list[Whisker | str]:
    """Return a cell for each quantity, all on one axis, with a line at `zero`; "" for None.

    What is infinite or no number is not drawn.
    """
    ends = [value for q in found if q for value in (q.lower, q.upper) if math.isfinite(value)]
    low, high = min(ends, default=0.0), max(ends, default=0.0)
    return [
        Whisker(drawn(q.lower, q.median, q.upper, zero=zero, axis=(low, high)), q)
        if q and math.isfinite(q.median) and low < high
        else ""
        for q in found
    ]


def drawn(
    lower: float,
    median: float,
    upper: float,
    *,
    zero: float | None,
    axis: tuple[float, float] | None = None,
) -> Markup:
    """Draw a median and the ends around it on an axis, which is made to have `zero` too."""
    low, high = axis or (lower, upper)
    if zero is not None:
        low, high = min(low, zero), max(high, zero)
    scale = (WIDE - 2 * EDGE) / ((high - low) or 1)

    def at(value: float) -> str:
        return f"{EDGE + scale * (min(max(value, low), high) - low):.1f}"

    line = (
        "" if zero is None else f'<line class="zero" x1="{at(zero)}" x2="{at(zero)}" y2="{HIGH}"/>'
    )
    middle = f"{HIGH / 2:g}"
    svg = (
        f'<svg class="whisker" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" height="{HIGH}" '
        f'aria-hidden="true">{line}<line x1="{at(lower)}" x2="{at(upper)}" y1="{middle}" '
        f'y2="{middle}"/><circle cx="{at(median)}" cy="{middle}" r="4"/></svg>'
    )
    return Markup(svg)


def options(
    caption: str, quantities: Mapping[str, Quantity], scalars: Mapping[str, Scalar], *, said: str
) -> Table:
    """Return a row an option: its quantity, drawn beside it, and its probability.

    Quantities and scalars come in the same order, and are called by their labels; `said` is what
    the probabilities are of.
    """
    cells = whiskers([*quantities.values()], zero=None)
    rows = tuple(
        (label(name), estimate(q), cell, probability(p))
        for (name, q), cell, p in zip(quantities.items(), cells, scalars.values(), strict=True)
    )
    columns = ("option", "median (95% credible interval)", "", said)
    return Table(caption, columns, rows, how.ESTIMATES)
