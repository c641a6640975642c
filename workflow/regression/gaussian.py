"""What Gaussian noise alone has: its share of a prediction's uncertainty, and ridge regression."""

import numpy as np
import pandas as pd
import xarray as xr

from workflow.quantities import SAMPLE
from workflow.regression.regression import linear_predictor


def uncertainty(posterior: xr.Dataset, terms: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Split the predictive uncertainty of new rows into noise and what we do not know.

    Returns by row: mean, sd_parameters (epistemic: of the linear predictor; more data would lower
    it), sd_noise (aleatoric: sigma; they would not), sd and the central 95% of the prediction
    (lower, upper; simulated). The squares of the first two add up to the third's.
    """
    mu, sigma = linear_predictor(posterior, terms), posterior["sigma"]
    z = np.random.default_rng(seed).normal(size=mu.shape)
    predicted = mu + sigma * xr.DataArray(z, dims=mu.dims)
    lower, upper = predicted.quantile((0.025, 0.975), SAMPLE).to_numpy()
    sd_mu, sd_noise = mu.std(SAMPLE).to_numpy(), float(np.sqrt((sigma**2).mean()))
    columns = {
        "mean": mu.mean(SAMPLE).to_numpy(),
        "sd_parameters": sd_mu,
        "sd_noise": sd_noise,
        "sd": np.hypot(sd_mu, sd_noise),
        "lower": lower,
        "upper": upper,
    }
    return pd.DataFrame(columns, index=terms.index)


def ridge(terms: pd.DataFrame, outcome: pd.Series, penalty: float) -> pd.Series:
    """Return the coefficients in own units of ridge regression on standardised columns.

    The minimum of |y - z b|^2 + penalty |b|^2 over b, with z the standardised terms and y the
    outcome less its mean; a penalty of 0 needs more rows than coefficients. With the penalty
    sigma^2 / (prior sd)^2 this is the posterior mean and mode given sigma.

    Source: Hoerl and Kennard (1970), Ridge regression.
    """
    z = ((terms - terms.mean()) / terms.std()).to_numpy()
    y = (outcome - outcome.mean()).to_numpy()
    b = np.linalg.solve(z.T @ z + penalty * np.eye(z.shape[1]), z.T @ y)
    return pd.Series(b, index=terms.columns) / terms.std()
