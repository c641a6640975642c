"""Are rows of a group normal, with the same spread in every group, as the model of rows has it?

Each row less the mean of its group, over the sd of all rows of one group: how that is distributed
hangs on nothing but the numbers of rows, if the model is right. So it is held against rows that
are drawn from a normal distribution, in groups of as many rows.
"""

import numpy as np
import pandas as pd
import xarray as xr

from workflow.checking.checks import StatisticCheck, each, posterior_check
from workflow.quantities import SAMPLE

REPLICATES = 1000
MOST = 20_000  # rows that are looked at
FEWEST = 8  # degrees of freedom within groups, of fewer the shape says nothing
LOOKED = (
    "skewness of rows within groups",
    "kurtosis of rows within groups",
    "how far variances of groups differ",
)
ASYMMETRIC, HEAVY, UNEQUAL = LOOKED


def within_groups(rows: pd.DataFrame | None, *, seed: int) -> list[StatisticCheck]:
    """Return whether rows (arm, value) are normal within groups and spread alike in each."""
    if rows is None or "value" not in rows:
        return []
    rng = np.random.default_rng(seed)
    some = rows if len(rows) <= MOST else rows.sample(MOST, random_state=rng)
    codes, value = pd.factorize(some["arm"])[0], some["value"].to_numpy(float)
    if len(codes) - codes.max() - 1 < FEWEST or not _of(value, codes).any():
        return []
    drawn = np.array([_of(rng.normal(size=len(codes)), codes) for _ in range(REPLICATES)])
    at = {"statistic": list(LOOKED)}
    tree = xr.DataTree.from_dict(
        {
            "posterior_predictive": xr.Dataset({"rows": ((*SAMPLE, "statistic"), drawn[None])}, at),
            "observed_data": xr.Dataset({"rows": (("statistic",), _of(value, codes))}, at),
        }
    )
    return posterior_check(tree, "rows", each(LOOKED, "statistic", "{}"))


def _of(value: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the statistics of `LOOKED`; all are 0 where no rows of a group differ."""
    sizes = np.bincount(codes)
    off = value - (np.bincount(codes, value) / sizes)[codes]
    free, squares = sizes - 1, np.bincount(codes, off**2)
    variance = squares.sum() / free.sum()
    if not variance > 0:
        return np.zeros(len(LOOKED))
    z = off / np.sqrt(variance)
    known = free > 0
    ratio = squares[known] / free[known] / variance
    apart = np.sqrt(free[known] @ (ratio - 1) ** 2 / free.sum())
    return np.array([(z**3).mean(), (z**4).mean(), apart])
