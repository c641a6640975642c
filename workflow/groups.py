"""The groups every tree has besides its posterior: prior, predictions, densities, data."""

import pymc as pm
import xarray as xr

PRIOR_DRAWS = 4000
_OF_THE_MODEL = ("prior", "prior_predictive", "observed_data", "constant_data")


def add_groups(
    tree: xr.DataTree, model: pm.Model, *, seed: int, prior: xr.DataTree | None = None
) -> xr.DataTree:
    """Add to `tree`, which has a posterior, all the groups that later steps read.

    prior, prior_predictive (4000 draws), posterior_predictive, log_likelihood, log_prior,
    observed_data, constant_data. What comes after never asks which method made the posterior.

    Parameters
    ----------
    prior
        A tree of the same model, whose prior and data are taken over instead of being drawn again.
    """
    with model:
        prior = prior or pm.sample_prior_predictive(PRIOR_DRAWS, random_seed=seed)
        for name in _OF_THE_MODEL:
            if name in prior.children:
                tree[name] = prior[name].to_dataset()
        predictive = pm.sample_posterior_predictive(
            tree,
            freeze_vars=[rv.name for rv in model.free_RVs],
            random_seed=seed,
            progressbar=False,
            compile_kwargs={"mode": "FAST_COMPILE"},  # the same draws, in half the time
        )
        tree["posterior_predictive"] = predictive["posterior_predictive"].to_dataset()
        pm.compute_log_likelihood(tree, progressbar=False)
        pm.stats.compute_log_prior(tree, progressbar=False)
    return tree
