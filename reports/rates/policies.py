"""What policies of a bandit give away: drawn, as tables, and in a sentence."""

from collections.abc import Mapping

import numpy as np

from reports.blocks.blocks import Figure, Table
from reports.blocks.numbers import figure, number, percent
from reports.blocks.text import listed
from reports.drawing.drawing import COLOURS, canvas_of, to_svg
from workflow.rates.policies import EXPLORED, Regret

STROKES = ("-", "--", "-.", ":", (0, (1, 3)))
HOW_REGRET = (
    "From left to right the visitors to come. Each line is a policy: how many clicks it has given "
    "away until then against the best variant, in the mean over the simulated sequences, whose "
    "rates are drawn from the posterior. Low is good, and so is a line that flattens: the policy "
    "has found the best variant and keeps to it. Equal split goes on losing at the same pace. "
    "Greedy may be lowest, or stay for ever with what was lucky at first."
)
HOW_POLICIES = (
    "One row a policy: the clicks that it gives away against the best variant, from now on, and "
    "had it begun with nothing but the prior (the same rates); ± is the Monte Carlo error. The "
    "last columns have the share of visitors who see the best variant. Thompson sampling draws a "
    "rate from each posterior and shows the highest; greedy shows the highest mean; A/B, then "
    f"switch splits the first {100 * EXPLORED:g}% equally; A/B until sure splits equally until "
    "the rule is met. No policy can do without any regret."
)
HOW_FEW = (
    "One row a policy for the first ten visitors of two variants of which nothing is known: the "
    "clicks to be expected, exactly, over all that can happen. Optimal weighs what each visitor "
    "teaches against what he brings; nothing can do better."
)


def regret(found: Mapping[str, Regret]) -> Figure:
    """Draw what each policy gives away from now on."""
    with canvas_of("regret", 7, 3.2) as canvas:
        axes = canvas.subplots()
        for i, (name, one) in enumerate(found.items()):
            colour, stroke = COLOURS[i % len(COLOURS)], STROKES[i % len(STROKES)]
            axes.plot(one.at, one.mean, color=colour, linestyle=stroke, label=name)
            low, high = one.mean - 2 * one.mcse, one.mean + 2 * one.mcse
            axes.fill_between(one.at, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.set_xlabel("visitors from now on")
        axes.set_ylabel("regret (clicks given away)")
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, "regret")
    said = listed(f"{name}, {_total(one)}" for name, one in found.items())
    last = int(np.max([one.at[-1] for one in found.values()]))
    alt = f"Clicks given away after {last:,} more visitors: {said}."
    caption = "What each policy gives away from now on; bands: two Monte Carlo errors."
    return Figure(svg, alt, caption, HOW_REGRET)


def policies(now: Mapping[str, Regret], replayed: Mapping[str, Regret], horizon: int) -> Table:
    """Return the regret of each policy, from now on and had it begun with nothing."""
    rows = tuple(
        (
            name,
            _total(one),
            percent(one.shown, 1e-3),
            _total(replayed[name]),
            percent(replayed[name].shown, 1e-3),
        )
        for name, one in now.items()
    )
    columns = (
        "policy",
        "regret from now on",
        "see the best",
        "regret, begun with nothing",
        "see the best ",
    )
    return Table(f"What {horizon:,} visitors cost", columns, rows, HOW_POLICIES)


def few(found: Mapping[str, float], n: int) -> Table:
    """Return the clicks to be expected of the first few visitors, exactly."""
    rows = tuple((name, f"{clicks:.6f}") for name, clicks in found.items())
    caption = f"Two unknown variants and {n} visitors: clicks to be expected, exactly"
    return Table(caption, ("policy", "clicks"), rows, HOW_FEW)


def told(found: Mapping[str, Regret], horizon: int) -> str:
    """Say which policies give away least."""
    order = sorted(found, key=lambda name: found[name].total.value)
    first, second = (found[name].total for name in order[:2])
    apart = second.value - first.value > 2 * np.hypot(first.mcse, second.mcse)
    best = order[0] if apart else f"{order[0]} or {order[1]} (simulation cannot tell them apart)"
    return (
        f"Of the next {horizon:,} visitors (--horizon), {best} gives away least: "
        f"{_total(found[order[0]])} clicks against the best variant; an equal split "
        f"{_total(found['equal split'])}."
    )


def _total(one: Regret) -> str:
    """Format a total with its Monte Carlo error."""
    total = one.total
    return f"{number(total.value, total.mcse or 1)} ± {figure(total.mcse, 1)}"
