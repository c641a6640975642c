"""New rows of a regression of counts: the count to expect, and between what a new one will lie."""

import numpy as np
import pandas as pd
import xarray as xr

from workflow.predicting.draws import chunks, ends, flat

MOST = 1e15  # expected counts above cannot be simulated
_COLUMNS = ("mean", "mean_lower", "mean_upper", "lower", "upper", "prob_zero", "mcse")


def predict(
    posterior: xr.Dataset,
    terms: pd.DataFrame,
    centre: np.ndarray,
    exposure: np.ndarray,
    *,
    seed: int,
) -> pd.DataFrame:
    """Return what a new count of each row is to be expected to be.

    Parameters are those of `workflow.predicting.linear.predict`; `exposure` is by row.

    Columns: mean, the expected count; mean_lower and mean_upper, the central 95% of what is not
    known of it; lower and upper, the central 95% of a new count, whole numbers, simulated: each
    draw of the parameters with one rate and one count; prob_zero; mcse, the Monte Carlo error of
    the mean.
    """
    slope, dispersion = flat(posterior, "slope"), flat(posterior, "dispersion")
    level = flat(posterior, "intercept") + slope @ centre
    x, rng = terms.to_numpy(dtype=float) - centre, np.random.default_rng(seed)
    found = [
        _rows(np.log(exposure[rows])[:, None] + level + x[rows] @ slope.T, dispersion, rng)
        for rows in chunks(len(x))
    ]
    every = np.concatenate(found) if found else np.empty((0, len(_COLUMNS)))
    return pd.DataFrame(every, terms.index, list(_COLUMNS))


def _rows(log_mu: np.ndarray, dispersion: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    mu = np.minimum(np.exp(np.minimum(log_mu, 50)), MOST)
    size = 1 / dispersion
    rates = mu * rng.gamma(size, dispersion, mu.shape)
    counts = rng.poisson(np.minimum(rates, MOST)).astype(float)
    zero = np.exp(-size * np.log1p(dispersion * mu)).mean(axis=1)
    error = mu.std(axis=1) / np.sqrt(mu.shape[1])
    return np.column_stack([mu.mean(axis=1), ends(mu), ends(counts), zero, error])
