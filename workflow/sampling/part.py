"""How much of large data the groups by row hold: numbers are bounded, draws times rows grow.

A million rows and 4000 draws are 32 GB for each group that has a number for both. Those groups
(predictions, log-likelihood by row, observed and constant data) then have a part: first every so
many draws, and once there are hardly enough of them, rows drawn at random. The posterior, the prior
and the joint log-likelihood always have all rows and all draws.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import prod
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph.traversal import ancestors
from pytensor.scalar.basic import Cast

BUDGET = 10_000_000  # numbers in a group, 80 MB: checks hold up to five times that for a moment
FEWEST = 1000  # draws: rather than keep fewer of these, rows are left out
ROW = "row"  # the dim that is cut where an outcome has several
NEIGHBOURS = 100  # rows of a run, where it matters which rows are next to one another


@dataclass(frozen=True)
class Part:
    """Which rows and draws the groups by row have, of how many; see the attribute `part`.

    `every` says that every so many draws are kept, of the posterior and of the prior. Rows are
    drawn at random in runs of `run` neighbours (1: each row by itself).
    """

    rows: int
    of_rows: int
    every: int
    every_prior: int
    run: int
    seed: int

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.rows == self.of_rows and self.every == self.every_prior == 1

    def positions(self) -> np.ndarray:
        """Return the positions of the rows among all, in increasing order."""
        runs, n = self.rows // self.run, self.of_rows // self.run
        if self.rows == self.of_rows:
            return np.arange(self.of_rows)
        first = np.random.default_rng(self.seed).choice(n, runs, replace=False, shuffle=False)
        return (self.run * np.sort(first)[:, None] + np.arange(self.run)).ravel()


def part_for(
    model: pm.Model, draws: tuple[int, int], prior_draws: int, *, seed: int, run: int = 1
) -> Part:
    """Return the part of the rows of `model` and of draws (chains, draws of each) within `BUDGET`.

    Where its rows cannot be cut (see `row_dim`), draws alone are left out.
    """
    dim, rows = row_dim(model)
    each_row = numbers(model) // max(rows, 1)
    few = rows * each_row * FEWEST <= BUDGET or dim is None
    kept = rows if few else max(BUDGET // FEWEST // each_row // run, 1) * run
    chains, each = draws
    every, every_prior = step(each, kept * each_row * chains), step(prior_draws, kept * each_row)
    return Part(kept, rows, every, every_prior, run, seed)


def part_of(tree: xr.DataTree) -> Part | None:
    """Return which part of the rows and draws the groups by row of `tree` have; None: all."""
    return Part(**json.loads(tree.attrs["part"])) if "part" in tree.attrs else None


def rows_of(tree: xr.DataTree) -> slice | np.ndarray:
    """Return the positions of the rows that the groups of `tree` have, among those of the data."""
    part = part_of(tree)
    return part.positions() if part and part.rows < part.of_rows else slice(None)


def record(tree: xr.DataTree, part: Part) -> None:
    """Put `part` into the attributes of `tree`, unless it is the whole."""
    if not part.whole:
        tree.attrs["part"] = json.dumps(asdict(part))


def thinned(draws: xr.Dataset, rows: int) -> xr.Dataset:
    """Return every so many draws (dims chain, draw), so that a number for each row is in budget."""
    every = step(draws.sizes["draw"], rows * draws.sizes["chain"])
    return draws.isel(draw=slice(None, None, every))


def row_dim(model: pm.Model) -> tuple[str | None, int]:
    """Return the name (None: it cannot be cut) and the length of the dim of the longest outcome.

    It can be cut where the outcome has one dim, which has a name, or several, of which one is
    called row, and its data are `pm.Data`. The length of one that cannot is that of all its data.
    """
    found: tuple[str | None, int] = (None, 1)
    most = 1
    for outcome in model.observed_RVs:
        dims = model.named_vars_to_dims.get(outcome.name, ())
        values = model.rvs_to_values[outcome]
        size = _size(values)
        if size > most:
            behind = set(ancestors([values]))  # whole numbers are cast on their way
            dim = dims[0] if len(dims) == 1 else ROW if ROW in dims else None
            free = dim is not None and any(data in behind for data in model.data_vars)
            rows = _shape(values)[dims.index(dim)] if free else size
            most, found = size, (dim if free else None, rows)
    return found


def _size(values: Any) -> int:
    """Return how many numbers there are."""
    return prod(_shape(values))


def _shape(values: Any) -> tuple[int, ...]:
    """Return the shape of values: of data, and of casts of them, nothing is compiled."""
    inside = values
    while inside.owner and isinstance(getattr(inside.owner.op, "scalar_op", None), Cast):
        (inside,) = inside.owner.inputs
    if isinstance(inside, SharedVariable):
        return np.shape(inside.get_value(borrow=True))
    return tuple(map(int, values.shape.eval()))


def numbers(model: pm.Model) -> int:
    """Return how many numbers the longest outcome has: rows, times what each of them has."""
    sizes = (_size(model.rvs_to_values[one]) for one in model.observed_RVs)
    return max(sizes, default=1)


@contextmanager
def cut_to(model: pm.Model, part: Part) -> Iterator[None]:
    """Let the data of `model` be those of `part` for a while."""
    dim, _ = row_dim(model)
    if dim is None or part.rows == part.of_rows:
        yield
        return
    at, labels = part.positions(), np.asarray(model.coords[dim], dtype=object)
    dims = {data.name: model.named_vars_to_dims.get(data.name, ()) for data in model.data_vars}
    whole = {name: model[name].get_value() for name, found in dims.items() if dim in found}
    try:
        for name, values in whole.items():
            some = values.take(at, axis=dims[name].index(dim))
            model.set_data(name, some, coords={dim: labels[at]})
        yield
    finally:
        for name, values in whole.items():
            model.set_data(name, values, coords={dim: labels})


def step(draws: int, numbers: int) -> int:
    """Return the least step through `draws` that keeps within budget `numbers` for each of them."""
    most = max(BUDGET // max(numbers, 1), 1)
    return -(-draws // most)
