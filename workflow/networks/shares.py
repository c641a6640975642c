"""How common each finding is among patients who were looked at: what the prior is held against."""

from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from workflow.checking.checks import Statistic
from workflow.networks.network import Network


def statistics(network: Network, patients: pd.DataFrame) -> dict[str, Statistic]:
    """Return the share of each finding among patients of whom it is known, as a statistic."""
    known = {name: patients[name].notna().to_numpy() for name in network.names}
    looked = {name: here for name, here in known.items() if patients["patients"][here].sum()}
    return {
        f"share with {name}": partial(_share, has=patients[name].eq(1).to_numpy(), known=here)
        for name, here in looked.items()
    }


def _share(
    y: xr.DataArray, given: xr.Dataset, *, has: np.ndarray, known: np.ndarray
) -> xr.DataArray:
    part, whole = (xr.DataArray(one.astype(float), dims="pattern") for one in (has, known))
    found: xr.DataArray = y.dot(part, dim="pattern") / y.dot(whole, dim="pattern")
    return found
