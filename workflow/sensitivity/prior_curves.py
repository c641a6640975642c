"""What every prior of a sweep says of a quantity before the data: densities of prior draws."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pymc as pm
import xarray as xr
from numpy.typing import ArrayLike

from workflow.quantities import SAMPLE, flatten
from workflow.sensitivity.curves import Curve, curve
from workflow.sensitivity.sensitivity import knobs_of

PRIOR_DRAWS, FEWEST = 2000, 200  # of each prior; the fewest where there are many terms
MOST = 5_000_000  # numbers to draw in all


def prior_curves(
    model: pm.Model,
    grid: Mapping[str, Sequence[float]],
    prior: Callable[..., Mapping[str, float]],
    name: str,
    *,
    seed: int,
) -> tuple[Curve | None, ...]:
    """Return the prior density of the scalar `name` under every prior of `grid`, in its order.

    Only what `name` depends on is drawn, with one function for all priors, so that many rows of
    data cost nothing. The `pm.Data` of `model` are afterwards what they were.

    Parameters
    ----------
    grid, prior
        As `sweep` has them: the knobs' values, and from knobs to `pm.Data`.
    name
        `variable` or `variable[label, ...]`, as `summarise` names it.
    """
    data = [prior(**knobs) for knobs in knobs_of(grid)]
    before = {key: model[key].get_value() for key in data[0]}
    variable = model[name.partition("[")[0]]
    dims = model.named_vars_to_dims.get(variable.name, ())
    coords = {dim: list(model.coords[dim]) for dim in dims}
    size = math.prod(map(len, coords.values()))
    draws = max(FEWEST, min(PRIOR_DRAWS, MOST // (size * len(data))))
    draw = pm.compile([], [variable], random_seed=seed, mode="FAST_COMPILE")
    curves = []
    try:
        for one in data:
            _set(model, one)
            drawn = np.stack([draw()[0] for _ in range(draws)])[None]
            named = dict(flatten(xr.Dataset({variable.name: ((*SAMPLE, *dims), drawn)}, coords)))
            curves.append(curve(named[name]))
    finally:
        _set(model, before)
    return tuple(curves)


def _set(model: pm.Model, data: Mapping[str, ArrayLike]) -> None:
    """Replace `pm.Data` of a model that have no dims."""
    for name, value in data.items():
        model[name].set_value(np.asarray(value, dtype=model[name].dtype))
