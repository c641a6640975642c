"""Test statistics of trials in their order, for `workflow.checking.checks`.

One rate fits how many happened, and nothing of when: what comes in runs, or more and more often,
shows here.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import xarray as xr

from workflow.checking.checks import Statistic
from workflow.quantities import SAMPLE

FEWEST = 4  # trials: of fewer their order says nothing


def share() -> Statistic:
    """Return the share of trials that happened as a test statistic."""
    return partial(_of_trials, of=lambda y: y.mean(-1))


def in_order(event: str, n: int) -> dict[str, Statistic]:
    """Return statistics of `n` trials that depend on their order; none of very few trials."""
    kinds: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "changes from one trial to the next": lambda y: (y[..., 1:] != y[..., :-1]).sum(-1),
        "longest run of one outcome": longest_run,
        f"share of {event}, second half less first": _drift,
    }
    return {name: partial(_of_trials, of=of) for name, of in kinds.items() if n >= FEWEST}


def longest_run(y: np.ndarray) -> np.ndarray:
    """Return the greatest number of equal neighbours along the last axis."""
    place = np.arange(y.shape[-1])
    new = np.concatenate([np.ones((*y.shape[:-1], 1), bool), y[..., 1:] != y[..., :-1]], axis=-1)
    began = np.maximum.accumulate(np.where(new, place, 0), axis=-1)
    found: np.ndarray = (place - began).max(-1) + 1
    return found


def _drift(y: np.ndarray) -> np.ndarray:
    half = y.shape[-1] // 2
    found: np.ndarray = y[..., -half:].mean(-1) - y[..., :half].mean(-1)
    return found


def _of_trials(
    y: xr.DataArray, given: xr.Dataset, *, of: Callable[[np.ndarray], np.ndarray]
) -> xr.DataArray:
    """Apply a function of an array whose last axis is the trials."""
    kept = [dim for dim in SAMPLE if dim in y.dims]
    return xr.DataArray(of(y.transpose(*kept, "row").to_numpy()), dims=kept)
