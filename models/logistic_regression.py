"""Logistic regression on standardised predictors, told as odds ratios and in the data's units."""

import pandas as pd
import pymc as pm

from models._regression import coordinates, in_own_units, standardised


def bernoulli(
    terms: pd.DataFrame, outcome: pd.Series, *, slope_sd: float = 1.5, level_sd: float = 2.5
) -> pm.Model:
    """The log-odds of the event are a weighted sum of the terms.

        y[i]              ~ Bernoulli(p[i])
        logit(p[i])       = level + sum_k log_odds_ratio[k] * (x[i, k] - centre[k]) / scale[k]
        level             ~ Normal(0, level_sd)
        log_odds_ratio[k] ~ Normal(0, slope_sd)                  odds ratio per sd = exp(.)

        slope[k]          = log_odds_ratio[k] / scale[k]
        intercept         = level - sum_k slope[k] * centre[k]

    centre[k] and scale[k] are mean and sd of term k in the rows given, computed once and then
    fixed: the prior is on the same footing whatever the units are.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term.
    outcome
        0 or 1 (the event), the same rows.
    slope_sd
        Prior sd of a log odds ratio for one sd of a term. By the default an odds ratio is between
        1/19 and 19 with probability .95. Every term spreads the probabilities further towards 0 and
        1: for ten, with the default, nearly 9 of 10 outcomes can be foreseen, as an expert would
        hope; with 5 the prior is sure (below .01 or above .99) of seven rows in ten.
    level_sd
        Prior sd of the log-odds at the average row. By the default their probability is between
        .007 and .993 with probability .95: rare events are allowed for.

    Source: Gelman, Jakulin, Pittau and Su (2008), A weakly informative default prior distribution
    for logistic and other regression models; Gelman, Hill and Vehtari (2020), chapters 13 and 14.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        slope_scale = pm.Data("slope_sd", float(slope_sd))
        level_scale = pm.Data("level_sd", float(level_sd))
        z = standardised(terms)
        level = pm.Normal("level", 0, level_scale)
        beta = pm.Normal("log_odds_ratio", 0, slope_scale, dims="term")
        in_own_units(level, beta)
        observed = pm.Data("y_data", outcome.to_numpy(), dims="row")
        pm.Bernoulli("y", logit_p=level + z @ beta, observed=observed, dims="row")
    return model
