"""The Beta regression: importance sampling of its density, which is written by hand."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import optimize, stats
from scipy.special import expit, logit

from data.proportion_regression import load
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood, without_jacobian
from tests.conftest import SEED
from tests.contract import compiled, fitted, model_of
from tests.importance import Sample, importance_sample, moments
from tests.regression import axes_by_hand, mean_of, own_units, scales
from workflow.quantities import summarise
from workflow.regression.shares import most_likely
from workflow.sampling.fit import refit

beta_shares = model_of("proportion_regression")
FOUND = load()
Y = FOUND.outcome.to_numpy()
SCALES = scales(FOUND.terms, np.log(FOUND.outcome) - np.log1p(-FOUND.outcome))
Z = SCALES.z(FOUND.terms)
AXES = axes_by_hand(Z)
WHOLE = Y.mean() * (1 - Y.mean()) / Y.var(ddof=1) - 1
PRIORS = [{"r2": 0.9, "noise": 0.5}, {"r2": 0.1, "noise": 3.0}]
# R betareg, as CASES.md has it: coefficients and standard errors.
BETAREG = {
    "intercept": (-0.62255, 0.22385),
    "slope[income]": (-0.01230, 0.00304),
    "slope[persons]": (0.11846, 0.03534),
    "precision": (35.61, 8.08),
}


def shipped(**knobs: float) -> pm.Model:
    return beta_shares(FOUND.terms, FOUND.outcome, **knobs)


def predicted(posterior: xr.Dataset, terms: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    return {"mean": mean_of(posterior, terms, expit)}


def small(**knobs: float) -> pm.Model:
    """6 rows for 3 coefficients."""
    return beta_shares(*few_rows(FOUND.terms, FOUND.outcome), **knobs)


def log_density(level: Any, theta: Any, tau: Any, *, r2: float = 0.5, noise: float = 1) -> Any:
    """Parameters may have draws as their first dim; so has then what is returned."""
    beta = np.sqrt(r2 / (1 - r2)) * theta @ AXES
    eta = SCALES.m + SCALES.s * (np.asarray(level)[..., None] + beta @ Z.T)
    phi = np.asarray(WHOLE / np.square(tau))[..., None]
    return (
        stats.beta.logpdf(Y, expit(eta) * phi, expit(-eta) * phi).sum(axis=-1)
        + stats.norm.logpdf(level)
        + stats.norm.logpdf(theta).sum(axis=-1)
        + stats.gamma.logpdf(tau, 2, scale=noise / 2)
    )


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Importance sampling of the posterior density written by hand (tests/importance.py).

    Parameters: level, theta and log tau. Proposal: multivariate t (8 degrees of freedom) with mean
    and covariance of weighted pilot draws around the mode, rounded; 5 seeds of 100,000 draws. Mean,
    sd and their standard errors by the delta method; Pareto k-hat of the weights, and of weights
    times quantities and squared deviations, below .5 (tests/cases/test_reference.py).
    """
    drawn, quantities = weighted(**knobs)
    return {name: moments(drawn, values) for name, values in quantities.items()}


@cache
def weighted(*, r2: float = 0.5, noise: float = 1) -> tuple[Sample, dict[str, np.ndarray]]:
    """Return weighted draws, and every quantity of the tree computed from them."""

    def density(x: np.ndarray) -> np.ndarray:
        log_tau = np.clip(x[:, -1], -50, 50)
        found = log_density(x[:, 0], x[:, 1:-1], np.exp(log_tau), r2=r2, noise=noise)
        return np.asarray(found + log_tau)

    drawn = importance_sample(density, np.array([*np.zeros(1 + Z.shape[1]), -0.5]))
    level, tau = drawn.x[:, 0], np.exp(drawn.x[:, -1])
    beta = np.sqrt(r2 / (1 - r2)) * drawn.x[:, 1:-1] @ AXES
    return drawn, {
        "level": level,
        **{f"beta[{name}]": beta[:, k] for k, name in enumerate(FOUND.terms)},
        **own_units(SCALES, FOUND.terms, level, beta),
        "tau": tau,
        "precision": WHOLE / tau**2,
    }


def wide_prior() -> Mutant:
    return replaced("prior sd of predictions 2 sds of the outcome's logit instead of 1", r2=0.8)


def wrong_likelihood() -> Mutant:
    told = "a precision in the likelihood four times as large as the parameter says"
    return Mutant(told, with_likelihood(small(), "y", lambda a, b: (4 * a, 4 * b)))


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of tau", without_jacobian(small(), "tau"))


def log_likelihood(x: np.ndarray) -> float:
    """Return that of intercept, two slopes and log precision, by the model's own density.

    The prior, which the model's density has too, is written by hand and taken off.
    """
    slope, phi = x[1:3], np.exp(x[3])
    beta, tau = slope * SCALES.scale / SCALES.s, np.sqrt(WHOLE / phi)
    level = (x[0] + slope @ SCALES.centre - SCALES.m) / SCALES.s
    theta = np.linalg.solve(AXES.T, beta)
    point = {"level": level, "theta": theta, "tau_log__": np.log(tau)}
    prior = stats.norm.logpdf([level, *theta]).sum() + stats.gamma.logpdf(tau, 2, scale=0.5)
    return float(_density()(point)) - prior - np.log(tau)


@cache
def _density() -> Any:
    return shipped().compile_logp()


def test_the_most_likely_coefficients_are_those_of_betareg() -> None:
    """To the printed digits; the standard errors by the curvature (Fisher's, as betareg has)."""
    from statsmodels.othermod.betareg import BetaModel

    start = np.array([logit(Y.mean()), 0, 0, np.log(WHOLE)])
    unit = np.array([1, 0.01, 0.1, 1])
    options = {"xatol": 1e-8, "fatol": 1e-11, "maxiter": 4000, "maxfev": 4000}
    best = optimize.minimize(
        lambda x: -log_likelihood(start + unit * x),
        np.zeros(4),
        method="Nelder-Mead",
        options=options,
    )
    found = start + unit * best.x
    for value, (published, _), digits in zip(
        [*found[:3], np.exp(found[3])], BETAREG.values(), (5, 5, 5, 2), strict=True
    ):
        assert value == pytest.approx(published, abs=0.51 * 10.0**-digits)
    x = np.column_stack([np.ones(len(Y)), FOUND.terms])
    theirs = BetaModel(Y, x).fit(disp=False)
    assert log_likelihood(np.asarray(theirs.params)) == pytest.approx(theirs.llf, abs=1e-8)
    assert -best.fun == pytest.approx(theirs.llf, abs=1e-6)
    free = most_likely(FOUND.terms, FOUND.outcome)
    assert free.intercept == pytest.approx(found[0], abs=1e-4)
    assert free.slope.to_numpy() == pytest.approx(found[1:3], rel=1e-3)
    assert free.precision == pytest.approx(np.exp(found[3]), rel=1e-3)
    assert free.log_likelihood == pytest.approx(theirs.llf, abs=1e-6)


def test_under_a_nearly_flat_prior_the_posterior_is_about_the_estimate() -> None:
    """The means of the coefficients within a tenth of a standard error of betareg's, sds alike."""
    model = compiled("proportion_regression")
    tree = refit(model, {"r2": 0.999, "noise": 1.0}, draws=2000, tune=1000, chains=4, seed=SEED)
    found = summarise(tree["posterior"].to_dataset())
    for name in list(BETAREG)[:3]:
        value, error = BETAREG[name]
        q = found[name]
        assert q.mean == pytest.approx(value, abs=0.1 * error + 4 * (q.mcse_mean or 0)), name
        assert q.sd == pytest.approx(error, rel=0.15), name


def test_density_at_extreme_means() -> None:
    """Where a mean is all but 0 or 1 the density is finite: 1 - mu is not rounded to 0."""
    density, slope = _density(), shipped().compile_dlogp()
    for level in (-90.0, 90.0):
        point = {"level": level, "theta": np.zeros(2), "tau_log__": 0.0}
        assert np.isfinite(float(density(point)))
        assert np.isfinite(slope(point)).all()


def test_the_prior_is_of_shares_wherever_they_are() -> None:
    """Shares a tenth as large: drawn outcomes are a tenth as large too, and between 0 and 1."""
    for factor in (1.0, 0.1):
        y = FOUND.outcome * factor
        with beta_shares(FOUND.terms, y):
            prior = pm.sample_prior_predictive(500, random_seed=SEED)
        drawn = prior["prior_predictive"]["y"]
        assert 0.5 < float(drawn.median()) / y.median() < 1.5
        assert bool(((drawn >= 0) & (drawn <= 1)).all())


def test_slopes_in_own_units_give_the_same_means() -> None:
    one = fitted("proportion_regression")["posterior"].to_dataset().isel(chain=0, draw=17)
    own = float(one["intercept"]) + FOUND.terms.to_numpy()[:3] @ one["slope"].to_numpy()
    z = SCALES.m + SCALES.s * (float(one["level"]) + Z[:3] @ one["beta"].to_numpy())
    assert own == pytest.approx(z, rel=1e-9)
