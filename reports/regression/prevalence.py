"""What each option costs by how common the event is: a figure."""

from collections.abc import Mapping

import numpy as np

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.drawing.drawing import COLOURS, GREY, HALF, canvas_of, to_svg
from workflow.deciding.costs import Cost, Stakes, by_cost

STYLES = ("-", "--", ":")
HOW_CURVES = (
    "Each line is an option, named in the legend: what it costs per person, if the share of people "
    "with the event were that on the axis. The lowest line is the best option there; where lines "
    "cross, the best option changes. The threshold moves along with the share, and where it passes "
    "a row a line jumps. The band is one standard error over the rows judged: lines inside it are "
    "not told apart. Read it at the vertical grey line, which is the share of those decided on; "
    "nearby it says how much hangs on that share."
)


def by_prevalence(
    name: str, curves: Mapping[str, Mapping[float, Cost]], stakes: Stakes, rows: str
) -> Figure:
    """Draw each option's cost per person against how common the event is; `rows` are judged."""
    unit = stakes.false_alarm
    with canvas_of(name, HALF, 3.4) as canvas:
        axes = canvas.subplots()
        for (option, found), colour, style in zip(curves.items(), COLOURS, STYLES, strict=False):
            at = np.array(list(found))
            value, error = (
                np.array([getattr(cost, part) for cost in found.values()]) / unit
                for part in ("value", "error")
            )
            axes.plot(at, value, style, color=colour, label=option)
            if error.any():
                band = (np.maximum(value - error, 0), value + error)
                axes.fill_between(at, *band, color=colour, alpha=0.2, linewidth=0)
                axes.set_ylim(0, 1.1 * float(band[1].max()))
        axes.axvline(stakes.prevalence, color=GREY, linewidth=1)
        axes.set_xscale("logit")
        ticks = (0.001, 0.01, 0.1, 0.5, 0.9)
        axes.set_xticks(ticks, [share_said(tick) for tick in ticks])
        axes.set_xticks([], minor=True)
        axes.set_xlabel("people with the event (axis: log-odds)")
        axes.set_ylabel("cost per person (false alarms)")
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, name)
    caption = (
        "Cost per person by how common the event is; band: one standard error. Grey line: "
        f"{share_said(stakes.prevalence)}."
    )
    return Figure(
        svg, f"Cost by prevalence on the {rows}: {_cheapest(curves)}.", caption, HOW_CURVES
    )


def _cheapest(curves: Mapping[str, Mapping[float, Cost]]) -> str:
    """Say of how many of the prevalences drawn each option costs least."""
    drawn = list(next(iter(curves.values())))
    best = [by_cost({option: curves[option][at] for option in curves})[0] for at in drawn]
    return "; ".join(
        f"{option} costs least at {best.count(option)} of {len(drawn)} prevalences"
        for option in curves
    )


def share_said(p: float) -> str:
    """Format a share as a percentage of at most three digits."""
    return f"{figure(100 * p)}%"
