"""Pairs of rows left out, against refits without each pair."""

import itertools

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import expit, logit

from workflow.regression.discrimination import area_interval, area_of, auc
from workflow.regression.pairs_left_out import area

PRECISION = 1 / 9  # of the prior of each coefficient


def mode(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mode of a logistic regression, and the inverse curvature there."""
    b, prior = np.zeros(x.shape[1]), PRECISION * np.eye(x.shape[1])
    for _ in range(30):
        p = expit(x @ b)
        curvature = x.T @ (x * (p * (1 - p))[:, None]) + prior
        b = b + np.linalg.solve(curvature, x.T @ (y - p) - prior @ b)
    return b, np.linalg.inv(curvature)


def fitted(terms: pd.DataFrame, y: np.ndarray) -> tuple[xr.Dataset, np.ndarray]:
    """Return draws of the normal at the mode, and probabilities by refits without each row."""
    x = np.column_stack([np.ones(len(y)), terms])
    drawn = np.random.default_rng(3).multivariate_normal(*mode(x, y), 4000)[None]
    coords = {"term": list(terms)}
    dims = ("chain", "draw")
    found = {"intercept": (dims, drawn[..., 0]), "slope": ((*dims, "term"), drawn[..., 1:])}
    kept = [np.arange(len(y)) != i for i in range(len(y))]
    odds = [x[i] @ mode(x[rows], y[rows])[0] for i, rows in enumerate(kept)]
    return xr.Dataset(found, coords=coords), expit(np.array(odds))


def test_pairs_are_ranked_as_by_refits_without_both() -> None:
    rng = np.random.default_rng(7)
    terms = pd.DataFrame(rng.normal(size=(60, 3)), columns=list("abc"))
    y = (rng.random(60) < expit(terms["a"] - 0.3)).to_numpy().astype(int)
    x = np.column_stack([np.ones(60), terms])
    right = []
    for i, j in itertools.product(np.flatnonzero(y), np.flatnonzero(1 - y)):
        rows = np.delete(np.arange(60), [i, j])
        right.append(float((x[i] - x[j]) @ mode(x[rows], y[rows])[0]) > 0)
    posterior, p = fitted(terms, y)
    found = area(posterior, terms, pd.Series(y), p)
    assert found.value == pytest.approx(np.mean(right), abs=0.01)
    assert found.lower < found.value < found.upper


@pytest.mark.parametrize(("low", "high"), [(60, 100), (80, 80)])
def test_rows_that_are_equal_are_ties(low: int, high: int) -> None:
    """A yes or no of 200 rows each: left out alone, its rows are ranked the wrong way round."""
    x = np.repeat([0.0, 1.0], 200)
    y = np.concatenate([np.arange(200) < low, np.arange(200) < high]).astype(int)
    terms = pd.DataFrame({"x": x})
    posterior, p = fitted(terms, y)
    found = area(posterior, terms, pd.Series(y), p).value
    assert auc(y, p) < found - 0.1
    exact = auc(y, x) if low != high else None
    if exact:
        assert found == pytest.approx(exact, abs=1e-9)
    else:  # without a pair of two cells the event's own cell has the smaller share
        assert 0.2 < found < 0.5


def test_a_tie_of_all_says_nothing_of_other_rows() -> None:
    assert area_interval([1] * 50 + [0] * 50, [0.5] * 100) == (0.0, 1.0)
    assert area_interval([1, 0], [0.5, 0.5]) == (0.0, 1.0)
    found = area_of(np.array([1.0, 1.0]), np.array([1.0, 1.0]))
    assert (found.value, found.upper) == (1.0, 1.0)
    assert 0 < found.lower < 1
    assert logit(found.lower) < 0
