"""Statistics of results by setting, that the prior of a surrogate is held against."""

from functools import partial

import numpy as np
import xarray as xr
from scipy.spatial.distance import cdist

from workflow.checking.checks import Statistic


def by_neighbours(x: np.ndarray) -> dict[str, Statistic]:
    """Return the spread of the results, and how far those of the nearest settings differ.

    `x` are the settings (row, column); distances are taken in sds of each column.
    """
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    apart = cdist(z, z)
    np.fill_diagonal(apart, np.inf)
    return {
        "sd of the results": lambda y, given: y.std("row", ddof=1),
        "difference of the nearest settings": partial(_differing, nearest=apart.argmin(axis=1)),
    }


def _differing(y: xr.DataArray, given: xr.Dataset, *, nearest: np.ndarray) -> xr.DataArray:
    other = y.isel(row=nearest).assign_coords(row=y["row"])
    return ((y - other) ** 2).mean("row") ** 0.5
