"""AUC without the rows that it is about: pairs, one with the event and one without, left out.

Probabilities of rows left out one at a time cannot be ranked against one another: each event was
left out of a fit that has one event less, so its probability is a little below that of a row like
it without the event, and all such pairs count as wrong. Without both rows of a pair the fit is the
same for both. Source: Airola et al. (2011), An experimental comparison of cross-validation
techniques for estimating the area under the ROC curve.
"""

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import logit

from workflow.quantities import SAMPLE
from workflow.regression.discrimination import Area, area_of
from workflow.regression.regression import standardised, steps

AT_ONCE = 4_000_000  # pairs

type Numbers = np.ndarray


def area(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, p: Numbers) -> Area:
    """Return the AUC over pairs that are left out; `p` are probabilities without each row alone.

    Without the other row of a pair, too, the log-odds of row i are lower by the covariance, over
    the posterior, of these log-odds and the other row's log-likelihood (the infinitesimal
    jackknife; Giordano and Broderick 2023, The Bayesian infinitesimal jackknife). Rows that are
    equal in all terms are a tie.
    """
    event = outcome.to_numpy() == 1
    z = np.column_stack([np.ones(len(terms)), standardised(terms).to_numpy(dtype=float)])
    influence, same, odds = _influence(posterior, terms, z, event), alike(terms), logit(p)
    others = np.flatnonzero(~event)
    above_others = np.zeros(event.sum())
    above_events = np.zeros(len(others))
    chosen = np.flatnonzero(event)
    step = max(1, AT_ONCE // len(others))
    for at in range(0, len(chosen), step):
        rows = chosen[at : at + step]
        moved = z[rows] @ influence[others].T - influence[rows] @ z[others].T
        apart = odds[rows][:, None] - odds[others] - moved
        right = np.where(same[rows][:, None] == same[others], 0.5, apart > 0)
        above_others[at : at + step] = right.mean(axis=1)
        above_events += right.sum(axis=0)
    return area_of(above_others, above_events / len(chosen))


def alike(terms: pd.DataFrame) -> Numbers:
    """Return a number for each row, the same for rows that are equal in all terms."""
    return np.unique(terms.to_numpy(dtype=float), axis=0, return_inverse=True)[1].ravel()


def _influence(posterior: xr.Dataset, terms: pd.DataFrame, z: Numbers, event: Numbers) -> Numbers:
    """Return the covariance of the coefficients of z with each row's log-likelihood (row, term)."""
    slope = posterior["slope"].transpose(*SAMPLE, "term").to_numpy().reshape(-1, terms.shape[1])
    level = posterior["intercept"].transpose(*SAMPLE).to_numpy().ravel()
    every = max(1, len(slope) * len(z) // AT_ONCE)
    slope, level = slope[::every], level[::every]
    level = level + slope @ terms.mean().to_numpy(dtype=float)
    theta = np.column_stack([level, slope * steps(terms).to_numpy()])
    signs = np.where(event, 1.0, -1.0)
    log_lik = -np.logaddexp(0, -signs * (theta @ z.T))
    found: Numbers = (log_lik - log_lik.mean(axis=0)).T @ (theta - theta.mean(axis=0))
    return found / (len(theta) - 1)
