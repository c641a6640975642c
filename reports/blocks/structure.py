"""What a model is made of: its variables, what each of them is, and what it depends on."""

from dataclasses import dataclass

import networkx as nx
import pymc as pm
from pymc.model_graph import ModelGraph, NodeType, get_node_type

KINDS = {
    NodeType.FREE_RV: "unknown, estimated",
    NodeType.OBSERVED_RV: "observed",
    NodeType.DETERMINISTIC: "computed",
    NodeType.DATA: "given: data, or a knob of the prior",
    NodeType.POTENTIAL: "term of the density",
}
RANDOM = {NodeType.FREE_RV, NodeType.OBSERVED_RV}


@dataclass(frozen=True)
class Node:
    """A variable of a model: what it is, and how a drawing says so in two lines."""

    kind: NodeType
    name: str
    says: str


def structure(model: pm.Model) -> nx.DiGraph:
    """Return the variables of a model, with an edge to each from all it depends on.

    Data that nothing is computed from, such as observed values, are left out.
    """
    found = nx.DiGraph()
    for name, parents in ModelGraph(model).make_compute_graph().items():
        found.add_node(name)
        if get_node_type(name, model) is not NodeType.DATA:  # or observed values would have some
            found.add_edges_from((parent, name) for parent in sorted(parents))
    unused = [one for one in nx.isolates(found) if get_node_type(one, model) is NodeType.DATA]
    found.remove_nodes_from(unused)
    return found


def node_of(name: str, model: pm.Model) -> Node:
    """Return what the variable of this name is, with dims and distribution."""
    kind = get_node_type(name, model)
    dims = ", ".join(map(str, model.named_vars_to_dims.get(name) or ()))
    says = KINDS[kind].partition(":")[0]
    if kind in RANDOM:
        symbol = type(model[name].owner.op).__name__.removesuffix("RV")
        says = f"~ {symbol}" if kind is NodeType.FREE_RV else f"observed ~ {symbol}"
    return Node(kind, f"{name}[{dims}]" if dims else name, says)


def in_words(found: nx.DiGraph, nodes: dict[str, Node]) -> str:
    """Say what is given, and of every other node what it is and what it depends on."""
    said = {
        NodeType.FREE_RV: "{0.name}, unknown, {0.says}, given {1}",
        NodeType.OBSERVED_RV: "{0.name}, {0.says}, given {1}",
    }
    given = ", ".join(node.name for node in nodes.values() if node.kind is NodeType.DATA)
    others = (
        said.get(node.kind, "{0.name} computed from {1}").format(
            node, ", ".join(sorted(found.pred[one])) or "numbers"
        )
        for one, node in nodes.items()
        if node.kind is not NodeType.DATA
    )
    return "; ".join([f"Given: {given}" if given else "Nothing is given", *others])
