"""Arrays of draws as a Dataset with the dims and labels of their model, made in one go.

ArviZ and PyMC make an array with labels of each variable and align them, which takes longer than a
small model's draws. What comes out is the same but for the time at which it was made.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from arviz_base.base import make_attrs
from pymc.backends.arviz import find_constants, find_observations
from xarray.indexes import PandasIndex

from workflow.quantities import SAMPLE


def labelled(
    values: Mapping[str, np.ndarray],
    dims: Mapping[str, Sequence[str | None]],
    coords: Mapping[str, Any],
    sample: Mapping[str, Any],
) -> xr.Dataset:
    """Return variables by name, whose first dims are those of `sample` (dim: its labels).

    `dims` has the names of the other dims of each variable, where they have names, and `coords` the
    labels; a dim without labels counts from 0. A variable has its dims up to the first one that
    does not fit, as a density has that is one number for several of an outcome's.
    """
    found, used = {}, dict(sample)
    for name, array in values.items():
        own, called = array.shape[len(sample) :], [*dims.get(name, ())]
        fits = [
            dim is None or coords.get(dim) is None or len(coords[dim]) == length
            for dim, length in zip(called, own, strict=False)
        ]
        names = _named(name, called[: [*fits, False].index(False)], len(own))
        for dim, length in zip(names, own, strict=True):
            if dim not in used:
                labels = coords.get(dim)
                used[dim] = np.arange(length) if labels is None else np.asarray(labels)
        found[name] = ([*sample, *names], array)
    indexes = {dim: PandasIndex(labels, dim) for dim, labels in used.items()}
    variables = {dim: one.create_variables()[dim] for dim, one in indexes.items()}
    made = xr.Coordinates(variables, indexes)  # as they are: to look for others takes longer
    return xr.Dataset(found, coords=made, attrs=_attrs() | {"sample_dims": [*sample]})


def _named(name: str, called: Sequence[str | None], dims: int) -> list[str]:
    """Return names of so many dims; those that have none are numbered among themselves."""
    free = count()
    some = [*called, *[None] * (dims - len(called))]
    return [one or f"{name}_dim_{next(free)}" for one in some]


@cache
def _attrs() -> dict[str, Any]:
    """Return who made these groups: it takes milliseconds to find a version."""
    made: dict[str, Any] = make_attrs(inference_library=pm)
    return {name: one for name, one in made.items() if name != "created_at"}


def of_model(
    model: pm.Model, values: Mapping[str, np.ndarray], sample: Mapping[str, Any]
) -> xr.Dataset:
    """Return variables of `model`, which knows their dims; the first ones are those of `sample`."""
    return labelled(values, model.named_vars_to_dims, model.coords, sample)


def of_prior(model: pm.Model, drawn: Mapping[str, np.ndarray]) -> dict[str, xr.Dataset]:
    """Return the groups prior (one chain), observed_data and, if there are any, constant_data."""
    draws = len(next(iter(drawn.values())))
    one_chain = {name: values[None] for name, values in drawn.items()}
    sample = dict(zip(SAMPLE, (np.arange(1), np.arange(draws)), strict=True))
    constants = {name: np.asanyarray(one) for name, one in find_constants(model).items()}
    observed = {name: np.asanyarray(one) for name, one in find_observations(model).items()}
    groups = {"prior": of_model(model, one_chain, sample)}
    groups["observed_data"] = of_model(model, observed, {})
    return groups | ({"constant_data": of_model(model, constants, {})} if constants else {})
