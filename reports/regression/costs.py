"""A decision by the costs of two errors: its rule, the table, and the figure by prevalence."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reports.blocks.blocks import Figure, Table
from reports.blocks.numbers import figure, number, percent
from reports.drawing.drawing import COLOURS, GREY, HALF, canvas_of, to_svg
from workflow.deciding.costs import Cost, Stakes, by_cost

STYLES = ("-", "--", ":")
HOW = (
    "One row an option; the least cost is the best. Costs are in false alarms per person: what "
    "acting on one person without need costs. “±” is one standard error over the held-out rows "
    "(the options that need no model have none). The Monte Carlo error is what other draws could "
    "change. Options that differ by less than two standard errors are not told apart by these rows."
)
HOW_CURVES = (
    "Each line is an option, named in the legend: what it costs per person, if the share of people "
    "with the event were that on the axis. The lowest line is the best option there; where lines "
    "cross, the best option changes. The band is one standard error over the held-out rows: lines "
    "inside it are not told apart. Read it at the vertical grey line, which is the share of those "
    "decided on; nearby it says how much hangs on that share."
)


@dataclass(frozen=True)
class Words:
    """What to call things: the event ("malignant"), and acting on it ("refer").

    `usual` says that nobody said what a miss costs.
    """

    event: str
    act: str
    usual: bool = False

    @property
    def options(self) -> tuple[str, str, str]:
        """The options: as the model says, everyone, no one."""
        return "follow the model", f"{self.act} everyone", f"{self.act} no one"


def table(found: Mapping[str, Cost], stakes: Stakes) -> Table:
    """Return each option's cost."""
    unit = stakes.false_alarm
    rows = tuple(
        (option, cost_said(cost, unit), f"{cost.mcse / unit:.1g}" if cost.mcse else "–")
        for option, cost in found.items()
    )
    columns = ("option", "cost per person", "Monte Carlo error")
    return Table(f"Costs at {share_said(stakes.prevalence)} with the event", columns, rows, HOW)


def by_prevalence(name: str, curves: Mapping[str, Mapping[float, Cost]], stakes: Stakes) -> Figure:
    """Draw each option's cost per person against how common the event is."""
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
        "Cost per person on the held-out rows by how common the event is, the threshold moving "
        "along; band: one standard error. It jumps where the threshold passes a row. Grey line: "
        f"{share_said(stakes.prevalence)}."
    )
    return Figure(svg, f"Cost by prevalence: {_cheapest(curves)}.", caption, HOW_CURVES)


def _cheapest(curves: Mapping[str, Mapping[float, Cost]]) -> str:
    """Say of how many of the prevalences drawn each option costs least."""
    drawn = list(next(iter(curves.values())))
    best = [by_cost({option: curves[option][at] for option in curves})[0] for at in drawn]
    return "; ".join(
        f"{option} costs least at {best.count(option)} of {len(drawn)} prevalences"
        for option in curves
    )


def rule(stakes: Stakes, words: Words) -> str:
    """Say what following the model means."""
    shift = ""
    if abs(stakes.cut - stakes.threshold) > 1e-9:
        shift = (
            f" In the rows that were fitted {share_said(stakes.fitted)} had the event, so the "
            "probabilities are carried over by exchanging the prior odds: that is right if those "
            "with the event, and those without it, are like the ones here, and only their shares "
            "differ. In terms of the probabilities as fitted, the threshold is "
            f"{percent(stakes.cut, 0.001)}."
        )
    return (
        f"A missed event costs {stakes.miss:g} (--cost-miss), acting without need "
        f"{stakes.false_alarm:g} (--cost-false-alarm), and {share_said(stakes.prevalence)} of the "
        f"people decided on have the event (--prevalence). The least expected cost is to "
        f"{words.act} whoever has a probability of "
        f"{stakes.false_alarm:g} / ({stakes.false_alarm:g} + {stakes.miss:g}) = "
        f"{share_said(stakes.threshold)} or more.{shift}"
    )


def cost_said(cost: Cost, unit: float) -> str:
    """Format a cost in false alarms, to the second digit of its standard error."""
    if not cost.error:
        return figure(cost.value / unit)
    last = 0.99 * 10.0 ** (np.floor(np.log10(cost.error / unit)) - 1)
    return f"{number(cost.value / unit, last)} ± {number(cost.error / unit, last)}"


def share_said(p: float) -> str:
    """Format a share as a percentage of at most three digits."""
    return f"{figure(100 * p)}%"
