"""What Gaussian noise alone has: its share of a prediction's uncertainty, ridge, left-out rows."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from workflow.quantities import SAMPLE, TAILS
from workflow.regression.regression import linear_predictor, standardised, steps

BOOTSTRAPS = 4000


def uncertainty(posterior: xr.Dataset, terms: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Split the predictive uncertainty of new rows into noise and what we do not know.

    Returns by row: mean, sd_parameters (epistemic: of the linear predictor; more data would lower
    it), sd_noise (aleatoric: sigma; they would not), sd and the central 95% of the prediction
    (lower, upper; simulated). The squares of the first two add up to the third's. Where rows have
    groups, a new row is of a new one: sd_groups is what its offset adds.
    """
    mu, sigma = linear_predictor(posterior, terms), posterior["sigma"]
    rng = np.random.default_rng(seed)
    z = rng.normal(size=mu.shape)
    predicted = mu + sigma * xr.DataArray(z, dims=mu.dims)
    sd_mu, sd_noise = mu.std(SAMPLE).to_numpy(), float(np.sqrt((sigma**2).mean()))
    columns: dict[str, Any] = {
        "mean": mu.mean(SAMPLE).to_numpy(),
        "sd_parameters": sd_mu,
        "sd_noise": sd_noise,
    }
    sd_groups = 0.0
    if "group_sd" in posterior:
        between = posterior["group_sd"]
        predicted = predicted + between * xr.DataArray(rng.normal(size=mu.shape), dims=mu.dims)
        columns["sd_groups"] = sd_groups = float(np.sqrt((between**2).mean()))
    sd = np.hypot(np.hypot(sd_mu, sd_noise), sd_groups)
    lower, upper = predicted.quantile((0.025, 0.975), SAMPLE).to_numpy()
    return pd.DataFrame(columns | {"sd": sd, "lower": lower, "upper": upper}, index=terms.index)


def ridge(terms: pd.DataFrame, outcome: pd.Series, root: np.ndarray, variance: float) -> pd.Series:
    """Return the coefficients in own units of ridge regression on standardised columns.

    The minimum of |y - z b|^2 + variance b' (root root')^-1 b over b, with z the standardised terms
    and y the outcome less its mean. With the variance of the noise, and `root` a square root of the
    prior covariance of the coefficients, both in the outcome's unit, this is the posterior mean and
    mode given that variance. Where root is the identity times a number, it is ordinary ridge.

    Source: Hoerl and Kennard (1970), Ridge regression.
    """
    x = standardised(terms).to_numpy() @ root
    y = (outcome - outcome.mean()).to_numpy()
    theta = np.linalg.solve(x.T @ x + variance * np.eye(x.shape[1]), x.T @ y)
    return pd.Series(root @ theta, index=terms.columns) / steps(terms)


def free(terms: pd.DataFrame, groups: pd.Series | None) -> bool:
    """Say whether there are coefficients of least squares: with more rows than these, no groups."""
    return groups is None and len(terms) > terms.shape[1] + 1


def least_squares(terms: pd.DataFrame, outcome: pd.Series) -> pd.Series:
    """Return the coefficients in own units without any prior; needs more rows than these."""
    z = ((terms - terms.mean()) / terms.std()).to_numpy()
    b = np.linalg.lstsq(z, (outcome - outcome.mean()).to_numpy(), rcond=None)[0]
    return pd.Series(b, index=terms.columns) / terms.std()


def left_out(
    terms: pd.DataFrame, outcome: pd.Series, root: np.ndarray, variance: float
) -> np.ndarray:
    """Return by how much each row is off the prediction from all the others, given the noise.

    For the posterior mean of the coefficients, whose prior covariance is root @ root.T, with a
    level for which there is no prior: the residual over 1 - h, h the row's leverage.
    """
    x = standardised(terms).to_numpy() @ root
    u, sd, _ = np.linalg.svd(x, full_matrices=False)
    y = (outcome - outcome.mean()).to_numpy()
    kept = sd**2 / (sd**2 + variance)
    leverage = 1 / len(y) + (u**2 * kept).sum(axis=1)
    found: np.ndarray = (y - u @ (kept * (u.T @ y))) / (1 - leverage)
    return found


def r2_left_out(
    terms: pd.DataFrame, outcome: pd.Series, root: np.ndarray, variance: float, *, seed: int
) -> tuple[float, float, float]:
    """Return the share explained in rows that are left out: median and central 95%.

    Over weights of the rows drawn from a Dirichlet distribution (Bayesian bootstrap): what other
    rows of the same kind would give; below 0 the average of the other rows would predict better.
    The parameters are those of `left_out`. Source: Gelman et al. (2019), R-squared for Bayesian
    regression models, online appendix.
    """
    y, n = outcome.to_numpy(dtype=float), len(outcome)
    left = left_out(terms, outcome, root, variance)
    alone = (y - y.mean()) * n / (n - 1)  # how far a row is from the mean of the others
    rng = np.random.default_rng(seed)
    shares = []
    for _ in range(BOOTSTRAPS):
        weight = rng.standard_exponential(n)
        shares.append(1 - (weight @ left**2) / (weight @ alone**2))
    low, middle, high = np.quantile(shares, (TAILS[0], 0.5, TAILS[1]))
    return float(middle), float(low), float(high)
