"""Shares of kinds and the evidence about them, drawn."""

from collections.abc import Mapping

import numpy as np
from scipy import stats

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.drawing.drawing import BLUE, GREY, HALF, ORANGE, canvas_of, to_svg
from reports.rates.updating import bayes_factor
from reports.rates.watching import Watched, drawing, shown_of
from workflow.quantities import TAILS, Quantity
from workflow.rates.ratio import NOT, Ratio
from workflow.rates.ratio_course import RatioCourse

DRAWN = 10  # kinds
HOW_ANSWER = (
    "One row a kind: how far its share is from the expected one, in percentage points. The line "
    "is the central 95% of the exact posterior with its mean, below it that of the draws of NUTS "
    "with its median: they should agree. Grey is what counts as practically the expected share. "
    "Good for the expected shares are lines inside the grey, about 0."
)
HOW_EVIDENCE = (
    "From left to right the observations as they came. Above: the exact posterior probability, at "
    "least, that all shares are practically as expected, and that of the share that is most "
    "probably not; the line is what is asked for (--sure), the dot where the rule first decided, "
    "for which the Bayes factor has to agree. Below: how many times more probable the observations "
    "are under exactly the expected shares than if any may be; beyond the outer lines (--evidence) "
    "it decides. Good is evidence that grows in one direction and stays there."
)


def picture(ratio: Ratio, weights: np.ndarray, found: Mapping[str, Quantity]) -> Figure:
    """Draw each share less the expected one, exact and by NUTS, and the range of practical ones."""
    exact = stats.beta(weights, weights.sum() - weights)
    off = np.abs(exact.mean() - ratio.expected) / exact.std()
    shown = np.sort(np.argsort(-off, kind="stable")[:DRAWN])
    low, high = (100 * (exact.ppf(tail) - ratio.expected) for tail in TAILS)
    least, most = (100 * (end - ratio.expected) for end in ratio.range)
    mean = 100 * (exact.mean() - ratio.expected)
    with canvas_of("answer", HALF, min(1.3 + 0.5 * len(shown), 4.4)) as canvas:
        axes = canvas.subplots()
        for row, k in enumerate(shown):
            q, e = found[f"share[{ratio.kinds[k]}]"], 100 * ratio.expected[k]
            first = row == 0
            axes.fill_betweenx(
                [row - 0.4, row + 0.4],
                least[k],
                most[k],
                color=GREY,
                alpha=0.2,
                linewidth=0,
                label="as expected" * first,
            )
            axes.plot([low[k], high[k]], [row - 0.13] * 2, color=BLUE, label="exact" * first)
            axes.plot(mean[k], row - 0.13, "o", color=BLUE, markersize=5)
            ends = [100 * q.lower - e, 100 * q.upper - e]
            axes.plot(ends, [row + 0.13] * 2, "--", color=ORANGE, label="NUTS" * first)
            axes.plot(100 * q.median - e, row + 0.13, "s", color=ORANGE, markersize=4)
        axes.axvline(0, color=GREY, linewidth=1)
        axes.set_yticks(range(len(shown)), [_short(ratio.kinds[k]) for k in shown])
        axes.invert_yaxis()
        axes.set_xlabel("share less expected share (percentage points)")
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, "answer")
    told = (f"{ratio.kinds[k]} {figure(low[k])} to {figure(high[k])}" for k in shown)
    alt = f"Share less expected share, central 95% in percentage points: {', '.join(told)}."
    some = f" The {DRAWN} that are furthest off, of {len(mean)}." if len(mean) > DRAWN else ""
    caption = f"Shares of the kinds less the expected ones, exact and by NUTS.{some}"
    return Figure(svg, alt, caption, HOW_ANSWER)


def evidence(name: str, course: RatioCourse, met: tuple[int, str] | None) -> Figure:
    """Draw the probabilities and the Bayes factor after every observation."""
    at, ratio, log_factor = shown_of(len(course.n)), course.ratio, course.log_factor
    outside = course.outside
    within: np.ndarray = np.maximum(0, 1 - outside.sum(axis=1))
    beyond: np.ndarray = outside.max(axis=1)
    lines = {"all as expected, at least": within[at], "some share not": beyond[at]}
    first = None
    if met:
        height: np.ndarray = beyond if met[1] == NOT else within
        first = met[0], float(height[np.searchsorted(course.n, met[0])])
    levels = (ratio.evidence, 1 / ratio.evidence)
    of = "expected to any", levels, "observations"
    seen = Watched(course.n[at], lines, ratio.sure, first, log_factor[at], *of)
    told = f"first met after {met[0]:,}: {met[1]}" if met else "never met"
    alt = (
        f"Of {course.n[-1]:,} observations as they came, the rule was {told}. At the end all "
        f"shares are practically as expected with probability {figure(within[-1])} at least; "
        f"Bayes factor {bayes_factor(log_factor[-1])}."
    )
    caption = "The evidence as it came in: exact, after every observation."
    return Figure(drawing(name, seen), alt, caption, HOW_EVIDENCE)


def _short(kind: str) -> str:
    return kind if len(kind) <= 24 else f"{kind[:23]}…"
