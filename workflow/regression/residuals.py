"""Test statistics of least-squares residuals, which a Gaussian regression does not fit.

The residuals are those of a least-squares fit to whatever data are looked at, observed or
predicted, so that they need no parameters. Source: Gelman, Meng and Stern (1996), Posterior
predictive assessment of model fitness via realized discrepancies.
"""

from functools import partial

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr

from workflow.checking.checks import StatisticCheck, posterior_check
from workflow.sampling.simulating import simulate

PREDICTED = 1000  # data sets


def outcome_statistics(name: str) -> dict[str, "partial[xr.DataArray]"]:
    """Return sd, least and greatest value of the outcome, called `name`, as test statistics."""
    kinds = {f"sd of {name}": "std", f"least {name}": "min", f"greatest {name}": "max"}
    return {statistic: partial(_of_rows, kind=kind) for statistic, kind in kinds.items()}


def residual_statistics(
    terms: pd.DataFrame, *, ordered: bool = False
) -> dict[str, "partial[xr.DataArray]"]:
    """Return test statistics of the least-squares residuals, for `workflow.checking.checks`.

    None of them is fitted by a Gaussian regression, so each can fail. Empty where there are no
    more than five rows beyond the coefficients: the residuals then say next to nothing. Where the
    rows have an order (`ordered`, such as time), two more look at neighbours.
    """
    if len(terms) <= terms.shape[1] + 1 + 5:
        return {}
    names = {
        "residuals: skewness": "skewness",
        "residuals: excess kurtosis": "kurtosis",
        "residuals: largest / sd": "largest",
        "residuals: size against fitted value (correlation)": "spread",
        "residuals: against fitted value squared (correlation)": "curvature",
    }
    if ordered:
        names |= {
            "residuals: against the row before (correlation)": "neighbours",
            "residuals: size against that of the row before (correlation)": "bursts",
        }
    basis = np.linalg.qr(np.column_stack([np.ones(len(terms)), terms.to_numpy(dtype=float)]))[0]
    return {name: partial(_residual, basis=basis, kind=kind) for name, kind in names.items()}


def check(
    model: pm.Model, posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, *, seed: int
) -> list[StatisticCheck]:
    """Check what the model does not fit, from `PREDICTED` data sets simulated from it.

    The rows have an order. For a fit whose tree has no predictions.
    """
    drawn = simulate(model, posterior, ["y"], size=PREDICTED, seed=seed)
    tree = xr.DataTree.from_dict(
        {
            "posterior_predictive": drawn.rename(sample="draw").expand_dims("chain"),
            "observed_data": xr.Dataset({"y": ("row", outcome)}),
        }
    )
    return posterior_check(tree, "y", residual_statistics(terms, ordered=True))


def _of_rows(y: xr.DataArray, given: xr.Dataset, *, kind: str) -> xr.DataArray:
    options = {"ddof": 1} if kind == "std" else {}
    found: xr.DataArray = getattr(y, kind)("row", **options)
    return found


def _residual(y: xr.DataArray, given: xr.Dataset, *, basis: np.ndarray, kind: str) -> xr.DataArray:
    """Return a statistic of the residuals of `y` (dims row, perhaps chain, draw)."""
    others = [dim for dim in y.dims if dim != "row"]
    values = y.transpose(*others, "row").to_numpy()
    fitted = values @ basis @ basis.T
    left = values - fitted
    left = left / left.std(axis=-1, keepdims=True)
    statistic = {
        "skewness": lambda: (left**3).mean(-1),
        "kurtosis": lambda: (left**4).mean(-1) - 3,
        "largest": lambda: np.abs(left).max(-1),
        "spread": lambda: _correlation(np.abs(left), fitted),
        "neighbours": lambda: _correlation(left[..., 1:], left[..., :-1]),
        "bursts": lambda: _correlation(np.abs(left[..., 1:]), np.abs(left[..., :-1])),
        "curvature": lambda: _correlation(left, (fitted - fitted.mean(-1, keepdims=True)) ** 2),
    }[kind]()
    return xr.DataArray(statistic, dims=others)


def _correlation(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = a - a.mean(-1, keepdims=True), b - b.mean(-1, keepdims=True)
    return (a * b).sum(-1) / np.sqrt((a**2).sum(-1) * (b**2).sum(-1))
