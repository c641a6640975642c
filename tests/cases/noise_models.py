"""Huber's noise: importance sampling of its density, by hand; and that a loss is its noise."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats
from scipy.integrate import quad

from data.noise_models import load
from models import linear_regression, noise_models, robust_regression
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood, without_jacobian
from tests.contract import model_of
from tests.importance import Sample, importance_sample, moments
from tests.regression import (
    assert_the_prior_scales_with_the_data,
    axes_by_hand,
    mean_of,
    own_units,
    scales,
)

huber = model_of("noise_models")
FOUND = load()
SCALES = scales(FOUND.terms, FOUND.outcome)
Z, Y = SCALES.z(FOUND.terms), FOUND.outcome.to_numpy(dtype=float)
AXES = axes_by_hand(Z)
PRIORS = [{"r2": 0.8, "noise": 0.5}]
BEND = 1.345
STEP = 1e-5  # of the slope by differences: at the bend the second derivative jumps
MODE = "FAST_COMPILE"  # evaluated a few times only


def shipped(**knobs: float) -> pm.Model:
    return huber(FOUND.terms, FOUND.outcome, **knobs)


def predicted(posterior: xr.Dataset, terms: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    return {"mean": mean_of(posterior, terms)}


def small(**knobs: float) -> pm.Model:
    """8 rows for 4 coefficients."""
    return huber(*few_rows(FOUND.terms, FOUND.outcome), **knobs)


def loss(r: Any) -> Any:
    """Huber's: the smaller slope of a square and of a line, as an integral of that slope."""
    size = np.abs(r)
    return np.minimum(size, BEND) * (size - np.minimum(size, BEND) / 2)


def constant() -> float:
    """Return the integral of exp(-loss), by quadrature."""
    inner = quad(lambda r: np.exp(-loss(r)), 0, BEND, epsabs=1e-13)[0]
    return float(2 * (inner + quad(lambda r: np.exp(-loss(r)), BEND, np.inf, epsabs=1e-13)[0]))


CONSTANT = constant()


def log_density(level: Any, theta: Any, tau: Any, *, r2: float = 0.5, noise: float = 1) -> Any:
    """Parameters may have draws as their first dim; so has then what is returned."""
    beta = np.sqrt(r2 / (1 - r2)) * theta @ AXES
    mu = SCALES.m + SCALES.s * (np.asarray(level)[..., None] + beta @ Z.T)
    scale = SCALES.s * np.asarray(tau)[..., None]
    return (
        (-loss((Y - mu) / scale) - np.log(scale * CONSTANT)).sum(axis=-1)
        + stats.norm.logpdf(level)
        + stats.norm.logpdf(theta).sum(axis=-1)
        + stats.gamma.logpdf(tau, 2, scale=noise / 2)
    )


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Importance sampling of the posterior density written by hand (tests/importance.py).

    Parameters: (level, theta) as deviations from least squares in units of tau, and log tau.
    Proposal: multivariate t (4 degrees of freedom) with the mean of weighted pilot draws around the
    mode and 1.2 times their sds, rounded; 5 seeds of 100,000 draws. Mean, sd and their standard
    errors by the delta method; Pareto k-hat of the weights, and of weights times quantities and
    squared deviations, below .5 (tests/cases/test_reference.py).
    """
    drawn, quantities = weighted(**knobs)
    return {name: moments(drawn, values) for name, values in quantities.items()}


@cache
def weighted(*, r2: float = 0.5, noise: float = 1) -> tuple[Sample, dict[str, np.ndarray]]:
    """Return weighted draws, and every quantity of the tree computed from them."""
    mix = np.sqrt(r2 / (1 - r2)) * AXES
    design = np.column_stack([np.ones(len(Z)), Z @ mix.T])
    least_squares = np.linalg.lstsq(design, (Y - SCALES.m) / SCALES.s, rcond=None)[0]

    def parameters(x: np.ndarray) -> tuple[np.ndarray, ...]:
        tau = np.exp(np.clip(x[:, -1], -100, 100))
        b = least_squares + tau[:, None] * x[:, :-1]
        return b[:, 0], b[:, 1:], tau

    def density(x: np.ndarray) -> np.ndarray:
        level, b, tau = parameters(x)
        found = log_density(level, b, tau, r2=r2, noise=noise)
        return np.asarray(found + (1 + design.shape[1]) * np.log(tau))

    start = np.r_[np.zeros(design.shape[1]), -1.0]
    drawn = importance_sample(density, start, df=4, wider=1.2)
    level, b, tau = parameters(drawn.x)
    beta = b @ mix
    return drawn, {
        "level": level,
        **{f"beta[{name}]": beta[:, k] for k, name in enumerate(FOUND.terms)},
        **own_units(SCALES, FOUND.terms, level, beta),
        "tau": tau,
        "scale": SCALES.s * tau,
    }


def wide_prior() -> Mutant:
    return replaced("prior sd of predictions 2 sds of the outcome instead of 1", r2=0.8)


def wrong_likelihood() -> Mutant:
    told = "noise in the likelihood twice as wide as the parameter says"
    return Mutant(told, with_likelihood(small(), "y", lambda mu, scale: (mu, 2 * scale)))


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of tau", without_jacobian(small(), "tau"))


def test_the_prior_scales_with_the_data() -> None:
    point = {"level": 0.2, "theta": np.array([0.5, -0.1]), "tau_log__": -0.3}
    assert_the_prior_scales_with_the_data(huber, point)


def test_the_constant_of_the_density_is_the_integral() -> None:
    assert pytest.approx(CONSTANT, rel=1e-12) == noise_models.WHOLE
    assert f"{CONSTANT:.4f} scale" in (huber.__doc__ or "")


def test_the_noise_that_is_drawn_has_the_density() -> None:
    """Kolmogorov and Smirnov's distance of 200,000 draws, whose 99.9% point is 1.95 / sqrt(n)."""
    n, grid = 200_000, np.linspace(-9, 9, 2001)
    drawn = noise_models._huber_noise(np.array(2.0), np.array(3.0), np.random.default_rng(4), (n,))
    below = np.array([quad(lambda r: np.exp(-loss(r)), -np.inf, x)[0] for x in grid[::40]])
    found = np.searchsorted(np.sort((drawn - 2) / 3), grid[::40]) / n
    assert np.abs(found - below / CONSTANT).max() < 1.95 / np.sqrt(n)


def test_the_density_of_laplace_noise_is_scipys() -> None:
    model = noise_models.laplace(FOUND.terms, FOUND.outcome, r2=0.8, noise=0.5)
    log_p = model.compile_logp(vars=model["y"], mode=MODE)
    for tau in (0.1, 0.7):
        theta, level = np.array([0.2, -0.4, 0.3]), 0.1
        mu = SCALES.m + SCALES.s * (level + np.sqrt(4) * theta @ AXES @ Z.T)
        by_hand = stats.laplace.logpdf(Y, mu, SCALES.s * tau).sum()
        point = {"level": level, "theta": theta, "tau_log__": np.log(tau)}
        assert float(log_p(point)) == pytest.approx(by_hand, rel=1e-10)


def test_all_noises_of_real_outcomes_have_one_prior() -> None:
    """But for nu, which Student-t has beside it: the same density of the same parameters."""
    point = {"level": 0.1, "theta": np.array([0.2, -0.4, 0.3]), "tau_log__": -0.6}
    builds = (huber, noise_models.laplace, linear_regression.gaussian)
    found = []
    for build in builds:
        model = build(FOUND.terms, FOUND.outcome, r2=0.8, noise=0.5)
        found.append(float(model.compile_logp(vars=model.free_RVs, mode=MODE)(point)))
    tails = robust_regression.student_t(FOUND.terms, FOUND.outcome, r2=0.8, noise=0.5)
    shared = [tails[name] for name in ("level", "theta", "tau")]
    found.append(float(tails.compile_logp(vars=shared, mode=MODE)(point | {"excess_log__": 0.0})))
    assert found == pytest.approx(found[:1] * 4, rel=1e-12)


def test_of_rows_within_the_bend_the_density_is_a_gaussians_but_for_its_constant() -> None:
    y = pd.Series(np.array([-0.5, 0.2, 0.9, 0.1, -1.0]) + 3, name="y")
    x = pd.DataFrame({"x": [1.0, 2.0, 4.0, 3.0, 0.0]})
    point = {"level": 0.0, "theta": np.array([0.0]), "tau_log__": np.log(2.0)}
    both = [build(x, y) for build in (huber, linear_regression.gaussian)]
    mine, theirs = (float(m.compile_logp(vars=m["y"], mode=MODE)(point)) for m in both)
    room = len(y) * (np.log(np.sqrt(2 * np.pi)) - np.log(CONSTANT))
    assert mine - theirs == pytest.approx(room, rel=1e-9)
