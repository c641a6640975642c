"""What a prior sweep says: where the decision flips, and which quantity the prior moves most."""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from workflow.checking.diagnostics import Status
from workflow.sensitivity.sensitivity import Point, Sweep


@dataclass(frozen=True)
class Crossing:
    """Two neighbours along `knob`, `before` and `after`, between which the decision changes.

    `decisions` has what is decided on either side. Fits that failed, and those that could not be
    judged, are passed over: they may lie between the two.
    """

    knob: str
    before: Point
    after: Point
    decisions: tuple[str, str]


def crossings(found: Sweep) -> list[Crossing]:
    """Return where the decision changes along each knob, the others staying as they are.

    It changes where that of the analysis stands on one side and flips on the other (see
    `Sweep.flips`), or where no decision is tenable on both.
    """
    by_knobs = {tuple(point.knobs.values()): point for point in found.points}
    changes = []
    for k, (knob, values) in enumerate(found.knobs.items()):
        for at in by_knobs:
            if at[k] != values[0]:
                continue
            line = [by_knobs[(*at[:k], value, *at[k + 1 :])] for value in values]
            judged = [point for point in line if point.decision is not None]
            changes += [
                Crossing(knob, before, after, (_decided(before, found), _decided(after, found)))
                for before, after in pairwise(judged)
                if _differ(before, after, found)
            ]
    return changes


def _differ(a: Point, b: Point, found: Sweep) -> bool:
    """Say whether the decision is another one at `b` than at `a`, beyond Monte Carlo error."""
    stands = [found.decision in point.tenable for point in (a, b)]
    return stands[0] != stands[1] or set(a.tenable).isdisjoint(b.tenable)


def _decided(point: Point, found: Sweep) -> str:
    """Return the decision of the analysis where Monte Carlo error cannot tell another from it."""
    return str(found.decision) if found.decision in point.tenable else named(point)


def named(point: Point) -> str:
    """Name the decision at a point; several where Monte Carlo error cannot tell which it is."""
    several = point.tenable[:2] if len(point.tenable) < 3 else (str(point.decision), "others")
    return " or ".join(several) or str(point.decision)


def most_moved(found: Sweep, names: Iterable[str]) -> str:
    """Return which quantity the prior moves most: its medians' range beside its interval.

    Fits that failed do not count, unless all did. Where nothing was swept it is the first.
    """
    if not found.points:
        return next(iter(names))
    sound = [point for point in found.points if point.status is not Status.FAIL] or found.points

    def moved(name: str) -> float:
        q = [point.quantities[name] for point in sound]
        medians = [one.median for one in q if not math.isnan(one.median)]
        widths = [one.upper - one.lower for one in q if not math.isnan(one.median)]
        return (max(medians) - min(medians)) / statistics.median(widths)

    return max(names, key=moved)


def in_words(found: Sweep) -> str:
    """Say whether the decision flips inside the grid, and where."""
    n = len(found.points)
    if not n:
        return "No other prior was tried."
    failed = _failed(found) + _not_judged(found)
    judged = sum(point.decision is not None for point in found.points)
    if len(found.failed) == n and not judged:
        return f"No prior of the grid gave a fit that passes its diagnosis ({n} tried)."
    if found.decision is None:
        return f"The analysis has no decision that another prior could change.{failed}"
    if not judged:
        return f"Whether another prior changes the decision is not known.{failed}"
    if not found.flips:
        under = f"all {judged} priors" if judged > 1 else "the one prior"
        return (
            "The decision is the same, within Monte Carlo error, under "
            f"{under} that could be judged.{failed}"
        )
    first = min(found.flips, key=lambda point: len(point.tenable))  # the first that is clear
    at = ", ".join(f"{_words(name)} {value:g}" for name, value in first.knobs.items())
    more = f" (and {len(found.flips) - 1} more)" if len(found.flips) > 1 else ""
    return (
        f"The decision flips under {len(found.flips)} of the {judged} priors of the grid that "
        f"could be judged: it becomes “{named(first)}” at {at}{more}.{failed}"
    )


def _not_judged(found: Sweep) -> str:
    """Say how many priors the rule could not judge: they are neither the same nor a flip."""
    n = len(found.not_judged)
    if not n:
        return ""
    return (
        f" {n} of the {len(found.points)} priors could not be judged: what the decision would be "
        "there is not known."
    )


def _failed(found: Sweep) -> str:
    """Say how many fits failed, and what becomes of them."""
    if not found.failed:
        return ""
    n, known = len(found.failed), sum(point.decision is not None for point in found.failed)
    said = f" {n} of the {len(found.points)} fits failed"
    if not known:
        return f"{said} and decide{'s' if n == 1 else ''} nothing."
    rest = "" if known == n else f" ({known} of them)"
    return f"{said}; what is decided there{rest} is known exactly."


def _words(knob: str) -> str:
    return knob.replace("_", " ")
