"""What the model of groups does not fit: statistics for its predictive checks."""

import pandas as pd
import xarray as xr

from workflow.checking.checks import Statistic


def level() -> dict[str, Statistic]:
    """Return what the prior says something of: where the effects are, and how they scatter."""
    return {
        "mean of the effects": lambda y, given: y.mean("row"),
        "sd of the effects": lambda y, given: y.std("row"),
    }


def statistics(schools: pd.DataFrame) -> dict[str, Statistic]:
    """Return how far the farthest effect is, and whether large errors go with large effects.

    The second is what a file shows of which small studies without an effect were left out; it is
    left out where all standard errors are the same.
    """
    found: dict[str, Statistic] = {"effects: largest / sd": _farthest}
    if schools["standard_error"].nunique() > 1:
        found["correlation of effects with their standard errors"] = _with_errors
    return found


def _farthest(y: xr.DataArray, given: xr.Dataset) -> xr.DataArray:
    left = y - y.mean("row")
    return abs(left).max("row") / left.std("row")


def _with_errors(y: xr.DataArray, given: xr.Dataset) -> xr.DataArray:
    return xr.corr(y, given["standard_error"], dim="row")
