"""Bayes factors and elpds as the prior grows wider: figure, and what is seen in it."""

import numpy as np
from matplotlib.ticker import NullLocator

from reports.blocks.blocks import Figure, Table
from reports.blocks.numbers import apart, figure
from reports.blocks.text import listed, shortened
from reports.drawing.drawing import COLOURS, GREY, MARKS, canvas_of, to_svg
from reports.regression.criteria import odds
from workflow.regression.prior_widths import Widths

LONGEST, DRAWN, EVERY = 28, 5, 4
TICKS = (1, 10, 100, 1000)
HOW = (
    "Left: the log of the Bayes factor of each formula to the one with the highest elpd (above 0 "
    "it favours the formula itself), right the difference of their elpds; both in nats, over how "
    "wide the prior of the terms is. A Bayes factor that falls without end as the prior grows "
    "wider counts how many terms there are and how little was expected of them, whatever the rows "
    "say: then it must not be read without the prior. Rows that are left out are predicted after "
    "the others are seen, and a wide prior hardly matters to them: good are flat lines on the "
    "right."
)
HOW_TABLE = (
    "One row a formula, beside the one with the highest elpd: the least and the greatest "
    "difference of elpd over all widths of the prior, the Bayes factor at the narrowest, at that "
    "of this analysis, and at the widest. Where it changes sides the prior decides and not the "
    "rows."
)


def drawn(found: Widths, best: str, width: float) -> Figure:
    """Draw Bayes factors and elpds of the others less those of `best`, over the prior's width."""
    i = found.names.index(best)
    others = [name for name in found.names if name != best][:DRAWN]
    panels = {
        "log Bayes factor": found.evidence - found.evidence[i],
        "difference of elpd": found.elpd - found.elpd[i],
    }
    with canvas_of("widths", 7, 3.2) as canvas:
        for axes, (label, values) in zip(canvas.subplots(1, 2), panels.items(), strict=True):
            axes.axhline(0, color=GREY, linewidth=1)
            axes.axvline(width, color=GREY, linewidth=1, linestyle=":")
            for k, name in enumerate(others):
                axes.plot(
                    found.widths,
                    values[found.names.index(name)],
                    marker=MARKS[k % len(MARKS)],
                    markevery=EVERY,
                    markersize=4,
                    color=COLOURS[k % len(COLOURS)],
                    label=shortened(name, LONGEST),
                )
            axes.set_xscale("log")
            axes.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
            axes.xaxis.set_minor_locator(NullLocator())
            axes.set_xlabel("width of the prior (log scale)")
            axes.set_ylabel(label)
        handles, labels = canvas.axes[0].get_legend_handles_labels()
        canvas.legend(
            handles, labels, frameon=False, fontsize=8, loc="outside upper center", ncols=3
        )
        svg = to_svg(canvas, "widths")
    caption = (
        f"Beside “{best}”, over the prior's width (in sds of the outcome; dotted: that of this "
        "analysis)."
    )
    return Figure(svg, f"{caption} {_ends(found, best, others)}", caption, HOW)


def _ends(found: Widths, best: str, others: list[str]) -> str:
    """Say between which numbers each formula moves."""
    i = found.names.index(best)
    told = []
    for name in others:
        j = found.names.index(name)
        factor = found.evidence[j] - found.evidence[i]
        ends = apart(float(factor[0]), float(factor[-1]), digits=2)
        low, high = (figure(x, 2) for x in found.spread_of_elpd(name, best))
        told.append(
            f"{shortened(name, LONGEST)}: log Bayes factor {ends[0]} to {ends[1]}, elpd {low} to "
            f"{high}"
        )
    return f"{listed(told, 400)}."


def table(found: Widths, best: str, width: float) -> Table:
    """Return how elpd and Bayes factor of each formula move, beside `best`."""
    i, here = found.names.index(best), int(np.abs(found.widths - width).argmin())
    rows = []
    for j, name in enumerate(found.names):
        if name == best:
            continue
        gap = found.spread_of_elpd(name, best)
        factor = found.evidence[i] - found.evidence[j]
        low, high = (figure(x, 2) for x in gap)
        rows.append((name, f"{low} to {high}", *(odds(factor[at]) for at in (0, here, -1))))
    ends = apart(float(found.widths[0]), width, float(found.widths[-1]), digits=2)
    factors = (f"Bayes factor, width {one}" for one in ends)
    caption = f"Beside “{best}”, as the prior grows wider"
    return Table(caption, ("formula", "elpd", *factors), tuple(rows), HOW_TABLE)


def line(found: Widths) -> str:
    """Say whether the Bayes factor hangs on the prior."""
    told = list(dict.fromkeys(found.preferred))
    if len(told) == 1:
        return f"At every width the evidence is highest for “{told[0]}”."
    names = listed(f"“{one}”" for one in told)
    return f"The evidence is highest for another formula as the prior grows wider: {names}."
