"""The evidence as it came in, drawn: what was known after each trial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullFormatter

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.drawing.drawing import BLUE, COLOURS, GREY, ORANGE, canvas_of, to_svg, where_wanted
from reports.rates.updating import bayes_factor
from workflow.rates.fairness import HALF, Fairness
from workflow.rates.updating import Course, ends_of

STROKES = ("--", "-", "-.")
FINE = 400  # points of a line at most
VAST = 300.0  # powers of ten, from which on a Bayes factor is drawn by its logarithm
HOW_EVIDENCE = (
    "From left to right the trials as they came. Above: the exact posterior probability of what "
    "can be decided, and the line that it has to reach (--sure); the dot is where that was first "
    "so. Good is a line that crosses once and stays there; one that comes and goes was looked at "
    "too early. Below: how many times more probable the trials are if the rate may be anything "
    "(all rates alike, Beta(1, 1)) than if it is exactly one half. Ten and more speaks against one "
    "half, a tenth and less for it. It is another question than the one above: rates near one half "
    "count there as fair, and here as not exactly that."
)
HOW_ESTIMATES = (
    "From left to right the trials as they came. The observed rate (maximum likelihood) jumps at "
    "first and may be 0 or 1; the posterior mode and mean are drawn towards the prior, and all "
    "three come together as trials add up. The band has the rate with probability .95, given the "
    "prior and what had fallen by then."
)


@dataclass(frozen=True)
class Watched:
    """What is drawn of evidence as it came in, after each of `n`.

    `lines` are probabilities by name, held against `sure`; `met` is where the rule first decided,
    and how high its line was. `log_factor` is that of a Bayes factor, called `of`, whose `levels`
    decide.
    """

    n: np.ndarray
    lines: Mapping[str, np.ndarray]
    sure: float
    met: tuple[int, float] | None
    log_factor: np.ndarray
    of: str
    levels: Sequence[float] = ()
    what: str = "trials"


def drawing(name: str, seen: Watched) -> Markup:
    """Draw the probabilities, and the Bayes factor below them."""
    n, factor = seen.n, seen.log_factor / np.log(10)
    with canvas_of(name, 7, 4.6) as canvas:
        above, below = canvas.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        for (side, line), stroke, colour in zip(seen.lines.items(), STROKES, COLOURS, strict=False):
            above.plot(n, line, stroke, color=colour, label=side)
        above.axhline(seen.sure, color=GREY, linewidth=1)
        above.annotate(f"asked for: {seen.sure:g}", (n[0], seen.sure), (2, -11), size=8, **_OFFSET)
        if seen.met:
            above.plot(*seen.met, "o", color="black", label=f"first met: {seen.met[0]:,}")
        above.set_ylim(-0.03, 1.03)
        above.set_ylabel("posterior probability")
        above.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        vast = np.abs(factor).max() >= VAST
        below.plot(n, factor if vast else 10**factor, color=BLUE)
        for level in seen.levels:
            below.axhline(np.log10(level) if vast else level, color=GREY, linewidth=1)
        _logarithmic(below, vast, seen)
        return to_svg(canvas, name)


def evidence(name: str, course: Course, rule: Fairness, met: tuple[int, str] | None) -> Figure:
    """Draw the probability of each side and the Bayes factor after every trial."""
    at = shown_of(len(course.outcomes))
    p, log_factor = rule.probabilities(*course.posterior)[:, at], course.log_bayes_factor
    first = None
    if met:
        place = rule.sides.index(met[1])
        after = max(met[0] - int(sum(course.before)), 1) - 1
        first = met[0], rule.probabilities(*(one[after] for one in course.posterior))[place]
    lines = dict(zip(rule.sides, p, strict=True))
    seen = Watched(course.n[at], lines, rule.sure, first, log_factor[at], "any rate to .5")
    told = f"first met after {met[0]:,} trials: {met[1]}" if met else "never met"
    alt = (
        f"Of {len(course.outcomes):,} trials as they came, the rule was {told}. At the end: "
        + ", ".join(f"{side} {figure(one[-1])}" for side, one in lines.items())
        + f"; Bayes factor {bayes_factor(log_factor[-1])}."
    )
    caption = "The evidence as it came in: the exact posterior after every trial."
    return Figure(drawing(name, seen), alt, caption, HOW_EVIDENCE)


@where_wanted
def estimates(name: str, course: Course, event: str) -> Figure:
    """Draw observed rate, mode, mean and the central 95% of the posterior after every trial."""
    at = shown_of(len(course.outcomes))
    n = course.n[at]
    a, b = (one[at] for one in course.posterior)
    low, high = ends_of(a, b)
    with canvas_of(name, 7, 3) as canvas:
        axes = canvas.subplots()
        axes.fill_between(n, low, high, color=BLUE, alpha=0.15, linewidth=0, label="central 95%")
        axes.plot(n, course.observed[at], ":", color="black", label="observed (MLE)")
        axes.plot(n, course.modes[at], "--", color=ORANGE, label="mode (MAP)")
        axes.plot(n, a / (a + b), color=BLUE, label="mean")
        axes.axhline(HALF, color=GREY, linewidth=1)
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel("trials so far")
        axes.set_ylabel(f"rate of {event}")
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, name)
    last = figure(course.observed[-1]), figure((a / (a + b))[-1])
    alt = (
        f"After {n[0]:,} trials the 95% interval reaches from {figure(low[0])} to "
        f"{figure(high[0])}, after {n[-1]:,} from {figure(low[-1])} to {figure(high[-1])}; the "
        f"observed rate is {last[0]} then and the mean {last[1]}."
    )
    caption = f"Estimates of the rate of {event} against the number of trials."
    return Figure(svg, alt, caption, HOW_ESTIMATES)


_OFFSET: dict[str, str] = {"textcoords": "offset points", "color": GREY}


def shown_of(n: int) -> np.ndarray:
    """Return the places of `n` trials that are drawn: all, or `FINE` of them."""
    return np.unique(np.linspace(0, n - 1, min(n, FINE)).round().astype(int))


def _logarithmic(axes: Axes, vast: bool, seen: Watched) -> None:
    """Label the panel of the Bayes factor, whose axis is logarithmic, in one way or the other."""
    axes.axhline(0 if vast else 1, color=GREY, linewidth=1)
    axes.set_xlabel(f"{seen.what} so far")
    if vast:
        axes.set_ylabel(f"Bayes factor,\n{seen.of} (log10)")
        return
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(numticks=6))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.set_ylabel(f"Bayes factor,\n{seen.of}")
