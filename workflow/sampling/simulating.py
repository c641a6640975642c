"""Data sets simulated from a model at draws of its posterior."""

import numpy as np
import pymc as pm
import xarray as xr


def simulate(
    model: pm.Model, posterior: xr.Dataset, var_names: list[str], *, size: int, seed: int
) -> xr.Dataset:
    """Draw `size` data sets from `model` at evenly spaced draws of `posterior` (dim sample)."""
    predictive = pm.sample_posterior_predictive(
        evenly_spaced(posterior, size),
        model=model,
        var_names=var_names,
        freeze_vars=[rv.name for rv in model.free_RVs],
        random_seed=seed,
        progressbar=False,
    )
    return predictive["posterior_predictive"].to_dataset().isel(chain=0).rename(draw="sample")


def evenly_spaced(posterior: xr.Dataset, size: int) -> xr.Dataset:
    """Return `size` draws of a posterior, evenly spaced through all chains, as one chain."""
    draws = posterior.stack(sample=("chain", "draw"))
    every = np.linspace(0, draws.sizes["sample"] - 1, size).round().astype(int)
    some = draws.isel(sample=every).drop_vars(["sample", "chain", "draw"])
    return some.rename(sample="draw").expand_dims("chain").transpose("chain", "draw", ...)
