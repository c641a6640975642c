"""Test statistics of a regression's residuals: what its straight lines and its noise leave over.

The residuals are those of the model, y - mu at a draw of the posterior, of the observed data and of
data predicted with the same draw, so that a prior that holds the terms back shows. Source: Gelman,
Meng and Stern (1996), Posterior predictive assessment of model fitness via realized discrepancies.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr

from workflow.checking.checks import StatisticCheck, posterior_check
from workflow.quantities import SAMPLE
from workflow.regression import lines
from workflow.regression.imputed import columns_of_draws, fitted, has_gaps
from workflow.regression.regression import linear_predictor
from workflow.sampling.simulating import evenly_spaced, simulate

PREDICTED = 1000  # data sets
BEND, SCATTER = "residuals: bend along a term", "residuals: size along a term"

type Checked = "partial[xr.DataArray]"


def outcome_statistics(name: str) -> dict[str, Checked]:
    """Return sd, least and greatest value of the outcome, called `name`, as test statistics."""
    kinds = {f"sd of {name}": "std", f"least {name}": "min", f"greatest {name}": "max"}
    return {statistic: partial(_of_rows, kind=kind) for statistic, kind in kinds.items()}


def residual_statistics(
    posterior: xr.Dataset,
    terms: pd.DataFrame,
    *,
    ordered: bool = False,
    mean: Callable[[np.ndarray], np.ndarray] = np.asarray,
) -> dict[str, Checked]:
    """Return test statistics of the residuals, for `workflow.checking.checks`.

    A Gaussian regression fits none of them but the share that the terms still explain. Empty where
    there are no more than five rows beyond the coefficients: the residuals then say next to
    nothing.

    Parameters
    ----------
    posterior
        The draws that the predictions were made from (`predicted_from`).
    ordered
        The rows have an order, such as time: two more look at neighbours.
    mean
        From the linear predictor to the mean of the outcome (the inverse of the link).
    """
    if len(terms) <= terms.shape[1] + 1 + 5:
        return {}
    mu = mean(fitted(posterior, terms).transpose(*SAMPLE, "row").to_numpy())
    kinds: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "residuals: skewness": lambda left: (left**3).mean(-1),
        "residuals: skewness of the inner three quarters": lines.lopsided,
        "residuals: excess kurtosis": lambda left: (left**4).mean(-1) - 3,
        "residuals: largest / sd": lambda left: np.abs(left).max(-1),
        "residuals: share that the terms still explain": _against(posterior, terms, lines.share),
        "residuals: size against prediction (correlation)": lambda left: lines.correlation(
            np.abs(left), mu
        ),
        "residuals: against prediction squared (correlation)": lambda left: lines.correlation(
            left, (mu - mu.mean(-1, keepdims=True)) ** 2
        ),
        f"{SCATTER} (largest correlation)": _against(posterior, terms, lines.size_along),
    }
    z = lines.scaled(terms.to_numpy(dtype=float))
    if lines.bends(z, lines.basis(z)).size:
        name = f"{BEND} (largest correlation with a square)"
        kinds[name] = _against(posterior, terms, lines.bent)
    if ordered:
        kinds["residuals: against the row before (correlation)"] = lines.neighbours
        kinds["residuals: size against that of the row before (correlation)"] = lines.bursts
    return {name: partial(of_residuals, mu=mu, statistic=kind) for name, kind in kinds.items()}


def predicted_from(tree: xr.DataTree) -> xr.Dataset:
    """Return the draws of the posterior that the predictions of `tree` were made from."""
    at = tree["posterior_predictive"].to_dataset()
    return tree["posterior"].to_dataset().sel(draw=at["draw"])


def along(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> dict[str, str]:
    """Return the term along which the residuals of the posterior mean bend, and spread, most."""
    left = outcome.to_numpy() - linear_predictor(posterior.mean(SAMPLE), terms).to_numpy()
    z = ((terms - terms.mean()) / terms.std()).to_numpy()
    basis = np.linalg.qr(np.column_stack([np.ones(len(z)), z]))[0]
    bent, curved = lines.bends(z, basis, keep=True), left - left.mean()
    size = np.abs(left) - np.abs(left).mean()
    of = {BEND: np.abs(curved @ bent), SCATTER: np.abs(size @ lines.unit(z))}
    return {name: str(terms.columns[int(np.argmax(found))]) for name, found in of.items()}


def check(
    model: pm.Model, posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, *, seed: int
) -> list[StatisticCheck]:
    """Check what the model does not fit, from `PREDICTED` data sets simulated from it.

    The rows have an order. For a fit whose tree has no predictions.
    """
    drawn = simulate(model, posterior, ["y"], size=PREDICTED, seed=seed)
    used = evenly_spaced(posterior, PREDICTED)
    tree = xr.DataTree.from_dict(
        {
            "posterior_predictive": drawn.rename(sample="draw").expand_dims("chain"),
            "observed_data": xr.Dataset({"y": ("row", outcome)}),
        }
    )
    return posterior_check(tree, "y", residual_statistics(used, terms, ordered=True))


def _of_rows(y: xr.DataArray, given: xr.Dataset, *, kind: str) -> xr.DataArray:
    options = {"ddof": 1} if kind == "std" else {}
    found: xr.DataArray = getattr(y, kind)("row", **options)
    return found


def of_residuals(
    y: xr.DataArray,
    given: xr.Dataset,
    *,
    mu: np.ndarray,
    statistic: Callable[[np.ndarray], np.ndarray],
) -> xr.DataArray:
    """Return a statistic of y - mu, standardised; dims: chain, draw, those of mu."""
    dims = [*SAMPLE, "row"] if "draw" in y.dims else ["row"]
    left = y.transpose(*dims).to_numpy() - mu
    left = left - left.mean(-1, keepdims=True)
    return xr.DataArray(statistic(left / left.std(-1, keepdims=True)), dims=SAMPLE)


def _against(
    posterior: xr.Dataset, terms: pd.DataFrame, statistic: Callable[..., np.ndarray]
) -> Callable[[np.ndarray], np.ndarray]:
    """Return a statistic of residuals (chain, draw, row) and terms, gaps as each draw has them."""
    if not has_gaps(posterior):
        return partial(statistic, z=lines.scaled(terms.to_numpy(dtype=float)))

    def by_draw(left: np.ndarray) -> np.ndarray:
        each = zip(left.reshape(-1, len(terms)), columns_of_draws(posterior, terms), strict=True)
        found = np.array([statistic(one, z=lines.scaled(x)) for one, x in each])
        return found.reshape(left.shape[:-1])

    return by_draw
