"""Draws under one prior of a sweep, by a fit of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xarray as xr

from workflow.checking.diagnostics import Status, diagnose

#: From `pm.Data` and settings of a sampler (keywords) to a tree.
type Refit = Callable[..., xr.DataTree]


@dataclass(frozen=True)
class Drawn:
    """Draws under a prior, their status, and what is tenable: of a fit, or reweighted.

    `k_hat` is that of the weights, minus infinity where they are all the same; None of a fit.
    """

    posterior: xr.Dataset  # dims: chain, draw, ...
    stats: xr.Dataset  # of the sampler
    status: Status
    tenable: tuple[str, ...]
    k_hat: float | None = None


def fitted(
    again: Refit,
    decide: Callable[[xr.Dataset], Sequence[str]],
    decision: str | None,
    lengths: set[tuple[int, int]],
    how: Mapping[str, Any],
    data: Mapping[str, float],
) -> Drawn:
    """Return the draws of the shortest run that settles it."""
    for draws, tune in sorted(lengths):
        tree = again(data, draws=draws, tune=tune, **how)
        posterior, status = tree["posterior"].to_dataset(), diagnose(tree).status
        posterior.attrs["prior"] = data
        withheld = decision is None or status is Status.FAIL
        tenable = () if withheld else tuple(decide(posterior))
        if status is not Status.FAIL and (decision is None or len(tenable) == 1):
            break  # where it warns: of so few draws, some R-hat of many is large by chance
    return Drawn(posterior, tree["sample_stats"].to_dataset(), status, tenable)
