"""A series and its level as pictures: values, levels, what comes next, where a jump was."""

from collections.abc import Mapping

import numpy as np

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.drawing.drawing import BLUE, GREEN, GREY, HALF, ORANGE, canvas_of, to_svg, where_wanted
from reports.series.level import Words, between, when
from workflow.quantities import Quantity
from workflow.series.changed import Rule
from workflow.series.levels import shown

MARKS = 1000  # values, and times of a jump, that are drawn

HOW = (
    "Marks: the values. Band: the level by NUTS, if it drifts, median and central 95%. Dashed: the "
    "level that is expected if it jumps once. Of very many times some are drawn. Bars at the end: "
    "what the next values will be, median and central 95%, averaged over the accounts. Good are "
    "values that scatter about the "
    "level everywhere alike, and two levels that say the same."
)
HOW_WHEN = (
    "The exact probability that the level is another one from a time on, if it jumps once. Good "
    "is a probability that is gathered in few times; many alike say that when it was is not known, "
    "or that it was no sudden change. Of more than a thousand times neighbours are summed up."
)


@where_wanted
def picture(
    rule: Rule, levels: Mapping[str, Quantity], words: Words, called: str = "answer"
) -> Figure:
    """Draw values, levels at all times, and what comes next; `levels` in the order of time."""
    series, verdict = rule.series, rule.verdict
    at = shown(int(series.times[-1]) + 1)
    some = np.unique(np.linspace(0, len(series.y) - 1, MARKS).astype(int))
    seen = series.times[some]
    middle, low, high = (
        np.array([getattr(one, name) for one in levels.values()])
        for name in ("median", "lower", "upper")
    )
    ahead = [verdict.ahead(i + 1).known() for i in range(len(words.ahead))]
    with canvas_of(called, HALF, 3.5) as canvas:
        axes = canvas.subplots()
        axes.plot(seen, series.y[some], ".", color=GREY, markersize=4, label="values")
        axes.fill_between(at, low, high, color=BLUE, alpha=0.25, linewidth=0)
        axes.plot(at, middle, color=BLUE, label="level, if it drifts")
        expected = series.expected_if_it_jumps()
        drawn = expected[some]
        axes.step(seen, drawn, "--", color=GREEN, where="post", label="if it jumps")
        for i, one in enumerate(ahead):
            axes.vlines(at[-1] + 1 + i, one.lower, one.upper, color=ORANGE, linewidth=2)
        places = [at[-1] + 1 + i for i in range(len(ahead))]
        axes.plot(
            places, [one.median for one in ahead], "D", color=ORANGE, markersize=3, label="next"
        )
        ticks = np.unique(np.linspace(0, len(at) - 1, 5).astype(int))
        names = [name.partition("[")[2].removesuffix("]") for name in levels]
        axes.set_xticks(at[ticks], [names[i] for i in ticks])
        axes.set_ylabel(words.name)
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=4)
        svg = to_svg(canvas, called)
    alt = (
        f"{len(series.y):,} values, {words.span}. If the level drifts, it goes from "
        f"{figure(float(middle[0]), 4)} to {figure(float(middle[-1]), 4)}; if it jumps once, from "
        f"{figure(float(expected[0]), 4)} to {figure(float(expected[-1]), 4)}. Expected in "
        f"{words.ahead[0]}: {between(ahead[0])}."
    )
    return Figure(svg, alt, f"Values of {words.name}, their level, and what comes next.", HOW)


@where_wanted
def of_when(rule: Rule, words: Words, called: str = "when") -> Figure:
    """Draw from when on the level is another one, if it jumps once."""
    series, weights = rule.series, rule.series.when
    with canvas_of(called, 7, 2.4) as canvas:
        axes = canvas.subplots()
        starts = np.unique(np.linspace(0, len(weights), MARKS + 1).astype(int)[:-1])
        summed = np.add.reduceat(weights, starts)
        axes.vlines(series.times[1:][starts], 0, summed, color=BLUE, linewidth=1.5)
        axes.set_ylim(bottom=0)
        ticks = np.unique(np.linspace(0, len(series.y) - 1, 6).astype(int))
        axes.set_xticks(series.times[ticks], [words.seen[i] for i in ticks])
        axes.set_xlabel(f"first {words.unit} with the new level")
        axes.set_ylabel("probability")
        svg = to_svg(canvas, called)
    alt = (
        f"If the level jumps once, it is another one {when(series, words)}; the most probable of "
        f"these times has the probability {weights.max():.2f}."
    )
    return Figure(svg, alt, "When the level jumped, if it did so once.", HOW_WHEN)
