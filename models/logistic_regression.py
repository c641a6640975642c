"""Logistic regression on standardised predictors, told as odds ratios and in the data's units."""

from functools import partial
from math import pi, sqrt

import pandas as pd
import pymc as pm

from models._counted import Counted
from models._regression import (
    along_axes,
    coefficients,
    coordinates,
    in_own_units,
    prior_root,
    standardised,
    with_groups,
)

NOISE = pi / sqrt(3)  # sd of the logistic distribution
root_of_prior = partial(prior_root, unit=NOISE)  # of the covariance of the log odds ratios


def bernoulli(
    terms: pd.DataFrame,
    outcome: pd.Series,
    groups: pd.Series | None = None,
    *,
    r2: float = 0.75,
    slope_sd: float | None = None,
    level_sd: float = 2.5,
    between: float = 1.5,
) -> pm.Model:
    """The log-odds of the event are a weighted sum of the terms.

        y[i]              ~ Bernoulli(p[i])
        logit(p[i])       = level + sum_k log_odds_ratio[k] * (x[i, k] - centre[k]) / scale[k]
        level             ~ Normal(0, level_sd)
        log_odds_ratio[k] = spread * sum_j theta[j] * axes[j, k]      odds ratio per sd = exp(.)
        theta[j]          ~ Normal(0, 1)
        spread            = (pi / sqrt(3)) * sqrt(r2 / (1 - r2))

        slope[k]          = log_odds_ratio[k] / scale[k]
        intercept         = level - sum_k slope[k] * centre[k]

    centre[k] and scale[k] are mean and sd of term k in the rows given (scale 1 where it has 0 and 1
    alone: a level rather than its reference), computed once and then fixed: the prior is on the
    same footing whatever the units are.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term.
    outcome
        0 or 1 (the event), the same rows.
    groups
        Labels of groups, the same rows: each has an offset (`models._regression.with_groups`).
    r2
        Share of the variance that the terms together are expected to explain on the scale of the
        log-odds, where the noise of a single outcome has the logistic distribution's sd, 1.81.
        `spread` is the prior sd of the log-odds over the rows, 3.1 by the default, whatever the
        number of terms (see `models.linear_regression.gaussian`): odds ratios of a term alone are
        then between 1/470 and 470 with probability .95.
    slope_sd
        If given, log_odds_ratio[k] ~ Normal(0, slope_sd) in place of that, each by itself. Every
        term then spreads the probabilities further towards 0 and 1.
    level_sd
        Prior sd of the log-odds at the average row. By the default their probability is between
        .007 and .993 with probability .95: rare events are allowed for.
    between
        Prior scale of the sd between groups, in log-odds.

    Source: Gelman, Jakulin, Pittau and Su (2008), A weakly informative default prior distribution
    for logistic and other regression models; Gelman, Hill and Vehtari (2020), chapters 13 and 14.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        level_scale = pm.Data("level_sd", float(level_sd))
        z = standardised(terms)
        level = pm.Normal("level", 0, level_scale)
        beta = coefficients("log_odds_ratio", terms, r2=r2, slope_sd=slope_sd, unit=NOISE)
        in_own_units(level, beta)
        observed = pm.Data("y_data", outcome.to_numpy(), dims="row")
        eta = with_groups(level + z @ beta, groups, between)
        pm.Bernoulli("y", logit_p=eta, observed=observed, dims="row")
    return model


def of_counts(
    rows: Counted, *, r2: float = 0.75, slope_sd: float | None = None, level_sd: float = 2.5
) -> pm.Model:
    """The same posterior from rows that are counted, where many are equal in all terms.

    Given the coefficients, equal rows have the same probability, and count by how many they are and
    how many of them have the event. So a gradient costs the kinds of rows, however many rows there
    are. Priors are those of `bernoulli`; without groups.

        log p(y | .)  = sum_j events[j] * eta[j] - trials[j] * log(1 + exp(eta[j]))
        eta[j]        = level + sum_k log_odds_ratio[k] * (x[j, k] - centre[k]) / scale[k]
    """
    with pm.Model(coords=rows.coords) as model:
        level_scale = pm.Data("level_sd", float(level_sd))
        x = pm.Data("kinds", rows.x, dims=("kind", "term"))
        centre = pm.Data("centre", rows.centre, dims="term")
        scale = pm.Data("scale", rows.scale, dims="term")
        level = pm.Normal("level", 0, level_scale)
        name, along = "log_odds_ratio", rows.axes
        beta = along_axes(name, along, r2=r2, slope_sd=slope_sd, unit=NOISE)
        in_own_units(level, beta)
        eta = level + ((x - centre) / scale) @ beta
        events = pm.Data("events", rows.events, dims="kind")
        trials = pm.Data("trials", rows.trials, dims="kind")
        pm.Potential("y", (events * eta - trials * pm.math.log1pexp(eta)).sum())
    return model
