"""The next trials as figures: why these, and how well left-out results are predicted."""

from collections.abc import Mapping

import numpy as np

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.blocks.text import listed, shortened
from reports.drawing.drawing import (
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    HALF,
    MARKS,
    ORANGE,
    canvas_of,
    to_svg,
)
from reports.functions.told import Told
from workflow.functions.improvement import expected_improvement
from workflow.functions.left_out import Predicted

SHOWN = 5  # functions that are drawn
POINTS, FINE, LEVELS, LONGEST = 400, 60, (0.1, 0.3, 0.6, 0.9), 40
HOW_WHY = (
    "A grey dot is a setting that could be tried: to the right the less is known of it, upwards "
    "what is predicted. Numbers are the trials to come, the dashed line the best that was tried. "
    "Along a thin line the expected improvement is the same, as far as mean and sd tell it: a "
    "setting is worth a trial for a good prediction, for being unknown, or for both."
)
HOW_FUNCTIONS = (
    "Each colour is a function drawn from what is known, and each dot its value at one setting: to "
    "the right the more is predicted there, upwards the more the function has. The best of each "
    "has the number of its trial. Near the dashed line a function is as predicted; far above it is "
    "a setting of which little is known."
)
HOW_LEFT_OUT = (
    "A dot is a result against what all the others predict for it, with two sds of that "
    "prediction, noise included. Good is about one in twenty whiskers that do not reach the line, "
    "and dots that follow it; a flat cloud says that the settings do not tell the results."
)
HOW_SEARCHES = (
    "How far the best mix so far is from the strongest one, in the mean of all searches of a kind, "
    "by the number of mixes tried; bars are two standard errors. Lower is better, and earlier. All "
    "kinds begin with the same mixes, drawn at random."
)


def why(told: Told) -> Figure:
    """Draw what is known of all that could be tried, and what was chosen of it."""
    mean, sd = told.seen.mean, told.seen.sd
    first = np.argsort(-told.seen.improvement, kind="stable")
    some = np.unique([*first[: POINTS // 2], *first[:: max(1, -(-len(first) // (POINTS // 2)))]])
    with canvas_of("answer", HALF, 3.4) as canvas:
        axes = canvas.subplots()
        axes.plot(sd[some], mean[some], "o", color=GREY, alpha=0.4, markersize=3, mew=0)
        axes.axhline(told.best_mean, color=GREEN, linestyle="--", linewidth=1)
        at = [one.at for one in told.trials]
        axes.plot(sd[at], mean[at], "o", color=ORANGE, markersize=6)
        for i, one in enumerate(told.trials, 1):
            axes.annotate(str(i), (one.sd, one.mean), xytext=(5, 3), textcoords="offset points")
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        x, y = np.meshgrid(np.linspace(max(left, 0), right, FINE), np.linspace(low, high, FINE))
        sign = told.search.sign
        gain = expected_improvement(sign * y, x, sign * told.best_mean)
        top = told.most.value
        if top > 0:
            axes.contour(x, y, gain, [share * top for share in LEVELS], colors=BLUE, linewidths=0.6)
        axes.set_xlim(max(left, 0), right)
        axes.set_ylim(low, high)
        axes.set_xlabel("sd: what is not known of it")
        axes.set_ylabel(f"{shortened(told.name, LONGEST)}, predicted")
        svg = to_svg(canvas, "answer")
    told_first = listed(
        f"{i} predicted at {figure(one.mean, 4)} ± {figure(one.sd, 2)}"
        for i, one in enumerate(told.trials, 1)
    )
    alt = (
        f"Of {len(mean):,} settings that could be tried, predicted from {figure(mean.min(), 4)} to "
        f"{figure(mean.max(), 4)}, with the best tried at {figure(told.best_mean, 4)}, these were "
        f"chosen: {told_first}."
    )
    return Figure(svg, alt[:700], "Why these: what is predicted, and how little is known.", HOW_WHY)


def functions(told: Told) -> list[Figure]:
    """Draw the functions that the trials are the best of; nothing where they are chosen else."""
    if not told.functions:
        return []
    with canvas_of("functions", HALF, 3.4) as canvas:
        axes = canvas.subplots()
        for i, one in list(enumerate(told.functions))[:SHOWN]:
            some = slice(None, None, -(-len(one.at) // (POINTS // SHOWN)))
            mean, colour = told.seen.mean, COLOURS[i]
            axes.plot(mean[one.at[some]], one.values[some], ".", color=colour, markersize=3)
            at = mean[one.best], one.value
            axes.plot(*at, MARKS[i], color=colour, markersize=6)
            axes.annotate(str(i + 1), at, xytext=(5, 3), textcoords="offset points")
        ends = np.array(axes.get_xlim())
        axes.plot(ends, ends, "--", color=GREY, linewidth=1)
        axes.set_xlim(*ends)
        axes.set_xlabel("predicted")
        axes.set_ylabel(f"{shortened(told.name, LONGEST)}, drawn")
        svg = to_svg(canvas, "functions")
    best = listed(
        f"{i} {figure(one.value, 4)} (predicted {figure(float(told.seen.mean[one.best]), 4)})"
        for i, one in list(enumerate(told.functions, 1))[:SHOWN]
    )
    alt = f"Functions drawn at {len(told.functions[0].at):,} settings; the best of each: {best}."
    return [Figure(svg, alt, "The functions that the trials are the best of.", HOW_FUNCTIONS)]


def left_out(found: Predicted, name: str) -> Figure:
    """Draw every result against its prediction by the others."""
    with canvas_of("left_out", HALF, 3.2) as canvas:
        axes = canvas.subplots()
        axes.errorbar(
            *(found.mean, found.of),
            xerr=2 * found.sd,
            fmt="o",
            color=BLUE,
            ecolor=GREY,
            elinewidth=0.7,
            markersize=4,
        )
        ends = [float(found.of.min()), float(found.of.max())]
        axes.plot(ends, ends, "--", color=GREEN, linewidth=1)
        axes.set_xlabel("predicted by all the others, ± 2 sds")
        axes.set_ylabel(shortened(name, LONGEST))
        svg = to_svg(canvas, "left_out")
    away = np.abs(found.of - found.mean) / found.sd
    worst = int(away.argmax())
    alt = (
        f"{len(away)} results and their predictions by the others: the farthest, "
        f"{figure(float(found.of[worst]), 4)}, was predicted as "
        f"{figure(float(found.mean[worst]), 4)} ± {figure(float(found.sd[worst]), 2)}, "
        f"{figure(float(away[worst]), 2)} sds away."
    )
    return Figure(svg, alt, f"{name}: results against what the others predict.", HOW_LEFT_OUT)


def searches(found: Mapping[str, np.ndarray], first: int) -> Figure:
    """Draw the mean regret of each kind of search. Dims of the regrets: search, trial."""
    n, trials = next(iter(found.values())).shape
    at = np.arange(first, first + trials)
    with canvas_of("searches", 7, 3.4) as canvas:
        axes = canvas.subplots()
        for i, (name, one) in enumerate(found.items()):
            error = 2 * one.std(axis=0, ddof=1) / np.sqrt(n)
            axes.errorbar(
                *(at + 0.12 * i, one.mean(axis=0)),
                yerr=error,
                fmt=f"-{MARKS[i]}",
                color=COLOURS[i],
                markersize=3,
                linewidth=1,
                elinewidth=0.5,
                label=name,
            )
        axes.set_ylim(bottom=0)
        axes.set_xlabel("mixes tried")
        axes.set_ylabel("short of the strongest, MPa")
        canvas.legend(frameon=False, fontsize=8, loc="outside upper center", ncols=2)
        svg = to_svg(canvas, "searches")
    ends = listed(f"{name} {figure(one[:, -1].mean(), 3)}" for name, one in found.items())
    begin = figure(next(iter(found.values()))[:, 0].mean(), 3)
    alt = f"From {begin} MPa short after {first} mixes, the means after {at[-1]} mixes are: {ends}."
    return Figure(svg, alt, f"How {n} searches of each kind went on these mixes.", HOW_SEARCHES)
