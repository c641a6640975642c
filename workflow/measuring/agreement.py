"""Do the readings agree with the stated noise, and with one another?

Test statistics for `workflow.checking.checks`, which the model does not fit, and what single
readings leave, for `workflow.checking.alike`. Level and nothing else is fitted: scatter, trends,
neighbours and single readings far off show here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from workflow.checking.alike import Residuals
from workflow.checking.checks import Statistic
from workflow.quantities import SAMPLE

FEWEST = 2  # readings that scatter; of fewer than `ORDERED` their order says nothing
ORDERED = 6
SCATTER = "scatter of the readings (sd)"
CHANCE = 0.01  # of readings whose noise is as stated: so often it is said that it is not


def level() -> dict[str, Statistic]:
    """Return the mean of the readings, of which the prior says something."""
    return {"mean of the readings": partial(_of_rows, of=lambda y: y.mean(-1))}


def statistics(n: int) -> dict[str, Statistic]:
    """Return statistics of `n` readings that the model does not fit; none of a single one."""
    found: dict[str, Callable[[np.ndarray], np.ndarray]] = {}
    if n >= FEWEST:
        found[SCATTER] = lambda y: y.std(-1, ddof=1)
    if n >= ORDERED:
        found |= {
            "reading farthest from the mean": lambda y: np.abs(_left(y)).max(-1),
            "rise from the first reading to the last (straight line)": rise,
            "correlation with the row before": neighbours,
        }
    return {name: partial(_of_rows, of=one) for name, one in found.items()}


def rise(y: np.ndarray) -> np.ndarray:
    """Return by how much the line of least squares rises along the last axis."""
    n = y.shape[-1]
    place = np.arange(n) - (n - 1) / 2
    found: np.ndarray = _left(y) @ place / (place @ place) * (n - 1)
    return found


def neighbours(y: np.ndarray) -> np.ndarray:
    """Return the correlation of each value with the one before, along the last axis."""
    left = _left(y)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = (left[..., 1:] * left[..., :-1]).sum(-1) / (left**2).sum(-1)
    return found


def residuals(values: pd.Series) -> Residuals:
    """Return each reading less their mean, for what may make some of them alike."""
    weights = pd.DataFrame({"the mean of the readings": 1.0}, values.index)
    return Residuals(values - values.mean(), weights, np.zeros(len(values), dtype=int))


def scatters_otherwise(values: pd.Series, noise_sd: float) -> bool:
    """Say whether the readings scatter by another sd than stated, beyond chance (chi-square)."""
    if len(values) < FEWEST:
        return False
    squares = float(((values - values.mean()) / noise_sd).pow(2).sum())
    law = stats.chi2(len(values) - 1)
    return min(law.cdf(squares), law.sf(squares)) < CHANCE / 2


@dataclass(frozen=True)
class Apart:
    """Readings by what they belong to: number, mean and sd (NaN of one), and how far they differ.

    `off` are the means less that of all, in the standard errors that the stated noise gives them;
    `p` is how probable it is that they differ as much (chi-square, one less than there are groups).
    """

    column: str
    table: pd.DataFrame
    chi2: float
    p: float


def apart(values: pd.Series, groups: pd.Series, column: str, noise_sd: float) -> Apart:
    """Hold the means of groups of readings against the stated noise.

    `groups` has a label for each row. If the noise is right and all groups have the same mean, the
    squares of n (mean - mean of all)^2 / noise^2 add up to a chi-square.
    """
    found = values.groupby(groups.loc[values.index], sort=False).agg(["size", "mean", "std"])
    share = found["size"] / len(values)
    error = noise_sd / np.sqrt(found["size"])
    off = found["mean"] - values.mean()
    chi2 = float(((off / error) ** 2).sum())
    found["off"] = off / (error * np.sqrt(1 - share))
    return Apart(column, found, chi2, float(stats.chi2.sf(chi2, len(found) - 1)))


def _left(y: np.ndarray) -> np.ndarray:
    found: np.ndarray = y - y.mean(-1, keepdims=True)
    return found


def _of_rows(
    y: xr.DataArray, given: xr.Dataset, *, of: Callable[[np.ndarray], np.ndarray]
) -> xr.DataArray:
    """Apply a function of an array whose last axis is the rows."""
    kept = [dim for dim in SAMPLE if dim in y.dims]
    return xr.DataArray(of(y.transpose(*kept, "row").to_numpy()), dims=kept)
