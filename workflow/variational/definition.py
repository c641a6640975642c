"""What a model of rows says, compiled as functions of one vector and of the data of some rows."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numba
import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.gradient import grad
from pytensor.graph.replace import graph_replace, vectorize_graph

from workflow.sampling.part import ROW
from workflow.variational.unconstrained import Unconstrained


class Definition:
    """What a model says, compiled: of rows at points, of a slope, of its prior, of quantities."""

    def __init__(self, model: pm.Model) -> None:
        self.model, self.of = model, Unconstrained(model)
        self.size = len(self.of.start)
        self._data = {one: one.type() for one in model.data_vars}
        dims = model.named_vars_to_dims
        self.by_row = [one for one in self._data if ROW in dims.get(one.name, ())]
        self.others = [one.name for one in self._data if one not in self.by_row]
        self._points, self._weights = pt.matrix("points"), pt.vector("weights")

    def _inputs(self) -> list[Any]:
        """Return weights, the data of all rows together, and then those by row, as inputs."""
        named = {one.name: graph for one, graph in self._data.items()}
        by_row = [self._data[one] for one in self.by_row]
        return [self._weights, *(named[name] for name in self.others), *by_row]

    def _plain(self, graphs: list[Any]) -> list[Any]:
        return list(graph_replace(self.of.of_vector(graphs), self._data, strict=False))

    @cached_property
    def _summed(self) -> Any:
        """The sum over rows of weight times log density."""
        found = self._plain(self.model.logp(vars=self.model.observed_RVs, sum=False))
        lengths = dict(self.model.dim_lengths)
        many = {lengths.pop(ROW): self._weights.shape[0]}
        fixed = {one: pt.constant(one.get_value()) for one in lengths.values() if _shared(one)}
        each: Any = graph_replace(found, many | fixed, strict=False)[0]
        return (self._weights * (each if each.ndim == 1 else each.sum(axis=1))).sum()

    @cached_property
    def log_density(self) -> Callable[..., np.ndarray]:
        """Compile the log density of some rows at points, one a row."""
        batched = vectorize_graph(self._summed, {self.of.z: self._points})
        return _without_gil([self._points, *self._inputs()], [batched])

    @cached_property
    def slope(self) -> Callable[..., np.ndarray]:
        """Compile the gradient of the log density of some rows at a vector."""
        return _without_gil([self.of.z, *self._inputs()], [grad(self._summed, self.of.z)])

    @cached_property
    def log_prior(self) -> Callable[..., np.ndarray]:
        """Compile the log density of the prior, Jacobians included, at points."""
        batched = vectorize_graph(self._prior, {self.of.z: self._points})
        inputs = [self._points, *self._inputs()[1 : 1 + len(self.others)]]
        return pm.compile(inputs, batched, on_unused_input="ignore")

    @cached_property
    def slope_of_prior(self) -> Callable[..., np.ndarray]:
        """Compile its gradient at a vector."""
        inputs = [self.of.z, *self._inputs()[1 : 1 + len(self.others)]]
        return pm.compile(inputs, grad(self._prior, self.of.z), on_unused_input="ignore")

    @cached_property
    def _prior(self) -> Any:
        free = self.model.logp(vars=self.model.free_RVs, jacobian=True)
        return self._plain([free])[0]

    @cached_property
    def quantities(self) -> Callable[..., list[np.ndarray]]:
        """Compile all variables of the model at a vector."""
        variables = [*self.model.free_RVs, *self.model.deterministics]
        graphs = self._plain(self.model.replace_rvs_by_values(variables))
        inputs = [self.of.z, *self._inputs()[1:]]
        return pm.compile(inputs, graphs, on_unused_input="ignore")


def _shared(one: Any) -> bool:
    return isinstance(one, SharedVariable)


def _without_gil(inputs: list[Any], graphs: list[Any]) -> Callable[..., np.ndarray]:
    """Compile for Numba what threads can call at the same time: it holds no lock of Python."""
    made = pm.compile(inputs, graphs, mode="NUMBA", on_unused_input="ignore")
    inner = made.vm.jit_fn

    @numba.njit(nogil=True)
    def call(*given: Any) -> Any:
        return inner(*given)

    def first(*given: Any) -> np.ndarray:
        return np.asarray(call(*given)[0])

    return first
