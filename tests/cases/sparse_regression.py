"""The regression of many terms: an independent Gibbs sampler of the Bayesian lasso."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats
from sklearn.linear_model import Lasso

from data.sparse_regression import MEASURED, load
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood, without_jacobian
from tests.contract import model_of
from tests.importance import Sample, moments
from tests.regression import mean_of, own_units, scales
from workflow.regression.lasso import lasso

laplace = model_of("sparse_regression")
FOUND = load()
SCALES = scales(FOUND.terms, FOUND.outcome)
Z, K = SCALES.z(FOUND.terms), FOUND.terms.shape[1]
PRIORS = [{"r2": 0.1, "noise": 0.5}]
SEEDS, BATCHES, CHAINS, SWEEPS = (1, 2, 3), 4, 500, 40


def shipped(**knobs: float) -> pm.Model:
    return laplace(FOUND.terms, FOUND.outcome, **knobs)


def predicted(posterior: xr.Dataset, terms: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    return {"mean": mean_of(posterior, terms)}


def small(**knobs: float) -> pm.Model:
    """22 rows for the ten measurements."""
    return laplace(*few_rows(FOUND.terms[[*MEASURED]], FOUND.outcome), **knobs)


def log_density(
    free: Any, theta: Any, tau: Any, level: Any, *, r2: float = 0.5, noise: float = 1
) -> Any:
    width = np.sqrt(r2 / (1 - r2)) * free / np.sqrt(2 * K)
    mu = SCALES.m + SCALES.s * (level + Z @ (width * theta))
    return (
        stats.norm(mu, SCALES.s * tau).logpdf(FOUND.outcome).sum()
        + stats.norm(0, 1).logpdf(level)
        + stats.laplace(0, 1).logpdf(theta).sum()
        + stats.halfnorm(0, 1).logpdf(free)
        + stats.gamma(2, scale=noise / 2).logpdf(tau)
    )


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """The last states of 6,000 Gibbs samplers of the Bayesian lasso (Park and Casella, 2008)."""
    drawn, quantities = weighted(**knobs)
    return {name: moments(drawn, values) for name, values in quantities.items()}


@cache
def weighted(*, r2: float = 0.5, noise: float = 1.0) -> tuple[Sample, dict[str, np.ndarray]]:
    """Return independent draws, with weights that are all the same, and every quantity of them."""
    y = (FOUND.outcome.to_numpy() - SCALES.m) / SCALES.s
    most = np.sqrt(r2 / (1 - r2) / (2 * K))
    every = [np.random.default_rng(seed) for seed in SEEDS]
    x = np.concatenate([gibbs(Z, y, most, noise, rng) for rng in every for _ in range(BATCHES)])
    level, beta, width, tau = x[:, 0], x[:, 1:-2], x[:, -2], x[:, -1]
    drawn = Sample(x, np.full(len(x), 1 / len(x)), np.repeat(SEEDS, BATCHES * CHAINS))
    found = {"level": level, "width": width, "free": width / most, "tau": tau}
    found |= {"sigma": SCALES.s * tau} | own_units(SCALES, FOUND.terms, level, beta)
    for k, name in enumerate(FOUND.terms):
        found |= {f"beta[{name}]": beta[:, k], f"theta[{name}]": beta[:, k] / width}
    return drawn, found


def gibbs(
    z: np.ndarray,
    y: np.ndarray,
    most: float,
    noise: float,
    rng: np.random.Generator,
    *,
    sweeps: int = SWEEPS,
) -> np.ndarray:
    """Return the last state of `CHAINS` chains: level, coefficients, width of the prior, tau.

    Laplace's distribution is a Gaussian whose variance is exponential. Given these variances the
    coefficients are Gaussian, their inverses inverse Gaussian; 1 / tau^2 and 1 / width would be
    gamma distributed but for a factor of their priors, by which what is proposed is accepted.
    """
    n, k = z.shape
    x = np.column_stack([np.ones(n), z])
    gram, moment, square = x.T @ x, x.T @ y, y @ y
    spread, tau, width = np.ones((CHAINS, k)), np.ones(CHAINS), np.full(CHAINS, most)
    for _ in range(sweeps):
        prior = np.column_stack([np.ones(CHAINS), 1 / (width[:, None] ** 2 * spread)])
        precision = gram / tau[:, None, None] ** 2 + prior[:, :, None] * np.eye(k + 1)
        root = np.linalg.cholesky(precision)
        pulled = np.linalg.solve(root, (moment / tau[:, None] ** 2)[..., None])
        normal = rng.standard_normal((CHAINS, k + 1, 1))
        b = np.linalg.solve(root.transpose(0, 2, 1), pulled + normal)[..., 0]
        left = square - 2 * b @ moment + np.einsum("ci,ij,cj->c", b, gram, b)
        new = 1 / np.sqrt(rng.gamma(n / 2 - 1, 2 / left))
        tau = np.where(rng.random(CHAINS) < np.exp(2 * (tau - new) / noise), new, tau)
        size = np.abs(b[:, 1:]).sum(1)
        new = 1 / rng.gamma(k - 1, 1 / size)
        ratio = np.exp((width**2 - new**2) / (2 * most**2))
        width = np.where(rng.random(CHAINS) < ratio, new, width)
        spread = 1 / rng.wald(width[:, None] / np.abs(b[:, 1:]), 1)
    return np.column_stack([b, width, tau])


def wide_prior() -> Mutant:
    return replaced("a prior of the coefficients that is twice as wide", r2=0.8)


def wrong_likelihood() -> Mutant:
    told = "noise in the likelihood twice as wide as the parameter says"
    return Mutant(told, with_likelihood(small(), "y", lambda mu, sigma: (mu, 2 * sigma)))


def dropped_jacobian() -> Mutant:
    told = "no Jacobian of the logarithms of tau and of the prior's width"
    return Mutant(told, without_jacobian(small(), "tau", "free"))


def test_chains_are_long_enough() -> None:
    """Twice as long, from other numbers: means of all coefficients, of the width and of the noise.

    Of 67 means none is off by more than four errors.
    """
    y = (FOUND.outcome.to_numpy() - SCALES.m) / SCALES.s
    most = np.sqrt(1 / (2 * K))
    one, other = (
        gibbs(Z, y, most, 1.0, np.random.default_rng(seed), sweeps=sweeps)
        for seed, sweeps in ((11, SWEEPS), (12, 2 * SWEEPS))
    )
    error = np.sqrt((one.var(0) + other.var(0)) / CHAINS)
    assert (np.abs(one.mean(0) - other.mean(0)) < 4 * error).all()


@pytest.mark.parametrize("penalty", [1.0, 10.0, 100.0])
def test_the_mode_given_sigma_and_width_is_the_lasso(penalty: float) -> None:
    """The model's own density has its greatest value where scikit-learn's Lasso is, over a path.

    Where a coefficient is 0 the slope on either side goes down; elsewhere it is 0.
    """
    tau = 0.7
    width = tau**2 / penalty
    free = width * np.sqrt(2 * K)
    n, y = len(Z), FOUND.outcome.to_numpy(dtype=float)
    sk = Lasso(alpha=penalty * SCALES.s / n, tol=1e-14, max_iter=1_000_000).fit(Z, y)
    beta = sk.coef_ / SCALES.s
    ours = lasso(Z.T @ Z, Z.T @ ((y - SCALES.m) / SCALES.s), penalty)
    assert ours == pytest.approx(beta, abs=1e-6)
    slope = shipped().compile_dlogp()
    names = [value.name for value in shipped().value_vars]
    at = names.index("theta")
    nudge = 1e-9 * (ours == 0)

    def along(theta: np.ndarray) -> np.ndarray:
        point = {"free_log__": np.log(free), "theta": theta, "tau_log__": np.log(tau), "level": 0.0}
        found = np.asarray(slope({name: np.asarray(point[name]) for name in names}))
        return found[at : at + K]

    up, down = along(ours / width + nudge), along(ours / width - nudge)
    kept = ours != 0
    assert 0 < kept.sum() < K
    assert up[kept] == pytest.approx(0, abs=1e-5)
    assert (up[~kept] <= 1e-9).all()
    assert (down[~kept] >= -1e-9).all()
