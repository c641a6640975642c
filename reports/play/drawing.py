"""A panel as SVG, as `scripts/drawing.js` draws it again when a slider moves."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from markupsafe import Markup

from reports.blocks.numbers import MINUS
from reports.play.declared import Axis, Mark, Panel
from workflow.play.randoms import State

WIDTH, HEIGHT, SQUARE = 480, 260, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 20, 24, 44
ROOM, TICKS = 0.05, 5
COLOURS = {"blue": "#0072b2", "orange": "#d55e00", "ink": "currentColor", "soft": "currentColor"}
DASHES = {"solid": "", "dashed": "7 4", "dotted": "2 4"}
type Scale = Mapping[str, float]
type Attributes = dict[str, object]


def svg(panel: Panel, state: State) -> Markup:
    """Return the drawing of a state."""
    width, height = (SQUARE, SQUARE) if panel.square else (WIDTH, HEIGHT)
    x = scale(panel.x, _values(panel, state, "x"), (LEFT, width - RIGHT))
    y = scale(panel.y, _values(panel, state, "y"), (height - BOTTOM, TOP))
    parts = [*_axes(panel, x, y), *chain.from_iterable(_mark(m, state, x, y) for m in panel.marks)]
    box = Markup('<svg viewBox="0 0 {} {}" width="{}" height="{}">').format(
        width, height, width, height
    )
    return box + Markup("").join(parts) + Markup("</svg>")


def swatch(mark: Mark) -> Markup:
    """Return a sample of a mark, for the legend."""
    if mark.kind == "marker":
        inside = _tag("circle", {"cx": 14, "cy": 6, "r": 5} | _look(mark))
    else:
        way = "M14,6h0" if mark.kind == "dots" else "M1,6H27"
        inside = _tag("path", {"d": way} | _look(mark) | {"fill": "none"})
    box = Markup('<svg viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">{}</svg>')
    return box.format(inside)


def scale(axis: Axis, values: Sequence[float], pixels: tuple[int, int]) -> Scale:
    """Return the ends of an axis in its unit and in pixels; open ends hold all values and 0."""
    low, high = axis.low, axis.high
    ends = [0.0, *values] if len(values) else [0.0, 1.0]
    room = ROOM * ((max(ends) - min(ends)) or 1)
    low = (min(ends) - room if min(ends) < 0 else 0.0) if low is None else low
    high = max(ends) + room if high is None else high
    return {"low": low, "high": high, "log": axis.log, "start": pixels[0], "end": pixels[1]}


def place(one: Scale, value: float) -> float:
    """Return where a value lies, in pixels."""
    low, high, at = one["low"], one["high"], value
    if one["log"]:
        low, high, at = math.log10(low), math.log10(high), math.log10(at)
    return one["start"] + (at - low) / (high - low) * (one["end"] - one["start"])


def ticks(one: Scale) -> list[tuple[float, str]]:
    """Return some round values of an axis, and their texts."""
    low, high = one["low"], one["high"]
    if one["log"]:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        return [(10.0**k, f"{10.0**k:g}") for k in range(first, last + 1)]
    raw = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m for m in (1, 2, 5, 10) if m * power >= raw * (1 - 1e-9)) * power
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    texts = (f"{k * step:.{places}f}".replace("-", MINUS) for k in range(first, last + 1))
    return list(zip((k * step for k in range(first, last + 1)), texts, strict=True))


def _values(panel: Panel, state: State, axis: str) -> list[float]:
    """Return all values that a panel draws along one of its axes."""
    keys = [getattr(mark, axis) for mark in panel.marks]
    keys += [mark.end for mark in panel.marks if axis == "x"]
    return np.concatenate([_series(state, key) for key in keys]).tolist()


def _axes(panel: Panel, x: Scale, y: Scale) -> Iterable[Markup]:
    left, right, base, top = (one[end] for one in (x, y) for end in ("start", "end"))
    line: Attributes = {"stroke": "currentColor", "stroke-width": 1}
    small: Attributes = {"font-size": 12}
    middle = small | {"text-anchor": "middle"}
    yield _tag("path", {"d": f"M{left},{top}V{base}H{right}", "fill": "none"} | line)
    if y["low"] < 0 < y["high"]:
        nought = f"M{left},{_round(place(y, 0))}H{right}"
        yield _tag("path", {"d": nought} | line | {"stroke-dasharray": "2 3"})
    for value, text in ticks(x):
        at = place(x, value)
        yield _tag("path", {"d": f"M{_round(at)},{base}v4"} | line)
        yield _tag("text", {"x": _round(at), "y": base + 17} | middle, text)
    for value, text in ticks(y):
        at = place(y, value)
        yield _tag("path", {"d": f"M{left},{_round(at)}h-4"} | line)
        ends: Attributes = {"x": left - 7, "y": _round(at + 4), "text-anchor": "end"}
        yield _tag("text", ends | small, text)
    yield _tag("text", {"x": _round((left + right) / 2), "y": base + 36} | middle, panel.x.label)
    yield _tag("text", {"x": 4, "y": 14} | small, panel.y.label)


def _mark(mark: Mark, state: State, x: Scale, y: Scale) -> Iterable[Markup]:
    """Yield the elements of a series; what is outside of the axes is left out."""
    xs, ys, ends = (_series(state, key) for key in (mark.x, mark.y, mark.end))
    look = _look(mark)
    if mark.kind == "across":
        for at in (_round(place(x, v)) for v in xs if _inside(x, v)):
            yield _tag("path", {"d": f"M{at},{y['start']}V{y['end']}"} | look)
    elif mark.kind == "level":
        for at in (_round(place(y, v)) for v in ys if _inside(y, v)):
            yield _tag("path", {"d": f"M{x['start']},{at}H{x['end']}"} | look)
    elif mark.kind == "marker":
        for a, b in zip(xs, ys, strict=True):
            if _inside(x, a) and _inside(y, b):
                dot: Attributes = {"cx": _round(place(x, a)), "cy": _round(place(y, b)), "r": 5}
                yield _tag("circle", dot | look)
    else:
        yield _tag("path", {"d": _path(mark, (xs, ys, ends), x, y)} | look)


def _series(state: State, key: str) -> np.ndarray:
    """Return a part of the state as an array; "" is none."""
    return np.atleast_1d(np.asarray(state[key] if key else [], float))


def _path(mark: Mark, series: Sequence[np.ndarray], x: Scale, y: Scale) -> str:
    """Return the path of a line, an area, dots or segments."""
    xs, ys, ends = series
    if mark.kind == "segments":
        rows = zip(xs, ends, ys, strict=True)
        return "".join(
            f"M{_round(place(x, a))},{_round(place(y, c))}H{_round(place(x, b))}"
            for a, b, c in rows
        )
    found, before = [], False
    for a, b in zip(xs, ys, strict=True):
        inside = _inside(x, a) and _inside(y, b)
        if inside:
            at = f"{_round(place(x, a))},{_round(place(y, b))}"
            found.append(f"M{at}h0" if mark.kind == "dots" else f"{'L' if before else 'M'}{at}")
        before = inside
    if mark.kind == "area" and found:
        base = _round(place(y, 0))
        found.append(f"L{_round(place(x, xs[-1]))},{base}L{_round(place(x, xs[0]))},{base}Z")
    return "".join(found)


def _inside(one: Scale, value: float) -> bool:
    """Say whether a value lies on an axis."""
    slack = 1e-9 * (one["high"] - one["low"])
    return bool(one["low"] - slack <= value <= one["high"] + slack)


def _look(mark: Mark) -> Attributes:
    """Return how a series looks, as attributes."""
    colour, dash, soft = COLOURS[mark.look], DASHES[mark.stroke], mark.look == "soft"
    if mark.kind == "marker":
        return {"fill": colour, "stroke": "none"}
    if mark.kind == "dots":
        size = {"stroke-width": 3, "stroke-opacity": 0.5} if soft else {"stroke-width": 7}
        return {"fill": "none", "stroke": colour, "stroke-linecap": "round", **size}
    thin = 1 if soft else 2
    look: Attributes = {"fill": "none", "stroke": colour, "stroke-width": thin}
    if mark.kind == "area":
        look |= {"fill": colour, "fill-opacity": 0.15}
    return look | ({"stroke-dasharray": dash} if dash else {})


def _round(value: float) -> str:
    """Return pixels as text, to a tenth."""
    return f"{value:.1f}"


def _tag(name: str, attributes: Attributes, text: str = "") -> Markup:
    """Return an element of SVG."""
    told = Markup("").join(Markup(' {}="{}"').format(*one) for one in attributes.items())
    return Markup("<{}{}>{}</{}>").format(name, told, text, name)
