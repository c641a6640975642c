"""The horseshoe is the density written by hand, and its terms are free or held near 0."""

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import stats
from scipy.special import expit, log_expit, logit

from data.sparse_regression import MEASURED, load
from models.sparse_regression import horseshoe
from tests.regression import scales

FOUND = load()
TERMS, Y = FOUND.terms[[*MEASURED]].head(30), FOUND.outcome.head(30)
RELEVANT, SLAB, NOISE = 3.0, 0.7, 1.5


@pytest.fixture(scope="module")
def model() -> pm.Model:
    return horseshoe(TERMS, Y, relevant=RELEVANT, slab=SLAB, noise=NOISE)


def coefficients(tau: float, rho: float, kappa: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """With half-Cauchy scales, as Piironen and Vehtari (2017) write it: section 2.3."""
    tau_0 = RELEVANT / (len(theta) - RELEVANT) * tau / np.sqrt(len(Y))
    wide, own = tau_0 * np.sqrt(1 / rho - 1), np.sqrt(1 / kappa - 1)
    tilde = SLAB**2 * own**2 / (SLAB**2 + wide**2 * own**2)
    return wide * np.sqrt(tilde) * theta


def test_density_is_that_written_by_hand(model: pm.Model) -> None:
    """But for a constant: PyMC has that of Beta(1/2, 1/2), log pi, in single precision (3e-8)."""
    frozen, density = scales(TERMS, Y), model.compile_logp()
    off = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        u, log_tau, level = rng.normal(size=11), rng.normal(), rng.normal()
        theta, (rho, *kappa) = rng.normal(size=10), expit(u)
        tau, kappa = np.exp(log_tau), np.array(kappa)
        beta = coefficients(tau, rho, kappa, theta)
        mu = frozen.m + frozen.s * (level + frozen.z(TERMS) @ beta)
        by_hand = (
            stats.norm(mu, frozen.s * tau).logpdf(Y).sum()
            + stats.norm.logpdf(level)
            + stats.norm.logpdf(theta).sum()
            + stats.beta(0.5, 0.5).logpdf(expit(u)).sum()
            + stats.gamma(2, scale=NOISE / 2).logpdf(tau)
            + (log_expit(u) + log_expit(-u)).sum()
            + log_tau
        )
        point = {"tau_log__": log_tau, "rho_logodds__": logit(rho), "level": level}
        point |= {"kappa_logodds__": u[1:], "theta": theta}
        off.append(float(density(point)) - by_hand)
    assert off == pytest.approx([0] * 5, abs=11 * 4e-8)
    assert np.ptp(off) < 1e-9


def test_the_scales_are_half_cauchy() -> None:
    """sqrt((1 - kappa) / kappa) for kappa ~ Beta(1/2, 1/2): the same distribution function."""
    kappa = np.linspace(0.001, 0.999, 50)
    scale = np.sqrt((1 - kappa) / kappa)
    assert stats.halfcauchy.sf(scale) == pytest.approx(stats.beta(0.5, 0.5).cdf(kappa))


def test_so_many_terms_are_free_as_are_expected() -> None:
    """The sum of 1 / (1 + n scale^2 / tau^2), given the global scale: section 3.1.

    For n = 30 the shares that are kept are 1 / (1 + 1 / a) on average with a the global scale in
    units of tau / sqrt(n); at `narrow` they add up to `relevant`.
    """
    k, a = 10, RELEVANT / (10 - RELEVANT)
    own = stats.halfcauchy.ppf((np.arange(100_000) + 0.5) / 100_000)
    kept = (a * own) ** 2 / (1 + (a * own) ** 2)
    assert k * kept.mean() == pytest.approx(RELEVANT, rel=1e-3)


def test_prior_draws_are_mostly_near_zero_and_some_free(model: pm.Model) -> None:
    with model:
        drawn = pm.sample_prior_predictive(2000, random_seed=1)
    size = pd.Series(np.abs(drawn["prior"]["beta"].to_numpy()).ravel())
    assert size.median() < 0.1
    assert (size > 0.3).mean() > 0.03
    assert size.max() < 6 * SLAB
