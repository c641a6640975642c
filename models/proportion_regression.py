"""Beta regression of shares, on standardised predictors, told as shares and in the data's units."""

import numpy as np
import pandas as pd
import pymc as pm

from models._imputed import with_gaps
from models._regression import coefficients, coordinates, in_own_units, standardised, with_groups


def beta_shares(
    terms: pd.DataFrame,
    outcome: pd.Series,
    groups: pd.Series | None = None,
    *,
    r2: float = 0.5,
    slope_sd: float | None = None,
    noise: float = 1.0,
    between: float = 1.0,
) -> pm.Model:
    """The logit of the expected share is a weighted sum of the terms, the noise a Beta's.

        y[i]         ~ Beta(mu[i] * precision, (1 - mu[i]) * precision)
        logit(mu[i]) = m + s * (level + sum_k beta[k] * (x[i, k] - centre[k]) / scale[k])
        level        ~ Normal(0, 1)
        beta[k]      = spread * sum_j theta[j] * axes[j, k]
        theta[j]     ~ Normal(0, 1)
        spread       = sqrt(r2 / (1 - r2))
        precision    = whole / tau ** 2
        tau          ~ Gamma(2, 2 / noise)                          mean: noise

        slope[k]     = s * beta[k] / scale[k]
        intercept    = m + s * level - sum_k slope[k] * centre[k]

    The expected share is mu[i], and its variance mu[i] * (1 - mu[i]) / (1 + precision): narrower
    near 0 and 1. m and s are mean and sd of logit(y), centre[k] and scale[k] mean and sd of term k
    (scale 1 where it has 0 and 1 alone: a level rather than its reference), and whole is the
    precision of one Beta distribution with the outcome's own mean a and sd d, a (1 - a) / d^2 - 1:
    the data's own, computed once and then fixed, so the prior is on the same footing whether shares
    are near .01 or .5.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term. What is missing is estimated,
        too (`models._imputed.with_gaps`).
    outcome
        Shares between 0 and 1, without these, the same rows.
    groups
        Labels of groups, the same rows: each has an offset (`models._regression.with_groups`).
    r2, slope_sd
        The prior of beta, in sds of logit(y): see `models.linear_regression.gaussian`.
    noise
        Prior mean of tau, the noise in units of the outcome's own spread: tau is 1 where the noise
        is as large as if nothing were predicted. By the default it is between .12 and 2.8 with
        probability .95, so the precision between an eighth of `whole` and 70 times that; the
        density of tau is 0 at 0, since no prediction is perfect.
    between
        Prior scale of the sd between groups, in sds of logit(y).

    Source: Ferrari and Cribari-Neto (2004), Beta regression for modelling rates and proportions;
    Smithson and Verkuilen (2006).
    """
    logits, share = np.log(outcome / (1 - outcome)), float(outcome.mean())
    with pm.Model(coords=coordinates(terms)) as model:
        z = with_gaps(standardised(terms), terms)
        m = pm.Data("outcome_mean", float(logits.mean()))
        s = pm.Data("outcome_sd", float(logits.std()))
        whole = pm.Data("whole", share * (1 - share) / float(outcome.var()) - 1)
        level = pm.Normal("level", 0, 1)
        beta = coefficients("beta", terms, r2=r2, slope_sd=slope_sd)
        tau = pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise)))
        precision = pm.Deterministic("precision", whole / tau**2)
        in_own_units(level, beta, centre=m, scale=s)
        eta = with_groups(m + s * (level + z @ beta), groups, between, scale=s)
        # 1 - mu as a function of its own: near 1 it would be rounded to 0.
        a, b = precision * pm.math.sigmoid(eta), precision * pm.math.sigmoid(-eta)
        observed = pm.Data("y_data", outcome.to_numpy(dtype=float), dims="row")
        pm.Beta("y", a, b, observed=observed, dims="row")
    return model
