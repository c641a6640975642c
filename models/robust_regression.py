"""Linear regression whose noise may have heavy tails: Student-t, told in the data's units."""

import pandas as pd
import pymc as pm

from models._imputed import with_gaps
from models._regression import coefficients, coordinates, in_own_units, standardised, with_groups


def student_t(
    terms: pd.DataFrame,
    outcome: pd.Series,
    groups: pd.Series | None = None,
    *,
    r2: float = 0.5,
    slope_sd: float | None = None,
    noise: float = 1.0,
    nu_mean: float = 20.0,
    between: float = 1.0,
) -> pm.Model:
    """The outcome is a weighted sum of the terms and Student-t noise.

        y[i]       ~ StudentT(nu, mu[i], scale)
        mu[i]      = m + s * (level + sum_k beta[k] * (x[i, k] - centre[k]) / term_sd[k])
        level      ~ Normal(0, 1)
        beta[k]    = spread * sum_j theta[j] * axes[j, k]
        theta[j]   ~ Normal(0, 1)
        spread     = sqrt(r2 / (1 - r2))
        scale      = s * tau
        tau        ~ Gamma(2, 2 / noise)                          mean: noise
        nu         = 2 + excess
        excess     ~ Exponential(1 / (nu_mean - 2))               mean of nu: nu_mean

        slope[k]   = s * beta[k] / term_sd[k]
        intercept  = m + s * level - sum_k slope[k] * centre[k]
        log_sd     = log(scale) + log(nu / (nu - 2)) / 2          sd of the noise = exp(.)

    m and s are mean and sd of the outcome, centre[k] and term_sd[k] those of term k (1 where it has
    0 and 1 alone: a level rather than its reference): the data's own, computed once and then fixed,
    so the prior is on the same footing whatever the units are.
    nu counts the tails: near 2 a few rows may lie anywhere, from about 30 on the noise can hardly
    be told from Gaussian. It is above 2 so that the noise has an sd; that sd is greater than
    `scale`, and stays on the log scale because its posterior mean may not exist.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term. What is missing is estimated,
        too (`models._imputed.with_gaps`).
    outcome
        Numbers in their own unit, the same rows.
    groups
        Labels of groups, the same rows: each has an offset (`models._regression.with_groups`).
    r2, slope_sd
        The prior of beta: see `models.linear_regression.gaussian`.
    noise
        Prior mean of `scale` in sds of the outcome, the same as that of a Gaussian's sigma in
        `models.linear_regression.gaussian`: by the default as large as if nothing were predicted.
    nu_mean
        Prior mean of nu, above 2. By the default tails that matter (nu < 5) have probability .15
        and tails that do not (nu > 30) .21: the prior leaves it open.
    between
        Prior scale of the sd between groups, in sds of the outcome.

    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., chapter 17; Juarez and Steel (2010) for
    a prior on nu.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        z = with_gaps(standardised(terms, scale_name="term_sd"), terms, scale_name="term_sd")
        m = pm.Data("outcome_mean", float(outcome.mean()))
        s = pm.Data("outcome_sd", float(outcome.std()))
        level = pm.Normal("level", 0, 1)
        beta = coefficients("beta", terms, r2=r2, slope_sd=slope_sd)
        tau = pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise)))
        excess = pm.Exponential("excess", 1 / (pm.Data("nu_mean", float(nu_mean)) - 2))
        nu = pm.Deterministic("nu", 2 + excess)
        scale = pm.Deterministic("scale", s * tau)
        pm.Deterministic("log_sd", pm.math.log(scale) + pm.math.log(nu / excess) / 2)
        in_own_units(level, beta, centre=m, scale=s, scale_name="term_sd")
        observed = pm.Data("y_data", outcome.to_numpy(dtype=float), dims="row")
        mu = with_groups(m + s * (level + z @ beta), groups, between, scale=s)
        pm.StudentT("y", nu=nu, mu=mu, sigma=scale, observed=observed, dims="row")
    return model
