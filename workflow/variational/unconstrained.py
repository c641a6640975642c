"""A model as a function of one vector, in the space without limits in which methods work."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from pytensor.gradient import grad, hessian
from pytensor.graph.replace import graph_replace, vectorize_graph

MODE = "FAST_COMPILE"  # small models, few calls: done before machine code would be made


class Unconstrained:
    """Density, slope and curvature of a model, and the way back to its quantities.

    Parameters are in the order of the model's value variables, each flattened, as NUTS and ADVI
    have them: logarithms of what is positive, log-odds of rates. Densities have the Jacobians.
    """

    def __init__(self, model: pm.Model) -> None:
        self.model = model
        self.first = {name: np.asarray(x, float) for name, x in model.initial_point().items()}
        self.start = np.concatenate([np.ravel(x) for x in self.first.values()])
        self.z = pt.vector("z")
        self._points = pt.matrix("points")
        self._log_p = self.of_vector([model.logp(jacobian=True)])[0]

    def of_vector(self, graphs: list[Any]) -> list[Any]:
        """Return graphs of the value variables as graphs of the one vector."""
        ends = np.cumsum([x.size for x in self.first.values()])
        named = {variable.name: variable for variable in self.model.value_vars}
        values = {
            named[name]: self.z[end - x.size : end].reshape(x.shape)
            for (name, x), end in zip(self.first.items(), ends, strict=True)
        }
        return list(graph_replace(graphs, values, strict=False))

    @cached_property
    def value_and_slope(self) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """Compile log density and gradient at a vector."""
        return pm.compile([self.z], [self._log_p, grad(self._log_p, self.z)], mode=MODE)

    @cached_property
    def curvature(self) -> Callable[[np.ndarray], np.ndarray]:
        """Compile the matrix of second derivatives of the log density at a vector."""
        return pm.compile([self.z], hessian(self._log_p, self.z), mode=MODE)

    @cached_property
    def log_density(self) -> Callable[[np.ndarray], np.ndarray]:
        """Compile the log density of many points, one a row."""
        batched = vectorize_graph(self._log_p, {self.z: self._points})
        return pm.compile([self._points], batched, mode=MODE)

    def quantities(self, points: np.ndarray) -> xr.Dataset:
        """Return the model's variables at many points (one a row), as one chain of draws."""
        model = self.model
        variables = [*model.free_RVs, *model.deterministics]
        graphs = self.of_vector(model.replace_rvs_by_values(variables))
        batched = vectorize_graph(graphs, {self.z: self._points})
        values = pm.compile([self._points], batched, mode=MODE)(points)
        dims = {one.name: model.named_vars_to_dims.get(one.name, ()) for one in variables}
        found = {
            one.name: (("chain", "draw", *dims[one.name]), np.asarray(x)[None])
            for one, x in zip(variables, values, strict=True)
        }
        used = {dim for of in dims.values() for dim in of}
        return xr.Dataset(found, {dim: list(model.coords[dim]) for dim in used})
