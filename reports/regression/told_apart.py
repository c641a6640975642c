"""What a page says of telling rows with an event from others: AUC, errors by name, gains."""

import math
import textwrap
from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import NullLocator, PercentFormatter

from reports.blocks.blocks import Block, Figure, Table
from reports.blocks.numbers import estimate, figure, percent
from reports.blocks.text import listed, told_apart
from reports.drawing.drawing import BLUE, GREY, HALF, ORANGE, canvas_of, to_svg, where_wanted
from reports.drawing.figures import DRAWN, LONGEST
from reports.regression import how
from reports.regression.costs import Words
from workflow.quantities import Quantity, label, original_scale
from workflow.regression.discrimination import Area, Discrimination, Share


def blocks(found: Discrimination, words: Words) -> list[Block]:
    """Return AUC, the errors at the threshold by name, and the gains curve."""
    return [
        _area(found.area, words),
        _by_name(found, words),
        _confusion(found, words),
        _gains(found, words),
    ]


def _area(found: Area, words: Words) -> str:
    event, low, high = words.event, figure(found.lower), figure(found.upper)
    by_draw = (
        " Each pair is ranked by the fit to all rows but these two; rows that are equal in all "
        "terms count half."
    )
    if found.draws:
        first, last = map(figure, found.draws)
        by_draw = (
            " Other draws of the posterior, on these very rows, give "
            f"{first} to {last} (central 95%)."
        )
    return (
        f"Of two {words.rows}, one {event} and one not, the first has the larger probability with "
        f"probability {figure(found.value)} (AUC, averaged over the posterior). Other "
        f"rows of the same kind would give {low} to {high} (95%, DeLong's standard error)."
        f"{by_draw} .5 is a coin, 1 never errs. It does not say whether probabilities are honest, "
        "nor what errors cost."
    )


def _by_name(found: Discrimination, words: Words) -> str:
    errors, event, acted = found.errors, words.event, words.acted
    return (
        f"At the threshold of the decision, {percent(found.cut, 1e-4)} by the probabilities as "
        f"fitted, {errors.acted:,} of {errors.events + errors.others:,} {words.rows} are {acted}. "
        f"{event[:1].upper()}{event[1:]} and {acted}: {found.sensitivity.k:,}; {event} and not "
        f"{acted}: {errors.missed:,}; not {event} and {acted}: {errors.false_alarms:,}; not "
        f"{event} and not {acted}: {found.specificity.k:,}."
    )


def _confusion(found: Discrimination, words: Words) -> Table:
    errors, event, act = found.errors, words.event, words.acted
    sensitive, specific = found.sensitivity, found.specificity
    rows = (
        (event, f"{sensitive.k:,}", f"{errors.missed:,}", f"sensitivity {_share(sensitive)}"),
        (
            f"not {event}",
            f"{errors.false_alarms:,}",
            f"{specific.k:,}",
            f"specificity {_share(specific)}",
        ),
    )
    columns = (words.rows, act, f"not {act}", "decided rightly")
    return Table("Outcome and decision, at the threshold", columns, rows, how.CONFUSION)


def _share(one: Share) -> str:
    low, high = one.ends
    return f"{percent(one.value, 0.001)} ({percent(low, 0.001)} to {percent(high, 0.001)})"


@where_wanted
def _gains(found: Discrimination, words: Words) -> Figure:
    acted, caught = found.gains.T
    errors = found.errors
    here = errors.acted / (errors.events + errors.others), found.sensitivity.value
    with canvas_of("gains", HALF, 3) as canvas:
        axes = canvas.subplots()
        rate = errors.events / (errors.events + errors.others)
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--", label="at random")
        axes.plot([0, rate, 1], [0, 1, 1], color=GREY, linewidth=1, label="never wrong")
        axes.plot(acted, caught, color=BLUE, label="by the model")
        axes.plot(*here, "D", color=ORANGE, label="at the threshold")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_xlabel(f"share of all rows {words.acted}")
        axes.set_ylabel("share of the events found")
        axes.legend(frameon=False, fontsize=9)
        svg = to_svg(canvas, "gains")
    tenth, third = (float(np.interp(x, acted, caught)) for x in (0.1, 1 / 3))
    alt = (
        f"Among the tenth of the rows with the largest probabilities are {tenth:.0%} of all that "
        f"are {words.event}, among the first third {third:.0%}; at the threshold {here[0]:.0%} of "
        f"the rows, with {here[1]:.0%}."
    )
    caption = f"Gains: the share found, the most probable rows {words.acted} first."
    return Figure(svg, alt, caption, how.GAINS)


@where_wanted
def forest(logs: Mapping[str, Quantity], per: str) -> Figure:
    """Draw odds ratios on a logarithmic axis, the farthest from 1 first, `DRAWN` at most."""
    found = {label(name): q for name, q in original_scale(dict(logs)).items()}
    ranked = sorted(found, key=lambda term: -abs(np.log(found[term].median)))[:DRAWN]
    shown = {term: found[term] for term in ranked}
    with canvas_of("forest", HALF, 1.0 + 0.34 * len(shown)) as canvas:
        axes = canvas.subplots()
        y = -np.arange(len(shown))
        middle = np.array([q.median for q in shown.values()])
        ends = np.array([(q.lower, q.upper) for q in shown.values()]).T
        axes.axvline(1, color=GREY, linewidth=1)
        axes.errorbar(middle, y, xerr=np.abs(ends - middle), fmt="o", color=BLUE)
        axes.set_xscale("log")
        at = _ticks(*axes.get_xlim())
        axes.set_xticks(at, [figure(x) for x in at])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_yticks(y, [textwrap.fill(s, LONGEST) for s in told_apart(ranked, 2 * LONGEST)])
        axes.set_ylim(-len(shown) + 0.4, 0.6)
        axes.set_xlabel(textwrap.fill(f"odds ratio for {per} (log scale)", 46))
        svg = to_svg(canvas, "forest")
    above, below = int((ends[0] > 1).sum()), int((ends[1] < 1).sum())
    said = listed(f"{term}: {estimate(q)}" for term, q in shown.items())
    some = f" The {len(shown)} of {len(found)} farthest from 1." if len(shown) < len(found) else ""
    alt = f"Of {len(shown)} odds ratios {above} are above 1, {below} below, with 95%: {said}."
    return Figure(svg, alt, f"Odds ratio for {per}: median and 95% interval.{some}", how.FOREST)


def _ticks(low: float, high: float) -> list[float]:
    """Return five ticks or so for a logarithmic axis: powers of ten, or 1, 2 and 5 times these."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    every = max(1, -(-(last - first) // 5))
    found = [10.0**k for k in range(-(-first // every) * every, last + 1, every)]
    if last - first <= 3:
        found = [m * 10.0**k for k in range(first, last + 1) for m in (1, 2, 5)]
    return [x for x in found if low <= x <= high]
