"""Honest probabilities on a page: the reliability diagram and the table of scores."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from reports.blocks.blocks import Figure, Table
from reports.blocks.numbers import number
from reports.blocks.text import shortened
from reports.drawing.drawing import BLUE, GREY, ORANGE, canvas_of, to_svg, where_wanted
from workflow.scoring.calibration import BAND, Mean, Reliability
from workflow.scoring.scored import Scored

HOW_RELIABILITY = (
    "Of the cases that were given a probability, how often did the event happen? The steps are the "
    "isotonic (never decreasing) estimate; on the diagonal probabilities are honest. Grey: where "
    f"the steps of honest probabilities would lie with probability {BAND:.0%} at each value, by "
    "simulation. Steps above the band on the left and below it on the right are over-confidence. "
    "The bars below count the cases."
)
HOW_SCORES = (
    "One row a set of probabilities. Log loss (nats) and Brier score are means over the cases; "
    "less is better, and ± is one standard error over cases. The difference is paired: the same "
    "cases under both. Brier score = miscalibration − discrimination + uncertainty (CORP: "
    "Dimitriadis, Gneiting and Jordan 2021). ECE is the mean distance of rate and probability over "
    "bins of equally many cases; it is above 0 even where all is honest. The calibration slope is "
    "that of the log-odds of the event on the log-odds that were said: 1 is honest, below 1 "
    "over-confident."
)
DRAWN = 600  # values of p in a diagram: more make it large and no clearer
EVENT = 20  # characters of an event along an axis
EDGE = 1e-4  # on the log-odds axis, what is nearer to 0 or 1 is drawn here


@where_wanted
def reliability(
    name: str,
    found: Mapping[str, Reliability],
    *,
    event: str,
    caption: str,
    scale: Literal["linear", "logit"] = "linear",
) -> Figure:
    """Draw reliability diagrams side by side, by label, with the cases counted below.

    Parameters
    ----------
    event
        What the probabilities are of, for the axes: "spam", "malignant".
    scale
        "logit" spreads what is near 0 and 1, where most cases of a sure classifier are.
    """
    with canvas_of(name, max(4.0, 3.5 * len(found)), 4.3) as canvas:
        axes = canvas.subplots(
            2, len(found), sharex=True, squeeze=False, gridspec_kw={"height_ratios": (5, 1)}
        )
        for column, (label, one) in enumerate(found.items()):
            upper, lower = axes[0, column], axes[1, column]
            _diagram(upper, one, scale)
            upper.set_title(label, fontsize=10)
            upper.set_ylabel(f"observed rate of {shortened(event, EVENT)}")
            _cases(lower, one, scale)
            lower.set_xlabel(f"P({shortened(event, EVENT)}) that was said")
        handles = axes[0, 0].get_legend_handles_labels()
        canvas.legend(*handles, frameon=False, fontsize=8, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, name)
    said = "; ".join(f"{label}: {in_words(one)}" for label, one in found.items())
    return Figure(svg, f"Reliability of P({event}). {said}.", caption, HOW_RELIABILITY)


def scores(caption: str, found: Mapping[str, Scored]) -> Table:
    """Return scores by name, one row a set of probabilities, compared with the first."""
    first = next(iter(found))
    rows = tuple(
        (
            name,
            _estimate(one.log_loss),
            "–" if name == first else _estimate(one.against, sign=True),
            _estimate(one.brier),
            number(one.parts.miscalibration, 5e-5),
            number(one.parts.discrimination, 5e-5),
            number(one.parts.uncertainty, 5e-5),
            number(one.ece, 5e-4),
            _slope(one),
        )
        for name, one in found.items()
    )
    columns = (
        "probabilities",
        "log loss",
        f"log loss minus that of {first}",
        "Brier score",
        "miscalibration",
        "discrimination",
        "uncertainty",
        "ECE",
        "calibration slope",
    )
    return Table(caption, columns, rows, HOW_SCORES)


def _diagram(axes: Axes, found: Reliability, scale: str) -> None:
    """Draw the steps, the band and the diagonal."""
    some = _drawn(found.p, scale)
    p, observed, low, high = (
        _inside(values[some], scale)
        for values in (found.p, found.observed, found.lower, found.upper)
    )
    ends = np.array([EDGE, 1 - EDGE]) if scale == "logit" else np.array([0.0, 1.0])
    axes.fill_between(
        p, low, high, color=GREY, alpha=0.3, linewidth=0, label=f"honest probabilities: {BAND:.0%}"
    )
    axes.plot(ends, ends, "--", color=GREY, linewidth=1, label="rate = probability")
    axes.plot(p, observed, color=ORANGE, label="observed rate")
    axes.plot(p, observed, ".", color=ORANGE, markersize=3)
    _log_odds(axes, scale, both=True)


def _cases(axes: Axes, found: Reliability, scale: str) -> None:
    """Draw a histogram of the probabilities, each value with its cases."""
    edges = np.linspace(0, 1, 21)
    if scale == "logit":
        span = np.log(EDGE / (1 - EDGE))
        edges = 1 / (1 + np.exp(-np.linspace(span, -span, 21)))
        edges[[0, -1]] = EDGE / 2, 1 - EDGE / 2
    axes.hist(_inside(found.p, scale), bins=list(edges), weights=found.cases, color=BLUE, alpha=0.6)
    axes.set_ylabel("cases")
    _log_odds(axes, scale, both=False)


def _drawn(p: np.ndarray, scale: str) -> np.ndarray:
    """Return the indices of the values to draw: all, or some hundreds over cases and axis."""
    if len(p) <= DRAWN:
        return np.arange(len(p))
    places = np.linspace(0, 1, DRAWN // 2)
    by_rank = places * (len(p) - 1)
    if scale == "logit":
        places = 1 / (1 + np.exp(-np.log(EDGE / (1 - EDGE)) * (1 - 2 * places)))
    by_axis = np.minimum(np.searchsorted(p, np.sort(places)), len(p) - 1)
    return np.unique(np.concatenate([by_rank.round(), by_axis, [0, len(p) - 1]]).astype(int))


def _inside(values: np.ndarray, scale: str) -> np.ndarray:
    return np.clip(values, EDGE, 1 - EDGE) if scale == "logit" else values


def _log_odds(axes: Axes, scale: str, *, both: bool) -> None:
    """Put an axis, or both, on the log-odds scale with ticks that can be read."""
    if scale != "logit":
        return
    ticks = (0.001, 0.05, 0.5, 0.95, 0.999)
    for axis in ("x", "y") if both else ("x",):
        getattr(axes, f"set_{axis}scale")("logit")
        getattr(axes, f"set_{axis}ticks")(ticks, [f"{tick:g}" for tick in ticks])
        getattr(axes, f"{axis}axis").set_minor_locator(NullLocator())
        getattr(axes, f"set_{axis}lim")(EDGE / 2, 1 - EDGE / 2)


def _estimate(mean: Mean, *, sign: bool = False) -> str:
    """Format a mean and its standard error, both to the error's second digit."""
    if not (np.isfinite(mean.error) and mean.error > 0):
        return number(mean.value, None, sign=sign)
    last = max(0.99 * 10.0 ** (np.floor(np.log10(mean.error)) - 1), 1e-5)
    return f"{number(mean.value, last, sign=sign)} ± {number(mean.error, last)}"


def _slope(one: Scored) -> str:
    if np.isnan(one.line.slope):
        return "none"
    return f"{number(one.line.slope, 5e-3)} ± {number(one.line.slope_error, 5e-3)}"


def in_words(found: Reliability) -> str:
    """Say how many cases have an observed rate outside of the band, and on which side."""
    above = found.cases[found.observed > found.upper + 1e-12].sum()
    below = found.cases[found.observed < found.lower - 1e-12].sum()
    return (
        f"of {found.cases.sum():,.0f} cases {above:,.0f} lie where the observed rate is above the "
        f"band of honest probabilities, and {below:,.0f} where it is below"
    )
