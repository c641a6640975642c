"""The linear regression: given tau its coefficients are Gaussian, and tau is a quadrature."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import optimize, stats
from sklearn.linear_model import Ridge

from data.linear_regression import load
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood, without_jacobian
from tests.conftest import SEED
from tests.contract import compiled, model_of
from tests.gaussian import exact
from tests.regression import (
    assert_the_prior_scales_with_the_data,
    axes_by_hand,
    mean_of,
    scales,
    twelve_rows,
)
from workflow.regression.gaussian import ridge
from workflow.sampling.fit import refit
from workflow.variational.advi import converged, fit_advi
from workflow.variational.moments import moments

gaussian = model_of("linear_regression")
FOUND = load()
SCALES = scales(FOUND.terms, FOUND.outcome)
AXES = axes_by_hand(SCALES.z(FOUND.terms))
PRIORS = [{"r2": 0.01, "noise": 2.0}, {"r2": 0.99, "noise": 0.5}]


def shipped(**knobs: float) -> pm.Model:
    return gaussian(FOUND.terms, FOUND.outcome, **knobs)


def predicted(posterior: xr.Dataset, terms: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    return {"mean": mean_of(posterior, terms)}


def small(**knobs: float) -> pm.Model:
    """22 rows for 11 coefficients."""
    return gaussian(*few_rows(FOUND.terms, FOUND.outcome), **knobs)


def log_density(level: Any, theta: Any, tau: Any, *, r2: float = 0.5, noise: float = 1) -> Any:
    beta = np.sqrt(r2 / (1 - r2)) * theta @ AXES
    mu = SCALES.m + SCALES.s * (level + SCALES.z(FOUND.terms) @ beta)
    return (
        stats.norm(mu, SCALES.s * tau).logpdf(FOUND.outcome).sum()
        + stats.norm(0, 1).logpdf(level)
        + stats.norm(0, 1).logpdf(theta).sum()
        + stats.gamma(2, scale=noise / 2).logpdf(tau)
    )


def reference(*, r2: float = 0.5, noise: float = 1) -> dict[str, tuple[float, ...]]:
    """Exact: given tau the coefficients are Gaussian in closed form; tau by quadrature."""
    found = exact(FOUND.terms, FOUND.outcome, SCALES, _root(r2), noise)
    return {name: (*pair, 0, 0) for name, pair in found.items()}


def _root(r2: float) -> np.ndarray:
    """Return a square root of the prior covariance r2 / (1 - r2) / k (Z'Z / (n - 1))^-1.

    By Cholesky's decomposition: another root than the model's, of the same covariance.
    """
    z = SCALES.z(FOUND.terms)
    n, k = z.shape
    upper = np.linalg.cholesky(z.T @ z / (n - 1)).T
    return np.linalg.inv(upper) * np.sqrt(r2 / (1 - r2) / k)


def wide_prior() -> Mutant:
    return replaced("prior sd of predictions 2 sds of the outcome instead of 1", r2=0.8)


def wrong_likelihood() -> Mutant:
    told = "noise in the likelihood twice as wide as the parameter says"
    return Mutant(told, with_likelihood(small(), "y", lambda mu, sigma: (mu, 2 * sigma)))


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of tau", without_jacobian(small(), "tau"))


def test_scales_are_frozen_and_fewer_rows_than_coefficients_run() -> None:
    """Eight rows for eleven coefficients: the prior decides, and the fit is exact all the same.

    Density and gradient are the ones written by hand, and the draws' numbers the exact ones. There
    is no gate: tau may be near 0, and on many a seed a draw or two of 12,000 diverge there.
    """
    some = slice(0, 8)
    terms, y = FOUND.terms.iloc[some], FOUND.outcome.iloc[some]
    data = {"terms": terms.to_numpy(), "y_data": y.to_numpy(), "r2": 0.5, "noise": 1.0}
    z, yz = SCALES.z(terms), (y.to_numpy() - SCALES.m) / SCALES.s
    with shipped() as model:
        pm.set_data(data, coords={"row": list(terms.index)})
    density, gradient = model.compile_logp(), model.compile_dlogp()
    for log_tau in (-5.0, -1.0, 0.5):
        level, *theta = np.random.default_rng(8).normal(scale=0.5, size=z.shape[1] + 1)
        point = {"level": level, "theta": np.array(theta), "tau_log__": log_tau}
        tau, off = np.exp(log_tau), yz - level - z @ (theta @ AXES)
        by_hand = (
            stats.norm(0, SCALES.s * tau).logpdf(SCALES.s * off).sum()
            + stats.norm(0, 1).logpdf(level)
            + stats.norm(0, 1).logpdf(theta).sum()
            + stats.gamma(2, scale=0.5).logpdf(tau)
            + log_tau  # the Jacobian
        )
        slope = AXES @ (z.T @ off) / tau**2 - np.array(theta)
        by_log_tau = off @ off / tau**2 - len(y) + 2 - 2 * tau
        by_parameter = [off.sum() / tau**2 - level, *slope, by_log_tau]
        assert float(density(point)) == pytest.approx(by_hand, rel=1e-9)
        assert np.asarray(gradient(point)) == pytest.approx(np.array(by_parameter), rel=1e-7)
    sample = partial(refit, draws=1000, tune=1000, chains=12, target_accept=0.99)
    tree = sample(compiled("linear_regression"), data, seed=SEED)
    found = moments(tree["posterior"].to_dataset(), independent=False)
    for name, (mean, sd) in exact(terms, y, SCALES, _root(0.5), 1.0).items():
        (mean_found, sd_found, *_), (mean_error, sd_error, *_) = found[name]
        assert abs(mean_found - mean) < 4 * mean_error, name
        assert abs(sd_found - sd) < 4 * sd_error, name


def test_the_prior_scales_with_the_data() -> None:
    point = {"level": 0.2, "theta": np.array([0.5, -0.1]), "tau_log__": -0.3}
    assert_the_prior_scales_with_the_data(gaussian, point)


def test_map_given_sigma_is_ridge_regression() -> None:
    """Of the independent prior, at a fixed sigma; the penalty is sigma^2 / slope_sd^2."""
    terms, y = FOUND.terms, FOUND.outcome
    slope_sd, tau = 0.1, 0.7
    model = shipped(slope_sd=slope_sd)
    density, slope = model.compile_logp(), model.compile_dlogp()
    names = [v.name for v in model.value_vars]
    assert names == ["level", "beta", "tau_log__"]

    def at(x: np.ndarray) -> dict:
        return {"level": x[0], "beta": x[1:], "tau_log__": np.log(tau)}

    best = optimize.minimize(
        lambda x: -float(density(at(x))),
        np.zeros(terms.shape[1] + 1),
        jac=lambda x: -np.asarray(slope(at(x)))[:-1],
        method="BFGS",
        options={"gtol": 1e-9, "maxiter": 1000},
    )
    penalty = (tau / slope_sd) ** 2
    sk = Ridge(alpha=penalty, tol=1e-12).fit(SCALES.z(terms), y)
    assert best.x[1:] * y.std() == pytest.approx(sk.coef_, abs=1e-6 * y.std())
    root = slope_sd * y.std() * np.eye(terms.shape[1])
    ours = ridge(terms, y, root, (tau * y.std()) ** 2).to_numpy() * terms.std().to_numpy()
    assert ours == pytest.approx(sk.coef_, rel=1e-6)


def test_data_are_simulated_on_the_frozen_scales() -> None:
    terms, y = twelve_rows(outcome=1e4)
    with gaussian(terms, y):
        prior = pm.sample_prior_predictive(500, random_seed=SEED)
    drawn = prior["prior_predictive"]["y"]
    assert 0.3 < float(drawn.std()) / y.std() < 5
    assert dict(drawn.sizes) == {"chain": 1, "draw": 500, "row": 12}


def test_full_rank_advi_of_collinear_terms_is_good_enough() -> None:
    """The family fits; with a rate that does not fall, sigma was 2.5 posterior sds off."""
    tree = fit_advi(shipped(), "fullrank_advi", seed=SEED)
    assert converged(tree)
    found = moments(tree["posterior"].to_dataset(), independent=True)
    for name, (mean, sd, *_) in reference().items():
        (mean_found, sd_found, *_), (mean_error, sd_error, *_) = found[name]
        assert abs(mean_found - mean) < 0.1 * sd + 2 * mean_error, name
        assert abs(sd_found / sd - 1) < 0.1 + 2 * sd_error / sd, name
