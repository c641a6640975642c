"""Test statistics of a 0/1 outcome that a logistic regression does not fit directly.

It fits the overall rate and how the rate follows each term in a straight line on the log-odds; not
whether that line bends, and not single rows that it held for all but impossible.
"""

from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from workflow.checking.checks import Statistic
from workflow.regression.lines import bends, most_along
from workflow.regression.residuals import BEND

QUARTERS = ("lowest", "second", "third", "highest")


def prior_statistics(z: pd.DataFrame, event: str) -> dict[str, Statistic]:
    """Return the rate of the event, and how much it differs along the data's main direction.

    `z` are the standardised terms; the direction is their first principal component.
    """
    main = np.linalg.svd(z.to_numpy(), full_matrices=False)[2][0]
    order = np.argsort(z.to_numpy() @ main, kind="stable")
    n = max(1, len(order) // 4)
    ends = partial(_contrast, low=order[:n], high=order[-n:])
    return {
        f"rate of {event}": partial(rate_among, rows=order),
        "difference of rates, outer quarters of the main direction": ends,
    }


def fit_statistics(p: np.ndarray, terms: pd.DataFrame, bent: list[str]) -> dict[str, Statistic]:
    """Return rates by quarter of the fitted probability, in the middle half of terms, and surprise.

    And how much what is left bends along any of the terms: the largest correlation with a square.

    Parameters
    ----------
    p
        The fitted probability of each row.
    bent
        Terms whose middle half of rows is looked at; those with fewer than four values are not.
    """
    found: dict[str, Statistic] = {}
    quarters = np.array_split(np.argsort(p, kind="stable"), 4)
    for name, rows in zip(QUARTERS, quarters, strict=True):
        if rows.size:
            found[f"rate, {name} quarter of fitted probability"] = partial(rate_among, rows=rows)
    for term in bent:
        if terms[term].nunique() >= 4:
            order = np.argsort(terms[term].to_numpy(), kind="stable")
            middle = order[len(order) // 4 : len(order) - len(order) // 4]
            found[f"rate, middle half of {term}"] = partial(rate_among, rows=middle)
    z = ((terms - terms.mean()) / terms.std().replace(0, 1)).to_numpy()
    squares = bends(z, np.linalg.qr(np.column_stack([np.ones(len(z)), z]))[0])
    if squares.size:
        name = f"{BEND} (largest correlation with a square)"
        found[name] = partial(_bent, p=p, squares=squares)
    found["least probable row, −log probability (nats)"] = partial(_surprise, p=p)
    return found


def rate_among(y: xr.DataArray, given: xr.Dataset, *, rows: np.ndarray) -> xr.DataArray:
    """Return the rate of the event among some rows, by position."""
    return y.isel(row=rows).mean("row")


def _contrast(
    y: xr.DataArray, given: xr.Dataset, *, low: np.ndarray, high: np.ndarray
) -> xr.DataArray:
    """Return the size of the difference of two groups' rates."""
    return abs(y.isel(row=high).mean("row") - y.isel(row=low).mean("row"))


def _bent(
    y: xr.DataArray, given: xr.Dataset, *, p: np.ndarray, squares: np.ndarray
) -> xr.DataArray:
    """Return how much y - p goes along with the square of a term, at most."""
    dims = [dim for dim in y.dims if dim != "row"]
    left = y.transpose(*dims, "row").to_numpy() - p
    return xr.DataArray(most_along(left, squares), dims=dims)


def _surprise(y: xr.DataArray, given: xr.Dataset, *, p: np.ndarray) -> xr.DataArray:
    """Return the largest −log probability of what happened, over rows."""
    said = xr.DataArray(p, dims="row", coords={"row": y["row"]})
    return xr.where(y == 1, -np.log(said), -np.log1p(-said)).max("row")
