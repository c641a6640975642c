"""A curve with noise, summed out: three numbers are left, whose posterior is found by quadrature.

Small has 4 rows at 3 places, and a narrow prior of the length. The density by hand is that of all
rows at once, with their whole covariance; the model's is of places, by another identity.
"""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import stats
from scipy.linalg import cho_solve

from data.smooth_curve import load
from models import _threads
from models.smooth_curve import drawn
from tests.calibration.mutants import Mutant, replaced, without_jacobian
from tests.contract import fitted, model_of
from workflow.functions import quadrature
from workflow.functions.points import points

_threads.one_thread()
smooth = model_of("smooth_curve")
DRAWS = 1000
ROWS = load()
X, Y = ROWS.to_numpy().T
FEW = pd.DataFrame({"x": [0.0, 1.0, 1.0, 2.5], "y": [-1.0, 0.5, 0.2, 1.0]})
PRIORS = [
    {"typical_length": 2.0, "length_spread": 0.4, "amplitude": 2.0},
    {"noise": 0.2, "level_sd": 0.1},
]
TINY = {"typical_length": 1.0, "length_spread": 0.5}
SD = float(Y.std(ddof=1))
UNITS = {"length": float(X.std(ddof=1)), "sigma_f": SD, "sigma": SD}


def shipped(**knobs: float) -> pm.Model:
    return smooth(ROWS, **knobs)


def small(**knobs: float) -> pm.Model:
    return smooth(FEW, **TINY | knobs)


def log_density(
    length: Any,
    sigma_f: Any,
    sigma: Any,
    *,
    typical_length: float = 5.0,
    length_spread: float = 1.1,
    amplitude: float = 1.0,
    noise: float = 1.0,
    level_sd: float = 1.0,
) -> float:
    """All rows are jointly normal: their covariance, whole, by its Cholesky factor."""
    distance = X[:, None] - X
    covariance = (level_sd * SD) ** 2 + sigma_f**2 * np.exp(-(distance**2) / (2 * length**2))
    factor = np.linalg.cholesky(covariance + sigma**2 * np.eye(len(X)))
    left = Y - Y.mean()
    likelihood = -left @ cho_solve((factor, True), left) / 2 - np.log(np.diag(factor)).sum()
    likelihood -= len(X) * np.log(2 * np.pi) / 2
    prior = stats.lognorm(length_spread, scale=typical_length).logpdf(length)
    prior += stats.halfnorm(scale=SD * amplitude).logpdf(sigma_f)
    prior += stats.halfnorm(scale=SD * noise).logpdf(sigma)
    return float(likelihood + prior)


def reference(
    *,
    typical_length: float = 5.0,
    length_spread: float = 1.1,
    amplitude: float = 1.0,
    noise: float = 1.0,
    level_sd: float = 1.0,
) -> dict[str, tuple[float, ...]]:
    """Exact: quadrature over the logarithms of all three, 40 nodes each. For every length the
    covariance of all rows is taken apart into its eigenvectors, and the level enters as a vector
    (Sherman and Morrison).
    """
    of_length = stats.norm(np.log(typical_length), length_spread)

    def prior(length: np.ndarray, sigma_f: np.ndarray, sigma: np.ndarray) -> np.ndarray:
        found = of_length.logpdf(length) + sigma_f + sigma
        found = found + stats.halfnorm(scale=SD * amplitude).logpdf(np.exp(sigma_f))
        return np.asarray(found + stats.halfnorm(scale=SD * noise).logpdf(np.exp(sigma)))

    return moments_by_grid(prior, level_sd)


def moments_by_grid(prior: Any, level_sd: float) -> dict[str, tuple[float, ...]]:
    """Return mean and sd of the three; `prior` is the log density of their logarithms."""
    axes = (np.linspace(0.3, 2.6, 40), np.linspace(2.6, 6.2, 40), np.linspace(2.75, 3.55, 40))
    grid = np.meshgrid(*axes, indexing="ij")
    log_p = np.array([on_pairs(round(one, 12), level_sd) for one in axes[0]]) + prior(*grid)
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    found: dict[str, tuple[float, ...]] = {}
    for name, logs in zip(UNITS, grid, strict=True):
        mean = float((p * np.exp(logs)).sum())
        sd = float(np.sqrt((p * (np.exp(logs) - mean) ** 2).sum()))
        found[name] = (mean, sd, 0.0, 0.0)
    return found


@cache
def on_pairs(log_length: float, level_sd: float) -> np.ndarray:
    """Return the log density of all rows for a length and all pairs of sds."""
    distance = (X[:, None] - X) / np.exp(log_length)
    values, vectors = np.linalg.eigh(np.exp(-(distance**2) / 2))
    left, one = vectors.T @ (Y - Y.mean()), vectors.T @ np.ones(len(X))
    sigma_f, sigma = np.exp(np.linspace(2.6, 6.2, 40)), np.exp(np.linspace(2.75, 3.55, 40))
    d = sigma_f[:, None, None] ** 2 * values + sigma[None, :, None] ** 2
    squares, across, ones = (
        ((a * b) / d).sum(-1) for a, b in ((left, left), (left, one), (one, one))
    )
    whole = 1 + (level_sd * SD) ** 2 * ones
    squares = squares - (level_sd * SD) ** 2 * across**2 / whole
    return np.asarray(-(squares + np.log(d).sum(-1) + np.log(whole)) / 2)


def wide_prior() -> Mutant:
    return replaced("the logarithm of the length with twice the prior sd", length_spread=1.0)


def wrong_likelihood() -> Mutant:
    return Mutant(
        "every value twice as far from 0", change=lambda data: data | {"y_data": 2 * data["y_data"]}
    )


def dropped_jacobian() -> Mutant:
    model = without_jacobian(small(), "length")  # without that of an sd no distribution is left
    return Mutant("the length sampled on the log scale without its Jacobian", model)


def test_the_published_posterior() -> None:
    """Of Vehtari, standardised, half-normal(1) for all three, a level of sd .1: to their digits."""

    def prior(length: np.ndarray, sigma_f: np.ndarray, sigma: np.ndarray) -> np.ndarray:
        logs = dict(zip(UNITS, (length, sigma_f, sigma), strict=True))
        return np.asarray(
            sum(
                stats.halfnorm(scale=UNITS[name]).logpdf(np.exp(one)) + one
                for name, one in logs.items()
            )
        )

    found = moments_by_grid(prior, 0.1)
    published = {"sigma_f": (1.1, 0.31), "length": (0.40, 0.063), "sigma": (0.47, 0.03)}
    for name, (mean, sd) in published.items():
        ours = [one / UNITS[name] for one in found[name][:2]]
        # Rounded to two digits, and theirs have the Monte Carlo error of 4,000 draws at best.
        for value, told, error in zip(ours, (mean, sd), (1, 0.7), strict=True):
            digit = 10.0 ** (np.floor(np.log10(told)) - 1)
            assert abs(value - told) < digit / 2 + 4 * error * sd / np.sqrt(1000), name


@pytest.mark.parametrize("knobs", [{}, *PRIORS])
def test_the_quadrature_of_the_page_is_the_reference(knobs: dict[str, float]) -> None:
    given = {"typical_length": 5.0, "length_spread": 1.1, "amplitude": 1.0, "noise": 1.0}
    own = given | {"level_sd": 1.0} | knobs
    exact = quadrature.known(points(ROWS, own["level_sd"]), quadrature.prior_of(own, SD))
    for name, (mean, sd, *_) in reference(**knobs).items():
        assert exact[name].mean == pytest.approx(mean, rel=1e-5), name
        assert exact[name].sd == pytest.approx(sd, rel=1e-4), name


def test_quantiles_of_the_quadrature_are_those_of_draws() -> None:
    """Of NUTS, within four errors of a share of its draws."""
    given = {"typical_length": 5.0, "length_spread": 1.1, "amplitude": 1.0, "noise": 1.0}
    exact = quadrature.known(points(ROWS, 1.0), quadrature.prior_of(given, SD))
    posterior = fitted("smooth_curve")["posterior"].to_dataset()
    for name, known in exact.items():
        draws = posterior[name].to_numpy()
        for q, p in ((known.lower, 0.025), (known.median, 0.5), (known.upper, 0.975)):
            share = float((draws < q).mean())
            assert abs(share - p) < 4 * np.sqrt(p * (1 - p) / (draws.size / 4)), name


def test_rows_are_drawn_with_the_covariance_of_the_model() -> None:
    rng = np.random.default_rng(5)
    where, at = np.array([0.0, 1.0, 2.5]), np.array([0, 1, 1, 2])
    n = 40_000
    m, level, length, sigma_f, sigma = (np.array(one) for one in (2.0, 0.5, 1.3, 1.7, 0.6))
    y = drawn(m, level, length, sigma_f, sigma, where, at, rng, size=(n,))
    x = where[at]
    expected = 0.25 + 1.7**2 * np.exp(-((x[:, None] - x) ** 2) / (2 * 1.3**2)) + 0.36 * np.eye(4)
    found = np.cov(y, rowvar=False)
    error = np.sqrt((expected**2 + np.outer(np.diag(expected), np.diag(expected))) / n)
    assert (np.abs(found - expected) < 4.5 * error).all()
    assert (np.abs(y.mean(0) - 2) < 4.5 * np.sqrt(np.diag(expected) / n)).all()
