"""Linear regression with Gaussian noise, on standardised predictors, told in the data's units."""

import pandas as pd
import pymc as pm

from models._regression import coordinates, in_own_units, standardised


def gaussian(
    terms: pd.DataFrame, outcome: pd.Series, *, slope_sd: float = 0.5, noise: float = 1.0
) -> pm.Model:
    """The outcome is a weighted sum of the terms and Gaussian noise.

        y[i]       ~ Normal(mu[i], sigma)
        mu[i]      = m + s * (level + sum_k beta[k] * (x[i, k] - centre[k]) / scale[k])
        level      ~ Normal(0, 1)
        beta[k]    ~ Normal(0, slope_sd)
        sigma      = s * tau
        tau        ~ Gamma(2, 2 / noise)                          mean: noise

        slope[k]   = s * beta[k] / scale[k]
        intercept  = m + s * level - sum_k slope[k] * centre[k]

    m and s are mean and sd of the outcome, centre[k] and scale[k] those of term k: the data's own,
    computed once and then fixed, so the prior is on the same footing whatever the units are.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term.
    outcome
        Numbers in their own unit, the same rows.
    slope_sd
        Prior sd of beta: how many sds the outcome differs for one sd of a term. By the default
        half an sd is common and more than one is rare (.05).
    noise
        Prior mean of sigma in sds of the outcome. By the default it is as large as if nothing were
        predicted, with 95% between .12 and 2.8; the density is 0 at 0, since no prediction is
        perfect.

    Source: Gelman, Hill and Vehtari (2020), Regression and Other Stories, chapters 9 and 12.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        slope_scale = pm.Data("slope_sd", float(slope_sd))
        z = standardised(terms)
        m = pm.Data("outcome_mean", float(outcome.mean()))
        s = pm.Data("outcome_sd", float(outcome.std()))
        level = pm.Normal("level", 0, 1)
        beta = pm.Normal("beta", 0, slope_scale, dims="term")
        tau = pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise)))
        sigma = pm.Deterministic("sigma", s * tau)
        in_own_units(level, beta, centre=m, scale=s)
        observed = pm.Data("y_data", outcome.to_numpy(dtype=float), dims="row")
        pm.Normal("y", m + s * (level + z @ beta), sigma, observed=observed, dims="row")
    return model
