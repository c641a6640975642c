"""Two runs of one analysis: what changed between them, in the data and in what they say?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.comparing.saved import ROW, Saved
from workflow.quantities import Quantity, Scalar, flatten

SDS_OF_95 = 2 * 1.96  # posterior sds that a 95% interval of a normal distribution is wide
MOST = 40  # counts of the data that are told
# Coefficients of a regression in sds of its own data, which are another unit in other data.
STANDARDISED = {"level", "tau", "excess", "beta", "theta", "odds_ratio", "log_odds_ratio"}


@dataclass(frozen=True)
class Change:
    """A quantity before and after; None where a run has none of that name.

    `value` is the second median minus the first, `mcse` its Monte Carlo error, `sds` how many
    posterior sds of the first run that is; NaN where there are not both.
    """

    name: str
    before: Quantity | None
    after: Quantity | None
    value: float
    mcse: float
    sds: float


def changes(before: Saved, after: Saved) -> list[Change]:
    """Return every quantity before and after, in the units of the data.

    What a regression has in sds of its own data is left out.
    """
    names = dict.fromkeys([*before.quantities, *after.quantities])
    own = any(name.startswith("slope[") for name in names)
    kept = [name for name in names if not (own and _variable(name) in STANDARDISED)]
    return [_change(name, before.quantities.get(name), after.quantities.get(name)) for name in kept]


def _variable(name: str) -> str:
    return name.partition("[")[0].removeprefix("gaussian_")


def _change(name: str, before: Quantity | None, after: Quantity | None) -> Change:
    if before is None or after is None:
        return Change(name, before, after, math.nan, math.nan, math.nan)
    value = after.median - before.median
    sd = before.sd if before.sd is not None else (before.upper - before.lower) / SDS_OF_95
    mcse = math.hypot(before.mcse_median, after.mcse_median)
    return Change(name, before, after, value, mcse, value / sd if sd else math.nan)


def largest(found: list[Change]) -> Change | None:
    """Return the change that is largest in posterior sds; None where nothing is in both runs."""
    both = [one for one in found if math.isfinite(one.sds)]
    return max(both, key=lambda one: abs(one.sds), default=None)


def both_scalars(before: Saved, after: Saved) -> dict[str, tuple[Scalar | None, Scalar | None]]:
    """Return the posterior expectations of both runs by name."""
    names = dict.fromkeys([*before.scalars, *after.scalars])
    return {name: (before.scalars.get(name), after.scalars.get(name)) for name in names}


def counts(fit: Saved) -> dict[str, int]:
    """Return how much data a fit has: rows, or the whole numbers that it was given."""
    if fit.by_row is not None:
        return {"rows": fit.rows}
    found: dict[str, int] = {}
    for group in ("observed_data", "constant_data"):
        if group in fit.tree.children:
            found |= _whole(fit.tree[group].to_dataset())
    return dict(list(found.items())[:MOST])


def _whole(data: xr.Dataset) -> Mapping[str, int]:
    """Return the whole numbers of some data by name; what stands twice (`x_data`) once."""
    kept = [
        name
        for name, one in data.data_vars.items()
        if one.dtype.kind in "iu" and ROW not in one.dims and not str(name).endswith("_data")
    ]
    return {name: int(np.asarray(value)) for name, value in flatten(data[kept])}
