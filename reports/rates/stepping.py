"""Counts of periods and the change of their rate, drawn."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.drawing.drawing import BLUE, GREEN, GREY, HALF, ORANGE, canvas_of, to_svg
from reports.rates.step import Words, ends
from workflow.rates.changed import Rule, over_priors
from workflow.rates.courses import Courses
from workflow.rates.step import Step

STROKES = ("--", "-", ":")
MEANS = 61  # prior means of the curve of evidence
BARS = 400  # periods up to which each has a bar
HOW_ANSWER = (
    "Above: the count of each period, and the rate that the posterior expects, if there was one "
    "change; it is not sudden where it is not known when the change was. Below: the exact "
    "probability that a period is the first with the new rate, and by NUTS (dots): they should "
    "agree. Good are counts that scatter about the line everywhere, and a probability that is "
    "gathered in few periods. A dashed line is the course of a rate that goes bit by bit (median "
    "of its ends), where that is not ruled out."
)
HOW_EVIDENCE = (
    "The Bayes factor of one change against none, exact, for prior means of the rates, a line each "
    "shape. Above the upper grey line the rate counts as changed, below the lower one as "
    "unchanged, between them nothing is decided; the dot is the prior of this page. Good are lines "
    "that stay on one side of both."
)


def picture(courses: Courses, posterior: xr.Dataset, words: Words) -> Figure:
    """Draw the counts with the expected rate, and the probability of each change point.

    Where the counts do not tell that it was at once, a rate that goes bit by bit is drawn, too.
    """
    step = courses.step
    at, counts = step.starts, step.counts
    width = float(np.min(np.diff(at)))
    weights, drawn = step.weights, posterior["change_point"].to_numpy().ravel()
    by_nuts = np.array([(drawn == one).mean() for one in step.boundaries])
    shown = (weights > 0.001) | (by_nuts > 0.001)
    with canvas_of("answer", HALF, 3.5) as canvas:
        above, below = canvas.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        if len(at) <= BARS:
            above.bar(at, counts, 0.9 * width, color=GREY, alpha=0.6, align="edge", label="counts")
        else:
            above.plot(at, counts, color=GREY, linewidth=0.5, label="counts")
        above.step(at, expected(step), color=BLUE, where="post", label="expected rate")
        if not courses.has_date:
            first, _, ratio = (one[0] for one in courses.trend.quantiles().values())
            along = first * ratio ** np.linspace(0, 1, len(at))
            above.plot(at + width / 2, along, "--", color=GREEN, label="bit by bit")
        above.set_ylabel(words.events)
        below.vlines(step.boundaries, 0, weights, color=BLUE, linewidth=1.5, label="exact")
        below.plot(step.boundaries[shown], by_nuts[shown], ".", color=ORANGE, label="NUTS")
        below.set_ylim(bottom=0)
        below.set_ylabel("probability")
        below.set_xlabel(f"first {words.unit} with the new rate")
        canvas.legend(frameon=False, fontsize=9, loc="outside upper center", ncols=5)
        svg = to_svg(canvas, "answer")
    low, high = (words.boundary(one) for one in ends(step))
    alt = (
        f"Counts of {len(counts):,} periods, {words.span}. The expected rate goes from "
        f"{figure(float(expected(step)[0]))} to {figure(float(expected(step)[-1]))} {words.rate}; "
        f"the most probable first {words.unit} with the new rate is {words.boundary(step.mode)} "
        f"(probability {weights[step.mode]:.2f}), the central 95% is {low} to {high}."
    )
    caption = "Counts, the rate expected of each period, and when it changed, if it did."
    return Figure(svg, alt, caption, HOW_ANSWER)


def expected(step: Step) -> np.ndarray:
    """Return the posterior mean of the rate of each period, if there was one change."""
    before, after = (a / b for a, b in (step.before, step.after))
    w, nothing = step.weights, np.zeros(1)
    past = np.concatenate([nothing, np.cumsum(w * after)])  # changes at or before each period
    future = np.concatenate([np.cumsum((w * before)[::-1])[::-1], nothing])
    return past + future


def evidence(rule: Rule, knobs: Mapping[str, tuple[float, ...]], words: Words) -> Figure:
    """Draw the Bayes factor over prior means and shapes, and where the decision changes."""
    step, shapes = rule.step, [*knobs["prior_shape"]]
    reach = [*knobs["prior_mean"], step.mean]
    means = np.geomspace(min(reach) / 4, 4 * max(reach), MEANS)
    found = over_priors(step, means, shapes)
    asked = np.log10(rule.evidence)
    with canvas_of("evidence", 7, 3.2) as canvas:
        axes = canvas.subplots()
        for (shape, line), stroke, colour in zip(
            found.items(), STROKES, (GREEN, BLUE, ORANGE), strict=False
        ):
            axes.plot(means, line / np.log(10), stroke, color=colour, label=f"shape {shape:g}")
        for line in (asked, -asked):
            axes.axhline(line, color=GREY, linewidth=1)
        own = step.log_bayes_factor / np.log(10)
        axes.plot(step.mean, own, "o", color="black", label="this page")
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        axes.set_xlabel(f"prior mean of both rates ({words.rate})")
        axes.set_ylabel("Bayes factor, one change\nto none (log10)")
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, "evidence")
    every = np.concatenate(list(found.values())) / np.log(10)
    alt = (
        f"Over prior means from {figure(float(means[0]))} to {figure(float(means[-1]))} and shapes "
        f"{', '.join(f'{one:g}' for one in shapes)}, the logarithm (base 10) of the Bayes factor "
        f"is between {figure(float(every.min()))} and {figure(float(every.max()))}; a change needs "
        f"{figure(float(asked))}, and this page has {figure(float(own))}."
    )
    caption = "Evidence for a change, by the prior of the rates; exact."
    return Figure(svg, alt, caption, HOW_EVIDENCE)
