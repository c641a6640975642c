"""Leave-one-out: how well does a model predict a row that it has not seen, and which does better?

elpd is the sum over the rows of log p(y[i] | the other rows). Exact, by a refit for each row, or
from the fit to all rows by Pareto-smoothed importance sampling (PSIS), where the rows whose k is
above .5 are refitted. Sources: Vehtari, Gelman and Gabry (2017), Practical Bayesian model
evaluation using leave-one-out cross-validation and WAIC; Sivula et al. (2020), Uncertainty in
Bayesian leave-one-out cross-validation based model comparison.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import xarray as xr
from arviz_stats.base import array_stats
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel
from scipy.special import logsumexp

from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import SAMPLE
from workflow.sampling.fit import refit
from workflow.scoring.elpd import EXACT, PSIS, Elpd, Looked
from workflow.scoring.psis import psis

EXACT_UP_TO = 50  # rows: a refit for each is then a matter of seconds
SURE_K = 0.5  # above it weights have no variance: PSIS works up to .7, but its errors are large
STEPS = (0.8, 0.95, 0.99)  # target acceptance of the first try, and of the next ones

#: From draws of a posterior (dims chain, draw, ...) to log p(y[row] | draw), dims chain, draw, row.
LogDensity = Callable[[xr.Dataset], xr.DataArray]


def left_out(
    compiled: CompiledPyMCModel,
    data: Mapping[str, ArrayLike],
    by_row: tuple[str, ...],
    log_density: LogDensity,
    which: np.ndarray,
    *,
    at: np.ndarray | None = None,
    draws: int = 1000,
    tune: int = 500,
    chains: int = 4,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Refit without each row of `which` (positions); return log p(y[i] | the rest) and its error.

    Parameters
    ----------
    data
        All `pm.Data` of the model; those named in `by_row` have a row each and lose the one that is
        left out. The others, centres and scales among them, stay what they are.
    at
        Positions, among all rows, of those that `log_density` looks at; None: all.

    A refit that fails its diagnosis is tried again with smaller steps; NaN if it still does.
    """
    values, errors = np.full(len(which), np.nan), np.full(len(which), np.nan)
    for j, i in enumerate(which):
        gone = i if at is None else at[i]
        rest = {name: np.delete(data[name], gone, axis=0) for name in by_row}
        again = partial(refit, compiled, {**data, **rest}, draws=draws, tune=tune, chains=chains)
        for target_accept in STEPS:
            tree = again(seed=seed, target_accept=target_accept)
            if sound := diagnose(tree).status is not Status.FAIL:
                break
        if not sound:
            continue
        found = log_density(tree["posterior"].to_dataset()).isel(row=int(i))
        log_p = found.transpose(*SAMPLE).to_numpy()
        values[j] = logsumexp(log_p) - np.log(log_p.size)
        density = np.exp(log_p - values[j])  # has mean 1
        errors[j] = array_stats.mcse(density, chain_axis=0, draw_axis=1, method="mean")
    return values, errors


def loo(
    compiled: CompiledPyMCModel,
    data: Mapping[str, ArrayLike],
    by_row: tuple[str, ...],
    posterior: xr.Dataset,
    log_density: LogDensity,
    *,
    looked: Looked | None = None,
    exact_up_to: int = EXACT_UP_TO,
    draws: int = 1000,
    tune: int = 500,
    chains: int = 4,
    seed: int,
) -> Elpd:
    """Return the elpd: exact for few rows, else by PSIS with refits where k is above .5.

    `posterior` is that of all rows, `draws` and `tune` are those of refits. Where `log_density` has
    some of the rows, `looked` says which. For the other arguments see `left_out`.
    """
    found = psis(log_density(posterior))
    found = replace(found, good_k=min(found.good_k, SURE_K))
    exact = len(found.rows) <= exact_up_to
    which = np.arange(len(found.rows)) if exact else np.flatnonzero(found.k > found.good_k)
    at = looked.at if looked else None
    refits = partial(left_out, at=at, draws=draws, tune=tune, chains=chains, seed=seed)
    values, errors = refits(compiled, data, by_row, log_density, which)
    pointwise, all_errors, k = found.pointwise.copy(), found.errors.copy(), found.k.copy()
    pointwise[which], all_errors[which], k[which] = values, errors, np.nan
    return replace(
        found,
        method=EXACT if exact else PSIS,
        pointwise=pointwise,
        errors=all_errors,
        k=k,
        refitted=len(which),
        failed=tuple(found.rows[i] for i in which[np.isnan(values)]),
        looked=looked,
    )
