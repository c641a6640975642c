"""Negative binomial regression of counts, with its rivals, told in the data's units."""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
from pytensor.tensor.variable import TensorVariable

from models._imputed import with_gaps
from models._regression import coefficients, coordinates, in_own_units, standardised, with_groups

MOST = 25.0  # of the logarithm of a rate above the mean one: a larger count cannot be simulated


def negative_binomial(
    terms: pd.DataFrame,
    outcome: pd.Series,
    exposure: pd.Series,
    groups: pd.Series | None = None,
    *,
    r2: float = 0.5,
    slope_sd: float | None = None,
    level_sd: float = 1.0,
    scatter: float = 1.0,
    between: float = 1.0,
) -> pm.Model:
    """Counts per unit of exposure are multiplied by the terms, and scatter more than Poisson.

        y[i]       ~ NegativeBinomial(mu[i], dispersion)  variance: mu + dispersion mu^2
        log(mu[i]) = log(exposure[i]) + m + level
                     + sum_k beta[k] * (x[i, k] - centre[k]) / scale[k]
        level      ~ Normal(0, level_sd)
        beta[k]    = spread * sum_j theta[j] * axes[j, k]
        theta[j]   ~ Normal(0, 1)
        spread     = sqrt(r2 / (1 - r2))
        cv         ~ HalfNormal(scatter)
        dispersion = cv ** 2

        slope[k]   = beta[k] / scale[k]
        intercept  = m + level - sum_k slope[k] * centre[k]

    exp(slope[k]) is the factor by which the expected count rises for one unit more of term k. m is
    the logarithm of the mean count per unit of exposure. A negative binomial count is a Poisson
    count whose rate differs between rows of the same terms; cv is the coefficient of variation of
    these rates, and 0 is Poisson.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term. What is missing is estimated,
        too (`models._imputed.with_gaps`).
    outcome
        Counts: whole numbers from 0 on, the same rows.
    exposure
        How long, or over how much, each row was counted, above 0; 1 in every row for none.
    groups
        Labels of groups, the same rows: each has an offset (`models._regression.with_groups`).
    r2, slope_sd
        The prior of beta: see `models.linear_regression.gaussian`. By the default `spread`, the
        prior sd of log rates over the rows, is 1: rows may well differ by a factor of 2.7 from the
        average, and rarely (.05) by more than 7.
    level_sd
        Prior sd of the log rate at the average row, about m.
    scatter
        Of cv. By the default rows of the same terms differ by less than a factor of two, up or
        down, or by much more, with a median cv of .67.
    between
        Prior scale of the sd of log rates between groups.

    Source: Gelman, Hill and Vehtari (2020), Regression and Other Stories, chapter 15; Hilbe (2011),
    Negative Binomial Regression, for its form with a variance of mu + dispersion * mu^2.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        prior = {"r2": r2, "slope_sd": slope_sd, "between": between}
        _, mu, observed = _expected(terms, outcome, exposure, groups, level_sd, **prior)
        size = _size(scatter)
        pm.NegativeBinomial("y", mu=mu, alpha=size, observed=observed, dims="row")
    return model


def poisson(
    terms: pd.DataFrame,
    outcome: pd.Series,
    exposure: pd.Series,
    groups: pd.Series | None = None,
    *,
    level_sd: float = 1.0,
    **prior: float | None,
) -> pm.Model:
    """The same with a variance equal to the mean: `negative_binomial` with a dispersion of 0."""
    with pm.Model(coords=coordinates(terms)) as model:
        _, mu, observed = _expected(terms, outcome, exposure, groups, level_sd, **prior)
        pm.Poisson("y", mu, observed=observed, dims="row")
    return model


def zero_inflated(
    terms: pd.DataFrame,
    outcome: pd.Series,
    exposure: pd.Series,
    groups: pd.Series | None = None,
    *,
    level_sd: float = 1.0,
    scatter: float = 1.0,
    **prior: float | None,
) -> pm.Model:
    """The same with further zeros: rows that would have none, however long one counted.

        logit(zero[i]) = zero_level + sum_k zero_beta[k] * (x[i, k] - centre[k]) / scale[k]
        zero_level     ~ Normal(-2, 1.5)
        zero_share     = (sum_i zero[i]) / n

    zero[i] is the probability that row i is such a one, and zero_beta has the prior of beta. Before
    the data 1 row of 8 is such a one, by the median, and terms may tell which ones.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        z, mu, observed = _expected(terms, outcome, exposure, groups, level_sd, **prior)
        size = _size(scatter)
        level = pm.Normal("zero_level", -2, 1.5)
        if "slope_sd" in prior and prior["slope_sd"] is not None:
            beta = pm.Normal("zero_beta", 0, model["slope_sd"], dims="term")
        else:
            theta = pm.Normal("zero_theta", 0, 1, dims="direction")
            spread = pm.math.sqrt(model["r2"] / (1 - model["r2"]))
            beta = pm.Deterministic("zero_beta", spread * (theta @ model["axes"]), dims="term")
        zero = pm.math.invlogit(level + z @ beta)
        pm.Deterministic("zero_share", zero.mean())
        slope = pm.Deterministic("zero_slope", beta / model["scale"], dims="term")
        pm.Deterministic("zero_intercept", level - pm.math.sum(model["centre"] * slope))
        more = {"psi": 1 - zero, "mu": mu, "alpha": size}
        pm.ZeroInflatedNegativeBinomial("y", **more, observed=observed, dims="row")
    return model


def _expected(
    terms: pd.DataFrame,
    outcome: pd.Series,
    exposure: pd.Series,
    groups: pd.Series | None,
    level_sd: float,
    *,
    r2: float | None = 0.5,
    slope_sd: float | None = None,
    between: float | None = 1.0,
) -> tuple[TensorVariable, TensorVariable, Any]:
    """Add what the three have in common; return terms (z), expected counts, and the counts."""
    z = with_gaps(standardised(terms), terms)
    m = pm.Data("log_mean", float(np.log(outcome.sum() / exposure.sum())))
    level = pm.Normal("level", 0, pm.Data("level_sd", float(level_sd)))
    beta = coefficients("beta", terms, r2=0.5 if r2 is None else r2, slope_sd=slope_sd)
    in_own_units(level, beta, centre=m)
    over = pm.Data("exposure", exposure.to_numpy(dtype=float), dims="row")
    observed = pm.Data("y_data", outcome.to_numpy(dtype=np.int64), dims="row")
    eta = with_groups(level + z @ beta, groups, 1.0 if between is None else between)
    rate = pm.math.exp(m + pm.math.minimum(eta, MOST))
    return z, over * rate, observed


def _size(scatter: float) -> TensorVariable:
    """Add cv and dispersion; return what PyMC calls alpha, which is 1 / dispersion."""
    cv = pm.HalfNormal("cv", pm.Data("scatter", float(scatter)))
    return 1 / pm.Deterministic("dispersion", cv**2)
