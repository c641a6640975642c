"""What a prior sweep says: where the decision flips, and which quantity the prior moves most."""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from workflow.diagnostics import Status
from workflow.sensitivity import Point, Sweep


@dataclass(frozen=True)
class Crossing:
    """Two neighbours of the grid between which the decision changes, beyond Monte Carlo error.

    They differ in `knob` alone: `before` has the value of it that comes first in the grid.
    """

    knob: str
    before: Point
    after: Point


def crossings(found: Sweep) -> list[Crossing]:
    """Return where the decision changes from one point of the grid to the next along a knob."""
    by_knobs = {tuple(point.knobs.values()): point for point in found.points}
    pairs = []
    for k, (knob, values) in enumerate(found.knobs.items()):
        for at, before in by_knobs.items():
            i = values.index(at[k]) + 1
            after = by_knobs[(*at[:k], values[i], *at[k + 1 :])] if i < len(values) else before
            if _differ(before, after):
                pairs.append(Crossing(knob, before, after))
    return pairs


def _differ(a: Point, b: Point) -> bool:
    """Say whether two points have different decisions that Monte Carlo error cannot explain."""
    if Status.FAIL in (a.status, b.status):
        return False
    return a.decision not in b.tenable and b.decision not in a.tenable


def most_moved(found: Sweep, names: Iterable[str]) -> str:
    """Return which quantity the prior moves most: its medians' range beside its interval."""

    def moved(name: str) -> float:
        q = [point.quantities[name] for point in found.points]
        medians = [one.median for one in q if not math.isnan(one.median)]
        widths = [one.upper - one.lower for one in q if not math.isnan(one.median)]
        return (max(medians) - min(medians)) / statistics.median(widths)

    return max(names, key=moved)


def in_words(found: Sweep) -> str:
    """Say whether the decision flips inside the grid, and where."""
    n = len(found.points)
    failed = (
        f" {len(found.failed)} of the {n} fits failed and decide nothing." if found.failed else ""
    )
    if len(found.failed) == n:
        return f"No prior of the grid gave a fit that passes its diagnosis ({n} tried)."
    judged = n - len(found.failed)
    if found.decision is None:
        return f"The analysis has no decision that another prior could change.{failed}"
    if not found.flips:
        return (
            "The decision is the same, within Monte Carlo error, under all "
            f"{judged} priors that could be judged.{failed}"
        )
    first = found.flips[0]
    at = ", ".join(f"{_words(name)} {value:g}" for name, value in first.knobs.items())
    more = f" (and {len(found.flips) - 1} more)" if len(found.flips) > 1 else ""
    return (
        f"The decision flips under {len(found.flips)} of the {judged} priors of the grid that "
        f"could be judged: it becomes “{first.decision}” at {at}{more}.{failed}"
    )


def where(found: Sweep, most: int = 6) -> str:
    """Say between which neighbours of the grid the decision changes; "" if it does not."""
    marks = crossings(found)
    said = []
    for one in marks[:most]:
        low, high = one.before.knobs[one.knob], one.after.knobs[one.knob]
        others = ", ".join(
            f"{_words(knob)} {value:g}"
            for knob, value in one.before.knobs.items()
            if knob != one.knob
        )
        said.append(
            f"between {_words(one.knob)} {low:g} and {high:g}{f' ({others})' if others else ''} "
            f"from “{one.before.decision}” to “{one.after.decision}”"
        )
    more = f"; and at {len(marks) - most} more places" if len(marks) > most else ""
    return f"The decision changes {'; '.join(said)}{more}." if said else ""


def _words(knob: str) -> str:
    return knob.replace("_", " ")
