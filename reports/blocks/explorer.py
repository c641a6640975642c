"""The prior explorer: move the prior, and see posterior, estimand and decision of the sweep."""

import json
import math
from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.ticker import MaxNLocator

from reports.blocks import how
from reports.blocks.blocks import Explorer, Slider
from reports.blocks.numbers import MINUS, estimate, figure, number, probability
from reports.blocks.text import spoken, visible, words
from workflow.checking.status import Status
from workflow.quantities import Quantity
from workflow.sensitivity.curves import Curve
from workflow.sensitivity.flips import crossings, named
from workflow.sensitivity.sensitivity import Point, Sweep

ROOM = 0.15  # beside the posteriors, as a part of their range: of a prior there may be more
MEASURED = 6  # at most, beside the decision


def explorer(
    found: Sweep,
    priors: Sequence[Curve | None],
    shown: str,
    own: Mapping[str, float],
    mine: tuple[Quantity, Curve | None] | None = None,
    *,
    unit: str,
    scale: float = 1,
) -> Explorer:
    """Return the explorer of a sweep.

    Parameters
    ----------
    priors
        Prior density of the quantity `shown` at every point of the sweep.
    own
        The knobs of the analysis' own prior: where the sliders stand first, or next to it.
    mine
        The quantity in the analysis itself, and its density: what is shown until a slider moves.
    unit, scale
        Of the quantity as it is shown, and the factor into that unit.
    """
    sliders = tuple(
        Slider(words(knob), tuple(f"{v:g}" for v in values), _nearest(values, own[knob]))
        for knob, values in found.knobs.items()
    )
    on_grid = all(own[knob] in values for knob, values in found.knobs.items())
    said = ", ".join(f"{words(knob)} {figure(own[knob], 4)}" for knob in found.knobs)
    where = "the sliders begin there" if on_grid else "the sliders begin at the nearest of the grid"
    curves = [one.get(shown) for one in found.curves]
    points = [
        _point(*one, found, shown, scale) for one in zip(found.points, priors, curves, strict=True)
    ]
    data = {
        "label": visible(f"{spoken(shown)} ({unit})"),
        "decision": found.decision,
        "axis": (axis := _axis([*_sound(found, curves), mine[1] if mine else None], scale)),
        "points": points,
        "own": _own(mine, found, on_grid=on_grid, scale=scale) if mine else None,
        "flips": _flips(found),
    }
    for point in points:
        point["prior"] = _inside(point["prior"], axis)
    about = f"The analysis' own prior is {said}; {where}."
    return Explorer(sliders, embedded(data), about, how.EXPLORER)


def _nearest(values: Sequence[float], own: float) -> int:
    """Return which of some positive values is nearest to the analysis' own, in ratio."""
    return min(range(len(values)), key=lambda i: abs(math.log(values[i] / own)))


def _sound(found: Sweep, curves: Sequence[Curve | None]) -> list[Curve | None]:
    """Return the curves of fits that passed: one that failed may lie anywhere."""
    return [
        one if point.status is not Status.FAIL else None
        for one, point in zip(curves, found.points, strict=True)
    ]


def _own(
    mine: tuple[Quantity, Curve | None], found: Sweep, *, on_grid: bool, scale: float
) -> dict[str, Any]:
    """Return what is shown before a slider moves: the numbers of the page."""
    q, drawn = mine
    said = {
        "estimate": f"{estimate(q, scale)}, as on this page",
        "decision": str(found.decision or "withheld: the analysis failed"),
        "posterior": _drawn(drawn, scale),
        "median": scale * q.median if math.isfinite(q.median) else None,
        "also": "",
    }
    return said | ({} if on_grid else {"prior": None})


def _inside(one: dict[str, Any] | None, axis: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the part of a curve that lies on the axis; its central 95% is said as it is."""
    if one is None:
        return None
    low, high = max(one["start"], axis["low"]), min(one["end"], axis["high"])
    if low >= high:
        return one | {"start": axis["low"], "end": axis["high"], "heights": [0, 0]}
    x = np.linspace(one["start"], one["end"], len(one["heights"]))
    heights = np.interp(np.linspace(low, high, len(x)), x, one["heights"])
    return one | {"start": low, "end": high, "heights": [round(float(h)) for h in heights]}


def _axis(curves: Sequence[Curve | None], scale: float) -> dict[str, Any]:
    """Return a range that holds all curves, with some room around them, and its ticks."""
    ends = [scale * end for one in curves if one for end in (one.start, one.end)] or [0.0, 1.0]
    room = ROOM * (max(ends) - min(ends))
    low, high = min(ends) - room, max(ends) + room
    ticks = [float(tick) for tick in MaxNLocator(6).tick_values(low, high) if low <= tick <= high]
    return {"low": low, "high": high, "ticks": list(zip(ticks, _labels(ticks), strict=True))}


def _labels(ticks: Sequence[float]) -> list[str]:
    """Return ticks as text, with as many decimals as tell them exactly, up to twelve."""
    step = min((b - a for a, b in pairwise(ticks)), default=1.0)
    exact = (n for n in range(13) if all(abs(round(t, n) - t) < step / 1000 for t in ticks))
    places = next(exact, 12)
    return [f"{round(tick, places) + 0.0:,.{places}f}".replace("-", MINUS) for tick in ticks]


def _point(
    point: Point,
    prior: Curve | None,
    posterior: Curve | None,
    found: Sweep,
    shown: str,
    scale: float,
) -> dict[str, Any]:
    """Return what is shown of one prior."""
    q = point.quantities[shown]
    decided, failed = point.decision is not None, point.status is Status.FAIL
    withheld = f"withheld: {'this fit' if failed else 'the analysis'} failed"
    unknown = "not judged" if point in found.not_judged else withheld
    return {
        "decision": f"{named(point)}{' (exact)' * failed}" if decided else unknown,
        "judged": decided and found.decision is not None,
        "flips": decided and found.decision is not None and found.decision not in point.tenable,
        "close": decided and found.decision in point.tenable[1:],
        "status": point.status.value,
        "estimate": estimate(q, scale) + (" (a fit that failed; not drawn)" if failed else ""),
        "also": _also(point),
        "prior": _drawn(prior, scale),
        "posterior": None if failed else _drawn(posterior, scale),
        "median": scale * q.median if math.isfinite(q.median) else None,
    }


def _also(point: Point) -> str:
    """Say what else was measured of a posterior: probabilities, losses, costs."""
    told = (
        f"{spoken(name)} "
        f"{probability(one) if name.startswith('prob_') else number(one.value, one.mcse)}"
        for name, one in point.scalars.items()
        if math.isfinite(one.value)
    )
    return "; ".join(islice(told, MEASURED))


def _drawn(one: Curve | None, scale: float) -> dict[str, Any] | None:
    """Return a curve in the unit that is shown; heights in hundredths."""
    if one is None:
        return None
    ends = (one.start, one.end, one.lower, one.upper)
    start, end, lower, upper = (scale * x for x in ends)
    heights = [round(100 * height) for height in one.heights]
    central = f"{number(lower, (upper - lower) / 100)} to {number(upper, (upper - lower) / 100)}"
    interval = {"lower": lower, "upper": upper, "central": central}
    return {"start": start, "end": end, "heights": heights, **interval}


def _flips(found: Sweep) -> list[dict[str, int]]:
    """Return between which points, and along which knob, the decision changes."""
    at = {id(point): i for i, point in enumerate(found.points)}
    knobs = list(found.knobs)
    return [
        {"knob": knobs.index(one.knob), "before": at[id(one.before)], "after": at[id(one.after)]}
        for one in crossings(found)
    ]


def embedded(data: Mapping[str, Any]) -> Markup:
    """Return JSON that can stand inside a template element: nothing in it is markup."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))
