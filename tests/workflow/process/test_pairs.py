"""Measurement and setting together: axes, corridors, density by hand, posterior without PyMC."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from models.process_corridor import with_setting
from tests.conftest import SEED
from tests.importance import importance_sample, moments
from workflow.checking.diagnostics import Status, diagnose
from workflow.process.pairs import axes, contour, covariances, improbable, too_many
from workflow.sampling.fit import compile_nuts, data_of, sample_nuts
from workflow.variational.moments import moments as moments_of

KNOWN = np.array([[4.0, 3.0], [3.0, 9.0]])
RNG = np.random.default_rng(9)
ROWS = RNG.multivariate_normal([5.6, 180.0], [[0.0025, 0.15], [0.15, 36.0]], size=40)
Y, X = pd.Series(ROWS[:, 0], name="value"), pd.Series(ROWS[:, 1], name="temp")


def of_one(mean: np.ndarray, covariance: np.ndarray) -> xr.Dataset:
    """Return a posterior of a single draw."""
    sd = np.sqrt(np.diag(covariance))
    correlation = covariance[0, 1] / sd.prod()
    by_column = {"column": ["y", "x"]}
    return xr.Dataset(
        {
            "mean": (("chain", "draw", "column"), mean[None, None]),
            "sd": (("chain", "draw", "column"), sd[None, None]),
            "correlation": (("chain", "draw"), [[correlation]]),
        },
        by_column,
    )


def test_axes_of_a_covariance_that_is_known() -> None:
    found = axes(KNOWN)
    assert found.variances == pytest.approx((10.40512, 2.59488), abs=5e-6)
    for variance, direction in zip(found.variances, found.directions, strict=True):
        assert KNOWN @ direction == pytest.approx(variance * direction)
    assert found.share == pytest.approx(10.40512 / 13, abs=1e-6)
    posterior = of_one(np.zeros(2), KNOWN)
    assert posterior["correlation"].item() == 0.5
    assert covariances(posterior)[0] == pytest.approx(KNOWN)


def test_corridors_have_the_share_that_they_say() -> None:
    """A piece on the ellipse of 99% has a hundredth farther out; and so it is for draws."""
    mean = np.array([1.0, -2.0])
    posterior = of_one(mean, KNOWN)
    for share in (0.5, 0.9, 0.99):
        edge = contour(mean, KNOWN, share)
        assert improbable(posterior, *edge) == pytest.approx(1 - share)
    drawn = np.random.default_rng(1).multivariate_normal(mean, KNOWN, size=20_000)
    p = improbable(posterior, *drawn.T)
    assert stats.kstest(p, "uniform").pvalue > 1e-3


def test_too_many_is_more_than_chance() -> None:
    assert not too_many(0, 100)
    assert not too_many(4, 100)
    assert too_many(6, 100)
    assert not too_many(12, 1000)


def log_density(theta: np.ndarray) -> np.ndarray:
    """Return the log density of place (y, x), log size (y, x) and logit of half, by scipy.

    Which decomposes the covariance, and so loses a few digits where the units are far apart.
    """
    at, unit = ROWS.mean(axis=0), ROWS.std(axis=0, ddof=1)
    total = np.zeros(len(theta))
    for i, (a, b, log_s, log_t, logit) in enumerate(theta):
        mean, sd = at + unit * [a, b], unit * np.exp([log_s, log_t])
        half = 1 / (1 + np.exp(-logit))
        both = (2 * half - 1) * sd.prod()
        rows = stats.multivariate_normal(mean, [[sd[0] ** 2, both], [both, sd[1] ** 2]])
        sizes = stats.halfnorm(scale=2).logpdf(np.exp([log_s, log_t]))
        jacobian = np.log(half * (1 - half)) + log_s + log_t
        total[i] = rows.logpdf(ROWS).sum() + stats.norm(0, 2).logpdf([a, b]).sum()
        total[i] += sizes.sum() + jacobian
    return total


def test_the_density_is_the_bivariate_normal_by_hand() -> None:
    model = with_setting(Y, X)
    log_p = model.compile_logp(mode="FAST_COMPILE")
    for point in RNG.normal(scale=0.5, size=(5, 5)):
        given = {"place": point[:2], "size_log__": point[2:4], "half_logodds__": point[4]}
        assert float(log_p(given)) == pytest.approx(log_density(point[None])[0], rel=1e-8)


def test_the_posterior_meets_importance_sampling() -> None:
    """Correlation, slope and sds within four combined Monte Carlo errors."""
    few = importance_sample(log_density_of_moments, np.zeros(5))
    y, x = (np.exp(few.x[:, 2 + i]) * ROWS.std(axis=0, ddof=1)[i] for i in (0, 1))
    rho = np.tanh(few.x[:, 4] / 2)
    expected = {
        "correlation": rho,
        "slope": rho * y / x,
        "sd_given": y * np.sqrt(1 - rho**2),
        "sd[y]": y,
        "sd[x]": x,
    }
    model = with_setting(Y, X)
    tree = sample_nuts(
        compile_nuts(model), data_of(model), draws=2000, tune=1000, chains=4, seed=SEED
    )
    assert diagnose(tree).status is Status.PASS
    found = moments_of(tree["posterior"].to_dataset(), independent=False)
    for name, values in expected.items():
        mean, sd, mean_error, sd_error = moments(few, values)
        (mean_found, sd_found, *_), (error, error_of_sd, *_) = found[name]
        assert abs(mean_found - mean) < 4 * np.hypot(error, mean_error), name
        assert abs(sd_found - sd) < 4 * np.hypot(error_of_sd, sd_error), name


def log_density_of_moments(theta: np.ndarray) -> np.ndarray:
    """Return the same density for many points at once, from means and products of the rows."""
    z = (ROWS - ROWS.mean(axis=0)) / ROWS.std(axis=0, ddof=1)
    n, products = len(z), z.T @ z
    a, b, log_s, log_t, logit = theta.T
    s, t, rho = np.exp(log_s), np.exp(log_t), np.tanh(logit / 2)
    yy, xx = (products[0, 0] + n * a**2) / s**2, (products[1, 1] + n * b**2) / t**2
    yx = (products[0, 1] + n * a * b) / (s * t)
    rest = 1 - rho**2
    value = -0.5 * (yy + xx - 2 * rho * yx) / rest - n * (log_s + log_t + 0.5 * np.log(rest))
    prior = -(a**2 + b**2) / 8 - (s**2 + t**2) / 8 + log_s + log_t
    found: np.ndarray = value + prior + np.log(rest)
    return found


def test_the_fast_density_is_that_of_scipy_but_for_a_constant() -> None:
    some = RNG.normal(scale=0.5, size=(20, 5))
    assert np.ptp(log_density_of_moments(some) - log_density(some)) < 1e-6
