"""Fitting by ADVI so that it can be judged: draws as NUTS has them, convergence, and k-hat.

Source: Kucukelbir et al. (2017), Automatic differentiation variational inference.
"""

import time
from collections.abc import Callable

import numpy as np
import pymc as pm
import xarray as xr

from workflow.sampling.members import members, note
from workflow.variational.khat import bound, log_ratios, pareto_k
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
) -> xr.DataTree:
    """Approximate the posterior of `model` by a Gaussian in the unconstrained space.

    Returns a tree with the groups posterior (one chain of `draws` independent draws) and
    optimization (elbo, dim iteration), which is what the comparison with NUTS reads, and with the
    attributes method, iterations, k_hat, elbo, elbo_error (of the approximation as it is in the
    end), seconds, mean_drift, sd_drift and reach (how far the averaged approximation still moved,
    and how far it could have; see `workflow.variational.optimise.arrived`). It is the tree of
    `fit_nuts` once `workflow.sampling.groups.add_groups` has added the others: predictions of so
    many draws take longer than the approximation itself.

    Parameters
    ----------
    method
        "advi" (mean-field: independent parameters) or "fullrank_advi" (one multivariate Gaussian).
    iterations, longer
        Where the optimisation has not arrived after so many iterations, it goes on from the average
        until there are `longer` times as many.
    """
    start = time.perf_counter()
    advi = CompiledAdvi(model, method, learning_rate=learning_rate, seed=seed)
    drift = advi.fit(iterations, longer)
    tree = advi.sample(draws, seed=seed)
    note(tree, "posterior", members(model))
    seconds = time.perf_counter() - start
    ratios = log_ratios(advi.approx, seed=seed)
    elbo = xr.DataArray(-np.asarray(advi.inference.hist), dims="iteration", name="elbo")
    tree["optimization"] = elbo.to_dataset()
    tree.attrs |= {
        "method": method,
        "iterations": len(advi.inference.hist),
        "k_hat": pareto_k(ratios),
        **bound(ratios),
        **drift,
        "seconds": seconds,
    }
    return tree


def fit_both(build: Callable[[], pm.Model], *, seed: int) -> dict[str, xr.DataTree]:
    """Return the mean-field and the full-rank approximation of the model that `build` makes.

    Takes a function, not a model, so that it can run in a process of its own.
    """
    model = build()
    return {said: fit_advi(model, method, seed=seed) for method, said in METHODS.items()}


def converged(tree: xr.DataTree) -> bool:
    """Say whether the optimisation had arrived (see `workflow.variational.optimise.arrived`)."""
    return arrived(tree.attrs)
