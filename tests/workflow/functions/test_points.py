"""The algebra of curves: against scikit-learn, against rows left out one by one, by differences."""

import numpy as np
import pandas as pd
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel

from data.smooth_curve import load
from workflow.functions.points import Points, Theta, drawn, points
from workflow.functions.quadrature import log_likelihoods

ROWS = load()
THETAS = [Theta(5.2, 50.0, 22.8), Theta(1.3, 20.0, 30.0), Theta(14.0, 90.0, 5.0)]
GRID = np.linspace(0, 62, 23)


def theirs(rows: pd.DataFrame, theta: Theta, level: float) -> GaussianProcessRegressor:
    """Return the fit of scikit-learn at fixed numbers, of the values less their mean."""
    x, y = rows.to_numpy(dtype=float).T
    kernel = ConstantKernel(theta.sigma_f**2) * RBF(theta.length) + ConstantKernel(level**2)
    fit = GaussianProcessRegressor(kernel, alpha=theta.sigma**2, optimizer=None)
    return fit.fit(x[:, None], y - y.mean())


@pytest.mark.parametrize("theta", THETAS)
@pytest.mark.parametrize("level_sd", [0.1, 1.0])
def test_scikit_learn_finds_the_same(theta: Theta, level_sd: float) -> None:
    """Mean, sd and log marginal likelihood, to 1e-8."""
    known = points(ROWS, level_sd)
    fit, found = theirs(ROWS, theta, known.level), known.solved(theta)
    mean, sd = fit.predict(GRID[:, None], return_std=True)
    ours, covariance = found.curve(GRID)
    assert ours == pytest.approx(mean + known.mean, rel=1e-8, abs=1e-8)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(sd, rel=1e-8)
    expected = fit.log_marginal_likelihood_value_
    assert found.log_likelihood == pytest.approx(expected, rel=1e-8)
    by_eigenvalues = log_likelihoods(
        known, theta.length, np.array(theta.sigma_f), np.array(theta.sigma)
    )
    assert by_eigenvalues == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("theta", THETAS)
def test_slopes_are_differences(theta: Theta) -> None:
    """Mean and covariance of the slope, by differences of those of the curve."""
    found, h = points(ROWS, 1.0).solved(theta), 1e-3
    x = np.array([3.0, 14.0, 21.0, 40.0])
    both = np.concatenate([x + h, x - h])
    mean, covariance = found.curve(both)
    less = np.hstack([np.eye(4), -np.eye(4)]) / (2 * h)
    slope, own = found.curve(x, slope=True)
    assert slope == pytest.approx(less @ mean, rel=1e-4, abs=1e-5)
    assert own == pytest.approx(less @ covariance @ less.T, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("theta", THETAS)
def test_rows_left_out_are_predicted_by_the_others(theta: Theta) -> None:
    """Without a row, one by one; a repeated x and one that is there once."""
    known = points(ROWS, 1.0)
    mean, sd = known.solved(theta).left_out
    for i in (0, 5, 40, 77, 132):
        rest = np.delete(np.arange(len(known.y)), i)
        others = Points(known.where, known.at[rest], known.y[rest], known.mean, known.level)
        at, covariance = others.solved(theta).curve(known.where[known.at[[i]]])
        assert mean[i] == pytest.approx(at[0], rel=1e-7)
        assert sd[i] == pytest.approx(np.sqrt(covariance[0, 0] + theta.sigma**2), rel=1e-7)


def test_weights_of_rows_make_the_mean() -> None:
    known = points(ROWS, 1.0)
    found = known.solved(THETAS[0])
    weights = found.weights(GRID)
    assert weights.shape == (len(GRID), len(ROWS))
    expected = found.curve(GRID)[0]
    assert known.mean + weights @ (known.y - known.mean) == pytest.approx(expected, rel=1e-9)


def test_without_rows_there_is_the_prior() -> None:
    none = Points(GRID, np.array([], dtype=int), np.array([]), 3.0, 2.0)
    mean, covariance = none.solved(THETAS[0]).curve(GRID[:3])
    assert (mean == 3).all()
    assert np.diag(covariance) == pytest.approx(4 + 2500)


def test_the_order_of_the_rows_is_nothing() -> None:
    mixed = ROWS.sample(frac=1, random_state=3)
    one, other = (points(rows, 1.0).solved(THETAS[0]) for rows in (ROWS, mixed))
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)


def test_draws_have_the_covariance() -> None:
    """Of three numbers, the third the sum of the others: their covariance has no factor."""
    rng = np.random.default_rng(2)
    half = np.array([[1.0, 0, 0], [0.5, 0.8, 0], [1.5, 0.8, 0]])
    covariance, n = half @ half.T, 20_000
    found = np.array([drawn(np.array([1.0, 2, 3]), covariance, rng) for _ in range(n)])
    error = np.sqrt((covariance**2 + np.outer(*2 * [np.diag(covariance)])) / n)
    assert (np.abs(np.cov(found, rowvar=False) - covariance) < 4.5 * error).all()
    assert found[:, 2] == pytest.approx(found[:, 0] + found[:, 1], abs=1e-6)
