"""One of several linear regressions that are compared; and a mean that may be 0, without terms.

Given tau all unknowns are Gaussian, so that rows can be left out, and the evidence found, without
draws (`workflow/regression/lines_apart.py`): the models are compared by that, and one is sampled.
"""

import numpy as np
import pandas as pd
import pymc as pm

from models._regression import coefficients, coordinates, in_own_units, standardised


def gaussian(
    terms: pd.DataFrame,
    outcome: pd.Series,
    *,
    r2: float = 0.5,
    slope_sd: float | None = None,
    noise: float = 1.0,
) -> pm.Model:
    """What is predicted, g(outcome), is a weighted sum of the terms of one formula, and noise.

        y[i]       ~ Normal(mu[i], sigma)
        mu[i]      = m + s * (level + sum_k beta[k] * (x[i, k] - centre[k]) / scale[k])
        level      ~ Normal(0, 1)
        beta[k]    = spread * sum_j theta[j] * axes[j, k]
        theta[j]   ~ Normal(0, 1)
        spread     = sqrt(r2 / (1 - r2))
        sigma      = s * tau
        tau        ~ Gamma(2, 2 / noise)                          mean: noise

        slope[k]   = s * beta[k] / scale[k]
        intercept  = m + s * level - sum_k slope[k] * centre[k]

    Each formula has this prior on its own terms, and on its own y: the outcome, or its logarithm.
    m and s are mean and sd of y, centre[k] and scale[k] those of term k (scale 1 where it has 0 and
    1 alone): the data's own, computed once and then fixed. Densities of y become densities of the
    outcome by the slope of g. How wide the prior of the terms is, `spread`, hardly matters for
    rows that are left out, and decides the Bayes factor of formulas with more and with fewer terms.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term.
    outcome
        Numbers in their own unit, or a function of them; the same rows.
    r2, slope_sd
        The prior of beta: see `models.linear_regression.gaussian`.
    noise
        Prior mean of sigma in sds of y: by the default as large as if nothing were predicted.

    Sources: Gelman, Hill and Vehtari (2020), Regression and Other Stories, chapters 11 and 12;
    Zellner (1986) for the prior; Bartlett (1957), A comment on D. V. Lindley's statistical paradox.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        z = standardised(terms)
        m = pm.Data("outcome_mean", float(outcome.mean()))
        s = pm.Data("outcome_sd", float(outcome.std()))
        level = pm.Normal("level", 0, 1)
        beta = coefficients("beta", terms, r2=r2, slope_sd=slope_sd)
        tau = pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise)))
        sigma = pm.Deterministic("sigma", s * tau)
        in_own_units(level, beta, centre=m, scale=s)
        observed = pm.Data("y_data", outcome.to_numpy(dtype=float), dims="row")
        pm.Normal("y", m + s * (level + z @ beta), sigma, observed=observed, dims="row")
    return model


def mean(
    terms: pd.DataFrame,
    outcome: pd.Series,
    *,
    r2: float = 0.5,
    slope_sd: float | None = None,
    noise: float = 1.0,
) -> pm.Model:
    """All rows have one mean, which may be 0.

        y[i]  ~ Normal(slope, sigma)
        slope = s * beta
        beta  ~ Normal(0, spread)
        sigma = s * tau
        tau   ~ Gamma(2, 2 / noise)                          mean: noise

    spread is sqrt(r2 / (1 - r2)), or `slope_sd` where that is given; s is how far y is from 0, the
    root of the mean of its squares. Beside it stands the model without `slope`. `terms` is a column
    of 1.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        s = pm.Data("outcome_sd", float(np.sqrt((outcome**2).mean())))
        if slope_sd is None:
            share = pm.Data("r2", float(r2))
            spread = pm.math.sqrt(share / (1 - share))
        else:
            spread = pm.Data("slope_sd", float(slope_sd))
        beta = pm.Normal("beta", 0, spread, dims="term")
        tau = pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise)))
        sigma = pm.Deterministic("sigma", s * tau)
        slope = pm.Deterministic("slope", s * beta, dims="term")
        x = pm.Data("terms", terms.to_numpy(dtype=float), dims=("row", "term"))
        observed = pm.Data("y_data", outcome.to_numpy(dtype=float), dims="row")
        pm.Normal("y", x @ slope, sigma, observed=observed, dims="row")
    return model
