"""Places for the nodes of a directed graph: in columns by generation, with short, clear edges.

The steps are those of Sugiyama, Tagawa and Toda (1981), with the coordinates of Gansner et al.
(1993): columns, an order in each that has few crossings, then the least total length of edges.
"""

import itertools
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy.optimize import linprog

SWEEPS = 12
APART = {0: 0.16, 1: 0.34, 2: 0.54}  # inches, by how many of two neighbours are nodes
BENDING = {0: 8.0, 1: 2.0, 2: 1.0}  # what it costs an edge, by how many of its ends are nodes

Columns = list[list[Hashable]]


@dataclass(frozen=True)
class Via:
    """Where the edges from `node` pass a column on the way to later ones."""

    node: str
    column: int


@dataclass(frozen=True)
class Layout:
    """Where to draw a graph: nodes and passages in columns, and their heights in inches."""

    columns: Columns
    height: dict[Hashable, float]
    ways: dict[tuple[str, str], list[Hashable]]

    @property
    def column(self) -> dict[Hashable, int]:
        """Return the column of every node and passage."""
        return {one: i for i, column in enumerate(self.columns) for one in column}


def layout(graph: nx.DiGraph) -> Layout:
    """Return places for the nodes of an acyclic graph: every edge leads to a later column."""
    column = columns_of(graph)
    ways = {edge: _way(edge, column) for edge in graph.edges}
    stepwise = nx.DiGraph(step for steps in ways.values() for step in itertools.pairwise(steps))
    stepwise.add_nodes_from(graph)
    columns: Columns = [[] for _ in range(max(column.values()) + 1)]
    for one in [*graph, *(one for one in stepwise if isinstance(one, Via))]:
        columns[one.column if isinstance(one, Via) else column[one]].append(one)
    columns = min(_orders(columns, stepwise), key=lambda order: _crossings(order, stepwise))
    return Layout(columns, _heights(columns, stepwise), ways)


def columns_of(graph: nx.DiGraph) -> dict[str, int]:
    """Return the column of every node; one without parents stands just before its first child."""
    generations = enumerate(nx.topological_generations(graph))
    column = {node: generation for generation, nodes in generations for node in nodes}
    for node in graph:
        if not graph.in_degree(node) and graph.out_degree(node):
            column[node] = min(column[child] for child in graph.successors(node)) - 1
    return column


def _way(edge: tuple[str, str], column: dict[str, int]) -> list[Hashable]:
    """Return the nodes and passages along an edge; edges from one node share their passages."""
    start, end = edge
    return [start, *(Via(start, c) for c in range(column[start] + 1, column[end])), end]


def _orders(columns: Columns, graph: nx.DiGraph) -> Iterator[Columns]:
    """Give one order after another: each column by the mean place of its neighbours on a side."""
    yield columns
    for sweep in range(SWEEPS):
        neighbours = graph.succ if sweep % 2 else graph.pred
        for i in range(len(columns))[:: -1 if sweep % 2 else 1]:
            place = _places(columns)
            middle = {
                one: float(np.mean([place[other] for other in neighbours[one]] or place[one]))
                for one in columns[i]
            }
            columns = [*columns[:i], sorted(columns[i], key=middle.__getitem__), *columns[i + 1 :]]
        yield columns


def _places(columns: Columns) -> dict[Hashable, float]:
    """Return where in its column everything is, between 0, the first, and 1."""
    return {one: (i + 0.5) / len(column) for column in columns for i, one in enumerate(column)}


def _crossings(columns: Columns, graph: nx.DiGraph) -> int:
    """Count the pairs of edges that cross between two columns."""
    place = _places(columns)
    return sum(
        (place[a] - place[b]) * (place[c] - place[d]) < 0
        for column in columns
        for (a, c), (b, d) in itertools.combinations(graph.out_edges(column), 2)
    )


def _heights(columns: Columns, graph: nx.DiGraph) -> dict[Hashable, float]:
    """Return heights that keep order and distances and make edges short: a linear program.

    Its variables are the heights, and for each edge a length that is at least what it climbs, up
    or down; the weighted sum of the lengths is the least.
    """
    nodes = [one for column in columns for one in column]
    edges = list(graph.edges)
    unit = np.eye(len(nodes) + len(edges))
    height = dict(zip(nodes, unit, strict=False))
    least = []
    for (one, other), length in zip(edges, unit[len(nodes) :], strict=True):
        climb = height[one] - height[other]
        least += [(length - climb, 0.0), (length + climb, 0.0)]
    for above, below in itertools.chain(*map(itertools.pairwise, columns)):
        least.append((height[above] - height[below], APART[_nodes(above, below)]))
    if not least:
        return dict.fromkeys(nodes, 0.0)
    matrix, bounds = (np.array(part) for part in zip(*least, strict=True))
    weights = [0.0] * len(nodes) + [BENDING[_nodes(*edge)] for edge in edges]
    found = linprog(weights, A_ub=-matrix, b_ub=-bounds)
    return dict(zip(nodes, map(float, found.x), strict=False))


def _nodes(*ends: Hashable) -> int:
    """Count those that are nodes, and not passages."""
    return sum(not isinstance(one, Via) for one in ends)
