"""Curves as sums of waves: against scikit-learn's exact process, and against dense matrices."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel

from models._many_places import drawn, many_places
from workflow.functions import quadrature
from workflow.functions.basis import Basis, basis
from workflow.functions.course import thetas
from workflow.functions.leftover import Leftover
from workflow.functions.many_places import LARGE, SMALL, Error, error, looked_for, waves_of
from workflow.functions.points import Points, Theta, points
from workflow.functions.spacing import spacing
from workflow.functions.waves import Waves

RNG = np.random.default_rng(17)
GRID = np.linspace(1, 99, 23)
LENGTHS = [3.0, 10.0, 40.0]


def rows(n: int, length: float = 10.0, noise: float = 0.5) -> pd.DataFrame:
    """Rows about a curve of many cosines, some of them at one place."""
    x = np.sort(RNG.uniform(0, 100, n))
    x[1::9] = x[::9][: len(x[1::9])]
    waves, shift = RNG.normal(size=50) / length, RNG.uniform(0, 2 * np.pi, 50)
    curve = 0.2 * np.cos(np.outer(x, waves) + shift).sum(1)
    return pd.DataFrame({"x": x, "y": 5 + curve + noise * RNG.normal(size=n)})


def about(known: Points, found: Basis) -> Waves:
    return Waves(known.where, known.at, known.y, known.mean, known.level, found)


ROWS = rows(300)
KNOWN = points(ROWS, 1.0)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize(("room", "most"), [(1.0, SMALL), (1.5, 1e-3)])
def test_by_the_rule_they_are_the_process(length: float, room: float, most: float) -> None:
    """Of scikit-learn, at fixed numbers; slopes by the exact algebra. Differences in its sds.

    With waves for just this length, and for those half as long again or shorter by as much.
    """
    theta = Theta(length, 1.5, 0.5)
    kernel = ConstantKernel(theta.sigma_f**2) * RBF(length) + ConstantKernel(KNOWN.level**2)
    fit = GaussianProcessRegressor(kernel, alpha=theta.sigma**2, optimizer=None)
    fit.fit(ROWS[["x"]].to_numpy(), KNOWN.y - KNOWN.mean)
    mean, sd = fit.predict(GRID[:, None], return_std=True)
    found = about(KNOWN, basis(KNOWN.where, length / room, length * room)).solved(theta)
    ours, covariance = found.curve(GRID)
    assert (np.abs(ours - KNOWN.mean - mean) < most * sd).all()
    assert np.sqrt(np.diag(covariance)) == pytest.approx(sd, rel=most)
    assert found.log_likelihood == pytest.approx(fit.log_marginal_likelihood_value_, abs=most)
    (slope, own), (exact, of) = (
        one.solved(theta).curve(GRID, slope=True) for one in (found.points, KNOWN)
    )
    assert (np.abs(slope - exact) < most * np.sqrt(np.diag(of))).all()
    assert np.sqrt(np.diag(own)) == pytest.approx(np.sqrt(np.diag(of)), rel=most)


def is_dense(found: Any, rows: Points, own: Any, theta: Theta, whole: np.ndarray) -> None:
    """Compare curve, rows left out and weights with those of the covariance of all rows, `whole`.

    `own` are the waves, whose curve has this covariance, of `rows`.
    """
    some, x = rows.where[:: len(rows.where) // 6], rows.where[rows.at]
    inverse, left, to = np.linalg.inv(whole), rows.y - rows.mean, own.same(some, x, theta)
    mean, covariance = found.curve(some)
    assert mean == pytest.approx(rows.mean + to @ inverse @ left, rel=1e-8)
    curve = own.same(some, some, theta) - to @ inverse @ to.T
    assert covariance == pytest.approx(curve, abs=1e-8)
    assert found.weights(some) == pytest.approx(to @ inverse, abs=1e-9)
    rest, sd = found.left_out
    assert rest == pytest.approx(rows.y - inverse @ left / np.diag(inverse), rel=1e-8)
    assert sd == pytest.approx(1 / np.sqrt(np.diag(inverse)), rel=1e-8)


@pytest.mark.parametrize("length", LENGTHS)
def test_the_algebra_is_that_of_its_own_covariance(length: float) -> None:
    """Dense, to 1e-8: density, curve, rows left out, weights; and the density for many sds."""
    theta = Theta(length, 1.5, 0.5)
    waves = about(KNOWN, Basis(40, 2.0, 50.0, 50.0))
    found, x = waves.solved(theta), KNOWN.where[KNOWN.at]
    whole = waves.same(x, x, theta) + 0.25 * np.eye(len(x))
    density = stats.multivariate_normal(np.full(len(x), KNOWN.mean), whole).logpdf(KNOWN.y)
    assert found.log_likelihood == pytest.approx(density, rel=1e-8)
    pair = np.array([1.5, 3.0]), np.array([0.5, 0.2])
    by_parts = quadrature.log_likelihoods(waves, length, *pair)
    other = waves.solved(Theta(length, 3.0, 0.2)).log_likelihood
    assert by_parts == pytest.approx([density, other], rel=1e-8)
    is_dense(found, KNOWN, waves, theta, whole)


def test_what_is_left_over_is_that_of_the_process() -> None:
    """Curve, scale and jumps by sums over waves, against the maps of places by places."""
    theta = Theta(10.0, 1.5, 0.5)
    waves = about(KNOWN, basis(KNOWN.where, 6.0, 16.0))
    y = KNOWN.mean + RNG.normal(size=(3, len(KNOWN.y)))
    ours, exact = (Leftover(one.solved(theta)) for one in (waves, KNOWN))
    assert ours.of(y) == pytest.approx(exact.of(y), abs=1e-5)
    sums = exact.sums(y)
    assert ours.maps.jumps(sums) == pytest.approx(exact.maps.jumps(sums), abs=1e-5)


def test_the_density_of_the_model() -> None:
    """Against the dense multivariate normal of the covariance of its waves, to 1e-8."""
    model = many_places(ROWS, 40, 2.0)
    density = model.compile_logp(vars=model.observed_RVs)
    waves = about(KNOWN, Basis(40, 2.0, *_middle(KNOWN.where)))
    x = KNOWN.where[KNOWN.at]
    for length, sigma_f, sigma in ((3.0, 0.7, 0.4), (11.0, 2.0, 0.9), (60.0, 5.0, 0.2)):
        theta = Theta(length, sigma_f, sigma)
        whole = waves.same(x, x, theta) + sigma**2 * np.eye(len(x))
        expected = stats.multivariate_normal(np.full(len(x), KNOWN.mean), whole).logpdf(KNOWN.y)
        logs = {"length": length, "sigma_f": sigma_f, "sigma": sigma}
        at = {f"{name}_log__": np.log(one) for name, one in logs.items()}
        assert float(density(at)) == pytest.approx(expected, rel=1e-8)


def test_slopes_of_the_density_are_numbers_at_any_length() -> None:
    """Those by differences: where a wave has no variance to rounding, too, as ADVI goes there."""
    model = many_places(ROWS, 40, 2.0)
    density, slopes = model.compile_logp(), model.compile_dlogp()
    for log_length in (3.0, 7.0, 12.0, 30.0):
        at = {"length_log__": log_length, "sigma_f_log__": 0.3, "sigma_log__": 0.2}
        for slope, name in zip(slopes(at), at, strict=True):
            low, high = (density(at | {name: at[name] + step}) for step in (-1e-5, 1e-5))
            assert slope == pytest.approx(float(high - low) / 2e-5, rel=1e-4, abs=1e-3), at


def test_rows_of_the_model_have_its_covariance() -> None:
    """By 40,000 draws of four rows."""
    few = pd.DataFrame({"x": [0.0, 1.0, 1.0, 2.5], "y": [0.0, 1, 2, 0]})
    known = points(few, 1.0)
    waves, theta = about(known, Basis(9, 1.5, *_middle(known.where))), Theta(1.3, 1.7, 0.6)
    n, at = 40_000, known.at
    y = drawn(
        np.array(2.0),
        waves.halves(theta),
        np.array(0.6),
        waves.columns,
        waves.gram,
        at,
        np.random.default_rng(5),
        size=(n,),
    )
    x = known.where[at]
    expected = waves.same(x, x, theta) + 0.36 * np.eye(4)
    size = np.sqrt((expected**2 + np.outer(np.diag(expected), np.diag(expected))) / n)
    assert (np.abs(np.cov(y, rowvar=False) - expected) < 4.5 * size).all()
    assert (np.abs(y.mean(0) - 2) < 4.5 * np.sqrt(np.diag(expected) / n)).all()


def test_priors_of_the_model_are_those_of_few_places() -> None:
    """The whole log density less that of the rows, at a point."""
    model = many_places(ROWS, 20, 2.0, typical_length=3.0, length_spread=0.7, noise=2.0)
    at = {"length_log__": 1.2, "sigma_f_log__": -0.3, "sigma_log__": 0.4}
    prior = float(model.compile_logp(vars=model.free_RVs)(at))
    sd = float(ROWS["y"].std())
    prior_of = quadrature.Prior(3.0, 0.7, sd, 2 * sd)
    assert prior == pytest.approx(float(prior_of.log_density([*map(np.array, at.values())])))
    assert isinstance(model, pm.Model)


def _middle(where: np.ndarray) -> tuple[float, float]:
    return float(where[0] + where[-1]) / 2, float(where[-1] - where[0]) / 2


@pytest.mark.parametrize("length", [2.0, 8.0, 60.0])
def test_enough_waves_are_chosen(length: float) -> None:
    """They hold the posterior's lengths, which is that of the process: 300 rows, both exactly."""
    some = points(rows(300, length), 1.0)
    found = looked_for(spacing(some.where))
    prior = quadrature.Prior(found.typical, found.spread, some.level, some.level)
    waves = waves_of(some, prior)
    ours, exact = quadrature.known(waves, prior), quadrature.known(some, prior)
    for name, one in exact.items():
        assert abs(ours[name].mean - one.mean) < SMALL * one.sd, name
        assert ours[name].sd == pytest.approx(one.sd, rel=SMALL), name
    drawn_of = thetas(quadrature.some(waves, prior, (2, 100), seed=1), 200, waves.where)
    assert error(waves, drawn_of).small


def test_too_few_waves_are_told() -> None:
    """Waves that end before the curve's bends do are far from the process, and said to be."""
    some = points(rows(300, 1.0, noise=0.1), 1.0)
    few = about(some, replace(basis(some.where, 20.0, 20.0), count=10))
    found = error(few, [Theta(1.0, 1.4, 0.1), Theta(1.2, 1.4, 0.1)])
    assert max(found.mean, found.sd) > LARGE
    assert found.large
    assert not found.small


def test_the_shortest_lengths_are_a_share_of_the_range() -> None:
    x = RNG.uniform(0, 300, 5000)
    found = looked_for(spacing(x))
    assert found.apart == pytest.approx(np.ptp(x) / 150)
    few = spacing(np.linspace(0, 1, 50))
    assert looked_for(few) == few


@pytest.mark.parametrize(
    ("mean", "sd", "small", "large"),
    [
        (0.1, 0.1, True, False),
        (0.2, 0.0, False, False),
        (0.0, 0.2, False, False),
        (0.6, 0.0, False, True),
        (0.0, 0.6, False, True),
    ],
)
def test_an_error_is_seen_from_a_sixth_of_an_sd_and_refused_from_half(
    mean: float, sd: float, small: bool, large: bool
) -> None:
    found = Error(mean, sd, 400)
    assert (found.small, found.large) == (small, large)
