"""Leave-one-out: how well does a model predict a row that it has not seen, and which does better?

elpd is the sum over the rows of log p(y[i] | the other rows). By a refit for each row, or from the
fit to all rows by Pareto-smoothed importance sampling (PSIS), where the rows whose k may be too
large are refitted. Of a row that is refitted the draws with and without it are used together.
Sources: Vehtari, Gelman and Gabry (2017), Practical Bayesian model evaluation using leave-one-out
cross-validation and WAIC; Sivula et al. (2020), Uncertainty in Bayesian leave-one-out
cross-validation based model comparison.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import SAMPLE
from workflow.sampling.fit import SamplerError, refit
from workflow.sampling.members import less_row
from workflow.scoring.bridge import bridged
from workflow.scoring.elpd import PSIS, REFITS, Elpd, Looked
from workflow.scoring.psis import psis

FEW = 50  # rows: a refit for each is then a matter of seconds
ERRORS = 2  # of k-hat itself, by which it has to be below the limit
LEAST_K = 0.45  # with so few draws that this would be lower: errors of PSIS hold there
STEPS = (0.8, 0.95, 0.99)  # target acceptance of the first try, and of the next ones

#: From draws of a posterior (dims chain, draw, ...) to log p(y[row] | draw), dims chain, draw, row.
LogDensity = Callable[[xr.Dataset], xr.DataArray]


def left_out(
    compiled: CompiledPyMCModel,
    data: Mapping[str, ArrayLike],
    by_row: tuple[str, ...],
    log_density: LogDensity,
    whole: xr.DataArray,
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
        left out, and so do groups and gaps of rows. The others, centres and scales among them, stay
        what they are.
    whole
        log p(y[row] | draw) of the posterior of all rows, dims chain, draw and row, which is used
        beside the refits' draws (see `bridged`).
    at
        Positions, among all rows, of those that `log_density` looks at; None: all.

    A refit that fails its diagnosis is tried again with smaller steps; NaN if it still does.
    """
    values, errors = np.full(len(which), np.nan), np.full(len(which), np.nan)
    for j, i in enumerate(which):
        gone = i if at is None else at[i]
        rest = {**data, **less_row(data, by_row, int(gone))}
        again = partial(refit, compiled, rest, draws=draws, tune=tune, chains=chains)
        posterior = sound(partial(again, seed=seed))
        if posterior is not None:
            densities = (whole, log_density(posterior))
            both = (log_p.isel(row=int(i)).transpose(*SAMPLE).to_numpy() for log_p in densities)
            values[j], errors[j] = bridged(*both)
    return values, errors


def sound(refit: Callable[..., xr.DataTree]) -> xr.Dataset | None:
    """Return the posterior of the first try that passes its diagnosis, with smaller steps each."""
    for target_accept in STEPS:
        with suppress(SamplerError):
            tree = refit(target_accept=target_accept)
            if diagnose(tree).status is not Status.FAIL:
                return tree["posterior"].to_dataset()
    return None


def sure_k(good_k: float, draws: int) -> float:
    """Return the k-hat up to which k is good for sure: of so many draws it has an error itself."""
    tail = 3 * np.sqrt(draws)  # draws that k is fitted to; its error is (1 + k) / root of them
    return max(float(good_k - ERRORS * (1 + good_k) / np.sqrt(tail)), LEAST_K)


def loo(
    compiled: CompiledPyMCModel,
    data: Mapping[str, ArrayLike],
    by_row: tuple[str, ...],
    posterior: xr.Dataset,
    log_density: LogDensity,
    *,
    looked: Looked | None = None,
    all_up_to: int = FEW,
    at_most: int | None = None,
    draws: int = 1000,
    tune: int = 500,
    chains: int = 4,
    seed: int,
) -> Elpd:
    """Return the elpd: by refits for few rows, else by PSIS with refits where k may be too large.

    `posterior` is that of all rows, `draws` and `tune` are those of refits. Where `log_density` has
    some of the rows, `looked` says which. Where more than `at_most` rows of PSIS need a refit, none
    is refitted, and their errors are infinite. For the other arguments see `left_out`.
    """
    whole = log_density(posterior)
    found = psis(whole)
    limit = sure_k(found.good_k, whole.sizes["chain"] * whole.sizes["draw"])
    found = replace(found, good_k=limit, looked=looked)
    every = len(found.rows) <= all_up_to
    which = np.arange(len(found.rows)) if every else np.flatnonzero(found.k > limit)
    if at_most is not None and len(which) > at_most:
        return replace(found, errors=np.where(found.k > limit, np.inf, found.errors))
    at = looked.at if looked else None
    refits = partial(left_out, at=at, draws=draws, tune=tune, chains=chains, seed=seed)
    values, errors = refits(compiled, data, by_row, log_density, whole, which)
    pointwise, all_errors, k = found.pointwise.copy(), found.errors.copy(), found.k.copy()
    pointwise[which], all_errors[which], k[which] = values, errors, np.nan
    return replace(
        found,
        method=REFITS if every else PSIS,
        pointwise=pointwise,
        errors=all_errors,
        k=k,
        refitted=len(which),
        failed=tuple(found.rows[i] for i in which[np.isnan(values)]),
    )
