"""What a regression leaves of single rows, for `workflow.checking.alike`: residuals of the fit."""

import numpy as np
import pandas as pd
import xarray as xr

from workflow.checking.alike import Residuals
from workflow.quantities import SAMPLE
from workflow.regression.regression import offsets


def residuals(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> Residuals:
    """Return what the posterior mean of the line leaves; the estimates are the slopes.

    Where the noise is Student-t (`nu`, `scale`), a residual counts with the weight that it has in
    the fit, so that one odd row cannot drown the others.
    """
    left = outcome - line(posterior, terms)
    if "nu" in posterior:
        nu, scale = (float(posterior[name].mean(SAMPLE)) for name in ("nu", "scale"))
        left = left * nu / (nu + (left / scale) ** 2)
    return of_slopes(left, terms, np.ones(len(terms)))


def line(posterior: xr.Dataset, terms: pd.DataFrame) -> pd.Series:
    """Return the linear predictor at the posterior mean."""
    at = posterior[["intercept", "slope"]].mean(SAMPLE)
    found = float(at["intercept"]) + terms.astype(float) @ at["slope"].to_numpy()
    if "offset" not in posterior:
        return found
    return found + offsets(posterior, terms.index).mean(SAMPLE).to_numpy()


def of_slopes(left: pd.Series, terms: pd.DataFrame, variance: np.ndarray) -> Residuals:
    """Return residuals with what each weighs in the slopes of weighted least squares."""
    root = np.sqrt(variance)
    z = (terms - terms.mean()) / terms.std()
    design = root[:, None] * np.column_stack([np.ones(len(z)), z.to_numpy(dtype=float)])
    weights = pd.DataFrame(np.linalg.pinv(design)[1:].T, terms.index)
    weights.columns = [f"the slope of {name}" for name in terms]
    enough = len(terms) > terms.shape[1] + 1
    return Residuals(left if enough else 0 * left, weights, np.zeros(len(terms), dtype=int))
