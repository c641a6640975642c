"""Which prior flips the decision: the exact strengths, NUTS on either side, and the sweep's map."""

import math
from collections.abc import Mapping, Sequence

import xarray as xr

from reports.blocks.blocks import Block
from reports.blocks.numbers import figure
from reports.rates import tables
from reports.rates.figures import flip_map
from reports.rates.rates import Changes, Words, strength
from workflow.deciding.threshold import Rule
from workflow.rates.agreement import Agreement
from workflow.rates.beta_binomial import Count
from workflow.rates.flips import Flips
from workflow.sensitivity.sensitivity import Sweep

BESIDE = (
    "Power-scaling asks what a slightly stronger prior would do, the sweep what any other would: a "
    "decision can be deaf to the first and flip under the second."
)


def blocks(
    found: Flips,
    around: Sequence[Agreement],
    plane: xr.DataArray,
    swept: Sweep,
    own: Mapping[str, float],
    rule: Rule,
    count: Count,
    words: Words,
) -> list[Block]:
    """Return where the decision flips: in words, `around` the flip by NUTS, and over all priors.

    `plane` is the exact probability over the priors (see `flip_map`), `own` the knobs of the
    analysis.
    """
    here = own["prior_mean"], own["prior_strength"]
    return [
        flips(found.centred, rule, count.trials, words),
        *([tables.confirmed(around, rule)] if around else []),
        flip_map("map", plane, swept, here, rule, unit=words.trials),
        tables.changes(found.course, words),
    ]


def grid(log_odds: Sequence[float], words: Words) -> str:
    """Say which priors the sweep has: means so far from the reference, and strengths."""
    return (
        f"The sweep's prior means have about {', '.join(f'{math.exp(by):.2g}' for by in log_odds)} "
        f"times the odds of the reference. The strengths say how many {words.trials} the prior "
        "weighs; they go on until the decision flips, if anything makes it flip."
    )


def flips(centred: Changes, rule: Rule, trials: float, words: Words) -> str:
    """Say at what strength a prior whose mean is the reference changes the decision."""
    first, *others = centred
    if not others:
        return (
            f"A prior centred on the reference, {rule.reference:g}, draws the {words.rate} towards "
            f"neither side: the decision is “{first[1]}” at every strength."
        )
    course = ", ".join(f"“{side}” from {strength(at)} {words.trials} on" for at, side in others)
    at = others[0][0]
    return (
        f"Under a prior centred on the reference, {rule.reference:g}, the decision is “{first[1]}” "
        f"for weak priors and {course}: such a prior has to weigh {figure(at / trials, 2)} times "
        f"as much as the {trials:,} {words.trials} of the data."
    )
