"""A check in one line: what it came to, in numbers, and its verdict."""

from collections.abc import Sequence

import xarray as xr

from reports.blocks.numbers import figure
from workflow.checking.checks import SURPRISE, StatisticCheck
from workflow.checking.diagnostics import Diagnosis, Status
from workflow.checking.sampler_checks import K_HAT
from workflow.sensitivity.sensitivity import Sweep
from workflow.variational.advi import METHODS
from workflow.variational.compare import Comparison
from workflow.variational.verdict import CANNOT, DO_NOT, GOOD, MEANS

ESS, SMALL = 10, 0.001
SAID = ("R-hat", "bulk ESS", "tail ESS", "divergences", K_HAT)  # checks of a sampler that passed


def prior(found: Sequence[StatisticCheck]) -> str:
    """Say how far out the data are in what the prior expects, at worst."""
    if not found:
        return "The prior was not held against the data."
    worst = min(found, key=lambda one: one.tail)
    warned = sum(one.result is Status.WARN for one in found)
    expects = "does not expect data like these" if warned else "allows data like these"
    return (
        f"The prior {expects}: {_at(worst.statistic)} has the tail probability "
        f"{_p(worst.tail)}{f', the smallest of {len(found)}' if found[1:] else ''}."
    )


def sampler(found: Diagnosis, posterior: xr.Dataset) -> str:
    """Say what the diagnosis of a posterior found, or what it found wrong."""
    if found.status is not Status.PASS:
        return f"{'; '.join(found.reasons())}."
    told = [f"{one.check} {rounded(one.worst)}" for one in found.checks]
    kept = [said for said, one in zip(told, found.checks, strict=True) if one.check in SAID]
    draws = posterior.sizes["chain"] * posterior.sizes["draw"]
    return f"{draws:,} draws; at worst {', '.join(kept)}."


def fit(found: Sequence[StatisticCheck]) -> str:
    """Say how many sides of the data the model reproduces, and which one it does worst."""
    if not found:
        return "Nothing that was looked at could speak against the model."
    bad = [one for one in found if one.result is Status.WARN]
    worst = min(bad or found, key=lambda one: min(one.p, 1 - one.p))
    one_of = f"the {len(found)} sides of the data that were looked at" if found[1:] else "the data"
    p = f"{_at(worst.statistic)} has p {_p(worst.p, equals=True)}"
    if bad:
        return f"The model does not reproduce {len(bad)} of {one_of}: {p}."
    limit = SURPRISE / 2 / len(found)
    return f"The model reproduces {one_of}: {p}, the furthest out (limit {figure(limit, 2)})."


def advi(found: Sequence[Comparison]) -> str:
    """Say the verdicts of the families of ADVI beside their times."""
    seconds = found[0].nuts_seconds
    told = [f"{METHODS[one.method]} {one.verdict} ({one.seconds:.0f} s)" for one in found]
    said = "; ".join(told)
    return f"{said[:1].upper()}{said[1:]}; NUTS took {seconds:.0f} s."


def best(found: Sequence[Comparison]) -> str:
    """Return the best verdict among the families of ADVI, and whose it is where they differ."""
    order = (GOOD, MEANS, CANNOT, DO_NOT)
    one = min(found, key=lambda one: order.index(one.verdict))
    same = len({other.verdict for other in found}) == 1
    return one.verdict if same else f"{METHODS[one.method]}: {one.verdict}"


def swept(found: Sweep) -> str:
    """Return the verdict of a sweep in a word or two."""
    judged = sum(point.decision is not None for point in found.points)
    if found.decision is None or not judged:
        return "not known"
    return f"flips in {len(found.flips)} of {judged}" if found.flips else "stands"


def rounded(worst: float) -> str:
    """Format what a check found: an ESS in whole draws, an R-hat to the fourth digit."""
    return f"{worst:,.0f}" if worst >= ESS else figure(worst, 4)


def _p(value: float, *, equals: bool = False) -> str:
    """Format a probability of some thousand draws: near 0 and 1 as a bound."""
    if SMALL <= value <= 1 - SMALL:
        return f"{'= ' * equals}{figure(value, 2)}"
    return f"< {SMALL:g}" if value < SMALL else f"> {1 - SMALL:g}"


def _at(statistic: str) -> str:
    return f"“{statistic}”"
