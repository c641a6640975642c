"""A measurement and a setting together: words, a table of what goes with what, the corridors."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reports.blocks.blocks import Cell, Figure, Table
from reports.blocks.numbers import estimate, figure, number
from reports.drawing.drawing import BLUE, GREEN, GREY, ORANGE, canvas_of, to_svg
from reports.page.page import Report
from workflow.process.limits import Limits
from workflow.process.pairs import CORRIDOR, SHARES, Axes, contour, too_many
from workflow.quantities import INTERVAL, Quantity

HOW_TABLE = (
    f"One row a quantity, with its median and in brackets the {INTERVAL}, by NUTS. The slope is by "
    "how much the measurement differs for one unit of the setting; the sd given the setting is "
    "that of pieces made with the same one. What goes together need not be cause and effect."
)
HOW_AXES = (
    "One row an axis of the covariance, at the posterior mean: the sd along it, its share of the "
    "variance, and its direction as a step in both columns. The shares depend on the units, the "
    "corridor does not. One axis with nearly all of the variance says that both columns move "
    "together."
)
HOW_ROWS = (
    "One row a piece outside the corridor of 99%, with its line in the file and how probable a "
    "piece is that lies farther out. Chance alone puts one piece in a hundred there; look at those "
    "with the smallest probability first."
)
HOW_FIGURE = (
    "Each mark is a piece; a cross is one outside the corridor of 99%. The ellipses are the "
    "corridors inside which 50%, 90% and 99% of pieces are expected, at the posterior mean; the "
    "two lines are the axes of the covariance; dashed are the limits. Good are marks that fill the "
    "ellipses evenly; a bent cloud is not what the model has."
)
SHOWN, MOST = 20, 2000  # rows in the table, marks in the figure


def words(found: Mapping[str, Quantity], less: float, setting: str, many: int, rows: int) -> str:
    """Say how measurement and setting go together, and how many rows chance would put outside.

    `less` is the share of the variance that goes with the setting, `many` how many are outside.
    """
    return (
        f"The correlation of measurement and {setting} is {estimate(found['correlation'])}. Pieces "
        f"made with one setting have an sd of {estimate(found['sd_given'])}, all together "
        f"{estimate(found['sd[y]'])}: {figure(100 * less, 2)}% of the variance goes with "
        f"{setting}, and would go away if it were held still, if it is the cause. {many:,} of "
        f"{rows:,} rows "
        f"are outside the corridor of {100 * CORRIDOR:g}%, where chance alone would put about "
        f"{figure((1 - CORRIDOR) * rows)}."
    )


def table(found: Mapping[str, Quantity], name: str, setting: str) -> Table:
    """Return correlation, slope and the sds."""
    called = {
        "correlation": "correlation",
        "slope": f"slope: {name} by {setting}",
        "sd[y]": f"sd of {name}",
        "sd_given": f"sd of {name}, given {setting}",
        "sd[x]": f"sd of {setting}",
    }
    rows = tuple((told, estimate(found[code])) for code, told in called.items())
    return Table("Measurement and setting", ("quantity", "median (interval)"), rows, HOW_TABLE)


def axes(found: Axes, name: str, setting: str) -> Table:
    """Return the axes of the covariance."""
    rows = tuple(
        (
            str(i + 1),
            figure(float(np.sqrt(variance))),
            f"{100 * variance / found.variances.sum():.1f}%",
            number(float(direction[0]), 0.001, sign=True),
            number(float(direction[1]), 0.001, sign=True),
        )
        for i, (variance, direction) in enumerate(
            zip(found.variances, found.directions, strict=True)
        )
    )
    columns = ("axis", "sd along it", "share of variance", f"step in {name}", f"step in {setting}")
    return Table("Axes of the corridor", columns, rows, HOW_AXES)


def outside(values: pd.Series, settings: pd.Series, p: np.ndarray) -> list[Table]:
    """Return the rows outside the corridor, the least probable first; no table where none is."""
    order = [i for i in np.argsort(p, kind="stable") if p[i] < 1 - CORRIDOR][:SHOWN]
    rows: list[tuple[Cell, ...]] = [
        (
            f"{values.index[i]}",
            figure(float(values.iloc[i]), 5),
            figure(float(settings.iloc[i]), 5),
            f"{p[i]:.4f}" if p[i] >= 1e-4 else "< 0.0001",
        )
        for i in order
    ]
    columns = ("line", str(values.name), str(settings.name), "P(farther out)")
    caption = f"Rows outside the corridor of {100 * CORRIDOR:g}%"
    return [Table(caption, columns, tuple(rows), HOW_ROWS)] if rows else []


def warn(report: Report, many: int, rows: int) -> None:
    """Warn where more pieces are outside their corridor than chance explains."""
    if too_many(many, rows):
        report.warn(
            f"{many:,} of {rows:,} pieces are outside the corridor of {100 * CORRIDOR:g}% of "
            f"measurement and setting, where chance would put about "
            f"{figure((1 - CORRIDOR) * rows)}.",
            "Measurement and setting are not normal together: look for odd pieces, and for a curve "
            "or two groups in the figure, before you believe corridor and correlation.",
        )


def corridors(
    values: pd.Series,
    settings: pd.Series,
    limits: Limits,
    middle: tuple[np.ndarray, np.ndarray, Axes],
    p: np.ndarray,
) -> Figure:
    """Draw the pieces, the corridors with their axes (mean, covariance, axes), and the limits."""
    mean, covariance, along = middle
    y, x, far = values.to_numpy(), settings.to_numpy(), p < 1 - CORRIDOR
    near = np.flatnonzero(~far)
    near = near[:: max(1, len(near) // MOST)]
    with canvas_of("corridor", 7.5, 4.2) as canvas:
        plot = canvas.subplots()
        plot.plot(x[near], y[near], "o", color=GREY, markersize=3)
        plot.plot(x[far], y[far], "x", color=ORANGE, markersize=6)
        for share, dashes in zip(SHARES, ("-", "-.", ":"), strict=True):
            ellipse = contour(mean, covariance, share)
            plot.plot(ellipse[1], ellipse[0], dashes, color=BLUE, label=f"{100 * share:g}%")
        for variance, direction in zip(along.variances, along.directions, strict=True):
            ends = mean[:, None] + 2 * np.sqrt(variance) * direction[:, None] * [-1, 1]
            plot.plot(ends[1], ends[0], color=GREEN, linewidth=1)
        for limit in limits.ends:
            plot.axhline(limit, color=ORANGE, linestyle="--")
        plot.set_xlabel(str(settings.name))
        plot.set_ylabel(str(values.name))
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, "corridor")
    alt = (
        f"{len(y):,} pieces by {settings.name}, {int(far.sum()):,} of them outside the corridor of "
        f"{100 * CORRIDOR:g}%; the first axis has {100 * along.share:.0f}% of the variance."
    )
    return Figure(svg, alt, "Measurement and setting, and their corridors.", HOW_FIGURE)
