"""Ordinal regression (cumulative logit, proportional odds) on standardised predictors."""

from collections.abc import Sequence
from functools import partial
from math import pi, sqrt

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from pytensor.tensor.variable import TensorVariable

from models._imputed import with_gaps
from models._regression import coefficients, coordinates, prior_root, standardised, with_groups

NOISE = pi / sqrt(3)  # sd of the logistic distribution
root_of_prior = partial(prior_root, unit=NOISE)  # of the covariance of beta


def cumulative(
    terms: pd.DataFrame,
    outcome: pd.Series,
    ratings: Sequence[str],
    groups: pd.Series | None = None,
    *,
    r2: float = 0.5,
    slope_sd: float | None = None,
    concentration: float = 1.0,
    between: float = 1.5,
) -> pm.Model:
    """The log-odds of a rating of j or less are a cut less a weighted sum of the terms.

        y[i]           ~ Categorical(p[i])
        p[i, j]        = q[i, j] - q[i, j - 1]                        of rating j
        logit(q[i, j]) = level[j] - eta[i]                            of rating j or a lower one
        eta[i]         = sum_k beta[k] * (x[i, k] - centre[k]) / scale[k]
        level[j]       = logit(sum_h share[h])                        h from 1 to j
        share          ~ Dirichlet(concentration)                     the same for each rating
        beta[k]        = spread * sum_j theta[j] * axes[j, k]
        theta[j]       ~ Normal(0, 1)
        spread         = (pi / sqrt(3)) * sqrt(r2 / (1 - r2))

        slope[k]       = beta[k] / scale[k]
        cut[j]         = level[j] + sum_k slope[k] * centre[k]

    So logit(P(y <= j)) = cut[j] - sum_k slope[k] * x[k]: a term with a positive slope goes with
    higher ratings, and by the same odds ratio at every cut (proportional odds). share[j] is the
    probability of rating j at the average row: the cuts are in order because shares add up, and
    their prior is proper. As a density of the levels it is the Dirichlet's times the Jacobian, the
    product over j of P_j (1 - P_j), where P_j = share[1] + ... + share[j].

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term. What is missing is estimated,
        too (`models._imputed.with_gaps`).
    outcome
        Codes of the ratings, 0 for the lowest, the same rows.
    ratings
        What they are called, the lowest first; ratings without a row are allowed.
    groups
        Labels of groups, the same rows: each has an offset (`models._regression.with_groups`).
    r2
        Share of the variance that the terms together are expected to explain on the scale of eta,
        where the noise of a single rating has the logistic distribution's sd, 1.81; `spread` is the
        prior sd of eta over the rows, 1.81 by the default, whatever the number of terms (see
        `models.linear_regression.gaussian`).
    slope_sd
        If given, beta[k] ~ Normal(0, slope_sd) in place of that, each by itself.
    concentration
        Of the Dirichlet prior of the shares at the average row: 1 holds all shares that add up to 1
        for equally probable, as so many ratings of each kind less one would; above 1 the shares are
        drawn together, below 1 a few ratings are expected to have most rows.
    between
        Prior scale of the sd of eta between groups, in log-odds.

    Sources: McCullagh (1980), Regression models for ordinal data; Agresti (2010), Analysis of
    Ordinal Categorical Data; Zellner (1986) for the prior of the slopes.
    """
    names = list(map(str, ratings))
    coords = coordinates(terms) | {"rating": names, "boundary": list(range(1, len(names)))}
    with pm.Model(coords=coords) as model:
        weight = pm.Data("concentration", float(concentration))
        share = pm.Dirichlet("share", weight * np.ones(len(names)), dims="rating")
        below = pm.math.cumsum(share)[:-1]
        above = pm.math.cumsum(share[::-1])[::-1][1:]  # 1 - below, without loss of digits
        level = pm.math.log(below) - pm.math.log(above)
        z = with_gaps(standardised(terms), terms)
        beta = coefficients("beta", terms, r2=r2, slope_sd=slope_sd, unit=NOISE)
        slope = pm.Deterministic("slope", beta / model["scale"], dims="term")
        pm.Deterministic("cut", level + pm.math.sum(model["centre"] * slope), dims="boundary")
        observed = pm.Data("y_data", outcome.to_numpy(), dims="row")
        eta = with_groups(z @ beta, groups, between)
        pm.Categorical("y", _probabilities(level, eta), observed=observed, dims="row")
    return model


def _probabilities(level: TensorVariable, eta: TensorVariable) -> TensorVariable:
    """Return the probability of each rating; dims: row, rating.

    The difference of two logistic functions, s(b) - s(a) = s(b) s(-a) (1 - exp(a - b)), written as
    the product, which keeps its digits where both are near 1.
    """
    below = pm.math.sigmoid(level - eta[:, None])
    above = pm.math.sigmoid(eta[:, None] - level)
    between = below[:, 1:] * above[:, :-1] * -pt.expm1(level[:-1] - level[1:])
    return pt.concatenate([below[:, :1], between, above[:, -1:]], axis=1)
