"""Linear regression whose noise is the loss of Huber, or the absolute error, made a density.

With `gaussian` of `models.linear_regression` (the squared error) and `student_t` of
`models.robust_regression` these are the losses of real outcomes: the same terms, priors and scale,
and another last line.
"""

from math import erf, exp, log, pi, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
from pytensor.tensor.variable import TensorVariable
from scipy.special import ndtr, ndtri

from models._regression import coefficients, coordinates, in_own_units, standardised

BEND = 1.345  # scales from the line, up to which an error counts by its square
WHOLE = sqrt(2 * pi) * erf(BEND / sqrt(2)) + 2 * exp(-(BEND**2) / 2) / BEND  # of exp(-rho)


def huber(
    terms: pd.DataFrame,
    outcome: pd.Series,
    *,
    r2: float = 0.5,
    slope_sd: float | None = None,
    noise: float = 1.0,
) -> pm.Model:
    """The outcome is a weighted sum of the terms, and noise that is Gaussian near, Laplace far off.

        y[i]       ~ Huber(mu[i], scale)
        mu[i]      = m + s * (level + sum_k beta[k] * (x[i, k] - centre[k]) / term_sd[k])
        level      ~ Normal(0, 1)
        beta[k]    = spread * sum_j theta[j] * axes[j, k]
        theta[j]   ~ Normal(0, 1)
        spread     = sqrt(r2 / (1 - r2))
        scale      = s * tau
        tau        ~ Gamma(2, 2 / noise)                          mean: noise

        slope[k]   = s * beta[k] / term_sd[k]
        intercept  = m + s * level - sum_k slope[k] * centre[k]

    The density of Huber(mu, scale) at y is exp(-rho(r)) / (2.6607 scale), with r = |y - mu| / scale
    and rho(r) = r^2 / 2 up to 1.345 and 1.345 r - 1.345^2 / 2 beyond: minus its logarithm is the
    loss of Huber (1964), with the constant by which Gaussian rows cost 5% of what they tell.
    m and s are mean and sd of the outcome, centre[k] and term_sd[k] those of term k (1 where it has
    0 and 1 alone): the data's own, computed once and then fixed.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term.
    outcome
        Numbers in their own unit, the same rows.
    r2, slope_sd
        The prior of beta: see `models.linear_regression.gaussian`.
    noise
        Prior mean of `scale` in sds of the outcome: by the default as large as if nothing were
        predicted.

    Source: Huber (1964), Robust estimation of a location parameter; Huber and Ronchetti (2009),
    Robust Statistics, chapter 7, for regression.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        mu, scale, observed = _line(terms, outcome, r2, slope_sd, noise)
        made = {"logp": _log_huber, "random": _huber_noise, "class_name": "Huber"}
        pm.CustomDist("y", mu, scale, **made, observed=observed, dims="row")
    return model


def laplace(
    terms: pd.DataFrame,
    outcome: pd.Series,
    *,
    r2: float = 0.5,
    slope_sd: float | None = None,
    noise: float = 1.0,
) -> pm.Model:
    """The outcome is a weighted sum of the terms and Laplace noise: the loss is the absolute error.

        y[i]       ~ Laplace(mu[i], scale)
        mu[i]      = m + s * (level + sum_k beta[k] * (x[i, k] - centre[k]) / term_sd[k])
        level      ~ Normal(0, 1)
        beta[k]    = spread * sum_j theta[j] * axes[j, k]
        theta[j]   ~ Normal(0, 1)
        spread     = sqrt(r2 / (1 - r2))
        scale      = s * tau
        tau        ~ Gamma(2, 2 / noise)                          mean: noise

        slope[k]   = s * beta[k] / term_sd[k]
        intercept  = m + s * level - sum_k slope[k] * centre[k]

    mu[i] is the median of rows with the same terms. Everything but the first line is as in `huber`,
    the parameters too.

    Source: Koenker and Bassett (1978), Regression quantiles, for the loss.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        mu, scale, observed = _line(terms, outcome, r2, slope_sd, noise)
        pm.Laplace("y", mu, scale, observed=observed, dims="row")
    return model


def _line(
    terms: pd.DataFrame, outcome: pd.Series, r2: float, slope_sd: float | None, noise: float
) -> tuple[TensorVariable, TensorVariable, Any]:
    """Add what the two have in common; return the line, the scale of the noise, and the outcome."""
    z = standardised(terms, scale_name="term_sd")
    m = pm.Data("outcome_mean", float(outcome.mean()))
    s = pm.Data("outcome_sd", float(outcome.std()))
    level = pm.Normal("level", 0, 1)
    beta = coefficients("beta", terms, r2=r2, slope_sd=slope_sd)
    tau = pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise)))
    scale = pm.Deterministic("scale", s * tau)
    in_own_units(level, beta, centre=m, scale=s, scale_name="term_sd")
    observed = pm.Data("y_data", outcome.to_numpy(dtype=float), dims="row")
    return m + s * (level + z @ beta), scale, observed


def _log_huber(y: TensorVariable, mu: TensorVariable, scale: TensorVariable) -> TensorVariable:
    """Return the log density of Huber(mu, scale)."""
    r = pm.math.abs(y - mu) / scale
    loss = pm.math.switch(r <= BEND, r**2 / 2, BEND * r - BEND**2 / 2)
    return -loss - pm.math.log(scale) - log(WHOLE)


def _huber_noise(
    mu: np.ndarray, scale: np.ndarray, rng: np.random.Generator, size: Any = None
) -> np.ndarray:
    """Draw from Huber(mu, scale) by the inverse of its distribution function."""
    tail = exp(-(BEND**2) / 2) / BEND / WHOLE  # what lies beyond the bend, on either side
    u = rng.random(np.broadcast_shapes(np.shape(mu), np.shape(scale)) if size is None else size)
    side = np.minimum(u, 1 - u)  # of the lower half
    near = -ndtri(ndtr(-BEND) + np.maximum(side - tail, 0) * WHOLE / sqrt(2 * pi))
    far = BEND - np.log(np.minimum(side / tail, 1)) / BEND
    found: np.ndarray = mu + scale * np.sign(u - 0.5) * np.where(side < tail, far, near)
    return found
