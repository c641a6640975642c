"""Groups as figures: how far each is drawn towards the others, and the funnel."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from reports.blocks.blocks import Figure
from reports.blocks.text import shortened
from reports.drawing.drawing import BLUE, GREEN, GREY, HALF, ORANGE, canvas_of, to_svg, where_wanted
from reports.groups.amounts import value
from workflow.checking.status import Status
from workflow.groups.coordinates import CENTRED, Funnel
from workflow.groups.observed import Observed
from workflow.groups.pooling import NONE, PARTIAL
from workflow.quantities import Quantity

LONGEST, DRAWN = 24, 40  # characters of a label; groups with a row each
HOW_SHRINKAGE = (
    "A line is a group: above what its own data alone say, below its posterior mean. The lines run "
    "together as far as partial pooling draws groups towards each other; a dashed line at the "
    "side of the others is where complete pooling would put all of them. Lines that cross have "
    "changed places: a group with few data is drawn farther."
)
HOW_GROUPS = (
    "A row is a group: a ring is what its own data alone say, a dot and line the posterior median "
    "and 95% interval, the dashed line complete pooling. A square, where the file has it, is what "
    "came later. Good are squares inside the lines, in about 19 of 20, as far as what came later "
    "is no sample of few data itself."
)
HOW_FUNNEL = (
    "Each point is a draw: across what the sampler moves in, of one group, upwards the log of the "
    "sd between groups. Good is a cloud without a corner that no chain can enter. In a funnel the "
    "cloud narrows downwards: steps that fit above are too long below, and crosses, divergences, "
    "gather at its neck; where the sampler does not enter it, small sds are missing."
)


@where_wanted
def shrinkage(observed: Observed, estimates: Mapping[str, np.ndarray]) -> Figure:
    """Draw what each group alone says, and above it what partial pooling makes of it."""
    scale = 100 if observed.counted else 1
    alone, pooled = (scale * estimates[one] for one in (NONE, PARTIAL))
    with canvas_of("answer", HALF, 3.0) as canvas:
        axes = canvas.subplots()
        axes.plot(np.array([alone, pooled]), [[1], [0]] * np.ones(len(alone)), "-", color=GREY)
        axes.plot(alone, np.ones(len(alone)), "o", color=ORANGE, markerfacecolor="none")
        axes.plot(pooled, np.zeros(len(alone)), "o", color=BLUE)
        axes.axvline(scale * observed.pooled, color=GREEN, linestyle="--", linewidth=1)
        axes.set_yticks([1, 0], ["own data\nalone", "partly\npooled"])
        axes.set_ylim(-0.25, 1.25)
        axes.set_xlabel(f"{observed.variable}{' (%)' if observed.counted else ''}")
        svg = to_svg(canvas, "answer")
    ends = [value(observed, float(f(one))) for one in estimates.values() for f in (np.min, np.max)]
    alt = (
        f"The groups' own data reach from {ends[0]} to {ends[1]}; partly pooled, from {ends[4]} to "
        f"{ends[5]}. All together say {ends[2]}."
    )
    caption = "How far groups are drawn towards each other; dashed: all groups as one."
    return Figure(svg, alt, caption, HOW_SHRINKAGE)


@where_wanted
def groups(observed: Observed, found: Mapping[str, Quantity], later: np.ndarray | None) -> Figure:
    """Draw own data, posterior interval and what came later of each group, in order of medians."""
    scale = 100 if observed.counted else 1
    every = [found[f"{observed.variable}[{name}]"] for name in observed.names]
    order = np.argsort([-q.median for q in every], kind="stable")[:DRAWN]
    y = -np.arange(len(order))
    with canvas_of("groups", 7, 1.2 + 0.22 * len(order)) as canvas:
        axes = canvas.subplots()
        low, high = ([scale * getattr(every[i], e) for i in order] for e in ("lower", "upper"))
        axes.hlines(y, low, high, color=BLUE, linewidth=2)
        axes.plot([scale * every[i].median for i in order], y, "o", color=BLUE, label="pooled")
        alone = scale * observed.raw[order]
        axes.plot(alone, y, "o", color=ORANGE, markerfacecolor="none", label="own data")
        if later is not None:
            axes.plot(scale * later[order], y, "s", color=GREEN, markersize=4, label="later")
        axes.axvline(scale * observed.pooled, color=GREY, linestyle="--", linewidth=1)
        axes.set_yticks(y, [shortened(observed.names[i], LONGEST) for i in order])
        axes.set_ylim(-len(order) + 0.4, 0.6)
        axes.set_xlabel(f"{observed.variable}{' (%)' if observed.counted else ''}")
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, "groups")
    top, last = observed.names[order[0]], observed.names[order[-1]]
    highest, lowest = (value(observed, every[i].median) for i in (order[0], order[-1]))
    some = f" Drawn are the first {DRAWN} of {len(every)}." if len(every) > DRAWN else ""
    alt = f"Medians go from {highest} ({top}) down to {lowest} ({last}).{some}"
    if later is not None:
        inside = sum(q.lower <= x <= q.upper for q, x in zip(every, later, strict=True))
        alt += f" What came later is inside the interval in {inside} of {len(every)} groups."
    return Figure(svg, alt, f"Each group: own data, and partly pooled.{some}", HOW_GROUPS)


@where_wanted
def funnels(found: Sequence[Funnel]) -> Figure:
    """Draw log tau against what the sampler moves in, a panel a way to sample."""
    with canvas_of("funnel", 7, 3.2) as canvas:
        panels = np.atleast_1d(canvas.subplots(1, len(found), sharey=True))
        for axes, one in zip(panels, found, strict=True):
            _panel(axes, one)
        panels[0].set_ylabel("log of the sd between groups")
        svg = to_svg(canvas, "funnel")
    told = "; ".join(
        f"{one.way}, {one.divergences:,} divergences, lowest log sd {one.log_tau.min():.1f}, "
        f"{'refused' if one.diagnosis.status is Status.FAIL else 'not refused'} by the gate"
        for one in found
    )
    alt = f"Draws of the sd between groups against what the sampler moves in: {told}."
    caption = f"What the sampler meets, for {shortened(found[0].group, LONGEST)}."
    return Figure(svg, alt, caption, HOW_FUNNEL)


def _panel(axes: Axes, one: Funnel) -> None:
    bad = one.diverged
    axes.plot(one.x[~bad], one.log_tau[~bad], ".", color=BLUE, alpha=0.3, markersize=3)
    axes.plot(one.x[bad], one.log_tau[bad], "x", color=ORANGE, markersize=6, label="divergences")
    moves = "effect of the group" if one.way == CENTRED else "offset z of the group"
    axes.set_xlabel(f"{one.way}: {moves}")
    if bad.any():
        axes.legend(frameon=False, fontsize=8, loc="lower right")
