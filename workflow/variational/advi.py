"""Fitting by ADVI so that it can be judged: one tree as NUTS has, convergence, and k-hat.

Source: Kucukelbir et al. (2017), Automatic differentiation variational inference.
"""

import time
from collections.abc import Callable

import numpy as np
import pymc as pm
import xarray as xr

from workflow.sampling.groups import add_groups
from workflow.variational.khat import k_hat
from workflow.variational.optimise import CompiledAdvi, arrived

METHODS = {"advi": "mean-field", "fullrank_advi": "full-rank"}
DRAWS = 10_000


def fit_advi(
    model: pm.Model,
    method: str = "advi",
    *,
    draws: int = DRAWS,
    iterations: int = 20_000,
    longer: int = 3,
    learning_rate: float = 0.01,
    seed: int,
    prior: xr.DataTree | None = None,
) -> xr.DataTree:
    """Approximate the posterior of `model` by a Gaussian in the unconstrained space.

    Returns the same tree as `fit_nuts` (one chain of `draws` independent draws), with the group
    `optimization` (elbo, dim iteration) and the attributes method, iterations, k_hat, seconds,
    mean_drift, sd_drift and reach (how far the averaged approximation still moved, and how far it
    could have; see
    `workflow.variational.optimise.arrived`).

    Parameters
    ----------
    method
        "advi" (mean-field: independent parameters) or "fullrank_advi" (one multivariate Gaussian).
    iterations, longer
        Where the optimisation has not arrived after so many iterations, it goes on from the average
        until there are `longer` times as many.
    prior
        A tree of the same model, whose prior draws are taken over (see `add_groups`).
    """
    start = time.perf_counter()
    advi = CompiledAdvi(model, method, learning_rate=learning_rate, seed=seed)
    drift = advi.fit(iterations, longer)
    tree = advi.sample(draws, seed=seed)
    seconds = time.perf_counter() - start
    elbo = xr.DataArray(-np.asarray(advi.inference.hist), dims="iteration", name="elbo")
    tree["optimization"] = elbo.to_dataset()
    tree.attrs |= {
        "method": method,
        "iterations": len(advi.inference.hist),
        "k_hat": k_hat(advi.approx, seed=seed),
        **drift,
        "seconds": seconds,
    }
    return add_groups(tree, model, seed=seed, prior=prior)


def fit_both(build: Callable[[], pm.Model], *, seed: int) -> dict[str, xr.DataTree]:
    """Return the mean-field and the full-rank approximation of the model that `build` makes.

    Takes a function, not a model, so that it can run in a process of its own.
    """
    model = build()
    mean_field = fit_advi(model, "advi", seed=seed)
    return {
        METHODS["advi"]: mean_field,
        METHODS["fullrank_advi"]: fit_advi(model, "fullrank_advi", seed=seed, prior=mean_field),
    }


def converged(tree: xr.DataTree) -> bool:
    """Say whether the optimisation had arrived (see `workflow.variational.optimise.arrived`)."""
    return arrived(tree.attrs)
