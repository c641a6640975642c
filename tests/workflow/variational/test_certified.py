"""Certified draws against quadrature, and Gaussians that must not be certified."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from arviz_stats.base import array_stats

from workflow.checking.sampler_checks import GOOD_K
from workflow.regression.binomial_rows import BinomialRows
from workflow.variational.certified import Mode, NotFoundError, chains_of, log_prior, mode, propose

PRECISION = np.diag([1 / 2.5**2, 1.0])
LENGTHS: dict[str, Any] = {"draws": 2000, "chains": 4, "seed": 3}


def rows(n: int = 60, level: float = -1.0) -> BinomialRows:
    rng = np.random.default_rng(8)
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    y = (rng.random(n) < 1 / (1 + np.exp(-level - x[:, 1]))).astype(float)
    return BinomialRows(x, y, np.ones(n))


def on_a_grid(of: BinomialRows, precision: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return exact means and sds, by the midpoint rule over both coefficients."""
    about = mode(of, precision, np.zeros(2))
    sd = np.sqrt(np.square(about.root).sum(axis=1))
    axes = [at + one * np.linspace(-9, 9, 601) for at, one in zip(about.at, sd, strict=True)]
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    log_p = of.log_density(points) + log_prior(points, precision)
    p = np.exp(log_p - log_p.max())
    mean = p @ points / p.sum()
    return mean, np.sqrt(p @ (points - mean) ** 2 / p.sum())


def error(draws: np.ndarray) -> float:
    return float(array_stats.mcse(draws, chain_axis=0, draw_axis=1, method="mean"))


@pytest.mark.parametrize("own", [PRECISION, np.diag([1 / 0.7**2, 4.0])], ids=["own", "another"])
def test_draws_have_the_exact_moments_though_the_posterior_is_skewed(own: np.ndarray) -> None:
    """Of 60 rows; under another prior than that of the mode the same proposals do."""
    of = rows()
    made = propose(of, mode(of, PRECISION, np.zeros(2)), **LENGTHS)
    found = chains_of(made, own, seed=4)
    assert found.k_hat < GOOD_K
    assert 0.3 < found.taken.mean() < 0.99
    mean, sd = on_a_grid(of, own)
    for k in range(2):
        draws = found.draws[..., k]
        assert draws.mean() == pytest.approx(mean[k], abs=4 * error(draws))
        squares = (draws - mean[k]) ** 2
        assert squares.mean() == pytest.approx(sd[k] ** 2, abs=4 * error(squares))
    again = of.log_density(found.draws.reshape(-1, 2)).reshape(found.of_rows.shape)
    np.testing.assert_allclose(found.of_rows, again, rtol=1e-12)


def test_the_gaussian_alone_would_be_seen_to_be_off() -> None:
    """The test above has the power to tell the posterior from the Gaussian at its mode."""
    of = rows()
    about = mode(of, PRECISION, np.zeros(2))
    mean, _ = on_a_grid(of, PRECISION)
    made = propose(of, about, **LENGTHS).points[..., 0]
    assert abs(made.mean() - mean[0]) > 6 * error(made)


@pytest.mark.parametrize(
    ("moved", "wider"), [(4.0, 1.0), (0.0, 0.5)], ids=["another place", "too narrow"]
)
def test_a_wrong_mode_is_found_out(moved: float, wider: float) -> None:
    of = rows(20_000)
    right = mode(of, PRECISION, np.zeros(2))
    wrong = Mode(right.at + moved * right.root @ [1.0, 0.0], wider * right.root)
    assert chains_of(propose(of, right, **LENGTHS), PRECISION, seed=4).k_hat < GOOD_K
    assert chains_of(propose(of, wrong, **LENGTHS), PRECISION, seed=4).k_hat > GOOD_K


def test_a_weight_that_is_no_number_certifies_nothing() -> None:
    of = rows()
    made = propose(of, mode(of, PRECISION, np.zeros(2)), **LENGTHS)
    made.of_rows[1, 700] = np.nan
    assert chains_of(made, PRECISION, seed=4).k_hat == np.inf


def test_a_density_without_a_mode_has_none() -> None:
    of = replace(rows(), events=np.full(60, np.nan))
    with np.errstate(invalid="ignore"), pytest.raises(NotFoundError, match="did not arrive"):
        mode(of, PRECISION, np.zeros(2))


def test_the_mode_is_found_from_far_away() -> None:
    """Where full steps of Newton's method lead ever further from it: they are halved."""
    of = rows(2000)
    near = mode(of, PRECISION, np.zeros(2))
    far = mode(of, PRECISION, np.array([9.0, -7.0]))
    np.testing.assert_allclose(far.at, near.at, atol=1e-6)
    slope, curved = of.slope_and_curvature(near.at)
    np.testing.assert_allclose(slope - PRECISION @ near.at, 0, atol=1e-4)
    np.testing.assert_allclose(near.root @ near.root.T, np.linalg.inv(curved + PRECISION))
