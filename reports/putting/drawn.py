"""Putts and both curves as a figure."""

import numpy as np
from scipy import stats

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure, percent
from reports.drawing.drawing import BLUE, GREY, HALF, ORANGE, canvas_of, to_svg, where_wanted
from workflow.putting.contest import GEOMETRY, LOGISTIC, Contest
from workflow.quantities import TAILS

HOW = (
    "Dots are the shares that went in, each with its 95% interval (Beta with half a putt made and "
    "half a putt missed beforehand), which is short where there were many tries. Lines are the two "
    "curves with what is not known of them (95%): a good one passes through 19 of 20 intervals. "
    "In the grey part there are no putts: where the lines part there, nobody has looked."
)


@where_wanted
def picture(contest: Contest, far: float) -> Figure:
    """Draw the data, and both curves up to `far` feet."""
    putts = contest.putts
    x, n, y = putts[["distance_ft", "tries", "successes"]].to_numpy(dtype=float).T
    at = np.linspace(min(x.min(), 0.5), far, 120)
    ends = stats.beta.ppf(np.array(TAILS)[:, None], y + 0.5, n - y + 0.5)
    colours = {GEOMETRY: (BLUE, "-"), LOGISTIC: (ORANGE, "--")}
    with canvas_of("answer", HALF, 3.4) as canvas:
        axes = canvas.subplots()
        axes.axvspan(x.max(), far, color=GREY, alpha=0.15, linewidth=0, label="no putts")
        axes.vlines(x, *ends, color=GREY, linewidth=1)
        axes.plot(x, y / n, "o", color="black", markersize=3.5, label="share made")
        for name, exact in contest.both.items():
            found, (colour, stroke) = exact.chances(at), colours[name]
            axes.fill_between(at, found["lower"], found["upper"], color=colour, alpha=0.25)
            axes.plot(at, found["mean"], stroke, color=colour, label=name)
        axes.set_xlim(0, far)
        axes.set_ylim(0, 1)
        axes.set_xlabel("distance (feet)")
        axes.set_ylabel("chance that a putt goes in")
        canvas.legend(frameon=False, fontsize=8, loc="outside upper center", ncols=4)
        svg = to_svg(canvas, "answer")
    where = np.array([x.min(), x.max(), far])
    means = (one.chances(where)["mean"] for one in contest.both.values())
    said = [
        f"at {figure(feet)} ft the geometry says {percent(own)}, the logistic {percent(other)}"
        for feet, own, other in zip(where, *means, strict=True)
    ]
    alt = f"Shares of putts made by distance, with both curves: {'; '.join(said)}."
    return Figure(svg, alt, "Putts made, by distance, and both curves.", HOW)
