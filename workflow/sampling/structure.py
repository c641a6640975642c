"""The structure of a model: what two models have in common that one compile serves."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pymc as pm
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph.basic import Constant
from pytensor.graph.traversal import toposort
from pytensor.tensor.random.type import RandomType


def structure(model: pm.Model) -> Hashable:
    """Return what two models have in common that one compile serves: graph, shapes, constants.

    Names, operations, transforms and numbers that are part of the graph are in it, of `pm.Data` the
    types and shapes alone. What cannot be compared differs from everything.
    """
    data = {*model.data_vars}
    named = [*model.basic_RVs, *model.deterministics, *model.potentials]
    values = [model.rvs_to_values[one] for one in model.basic_RVs]
    inside = [one for one in (*named, *values) if one.owner is not None]
    place: dict[Any, tuple[int, int]] = {}
    nodes = []  # a node: its operation, and what goes in
    for node in toposort(inside):
        nodes.append((node.op, *(_known(one, place, data) for one in node.inputs)))
        place |= {one: (len(nodes), i) for i, one in enumerate(node.outputs)}
    return (
        tuple(nodes),
        tuple((one.name, _known(one, place, data)) for one in named),
        tuple(_known(one, place, data) for one in values),
        tuple(_transform(model.rvs_to_transforms[one]) for one in model.free_RVs),
        tuple(str(model.rvs_to_initial_values.get(one)) for one in model.free_RVs),
        tuple((name, tuple(dims)) for name, dims in model.named_vars_to_dims.items()),
        tuple((name, _length(one)) for name, one in model.dim_lengths.items()),
    )


def _length(length: Any) -> int:
    """Return the length of a dim, which is a number, data, or computed of data."""
    if isinstance(length, SharedVariable):
        return int(length.get_value())
    return int(length.data if isinstance(length, Constant) else length.eval())


def _known(variable: Any, place: dict[Any, tuple[int, int]], data: set[Any]) -> Hashable:
    """Return what an input of a node is: an output of another one, data, a number, or a source."""
    if variable in place:
        return place[variable]
    kind = str(variable.type)
    if isinstance(variable, Constant):
        return kind, _plain(variable.data)
    if isinstance(variable.type, RandomType):
        return kind
    if isinstance(variable, SharedVariable):
        value = variable.get_value(borrow=True)
        own = np.shape(value) if variable in data else _plain(value)
        return kind, variable.name, own
    return kind, variable.name


def _transform(transform: Any) -> Hashable:
    """Return what a transform is: its class, and what it holds; functions are only themselves."""
    if transform is None:
        return None
    return type(transform), tuple((name, _plain(one)) for name, one in vars(transform).items())


def _plain(value: Any) -> Hashable:
    """Return a value as what can be compared."""
    if isinstance(value, (np.ndarray, np.generic, int, float)):
        array = np.asarray(value)
        return array.dtype.str, array.shape, array.tobytes()
    try:
        hash(value)
    except TypeError:
        return object()
    return value
