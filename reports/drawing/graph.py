"""The directed graph of a model as a figure: what is given, what is unknown, what is observed."""

import itertools
from collections.abc import Sequence

import numpy as np
import pymc as pm
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Ellipse, FancyArrowPatch, Patch, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from pymc.model_graph import NodeType

from reports.blocks.blocks import Figure
from reports.blocks.structure import KINDS, RANDOM, Node, in_words, node_of, structure
from reports.drawing.drawing import BLUE, GREY, canvas_of, to_svg
from reports.drawing.layers import Layout, layout

HOW = (
    "From left to right: an arrow leads from a quantity to what is drawn from it (ellipses, with "
    "their distribution) or computed from it (boxes). What the analysis learns about is unknown; "
    "it is learned from what is observed, with the dashed boxes given. Brackets hold dims: "
    "rate[arm] is one rate for each arm."
)
LINES = {NodeType.DATA: "--", NodeType.POTENTIAL: ":"}
SIZE = 8  # of letters, points
WIDTH, LEAST_GAP, MOST_GAP, MARGIN = 7.4, 0.45, 1.4, 0.1  # inches
TALL, LEGEND = 0.4, 0.5  # inches: a node, and the room for the legend
PALE = to_rgba(BLUE, 0.2)

Point = tuple[float, float]


def graph(name: str, model: pm.Model) -> Figure:
    """Draw the variables of a model and what each depends on."""
    found = structure(model)
    nodes = {one: node_of(one, model) for one in found}
    places = layout(found)
    spans = _spans(places, nodes)
    at = {one: (sum(spans[places.column[one]]) / 2, places.height[one]) for one in nodes}
    heights = places.height.values()
    low, high = min(heights) - TALL / 2 - LEGEND, max(heights) + TALL / 2 + MARGIN
    width = max(WIDTH, spans[-1][1] + MARGIN)
    with canvas_of(name, width, high - low) as canvas:
        canvas.set_layout_engine("none")  # one unit is one inch
        axes = canvas.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(low, high))
        axes.set_axis_off()
        for one, node in nodes.items():
            _draw(axes, node, at[one])
            _arrows(axes, one, nodes, at, places, spans)
        _legend(axes, {node.kind for node in nodes.values()}, low + LEGEND / 2 - MARGIN / 2)
        svg = to_svg(canvas, name)
    caption = (
        "The model as a graph. Observed values belong to the observed quantities and have no box "
        "of their own."
    )
    return Figure(svg, f"Graph of the model. {in_words(found, nodes)}.", caption, how=HOW)


def _width(node: Node) -> float:
    """Return how wide the drawing of a node is, in inches."""
    text = max(_inches(node.name), _inches(node.says))
    return 1.25 * text + 0.16 if node.kind in RANDOM else text + 0.2


def _inches(text: str) -> float:
    """Return the width of a text, in a font that is wider than most."""
    font = FontProperties(family="DejaVu Sans", size=SIZE)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]) / 72


def _spans(places: Layout, nodes: dict[str, Node]) -> list[Point]:
    """Return the left and the right end of every column, in inches."""
    widths = [
        max(_width(nodes[one]) for one in column if isinstance(one, str))
        for column in places.columns
    ]
    room, gaps = WIDTH - 2 * MARGIN - sum(widths), len(widths) - 1
    gap = min(max(room / max(gaps, 1), LEAST_GAP), MOST_GAP)
    left = MARGIN + max(room - gaps * gap, 0) / 2
    lefts = left + np.cumsum([0, *(width + gap for width in widths[:-1])])
    return [(float(at), float(at) + width) for at, width in zip(lefts, widths, strict=True)]


def _arrows(
    axes: Axes,
    child: str,
    nodes: dict[str, Node],
    at: dict[str, Point],
    places: Layout,
    spans: list[Point],
) -> None:
    """Draw arrows from the right end of all that `child` depends on to its left border."""
    ways = [steps for (_, end), steps in places.ways.items() if end == child]
    ways.sort(key=lambda steps: places.height[steps[-2]])
    for steps, (dx, dy) in zip(ways, _ports(nodes[child], len(ways)), strict=True):
        parent = str(steps[0])
        start = (at[parent][0] + _width(nodes[parent]) / 2, at[parent][1])
        passed = [
            (end, places.height[via]) for via in steps[1:-1] for end in spans[places.column[via]]
        ]
        axes.add_patch(_arrow([start, *passed, (at[child][0] + dx, at[child][1] + dy)]))


def _ports(node: Node, n: int) -> list[Point]:
    """Return where on the left border `n` arrows end, upwards, as seen from the node's middle."""
    up = np.linspace(-1, 1, n) * min(0.35, 0.08 * (n - 1)) if n > 1 else np.zeros(n)
    left = np.sqrt(1 - up**2) if node.kind in RANDOM else np.ones(n)
    return [(-dx, dy) for dx, dy in zip(left * _width(node) / 2, up * TALL / 2, strict=True)]


def _arrow(points: Sequence[Point]) -> FancyArrowPatch:
    """Return an arrow through points: level where it passes a column, curved between columns."""
    vertices, codes = [points[0]], [Path.MOVETO]
    for i, ((x0, y0), (x1, y1)) in enumerate(itertools.pairwise(points)):
        if i % 2:
            vertices.append((x1, y1))
            codes.append(Path.LINETO)
        else:
            middle = (x0 + x1) / 2
            vertices += [(middle, y0), (middle, y1), (x1, y1)]
            codes += [Path.CURVE4] * 3
    head = "-|>,head_length=4,head_width=2"
    path = Path(vertices, codes)
    return FancyArrowPatch(path=path, arrowstyle=head, mutation_scale=1, color=GREY, linewidth=0.8)


def _draw(axes: Axes, node: Node, at: Point) -> None:
    axes.add_patch(_shape(node.kind, at, _width(node), TALL))
    axes.text(*at, f"{node.name}\n{node.says}", size=SIZE, ha="center", va="center", zorder=4)


def _shape(kind: NodeType, at: Point, width: float, height: float) -> Patch:
    fill = PALE if kind is NodeType.OBSERVED_RV else "white"
    if kind in RANDOM:
        return Ellipse(at, width, height, facecolor=fill, edgecolor=BLUE, linewidth=1.2, zorder=3)
    corner = (at[0] - width / 2, at[1] - height / 2)
    line = LINES.get(kind, "-")
    return Rectangle(corner, width, height, facecolor=fill, edgecolor="black", ls=line, zorder=3)


def _legend(axes: Axes, kinds: set[NodeType], y: float) -> None:
    at = MARGIN
    for kind in (kind for kind in KINDS if kind in kinds):
        axes.add_patch(_shape(kind, (at + 0.16, y), 0.32, 0.18))
        axes.text(at + 0.38, y, KINDS[kind], size=SIZE, va="center")
        at += 0.38 + _inches(KINDS[kind]) + 0.3
