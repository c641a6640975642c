"""Any model of many rows as a function of one vector: rows in blocks, on all cores, counted.

The model itself is the definition: what its outcome says of a row is compiled once, as a function
of the parameters without limits (see `unconstrained`), of the row's data and of how many such rows
there are. So rows that are equal in everything are one row that counts for more, which is exact.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from threadpoolctl import threadpool_limits

from workflow.quantities import SAMPLE
from workflow.sampling.fit import CORES, data_of
from workflow.variational.definition import Definition

ROWS, POINTS = 1000, 64  # of a block: half a megabyte, which stays in a core's cache
PART = 20_000  # rows that a core takes at a time


@dataclass(frozen=True)
class RowsOfModel:
    """The posterior of a model by its rows: all of them, or kinds of rows that count for several.

    Parameters
    ----------
    says
        The model, compiled.
    at
        Positions of the rows that are looked at, each standing for `weights` rows.
    data
        The `pm.Data` of the model that have no row each.
    """

    says: Definition
    at: np.ndarray
    weights: np.ndarray
    data: Mapping[str, Any]

    @classmethod
    def of(cls, model: pm.Model, kinds: tuple[np.ndarray, np.ndarray] | None = None) -> Any:
        """Return the rows of a model; `kinds` are first rows of their kind, and how many are so."""
        says, data = Definition(model), data_of(model)
        n = len(data[says.by_row[0].name])
        at, weights = kinds or (np.arange(n), np.ones(n))
        return cls(says, at, weights.astype(float), {name: data[name] for name in says.others})

    def some(self, most: int, *, seed: int) -> "RowsOfModel":
        """Return a part of the rows, drawn at random; themselves where there are not more."""
        if len(self.at) <= most:
            return self
        drawn = np.random.default_rng(seed).choice(len(self.at), most, replace=False)
        return RowsOfModel(self.says, self.at[drawn], self.weights[drawn], self.data)

    def under(self, prior: Mapping[str, Any]) -> "RowsOfModel":
        """Return the same rows under another prior; what `prior` does not have stays."""
        known = {name: prior[name] for name in self.says.others if name in prior}
        made = RowsOfModel(self.says, self.at, self.weights, {**self.data, **known})
        made.__dict__["_rows"] = self._rows
        return made

    def log_density(self, points: np.ndarray) -> np.ndarray:
        """Return the log likelihood of all rows at each of many points; dims: point, parameter."""
        return self._added(self.says.log_density, points, ROWS)

    def log_prior(self, points: np.ndarray) -> np.ndarray:
        """Return the log density of the prior, Jacobians included, at each of many points."""
        found: np.ndarray = np.asarray(self.says.log_prior(points, *self._others))
        return found

    def height(self, point: np.ndarray) -> float:
        """Return the log density of the posterior at a point, up to a constant."""
        return float((self.log_density(point[None]) + self.log_prior(point[None]))[0])

    def slope(self, point: np.ndarray) -> np.ndarray:
        """Return the gradient of the log density of the posterior at a point."""
        of_prior: np.ndarray = np.asarray(self.says.slope_of_prior(point, *self._others))
        return self._added(self.says.slope, point, 4 * ROWS) + of_prior

    def quantities(self, points: np.ndarray) -> xr.Dataset:
        """Return all variables of the model; dims of `points`: chain, draw, parameter."""
        model, shape = self.says.model, points.shape[:2]
        by_row = [one.get_value(borrow=True) for one in self.says.by_row]
        flat = [self.says.quantities(z, *self._others, *by_row) for z in np.concatenate(points)]
        variables = [*model.free_RVs, *model.deterministics]
        dims = {one.name: model.named_vars_to_dims.get(one.name, ()) for one in variables}
        told = {
            one.name: ((*SAMPLE, *dims[one.name]), np.reshape(x, (*shape, *np.shape(x[0]))))
            for one, x in zip(variables, zip(*flat, strict=True), strict=True)
        }
        coords = {dim: np.arange(n) for dim, n in zip(SAMPLE, shape, strict=True)}
        labels = {dim: list(model.coords[dim]) for of in dims.values() for dim in of}
        return xr.Dataset(told, coords | labels)

    @cached_property
    def _others(self) -> list[np.ndarray]:
        named = {one.name: one for one in self.says.model.data_vars}
        return [np.asarray(self.data[one], dtype=named[one].dtype) for one in self.says.others]

    @cached_property
    def _rows(self) -> list[np.ndarray]:
        return [one.get_value(borrow=True)[self.at] for one in self.says.by_row]

    def _added(self, of: Callable[..., np.ndarray], z: np.ndarray, size: int) -> np.ndarray:
        """Return the sum of `of` over blocks of the rows, in their order, on all cores."""

        def blocks(part: slice) -> np.ndarray:
            inside = [
                slice(part.start + one.start, part.start + one.stop)
                for one in _parts(part.stop - part.start, size)
            ]
            total: Any = 0.0
            for some in inside:
                rows = [one[some] for one in self._rows]
                told = (self.weights[some], *self._others, *rows)
                if z.ndim == 1:
                    total = total + of(z, *told)
                else:
                    few = [of(z[at], *told) for at in _parts(len(z), POINTS)]
                    total = total + np.concatenate(few)
            return np.asarray(total)

        with np.errstate(all="ignore"), threadpool_limits(1), ThreadPoolExecutor(CORES) as pool:
            found: np.ndarray = np.sum(list(pool.map(blocks, _parts(len(self.at), PART))), axis=0)
        return found


def _parts(n: int, size: int) -> Iterator[slice]:
    return (slice(at, min(at + size, n)) for at in range(0, n, size))
