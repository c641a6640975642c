"""Several quantiles of an outcome, each a line, on standardised predictors, told in own units."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pymc as pm

from models._regression import coefficients, coordinates, in_own_units, standardised

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
OVER = ("quantile",)


def quantile_lines(
    terms: pd.DataFrame,
    outcome: pd.Series,
    quantiles: Sequence[float] = QUANTILES,
    *,
    r2: float = 0.5,
    slope_sd: float | None = None,
    noise: float = 1.0,
) -> pm.Model:
    """Each quantile of the outcome is a weighted sum of the terms.

        y[i, q]         ~ AsymmetricLaplace(q, mu[i, q], scale[q])
        mu[i, q]        = m[q] + s * (level[q] + sum_k beta[q, k] * (x[i, k] - centre[k]) / step[k])
        level[q]        ~ Normal(0, 1)
        beta[q, k]      = spread * sum_j theta[q, j] * axes[j, k]
        theta[q, j]     ~ Normal(0, 1)
        spread          = sqrt(r2 / (1 - r2))
        scale[q]        = d[q] * tau[q]
        tau[q]          ~ Gamma(2, 2 / noise)                       mean: noise

        slope[q, k]     = s * beta[q, k] / step[k]
        intercept[q]    = m[q] + s * level[q] - sum_k slope[q, k] * centre[k]

    y[i, q] is row i's outcome, taken once for each quantile: the lines know nothing of one another.
    The density is q (1 - q) / scale exp(-rho(y - mu) / scale), rho(u) = u (q - [u < 0]): a row
    above the line costs q times its distance, one below 1 - q times, so the line that costs least,
    which is quantile regression, has a share q of the rows below it. The noise is a device to that
    end and no law of the outcome: what its width says of a line is put right afterwards
    (`workflow.regression.corrected`). m[q] is the quantile of the outcome, s its sd, and d[q] what
    the quantile costs a row on average, without any term; centre[k] and step[k] are mean and sd of
    term k (step 1 where it has 0 and 1 alone: a level rather than its reference): the data's own,
    computed once and then fixed, so the prior is on the same footing whatever the units are.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term.
    outcome
        Numbers in their own unit, the same rows.
    quantiles
        Which, between 0 and 1, in increasing order.
    r2, slope_sd
        The prior of beta, the same for each quantile: see `models.linear_regression.gaussian`.
    noise
        Prior mean of tau, what a line costs a row, against no term at all: by the default as if
        nothing were predicted, with 95% between .12 and 2.8.

    Sources: Koenker and Bassett (1978), Regression quantiles; Yu and Moyeed (2001), Bayesian
    quantile regression.
    """
    y, levels = outcome.to_numpy(dtype=float), np.array(quantiles, dtype=float)
    m = np.quantile(y, levels)
    d = cost_of(y[:, None] - m, levels).mean(axis=0)
    with pm.Model(coords=coordinates(terms) | {"quantile": list(map(float, levels))}) as model:
        q = pm.Data("q", levels, dims="quantile")
        z = standardised(terms, scale_name="step")
        middle = pm.Data("m", m, dims="quantile")
        s = pm.Data("outcome_sd", float(outcome.std()))
        cost = pm.Data("d", d, dims="quantile")
        level = pm.Normal("level", 0, 1, dims="quantile")
        beta = coefficients("beta", terms, r2=r2, slope_sd=slope_sd, over=OVER)
        tau = pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise)), dims="quantile")
        scale = pm.Deterministic("scale", cost * tau, dims="quantile")
        in_own_units(level, beta, centre=middle, scale=s, scale_name="step", over=OVER)
        mu = middle + s * (level + z @ beta.T)
        dims = ("row", "quantile")
        observed = pm.Data("y_data", np.repeat(y[:, None], len(m), axis=1), dims=dims)
        rate = pm.math.sqrt(q * (1 - q)) / scale
        pm.AsymmetricLaplace("y", q=q, mu=mu, b=rate, observed=observed, dims=dims)
    return model


def cost_of(residual: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return rho, what residuals cost: q times those above 0, 1 - q times the size of others."""
    return np.maximum(q * residual, (q - 1) * residual)
