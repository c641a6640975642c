"""Shares between 0 and 1 with Beta noise: expected shares, residuals, and greatest likelihood.

Source: Ferrari and Cribari-Neto (2004), Beta regression for modelling rates and proportions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr
from scipy.optimize import minimize
from scipy.special import digamma, expit, logit, polygamma
from scipy.stats import beta

from workflow.checking.alike import Residuals
from workflow.quantities import SAMPLE
from workflow.regression.dependence import line, of_slopes
from workflow.regression.regression import linear_predictor, offsets, steps, switches
from workflow.regression.residuals import outcome_statistics

END = 0.05  # how near to 0 or to 1 a share is near an end
CHUNK = 1000  # rows at a time
LEAST = 1e-12  # of an expected share: rounding makes it no smaller

__all__ = ["expit"]  # for the analysis

type Numbers = np.ndarray


@dataclass(frozen=True)
class Likely:
    """The coefficients of greatest likelihood, in the data's own units, on the logit scale."""

    intercept: float
    slope: pd.Series
    precision: float
    log_likelihood: float


def expected(posterior: xr.Dataset, terms: pd.DataFrame) -> pd.Series:
    """Return the expected share of each row at the posterior mean of the line."""
    found: pd.Series = expit(line(posterior, terms)).clip(LEAST, 1 - LEAST)
    return found


def standardised(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> pd.Series:
    """Return the outcome less the expected share, in sds of the Beta's noise (Pearson's)."""
    mu = expected(posterior, terms)
    precision = float(posterior["precision"].mean(SAMPLE))
    return (outcome - mu) / np.sqrt(mu * (1 - mu) / (1 + precision))


def residuals(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> Residuals:
    """Return Pearson residuals at the posterior mean; the estimates are slopes."""
    mu = expected(posterior, terms)
    left = standardised(posterior, terms, outcome)
    return of_slopes(left, terms, (mu * (1 - mu)).to_numpy())


def statistics(name: str) -> dict[str, Callable[..., xr.DataArray]]:
    """Return sd, least and greatest share and how many are near an end, as test statistics."""
    return {
        **outcome_statistics(name),
        f"rows below {END:g}": partial(_near, low=True),
        f"rows above {1 - END:g}": partial(_near, low=False),
    }


def score(mu: Numbers, precision: float, y: Numbers) -> tuple[Numbers, Numbers]:
    """Return slope of the log-likelihood in the logit of `mu`, by row, and expected curvature."""
    a, b, unit = mu * precision, (1 - mu) * precision, mu * (1 - mu) * precision
    slope = unit * (logit(y) - digamma(a) + digamma(b))
    return slope, unit**2 * (polygamma(1, a) + polygamma(1, b))


def most_likely(terms: pd.DataFrame, outcome: pd.Series) -> Likely:
    """Return the estimate of greatest likelihood, for more rows than coefficients."""
    centre, scale = terms.mean().to_numpy(dtype=float), terms.std().to_numpy(dtype=float)
    z = (terms.to_numpy(dtype=float) - centre) / scale
    basis, r = np.linalg.qr(np.column_stack([np.ones(len(z)), z]))
    basis, r = basis * np.sqrt(len(z)), r / np.sqrt(len(z))
    y, logits = outcome.to_numpy(dtype=float), logit(outcome.to_numpy(dtype=float))

    def surprise(b: Numbers) -> tuple[float, Numbers]:
        mu = np.clip(expit(basis @ b[:-1]), LEAST, 1 - LEAST)
        phi = np.exp(np.clip(b[-1], -20, 40))
        by_phi = digamma(phi) + mu * (logits - digamma(mu * phi) + digamma((1 - mu) * phi))
        by_phi = by_phi + np.log1p(-y) - digamma((1 - mu) * phi)
        slope = np.append(basis.T @ score(mu, phi, y)[0], phi * by_phi.sum())
        return -float(beta.logpdf(y, mu * phi, (1 - mu) * phi).sum()), -slope

    left = logits - basis @ (basis.T @ logits) / len(z)
    start = np.append(basis.T @ logits / len(z), np.log(1 + 4 / max(float(left.var()), 1e-12)))
    best = minimize(surprise, start, jac=True, method="BFGS", options={"gtol": 1e-6})
    found = np.linalg.solve(r, best.x[:-1])
    slope = found[1:] / scale
    intercept = float(found[0] - slope @ centre)
    own = pd.Series(slope, terms.columns)
    return Likely(intercept, own, float(np.exp(best.x[-1])), -float(best.fun))


def _near(y: xr.DataArray, given: xr.Dataset, *, low: bool) -> xr.DataArray:
    near = y < END if low else y > 1 - END
    return near.sum("row")


def points(posterior: xr.Dataset, terms: pd.DataFrame) -> xr.Dataset:
    """Return by how many percentage points shares differ with each term, averaged over the rows.

    `points` is for one unit of a number (the slope of the share, averaged), or for 1 rather than 0;
    `beta_points` for a step (`workflow.regression.regression.steps`). Dims: chain, draw, term. The
    sign is that of the coefficient in every draw.
    """
    slope = posterior["slope"].transpose(*SAMPLE, "term")
    flat, of_two = slope.to_numpy().reshape(-1, terms.shape[1]), switches(terms).to_numpy()
    level = posterior["intercept"].transpose(*SAMPLE).to_numpy().reshape(-1, 1)
    total, x = np.zeros_like(flat), terms.to_numpy(dtype=float)
    for at in np.array_split(np.arange(len(x)), -(-len(x) // CHUNK)):
        rows = x[at]
        eta = level + flat @ rows.T
        if "offset" in posterior:
            own = offsets(posterior, terms.index[at]).transpose(*SAMPLE, "row")
            eta = eta + own.to_numpy().reshape(eta.shape)
        mu = expit(eta)
        total[:, ~of_two] += (mu * (1 - mu)).sum(axis=1, keepdims=True) * flat[:, ~of_two]
        for k in np.flatnonzero(of_two):
            without = eta - flat[:, [k]] * rows[:, k]
            total[:, k] += (expit(without + flat[:, [k]]) - expit(without)).sum(axis=1)
    found = slope.copy(data=(100 * total / len(x)).reshape(slope.shape))
    by_step = xr.DataArray(steps(terms).to_numpy(dtype=float), dims="term")
    return xr.Dataset({"points": found, "beta_points": found * by_step})


def explained(given: xr.Dataset, terms: pd.DataFrame) -> xr.DataArray:
    """Return R^2 draw by draw: the expected shares' part of their variance and that of the noise.

    Source: Gelman et al. (2019), R-squared for Bayesian regression models.
    """
    mu = linear_predictor(given, terms)
    mu = xr.apply_ufunc(expit, mu)
    noise = (mu * (1 - mu)).mean("row") / (1 + given["precision"])
    predicted = mu.var("row")
    return predicted / (predicted + noise)


def held_back(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> float:
    """Return twice the log-likelihood that greatest likelihood gains on the posterior mean's line.

    Both at the posterior median of the precision.
    """
    x = ((terms - terms.mean()) / terms.std()).to_numpy(dtype=float)
    basis, phi = np.linalg.qr(np.column_stack([np.ones(len(x)), x]))[0], posterior["precision"]
    own, y = line(posterior, terms).to_numpy(), outcome.to_numpy(dtype=float)
    precision = float(phi.median())

    def surprise(b: Numbers) -> tuple[float, Numbers]:
        mu = np.clip(expit(own + basis @ b), LEAST, 1 - LEAST)
        lost = -float(beta.logpdf(y, mu * precision, (1 - mu) * precision).sum())
        return lost, -basis.T @ score(mu, precision, y)[0]

    start = np.zeros(basis.shape[1])
    best = minimize(surprise, start, jac=True, method="BFGS")
    return 2 * (surprise(start)[0] - float(best.fun))


def logit_sd(outcome: pd.Series) -> float:
    """Return the sd of the logit of shares."""
    return float(logit(outcome).std())


def scatter(given: xr.Dataset, outcome: pd.Series) -> xr.DataArray:
    """Return the sd of a single row's share where the mean is the outcome's, percentage points."""
    share = float(outcome.mean())
    variance = share * (1 - share) / (1 + given["precision"])
    return 100 * variance**0.5
