"""What a prior sweep says: where the decision flips, and which quantity the prior moves most."""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from workflow.diagnostics import Status
from workflow.sensitivity import Point, Sweep


@dataclass(frozen=True)
class Crossing:
    """Two points of the grid, `before` and `after` along `knob`, with different decisions.

    Both are clear: Monte Carlo error explains neither. What lies between them, if anything, is not.
    """

    knob: str
    before: Point
    after: Point


def crossings(found: Sweep) -> list[Crossing]:
    """Return where the decision changes along each knob, the others staying as they are."""
    by_knobs = {tuple(point.knobs.values()): point for point in found.points}
    changes = []
    for k, (knob, values) in enumerate(found.knobs.items()):
        for at in by_knobs:
            if at[k] != values[0]:
                continue
            line = [by_knobs[(*at[:k], value, *at[k + 1 :])] for value in values]
            clear = [point for point in line if _clear(point)]
            changes += [
                Crossing(knob, before, after)
                for before, after in pairwise(clear)
                if before.decision != after.decision
            ]
    return changes


def _clear(point: Point) -> bool:
    """Say whether the fit is sound and Monte Carlo error leaves one decision."""
    return point.status is not Status.FAIL and len(point.tenable) == 1


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


def _words(knob: str) -> str:
    return knob.replace("_", " ")
