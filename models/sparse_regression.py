"""Linear regression of many terms, few of which matter: Laplace prior, and horseshoe as rival."""

from math import sqrt

import pandas as pd
import pymc as pm
from pytensor.tensor.variable import TensorVariable

from models._regression import coordinates, in_own_units, standardised
from models._sums import Sums, observed_sums


def laplace(
    terms: pd.DataFrame, outcome: pd.Series, *, r2: float = 0.5, noise: float = 1.0
) -> pm.Model:
    """The outcome is a weighted sum of terms, most of whose weights may be small.

        y[i]      ~ Normal(mu[i], sigma)
        mu[i]     = m + s * (level + sum_k beta[k] * (x[i, k] - centre[k]) / scale[k])
        level     ~ Normal(0, 1)
        beta[k]   = width * theta[k]
        theta[k]  ~ Laplace(0, 1)
        width     = spread * free / sqrt(2 * K)
        free      ~ HalfNormal(1)
        spread    = sqrt(r2 / (1 - r2))
        sigma     = s * tau
        tau       ~ Gamma(2, 2 / noise)                          mean: noise

        slope[k]  = s * beta[k] / scale[k]
        intercept = m + s * level - sum_k slope[k] * centre[k]

    m and s are mean and sd of the outcome, centre[k] and scale[k] those of term k (scale 1 where it
    has 0 and 1 alone), K the number of terms: the data's own, computed once and then fixed. Given
    sigma and width the mode is the lasso on standardised terms, the minimum of |y - mu|^2 / (2 n) +
    alpha s |beta|_1 with alpha = sigma^2 / (n s width), whose penalty is so learned with the rest.
    Unlike the mode, draws have no coefficient at 0.

    Parameters
    ----------
    terms
        One column a coefficient, in its own units. Dims: row, term.
    outcome
        Numbers in their own unit, the same rows.
    r2
        Share of the variance that all terms together are expected to explain, if they go each its
        own way, against noise as large as the outcome's own sd. `free` leaves it to the data: from
        none (95%: .03) to five times the variance that r2 says.
    noise
        Prior mean of sigma in sds of the outcome, as in `models.linear_regression.gaussian`.

    Sources: Tibshirani (1996), Regression shrinkage and selection via the lasso; Park and Casella
    (2008), The Bayesian lasso.
    """
    with pm.Model(coords=coordinates(terms)) as model:
        z = standardised(terms)
        beta = _small(terms.shape[1], r2)
        _observed(outcome, z, beta, pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise))))
    return model


def laplace_of_sums(sums: Sums, *, r2: float = 0.5, noise: float = 1.0) -> pm.Model:
    """The same posterior from what the rows come to (see `models.linear_regression.of_sums`)."""
    with pm.Model(coords=sums.coords) as model:
        beta = _small(len(sums.scale), r2)
        _summed(sums, beta, pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise))))
    return model


def horseshoe(
    terms: pd.DataFrame,
    outcome: pd.Series,
    *,
    relevant: float = 5.0,
    slab: float = 1.0,
    noise: float = 1.0,
) -> pm.Model:
    """The same regression under a regularised horseshoe: terms are free, or held near 0.

        beta[k]  = reach[k] * theta[k]
        theta[k] ~ Normal(0, 1)
        reach[k] = slab * width[k] / sqrt(slab**2 + width[k]**2)
        width[k] = common * sqrt((1 - kappa[k]) / kappa[k])
        kappa[k] ~ Beta(1/2, 1/2)
        common   = narrow * sqrt((1 - rho) / rho)
        rho      ~ Beta(1/2, 1/2)
        narrow   = tau * relevant / (K - relevant) / sqrt(n)

    Everything else is that of `laplace`; n is the number of rows. sqrt((1 - kappa) / kappa) is
    half-Cauchy: the density of kappa, high at 0 (the term is free) and at 1 (it is held at 0), gave
    the horseshoe its name. Kept are kappa and rho, since the scales have no mean.

    Parameters
    ----------
    relevant
        How many terms are expected to matter: above 0, below K.
    slab
        The prior of a free coefficient is Normal(0, slab): in sds of the outcome, for one step.

    Sources: Carvalho, Polson and Scott (2010), The horseshoe estimator for sparse signals; Piironen
    and Vehtari (2017), Sparsity information and regularization in the horseshoe and other shrinkage
    priors.
    """
    n, k = terms.shape
    with pm.Model(coords=coordinates(terms)) as model:
        z = standardised(terms)
        beta, tau = _free_or_held(n, k, relevant, slab, noise)
        _observed(outcome, z, beta, tau)
    return model


def horseshoe_of_sums(
    sums: Sums, *, relevant: float = 5.0, slab: float = 1.0, noise: float = 1.0
) -> pm.Model:
    """The posterior of `horseshoe` from what the rows come to."""
    with pm.Model(coords=sums.coords) as model:
        _summed(sums, *_free_or_held(sums.rows, len(sums.scale), relevant, slab, noise))
    return model


def _small(k: int, r2: float) -> TensorVariable:
    """Add the coefficients of so many terms under the Laplace prior, whose width is learned."""
    share = pm.Data("r2", float(r2))
    free = pm.HalfNormal("free", 1)
    theta = pm.Laplace("theta", 0, 1, dims="term")
    spread = pm.math.sqrt(share / (1 - share))
    width = pm.Deterministic("width", spread * free / sqrt(2 * k))
    return pm.Deterministic("beta", width * theta, dims="term")


def _free_or_held(
    n: int, k: int, relevant: float, slab: float, noise: float
) -> tuple[TensorVariable, TensorVariable]:
    """Add the coefficients of k terms under the horseshoe, for n rows; return them, and tau."""
    expected = pm.Data("relevant", float(relevant))
    odds = expected / (k - expected)
    wide = pm.Data("slab", float(slab))
    tau = pm.Gamma("tau", 2, 2 / pm.Data("noise", float(noise)))
    rho = pm.Beta("rho", 0.5, 0.5)
    kappa = pm.Beta("kappa", 0.5, 0.5, dims="term")
    theta = pm.Normal("theta", 0, 1, dims="term")
    common = tau * odds / sqrt(n) * pm.math.sqrt((1 - rho) / rho)
    width = common * pm.math.sqrt((1 - kappa) / kappa)
    reach = wide * width / pm.math.sqrt(wide**2 + width**2)
    return pm.Deterministic("beta", reach * theta, dims="term"), tau


def _observed(
    outcome: pd.Series, z: TensorVariable, beta: TensorVariable, tau: TensorVariable
) -> None:
    """Add level, own units and the outcome to the model of the context."""
    m = pm.Data("outcome_mean", float(outcome.mean()))
    s = pm.Data("outcome_sd", float(outcome.std()))
    level = pm.Normal("level", 0, 1)
    sigma = pm.Deterministic("sigma", s * tau)
    in_own_units(level, beta, centre=m, scale=s)
    observed = pm.Data("y_data", outcome.to_numpy(dtype=float), dims="row")
    pm.Normal("y", m + s * (level + z @ beta), sigma, observed=observed, dims="row")


def _summed(sums: Sums, beta: TensorVariable, tau: TensorVariable) -> None:
    """Add the same where rows are known by what they come to."""
    m, s = pm.Data("outcome_mean", sums.mean), pm.Data("outcome_sd", sums.sd)
    pm.Data("centre", sums.centre, dims="term")
    pm.Data("scale", sums.scale, dims="term")
    level = pm.Normal("level", 0, 1)
    sigma = pm.Deterministic("sigma", s * tau)
    in_own_units(level, beta, centre=m, scale=s)
    observed_sums(sums, level, beta, tau, sigma)
