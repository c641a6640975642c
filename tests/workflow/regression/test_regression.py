"""Directions, contrasts, explained variance and predictions, on draws of a known Gaussian."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from models._regression import prior_root
from workflow.quantities import summarise
from workflow.regression.gaussian import least_squares, left_out, r2_left_out, ridge, uncertainty
from workflow.regression.regression import (
    UNKNOWN,
    contrasts,
    directions,
    explained,
    linear_predictor,
    telling_rows,
)

RNG = np.random.default_rng(11)
TERMS = pd.DataFrame(RNG.normal(size=(40, 3)), columns=["a", "b", "c"], index=range(2, 42))


def coefficient(mean: list[float], cov: np.ndarray, draws: int = 2000) -> xr.DataArray:
    values = RNG.multivariate_normal(mean, cov, size=(4, draws))
    return xr.DataArray(values, dims=("chain", "draw", "term"), coords={"term": ["a", "b", "c"]})


def test_directions_are_those_that_are_sure() -> None:
    beta = coefficient([5.0, -5.0, 0.0], np.eye(3))
    assert directions(beta, 0.975) == ("up: a; down: b",)
    assert directions(beta - beta.mean(("chain", "draw")), 0.975) == (UNKNOWN,)


def test_a_direction_on_the_edge_leaves_both_decisions_tenable() -> None:
    beta = coefficient([1.96, 0.0, 0.0], np.eye(3))
    assert set(directions(beta, 0.975)) == {"up: a", UNKNOWN}
    assert len(directions(beta, 0.975, errors=0)) == 1


def test_a_sum_is_known_where_its_terms_are_not() -> None:
    cov = np.array([[1, -0.95, 0], [-0.95, 1, 0], [0, 0, 1]])
    found = contrasts(coefficient([1, 1, 0], cov))
    assert list(found["contrast"].to_numpy()) == ["a + b"]
    q = summarise(found.to_dataset(name="c"))["c[a + b]"]
    assert q.sd == pytest.approx(np.sqrt(0.1), rel=0.05)
    assert contrasts(coefficient([1, 1, 0], np.eye(3))).sizes["contrast"] == 0
    other = contrasts(coefficient([1, 1, 0], np.abs(cov)))
    assert list(other["contrast"].to_numpy()) == ["a − b"]


@pytest.fixture
def posterior() -> xr.Dataset:
    slope = coefficient([1, 0, -1], 0.04 * np.eye(3))
    ones = xr.ones_like(slope.isel(term=0, drop=True))
    intercept = ones * 0 + RNG.normal(2, 0.3, size=ones.shape)
    return xr.Dataset({"slope": slope, "intercept": intercept, "sigma": ones * 0.5})


def test_predictive_variance_is_noise_and_parameters(posterior: xr.Dataset) -> None:
    new = pd.DataFrame({"a": [0.0, 3.0], "b": [0.0, 0.0], "c": [0.0, 4.0]}, index=["x", "y"])
    found = uncertainty(posterior, new, seed=1)
    assert found["sd_noise"].to_numpy() == pytest.approx(0.5)
    expected = np.sqrt(0.3**2 + 0.04 * np.array([0, 25]))
    assert found["sd_parameters"].to_numpy() == pytest.approx(expected, rel=0.05)
    squares = found["sd_noise"] ** 2 + found["sd_parameters"] ** 2
    assert (found["sd"] ** 2).to_numpy() == pytest.approx(squares.to_numpy())
    wide = (found["upper"] - found["lower"]).to_numpy()
    assert wide == pytest.approx(2 * 1.96 * found["sd"].to_numpy(), rel=0.05)
    assert found["mean"].to_numpy() == pytest.approx([2, 1], abs=0.1)


def test_linear_predictor_is_the_sum(posterior: xr.Dataset) -> None:
    first = posterior.isel(chain=0, draw=0)
    by_hand = float(first["intercept"]) + TERMS.to_numpy() @ first["slope"].to_numpy()
    found = linear_predictor(posterior, TERMS).isel(chain=0, draw=0)
    assert found.to_numpy() == pytest.approx(by_hand)


def test_explained_variance(posterior: xr.Dataset) -> None:
    first = posterior.isel(chain=0, draw=0)
    predicted = np.var(TERMS.to_numpy() @ first["slope"].to_numpy(), ddof=1)
    found = explained(posterior, TERMS, posterior["sigma"]).isel(chain=0, draw=0)
    assert float(found) == pytest.approx(predicted / (predicted + 0.25))


def test_a_sum_that_is_known_less_well_than_a_term_is_not_shown() -> None:
    """Sds .21 and .09 with a correlation of -.87: the sum has .14."""
    r = -0.87 * 0.21 * 0.09
    cov = np.array([[0.21**2, r, 0], [r, 0.09**2, 0], [0, 0, 1]])
    beta = coefficient([1, 1, 0], cov)
    assert float((beta[..., 0] + beta[..., 1]).std()) > 0.09
    assert contrasts(beta).sizes["contrast"] == 0


def test_telling_rows() -> None:
    far = TERMS.copy()
    far.loc[7] = [9, -9, 9]
    found = telling_rows(far, "b")
    assert list(found.columns) == list(TERMS)
    assert "the most unusual row (line 7)" in found.index
    last, average = found.iloc[-1], found.iloc[0]
    assert last["b"] - average["b"] == pytest.approx(5 * far["b"].std())
    assert list(telling_rows(far.iloc[:3], None).index) == ["the average of all terms"]


def test_least_squares_and_ridge_without_a_penalty_are_the_same() -> None:
    y = pd.Series(RNG.normal(size=40), index=TERMS.index)
    design = np.column_stack([np.ones(40), TERMS])
    expected = np.linalg.lstsq(design, y, rcond=None)[0][1:]
    assert least_squares(TERMS, y).to_numpy() == pytest.approx(expected)
    assert ridge(TERMS, y, np.eye(3), 0).to_numpy() == pytest.approx(expected)


def test_rows_are_left_out_as_by_as_many_fits() -> None:
    """Ridge without the row; the level has no prior, and the scales of the columns stay."""
    y, root = pd.Series(RNG.normal(size=40), index=TERMS.index), np.diag([0.5, 1.0, 2.0])
    found = left_out(TERMS, y, root, 1.7)
    z = ((TERMS - TERMS.mean()) / TERMS.std()).to_numpy()
    x = np.column_stack([np.ones(40), z @ root])
    penalty = 1.7 * np.diag([0, 1, 1, 1])
    for i in (0, 7, 39):
        rest = np.delete(np.arange(40), i)
        b = np.linalg.solve(x[rest].T @ x[rest] + penalty, x[rest].T @ y.to_numpy()[rest])
        assert found[i] == pytest.approx(y.to_numpy()[i] - x[i] @ b)


def test_noise_explains_nothing_of_rows_left_out() -> None:
    """Forty terms of pure noise: in 300 rows they follow a tenth of it, in others nothing."""
    rng = np.random.default_rng(12)
    terms = pd.DataFrame(rng.normal(size=(300, 40)))
    y = pd.Series(rng.normal(size=300))
    root = prior_root(terms) * y.std()
    middle, low, high = r2_left_out(terms, y, root, y.var(), seed=1)
    assert low < middle < 0.02 < high + 0.05
    signal = y + 2 * terms[0]
    root = prior_root(terms) * signal.std()
    middle, low, high = r2_left_out(terms, signal, root, y.var(), seed=1)
    assert low < 0.8 < high + 0.05
