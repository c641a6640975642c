"""The density of what the knobs of a prior reach, at many draws, under any values of the knobs."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from numpy.typing import ArrayLike
from pytensor.graph.replace import graph_replace, vectorize_graph
from pytensor.graph.traversal import ancestors

from workflow.quantities import SAMPLE
from workflow.sensitivity.reached import Reach, Variable

SAME = 1e-9  # relative: how nearly what has to stay must stay
LOOKED = 20  # draws of a chain of which that is asked
MODE = "FAST_COMPILE"  # a few calls of small graphs

type Evaluate = Callable[[xr.Dataset, Sequence[np.ndarray]], list[np.ndarray]]


class Ratio:
    """The density of what some knobs reach, under any values of them."""

    def __init__(self, model: pm.Model, names: tuple[str, ...], reach: Reach) -> None:
        self.names, self.moved = names, reach.moved
        self._types = [model[name].dtype for name in names]
        self._free = {rv: rv.type() for rv in model.free_RVs}
        self._knobs = {model[name]: model[name].type() for name in names}
        densities = [pm.logp(rv, self._free[rv]).sum() for rv in reach.densities]
        self._density = self._compiled([pt.sum(densities)]) if densities else None
        kept = [one for quantities in reach.moved.values() for one in quantities]
        self._kept = self._compiled(kept) if kept else None

    def of(
        self, posterior: xr.Dataset, at: Mapping[str, ArrayLike], data: Mapping[str, ArrayLike]
    ) -> tuple[np.ndarray, xr.Dataset] | None:
        """Return log weights (chain and draw in one), and the draws where they have to be.

        `posterior` has draws under the knobs `at`; `data` are the others. None where nothing that
        the other prior says could make what these draws make.
        """
        now, then = self._values(at), self._values(data)
        moved = self._where(posterior, now, then)
        if moved is None:
            return None
        if self._density is None:  # no parameter knows of these knobs
            return np.zeros(posterior.sizes["chain"] * posterior.sizes["draw"]), moved
        with np.errstate(all="ignore"):
            (before,), (after,) = self._density(posterior, now), self._density(moved, then)
            return after - before, moved

    def _values(self, data: Mapping[str, ArrayLike]) -> list[np.ndarray]:
        named = zip(self.names, self._types, strict=True)
        return [np.asarray(data[name], dtype=dtype) for name, dtype in named]

    def _where(
        self, posterior: xr.Dataset, now: list[np.ndarray], then: list[np.ndarray]
    ) -> xr.Dataset | None:
        """Return draws of which the other prior makes what these make now; None if there are none.

        A parameter is scaled, all its draws by one factor, which therefore cancels in the weights.
        """
        if self._kept is None:
            return posterior
        few = posterior.isel(draw=slice(None, LOOKED))
        kept, changed = self._kept(few, now), self._kept(few, then)
        pairs = iter(zip(kept, changed, strict=True))
        scaled = {
            rv.name: posterior[rv.name] * _factor([next(pairs) for _ in quantities])
            for rv, quantities in self.moved.items()
        }
        moved = posterior.assign(scaled)
        again = self._kept(moved.isel(draw=slice(None, LOOKED)), then)
        return moved if all(map(_same, kept, again)) else None

    def _compiled(self, graphs: list[Variable]) -> Evaluate:
        """Compile graphs as functions of many draws (dims chain, draw, ...) and of the knobs."""
        plain = graph_replace(graphs, self._free | self._knobs, strict=False)
        needed = set(ancestors(plain))
        used = {rv.name: one for rv, one in self._free.items() if one in needed}
        many = {
            name: pt.tensor(dtype=one.dtype, shape=(None, *one.type.shape))
            for name, one in used.items()
        }
        batched = vectorize_graph(plain, {used[name]: many[name] for name in used})
        inputs = [*many.values(), *self._knobs.values()]
        function = pm.compile(inputs, batched, mode=MODE, on_unused_input="ignore")

        def evaluate(draws: xr.Dataset, knobs: Sequence[np.ndarray]) -> list[np.ndarray]:
            values = [draws[name].transpose(*SAMPLE, ...).to_numpy() for name in used]
            flat = [
                one.reshape(-1, *one.shape[2:]).astype(many[name].dtype)
                for name, one in zip(used, values, strict=True)
            ]
            return [np.asarray(one) for one in function(*flat, *knobs)]

        return evaluate


def _factor(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """Return by what the second have to be multiplied to be the first; NaN by nothing above 0."""
    now, then = (np.concatenate([np.ravel(pair[i]) for pair in pairs]) for i in (0, 1))
    with np.errstate(all="ignore"):
        found = float(now @ then / (then @ then))
    return found if found > 0 else math.nan


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    """Say whether two arrays are the same, but for rounding."""
    return bool(np.abs(a - b).max(initial=0) <= SAME * np.abs(a).max(initial=0))
