"""Proportional odds: the steps by cut, and what they find where the odds are not proportional."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import chi2, kstest

from workflow.predicting import ordered
from workflow.regression import ordinal
from workflow.regression.proportional import Steps, steps_at

CUTS, SLOPES = np.array([-1.0, 0.3, 1.5]), np.array([0.8, -0.5])


def sheet(n: int = 400, seed: int = 3) -> tuple[pd.DataFrame, np.ndarray]:
    """Return two terms, and P(above each cut) of their rows under the model."""
    rng = np.random.default_rng(seed)
    terms = pd.DataFrame({"a": rng.normal(size=n), "b": rng.integers(0, 2, size=n)})
    return terms, expit(terms.to_numpy(dtype=float) @ SLOPES - CUTS[:, None]).T


def drawn(exceeded: np.ndarray, times: int, seed: int = 5) -> np.ndarray:
    """Return ratings (time, row) whose P(above each cut) is that."""
    u = np.random.default_rng(seed).random((times, len(exceeded)))
    return np.asarray((u[..., None] < exceeded).sum(axis=-1))


def posterior(draws: int = 1) -> xr.Dataset:
    """Return draws that all have the same slopes and cuts."""
    return xr.Dataset(
        {
            "slope": (("chain", "draw", "term"), np.tile(SLOPES, (1, draws, 1))),
            "cut": (("chain", "draw", "boundary"), np.tile(CUTS, (1, draws, 1))),
        },
        {"term": ["a", "b"], "boundary": [1, 2, 3]},
    )


def test_a_step_leads_towards_the_logistic_regression_of_a_cut() -> None:
    """On much data one step of Newton's method is nearly all the way."""
    terms, exceeded = sheet(20_000)
    y = drawn(exceeded, 1)[0]
    found = steps_at(exceeded, terms)
    x = np.column_stack([np.ones(len(terms)), terms])
    for i, cut in enumerate(found.cuts):
        event = y >= cut

        def loss(b: np.ndarray, event: np.ndarray = event) -> float:
            return float(np.logaddexp(0, x @ b).sum() - event @ (x @ b))

        best = minimize(loss, [0.0, *SLOPES], method="BFGS").x[1:]
        step = [found.of(y, k)[i] for k in range(2)] / np.array([terms["a"].std(), 1])
        error = np.sqrt(found.covariance[:, i, i])
        assert np.abs(SLOPES + step - best).max() < 0.1 * error.max()


def test_of_proportional_odds_the_statistic_is_chi_squared() -> None:
    """2,000 data sets of the model's own: steps of mean 0, a chi-squared of two degrees."""
    terms, exceeded = sheet()
    found, y = steps_at(exceeded, terms), drawn(exceeded, 2000)
    for k in range(2):
        steps = found.of(y, k)
        error = np.sqrt(np.diag(found.covariance[k]))
        assert np.abs(steps.mean(axis=0) / error).max() < 4 / np.sqrt(2000)
        assert np.cov(steps.T) == pytest.approx(found.covariance[k], abs=0.15 * error.max() ** 2)
        assert kstest(found.differ(y, k), chi2(2).cdf).pvalue > 1e-3


def test_a_slope_that_is_there_at_one_cut_alone_is_found() -> None:
    """And the other term, whose slope is the same at every cut, is not."""
    terms, _ = sheet()
    eta = terms.to_numpy(dtype=float) @ [0.0, -0.5]
    apart = expit(eta - CUTS[:, None] + np.array([[1.0], [0], [0]]) * 1e-9).T
    apart[:, 0] = np.maximum(apart[:, 1], expit(eta + 1 + 1.5 * terms["a"].to_numpy()))
    found, y = steps_at(sheet()[1], terms), drawn(apart, 200)
    assert (chi2(2).sf(found.differ(y, 0)) < 0.001).mean() > 0.95


def test_a_cut_with_hardly_a_row_beyond_is_not_looked_at() -> None:
    terms, exceeded = sheet()
    found: Steps = steps_at(np.column_stack([exceeded, np.full(len(terms), 0.005)]), terms)
    assert found.cuts == (1, 2, 3)


def test_probabilities_of_rows_are_those_of_the_model() -> None:
    terms, exceeded = sheet(20)
    assert ordinal.cumulative(posterior(), terms) == pytest.approx(exceeded)
    p = ordinal.shares(exceeded)
    found = ordered.predict(posterior(4), terms, ["low", "fair", "good", "best"])
    assert found.iloc[:, :4].to_numpy(dtype=float) == pytest.approx(p)
    assert list(found)[:4] == ["P(low)", "P(fair)", "P(good)", "P(best)"]
    names = np.array(["low", "fair", "good", "best"])
    assert found["most_probable"].tolist() == names[p.argmax(axis=1)].tolist()
    assert p.sum(axis=1) == pytest.approx(1)


def test_residuals_have_mean_0_and_their_own_sd() -> None:
    """Averaged over the ratings that a row can have, by its probabilities."""
    terms, exceeded = sheet(50)
    p = ordinal.shares(exceeded)
    every = [
        ordinal.residuals(posterior(), terms, pd.Series(np.full(50, code))).left
        for code in range(4)
    ]
    left = np.stack(every, axis=1)
    assert (p * left).sum(axis=1) == pytest.approx(0, abs=1e-12)
    assert (p * left**2).sum(axis=1) == pytest.approx(1)
