"""Rows that are alike: the estimator, the factor by which errors grow, and false alarms."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.conftest import SEED
from workflow.checking.alike import LEVEL, Alike, Residuals, look, worst_of_each
from workflow.checking.correlated import inflation, intraclass, serial


def one_mean(left: np.ndarray) -> Residuals:
    weights = pd.DataFrame({"the mean": np.ones(len(left))})
    return Residuals(pd.Series(left), weights, np.zeros(len(left), dtype=int))


def grouped(rng: np.random.Generator, icc: float, sizes: np.ndarray) -> tuple[np.ndarray, ...]:
    """Gaussian values of variance 1 in groups, the groups' part of it `icc`."""
    codes = np.repeat(np.arange(len(sizes)), sizes)
    own = rng.normal(size=len(codes)) * np.sqrt(1 - icc)
    return codes, np.sqrt(icc) * rng.normal(size=len(sizes))[codes] + own


def test_equal_groups_are_those_of_the_analysis_of_variance() -> None:
    """With equal groups F = (1 + (m - 1) icc) / (1 - icc), as Fisher has it."""
    codes, values = grouped(np.random.default_rng(SEED), 0.4, np.full(30, 5))
    icc, _ = intraclass(values, codes)
    f = stats.f_oneway(*values.reshape(30, 5)).statistic
    assert (1 + 4 * icc) / (1 - icc) == pytest.approx(f, rel=1e-9)


def test_estimate_and_error_are_right_on_average() -> None:
    """500 data sets, groups of 1 to 9: the mean within four errors, the error within 15%."""
    rng = np.random.default_rng(SEED)
    sizes = rng.integers(1, 10, 60)
    found = np.array([intraclass(*grouped(rng, 0.3, sizes)[::-1]) for _ in range(500)])
    icc, error = found.T
    assert abs(icc.mean() - 0.3) < 4 * icc.std() / np.sqrt(500) + 0.005  # biased by 1 / groups
    assert error.mean() == pytest.approx(icc.std(), rel=0.15)


def test_the_factor_is_that_of_the_covariance() -> None:
    """Whatever weights and groups: the sd of a weighted sum under the whole covariance."""
    rng = np.random.default_rng(SEED)
    codes, weights = rng.integers(0, 7, 40), pd.DataFrame(rng.normal(size=(40, 3)))
    alike = np.where(codes[:, None] == codes, 0.3, 0.0)
    np.fill_diagonal(alike, 1)
    w = weights.to_numpy()
    exact = np.sqrt(np.einsum("ik,ij,jk->k", w, alike, w) / (w**2).sum(axis=0))
    assert inflation(0.3, weights, codes).to_numpy() == pytest.approx(exact, rel=1e-9)


def test_a_mean_of_equal_groups_has_the_design_effect() -> None:
    codes = np.repeat(np.arange(50), 6)
    factor = inflation(0.6, pd.DataFrame({"the mean": np.ones(300)}), codes)
    assert factor["the mean"] == pytest.approx(2)  # sqrt(1 + 5 * .6)


def test_the_factor_of_neighbours_is_that_of_an_autoregression() -> None:
    """2,000 values that correlate by .6 ** h, their mean: sqrt((1 + .6) / (1 - .6)) = 2."""
    rng, n = np.random.default_rng(SEED), 20_000
    values = np.empty(n)
    values[0] = rng.normal()
    for t in range(1, n):
        values[t] = 0.6 * values[t - 1] + 0.8 * rng.normal()
    r, factor = serial(values, pd.DataFrame({"the mean": np.ones(n)}))
    assert r == pytest.approx(0.6, abs=4 * 0.8 / np.sqrt(n))
    assert factor["the mean"] == pytest.approx(2, rel=0.05)


def test_what_is_alike_is_found_and_what_is_not_is_not() -> None:
    rng = np.random.default_rng(SEED)
    codes, values = grouped(rng, 0.5, np.full(40, 5))
    groups = {"user": pd.Series(codes), "shuffled": pd.Series(rng.permutation(codes))}
    found = {one.column: one for one in look(one_mean(values), groups, {}, seed=1)}
    assert found["user"].matters
    assert found["user"].factor == pytest.approx(np.sqrt(3), rel=0.3)
    assert not found["shuffled"].found


def test_a_drift_and_neighbours_are_found_in_time() -> None:
    rng = np.random.default_rng(SEED)
    when = pd.Series(rng.permutation(400).astype(float))
    drifting = one_mean(rng.normal(size=400) + when.to_numpy() / 200)
    assert all(one.matters and one.ordered for one in look(drifting, {}, {"day": when}, seed=1))
    assert look(drifting, {}, {}, seed=1) == []  # who does not know the order
    assert not any(one.found for one in look(drifting, {}, {}, ordered=True, seed=1))


def two_arms(values: np.ndarray, arms: np.ndarray) -> Residuals:
    weights = np.where(arms == 1, 1 / (arms == 1).sum(), -1 / (arms == 0).sum())
    left = pd.Series(values) - pd.Series(values).groupby(arms).transform("mean")
    return Residuals(left, pd.DataFrame({"the difference": weights}), arms)


@pytest.mark.parametrize("alternate", [True, False])
def test_arms_that_go_apart_are_found_though_all_rows_together_stay(alternate: bool) -> None:
    """One arm falls from .6 to .1 as the other rises: neighbours and blocks know nothing of it."""
    rng, n = np.random.default_rng(SEED), 2000
    arms = np.arange(n) % 2 if alternate else rng.integers(0, 2, n)
    drift = 0.5 * np.arange(n) / n
    apart = (rng.random(n) < np.where(arms == 0, 0.6 - drift, 0.1 + drift)).astype(float)
    together = (rng.random(n) < 0.1 + drift).astype(float)
    found = look(two_arms(apart, arms), {}, {}, ordered=True, seed=1)
    assert [one.column for one in found if one.matters] == [
        "20 blocks by their order in the file, arm against arm"
    ]
    shared = {
        one.column: one for one in look(two_arms(together, arms), {}, {}, ordered=True, seed=1)
    }
    assert not shared["20 blocks by their order in the file, arm against arm"].found
    assert shared["20 blocks by their order in the file"].found


def test_the_factor_of_arms_that_go_apart_is_that_of_their_difference() -> None:
    """Each arm has a level of its own in every block: 1 + icc (m - 1) of the variance, m rows."""
    rng, n, m, squares = np.random.default_rng(SEED), 800, 20, []
    arms, blocks = np.arange(n) % 2, np.arange(n) // (2 * m)
    for seed in range(40):
        level = rng.normal(size=(20, 2)) * np.sqrt(0.1)
        values = level[blocks, arms] + rng.normal(size=n) * np.sqrt(0.9)
        found = look(two_arms(values, arms), {}, {}, ordered=True, seed=seed)
        squares += [one.factor**2 for one in found if "against" in one.column]
    assert len(squares) == 40
    error = np.std(squares) / np.sqrt(len(squares))
    assert abs(np.mean(squares) - (1 + 0.1 * (m - 1))) < 4 * error


def test_nothing_is_said_of_too_few_rows_or_of_none_left() -> None:
    alone = {"user": pd.Series([0, 1, 2])}
    assert look(one_mean(np.array([1.0, -1, 0])), alone, {}, ordered=True, seed=1) == []
    assert look(one_mean(np.zeros(60)), {"u": pd.Series(np.arange(60) // 2)}, {}, seed=1) == []


@pytest.mark.validate
def test_independent_rows_raise_a_warning_in_one_page_of_a_hundred_at_most() -> None:
    """2,000 data sets of 0/1 and of skewed noise, three groupings and the order together.

    The level is `LEVEL`; a binomial with 4 standard errors of room. Measured: 7 and 9 of 823 each.
    """
    rng, alarms = np.random.default_rng(SEED), 0
    for i in range(2000):
        n = int(rng.integers(40, 400))
        events = (rng.random(n) < 0.05).astype(float)
        values = rng.exponential(size=n) if i % 2 else events
        groups = {str(k): pd.Series(rng.integers(0, n // k, n)) for k in (2, 6, 20)}
        found = look(one_mean(values - values.mean()), groups, {}, ordered=True, seed=i)
        alarms += any(one.found for one in found)
    assert alarms / 2000 < LEVEL + 4 * np.sqrt(LEVEL / 2000)


@pytest.mark.validate
def test_arms_that_stay_raise_a_warning_in_one_page_of_a_hundred_at_most() -> None:
    """1,000 orders of two to four arms of 0/1, as often shown or not."""
    rng, alarms = np.random.default_rng(SEED), 0
    for i in range(1000):
        n, k = int(rng.integers(60, 400)), int(rng.integers(2, 5))
        arms = rng.permutation(np.r_[np.arange(k), rng.choice(k, n - k, p=rng.dirichlet([2] * k))])
        values = (rng.random(n) < rng.choice([0.05, 0.4])).astype(float)
        alarms += any(
            one.found for one in look(two_arms(values, arms), {}, {}, ordered=True, seed=i)
        )
    assert alarms / 1000 < LEVEL + 4 * np.sqrt(LEVEL / 1000)


def test_residuals_that_are_several_share_the_level() -> None:
    """Of five kinds each is held against a fifth of the level, and a column is told once."""
    codes = pd.Series(np.repeat(np.arange(20), 5))
    left = np.random.default_rng(SEED).normal(size=100)
    (once,) = look(one_mean(left), {"user": codes}, {}, seed=SEED)
    (of_five,) = look(one_mean(left), {"user": codes}, {}, seed=SEED, asked=5)
    assert (once.limit, of_five.limit) == (LEVEL, LEVEL / 5)


def test_of_each_column_what_matters_most_is_told() -> None:
    def one(column: str, p: float, factor: float) -> Alike:
        return Alike(column, 20, 100, 0.2, 0.1, p, 0.01, factor, "the mean")

    wide, sure, other = one("user", 0.5, 3.0), one("user", 0.001, 1.5), one("day", 0.5, 2.0)
    assert not wide.matters
    assert sure.matters
    assert worst_of_each([wide, sure, other]) == [other, sure]
