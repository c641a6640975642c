"""Data sets simulated from a model at draws of its posterior."""

from math import prod

import numpy as np
import pymc as pm
import xarray as xr

from workflow.quantities import SAMPLE
from workflow.sampling.datasets import of_model
from workflow.sampling.together import MODE, AloneError, draw_together


def simulate(
    model: pm.Model, posterior: xr.Dataset, var_names: list[str], *, size: int, seed: int
) -> xr.Dataset:
    """Draw `size` data sets from `model` at evenly spaced draws of `posterior` (dim sample)."""
    predicted = predict(model, evenly_spaced(posterior, size), var_names, seed=seed)
    return predicted.isel(chain=0).rename(draw="sample")


def predict(model: pm.Model, draws: xr.Dataset, outcomes: list[str], *, seed: int) -> xr.Dataset:
    """Draw outcomes of `model` for each of the `draws` of its free variables (dims chain, draw).

    The order of the outcomes is that of random numbers.
    """
    free = [rv.name for rv in model.free_RVs]
    about = {dim: draws[dim].to_numpy() for dim in SAMPLE}
    size = tuple(map(len, about.values()))
    given = {name: draws[name].transpose(*SAMPLE, ...).to_numpy() for name in free}
    given = {name: one.reshape(-1, *one.shape[2:]) for name, one in given.items()}
    try:
        drawn = draw_together(model, outcomes, prod(size), given, seed=seed)
    except AloneError:
        return _one_by_one(model, draws, outcomes, seed=seed)
    shaped = {name: one.reshape(*size, *one.shape[1:]) for name, one in drawn.items()}
    return of_model(model, shaped, about)


def _one_by_one(
    model: pm.Model, draws: xr.Dataset, outcomes: list[str], *, seed: int
) -> xr.Dataset:
    """Draw them by PyMC's loop."""
    predictive = pm.sample_posterior_predictive(
        xr.DataTree.from_dict({"posterior": draws}),
        model=model,
        var_names=outcomes,
        freeze_vars=[rv.name for rv in model.free_RVs],
        random_seed=seed,
        progressbar=False,
        compile_kwargs={"mode": MODE},
    )
    return predictive["posterior_predictive"].to_dataset()


def evenly_spaced(posterior: xr.Dataset, size: int) -> xr.Dataset:
    """Return `size` draws of a posterior, evenly spaced through all chains, as one chain."""
    draws = posterior.stack(sample=("chain", "draw"))
    every = np.linspace(0, draws.sizes["sample"] - 1, size).round().astype(int)
    some = draws.isel(sample=every).drop_vars(["sample", "chain", "draw"])
    return some.rename(sample="draw").expand_dims("chain").transpose("chain", "draw", ...)
