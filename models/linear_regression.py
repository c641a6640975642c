"""Linear regression with Gaussian noise, on standardised predictors, told in the data's units."""

import pandas as pd
import pymc as pm

from models._imputed import with_gaps
from models._regression import (
    along_axes,
    coefficients,
    coordinates,
    in_own_units,
    standardised,
    with_groups,
)
from models._sums import Sums, observed_sums


def gaussian(
    terms: pd.DataFrame,
    outcome: pd.Series,
    groups: pd.Series | None = None,
    *,
    r2: float = 0.5,
    slope_sd: float | None = None,
    noise: float = 1.0,
    between: float = 1.0,
) -> pm.Model:
    """The outcome is a weighted sum of the terms and Gaussian noise.

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

    m and s are mean and sd of the outcome, centre[k] and scale[k] those of term k (scale 1 where it
    has 0 and 1 alone: a level rather than its reference): the data's own, computed once and then
    fixed, so the prior is on the same footing whatever the units are.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term. What is missing is estimated,
        too (`models._imputed.with_gaps`).
    outcome
        Numbers in their own unit, the same rows.
    groups
        Labels of groups, the same rows: each has an offset (`models._regression.with_groups`).
    r2
        Share of the variance that the terms together are expected to explain, against noise as
        large as the outcome's own sd: `spread` is the prior sd, over the rows, of what they
        predict, in sds of the outcome. The axes are uncorrelated directions of the terms
        (`models._regression.axes`), so the prior is the same for one term and for forty, and
        however the columns are written.
    slope_sd
        If given, beta[k] ~ Normal(0, slope_sd) in place of that, each by itself: how many sds the
        outcome differs for one sd of a term, or from 0 to 1. The more terms, the more variance that
        expects, and it holds back sums and differences of terms that go together.
    noise
        Prior mean of sigma in sds of the outcome. By the default it is as large as if nothing were
        predicted, with 95% between .12 and 2.8; the density is 0 at 0, since no prediction is
        perfect.
    between
        Prior scale of the sd between groups, in sds of the outcome.

    Sources: Gelman, Hill and Vehtari (2020), Regression and Other Stories, chapters 9 and 12;
    Zellner (1986) for the prior.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        z = with_gaps(standardised(terms), terms)
        m = pm.Data("outcome_mean", float(outcome.mean()))
        s = pm.Data("outcome_sd", float(outcome.std()))
        level = pm.Normal("level", 0, 1)
        beta = coefficients("beta", terms, r2=r2, slope_sd=slope_sd)
        tau = pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise)))
        sigma = pm.Deterministic("sigma", s * tau)
        in_own_units(level, beta, centre=m, scale=s)
        observed = pm.Data("y_data", outcome.to_numpy(dtype=float), dims="row")
        mu = with_groups(m + s * (level + z @ beta), groups, between, scale=s)
        pm.Normal("y", mu, sigma, observed=observed, dims="row")
    return model


def of_sums(
    sums: Sums, *, r2: float = 0.5, slope_sd: float | None = None, noise: float = 1.0
) -> pm.Model:
    """The same posterior from what the rows come to, whatever their number is.

    Given level, beta and sigma, rows count by the sum of their squared residuals alone, which is
    that of the few rows of a triangular matrix (`models._sums.Sums`). So a gradient costs the
    square of the number of terms and no row. Priors are those of `gaussian`; without groups and
    without gaps.

        log p(y | .) = -n * log(sigma) - n / 2 * log(2 * pi) - |left|**2 / (2 * tau**2)
        left         = root @ (level, beta, -1)
    """
    with pm.Model(coords=sums.coords) as model:
        m, s = pm.Data("outcome_mean", sums.mean), pm.Data("outcome_sd", sums.sd)
        pm.Data("centre", sums.centre, dims="term")
        pm.Data("scale", sums.scale, dims="term")
        level = pm.Normal("level", 0, 1)
        beta = along_axes("beta", sums.axes, r2=r2, slope_sd=slope_sd)
        tau = pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise)))
        sigma = pm.Deterministic("sigma", s * tau)
        in_own_units(level, beta, centre=m, scale=s)
        observed_sums(sums, level, beta, tau, sigma)
    return model
