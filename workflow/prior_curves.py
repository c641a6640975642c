"""What every prior of a sweep says of a quantity before the data: densities, drawn all at once."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from pytensor.graph.replace import vectorize_graph

from workflow.curves import Curve, curve
from workflow.quantities import SAMPLE, flatten
from workflow.sensitivity import knobs_of

PRIOR_DRAWS, MOST = 2000, 5_000_000  # of each prior, and numbers drawn in all


def prior_curves(
    model: pm.Model,
    grid: Mapping[str, Sequence[float]],
    prior: Callable[..., Mapping[str, float]],
    name: str,
    *,
    seed: int,
) -> tuple[Curve | None, ...]:
    """Return the prior density of the scalar `name` under every prior of `grid`, in its order.

    All priors are drawn from at once: the `pm.Data` that hold the prior get a leading dim. Only the
    prior is simulated, so it does not matter how many rows the data have.

    Parameters
    ----------
    grid, prior
        As in `workflow.sensitivity.sweep`: the knobs' values, and from knobs to `pm.Data`.
    name
        `variable` or `variable[label, ...]`, as `summarise` names it.
    """
    data = [prior(**knobs) for knobs in knobs_of(grid)]
    variable = model[name.partition("[")[0]]
    dims = model.named_vars_to_dims.get(variable.name, ())
    coords = {dim: list(model.coords[dim]) for dim in dims}
    size = math.prod(map(len, coords.values()))
    draws = max(PRIOR_DRAWS // 10, min(PRIOR_DRAWS, MOST // (size * len(data))))
    batch = {
        model[key]: pt.as_tensor(np.repeat([float(one[key]) for one in data], draws))
        for key in data[0]
    }
    (drawn,) = pm.compile(
        [], [vectorize_graph(variable, batch)], random_seed=seed, mode="FAST_COMPILE"
    )()
    values = drawn.reshape(len(data), draws, *drawn.shape[1:])
    tree = xr.Dataset({variable.name: ((*SAMPLE, *dims), values)}, coords)  # a chain, a prior
    return tuple(curve(one) for one in dict(flatten(tree))[name])
