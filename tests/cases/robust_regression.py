"""The Student-t regression: importance sampling of its density, which is written by hand."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats
from scipy.special import log_ndtr

from data.robust_regression import load
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood, without_jacobian
from tests.conftest import SEED
from tests.contract import compiled, fitted, model_of
from tests.importance import Sample, importance_sample, moments
from tests.regression import (
    assert_the_prior_scales_with_the_data,
    axes_by_hand,
    mean_of,
    own_units,
    scales,
)
from workflow.quantities import summarise
from workflow.sampling.fit import refit

student_t = model_of("robust_regression")
FOUND = load()
SCALES = scales(FOUND.terms, FOUND.outcome)
Z = SCALES.z(FOUND.terms)
AXES = axes_by_hand(Z)
# Where the prior insists on heavy tails, weights of rows matter and slopes move.
PRIORS = [{"r2": 0.8, "noise": 0.5, "nu_mean": 3.0}]
DRAWS = 20_000  # of fewer, that hardly visit the tail of log_sd, its sd and error come out small


def shipped(**knobs: float) -> pm.Model:
    return student_t(FOUND.terms, FOUND.outcome, **knobs)


def predicted(posterior: xr.Dataset, terms: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    return {"mean": mean_of(posterior, terms)}


def small(**knobs: float) -> pm.Model:
    """8 rows for 4 coefficients."""
    return student_t(*few_rows(FOUND.terms, FOUND.outcome), **knobs)


def log_density(
    level: Any,
    theta: Any,
    tau: Any,
    excess: Any,
    *,
    r2: float = 0.5,
    noise: float = 1,
    nu_mean: float = 20,
) -> Any:
    """Parameters may have draws as their first dim; so has then what is returned."""
    beta = np.sqrt(r2 / (1 - r2)) * theta @ AXES
    mu = SCALES.m + SCALES.s * (np.asarray(level)[..., None] + beta @ Z.T)
    nu, scale = 2 + np.asarray(excess)[..., None], SCALES.s * np.asarray(tau)[..., None]
    return (
        stats.t.logpdf(FOUND.outcome.to_numpy(), nu, mu, scale).sum(axis=-1)
        + stats.norm.logpdf(level)
        + stats.norm.logpdf(theta).sum(axis=-1)
        + stats.gamma.logpdf(tau, 2, scale=noise / 2)
        + stats.expon.logpdf(excess, scale=nu_mean - 2)
    )


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Importance sampling of the posterior density written by hand (tests/importance.py).

    Parameters: (level, theta) as deviations from least squares in units of tau, log tau, and u, of
    which excess is a function such that its exponential prior is a standard normal of u. Proposal:
    multivariate t (4 degrees of freedom) with the mean of weighted pilot draws around the mode and
    1.3 times their sds (for the corner of small tau and nu), rounded; 5 seeds of 100,000 draws.
    Mean, sd and their standard errors by the delta method; Pareto k-hat of the weights, and of
    weights times quantities and squared deviations, below .5 (tests/cases/test_reference.py).
    """
    drawn, quantities = weighted(**knobs)
    return {name: moments(drawn, values) for name, values in quantities.items()}


@cache
def weighted(
    *, r2: float = 0.5, noise: float = 1, nu_mean: float = 20
) -> tuple[Sample, dict[str, np.ndarray]]:
    """Return weighted draws, and every quantity of the tree computed from them."""
    mix = np.sqrt(r2 / (1 - r2)) * AXES
    design = np.column_stack([np.ones(len(Z)), Z @ mix.T])
    y = (FOUND.outcome.to_numpy() - SCALES.m) / SCALES.s
    least_squares = np.linalg.lstsq(design, y, rcond=None)[0]

    def parameters(theta: np.ndarray) -> tuple[np.ndarray, ...]:
        tau = np.exp(np.clip(theta[:, -2], -100, 100))
        u = np.clip(theta[:, -1], -30, 30)  # beyond, the weight is 0
        b = least_squares + tau[:, None] * theta[:, :-2]
        return b[:, 0], b[:, 1:], tau, -(nu_mean - 2) * log_ndtr(-u)

    def density(theta: np.ndarray) -> np.ndarray:
        level, b, tau, excess = parameters(theta)
        found = log_density(level, b, tau, excess, r2=r2, noise=noise, nu_mean=nu_mean)
        u = np.clip(theta[:, -1], -30, 30)  # excess = -(nu_mean - 2) log(1 - Phi(u))
        jacobian = stats.norm.logpdf(theta[:, -1]) - log_ndtr(-u)
        return np.asarray(found + jacobian + (1 + design.shape[1]) * np.log(tau))

    start = np.r_[np.zeros(design.shape[1]), -1.0, 0.0]
    drawn = importance_sample(density, start, df=4, wider=1.3)
    level, b, tau, excess = parameters(drawn.x)
    beta = b @ mix
    return drawn, {
        "level": level,
        **{f"beta[{name}]": beta[:, k] for k, name in enumerate(FOUND.terms)},
        **own_units(SCALES, FOUND.terms, level, beta),
        "tau": tau,
        "scale": SCALES.s * tau,
        "excess": excess,
        "nu": 2 + excess,
        "log_sd": np.log(SCALES.s * tau) + np.log1p(2 / excess) / 2,
    }


def wide_prior() -> Mutant:
    return replaced("prior sd of predictions 2 sds of the outcome instead of 1", r2=0.8)


def wrong_likelihood() -> Mutant:
    told = "noise in the likelihood twice as wide as the parameter says"
    return Mutant(told, with_likelihood(small(), "y", lambda nu, mu, scale: (nu, mu, 2 * scale)))


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of tau", without_jacobian(small(), "tau"))


def test_the_prior_scales_with_the_data() -> None:
    tails = {"tau_log__": -0.3, "excess_log__": 1.1}
    point = {"level": 0.2, "theta": np.array([0.5, -0.1])} | tails
    assert_the_prior_scales_with_the_data(student_t, point)


def test_least_squares_where_neither_tails_nor_prior_matter() -> None:
    """Published: .716, 1.295, -.152, intercept -39.92."""
    knobs = {"r2": 0.9999, "noise": 1, "nu_mean": 1e7}
    model = compiled("robust_regression")
    tree = refit(model, knobs, draws=4000, tune=1000, chains=4, seed=SEED)
    found = summarise(tree["posterior"].to_dataset())
    published = dict(zip(FOUND.terms, (0.716, 1.295, -0.152), strict=True))
    for name, value in published.items():
        q = found[f"slope[{name}]"]
        assert q.mean == pytest.approx(value, abs=4 * (q.mcse_mean or 0) + 5e-4), name
    q = found["intercept"]
    assert q.mean == pytest.approx(-39.92, abs=4 * (q.mcse_mean or 0) + 5e-3)


def test_scale_and_sd_are_told_apart() -> None:
    """sd = scale * sqrt(nu / (nu - 2)), which is scipy's sd of a t."""
    posterior = fitted("robust_regression")["posterior"].to_dataset().isel(chain=0, draw=slice(100))
    sd = stats.t(posterior["nu"], scale=posterior["scale"]).std()
    assert np.exp(posterior["log_sd"].to_numpy()) == pytest.approx(sd, rel=1e-9)
    assert bool((posterior["nu"] > 2).all())


def test_the_prior_of_nu_is_what_its_docstring_says() -> None:
    excess = stats.expon(scale=18)
    assert excess.cdf(5 - 2) == pytest.approx(0.15, abs=0.005)
    assert excess.sf(30 - 2) == pytest.approx(0.21, abs=0.005)
