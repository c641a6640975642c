"""Submodels by projection: the search against least squares, rows left out one by one by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from arviz_stats.base import array_stats
from scipy import stats
from sklearn.linear_model import Lasso, LinearRegression, Ridge

from tests.cases.sparse_regression import gibbs
from workflow.regression import shrunk
from workflow.regression.shrunk import LAPLACE, LASSO, NO_PRIOR, RIDGE
from workflow.regression.submodels import MOST, ROWS, rows_of, search, submodels, without

SEED = 2026


def made(n: int, k: int, real: int, *, noise: float = 1.0) -> tuple[pd.DataFrame, pd.Series]:
    """Return k correlated columns, of which the first few are what the outcome is made of."""
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(n, k)) + rng.normal(size=(n, 1))
    y = x[:, :real] @ np.resize([1.0, -1.0], real) + noise * rng.normal(size=n)
    return pd.DataFrame(x, columns=[f"x{j}" for j in range(k)]), pd.Series(y, name="y")


def posterior_of(terms: pd.DataFrame, outcome: pd.Series) -> xr.Dataset:
    """Return independent draws of the posterior, without PyMC."""
    rows = rows_of(terms, outcome, seed=SEED)
    most = np.sqrt(1 / (2 * terms.shape[1]))
    rng = np.random.default_rng(SEED)
    x = np.concatenate([gibbs(rows.z, rows.y, most, 1.0, rng) for _ in range(4)])
    x = x.reshape(4, -1, x.shape[1])
    dims = ("chain", "draw")
    found = {"level": (dims, x[..., 0]), "beta": ((*dims, "term"), x[..., 1:-2])}
    found |= {"width": (dims, x[..., -2]), "tau": (dims, x[..., -1])}
    return xr.Dataset(found, coords={"term": list(terms)})


@pytest.fixture(scope="module")
def few() -> tuple[pd.DataFrame, pd.Series, xr.Dataset]:
    terms, outcome = made(40, 6, 2)
    return terms, outcome, posterior_of(terms, outcome)


def test_each_term_that_enters_comes_nearest() -> None:
    """Against least squares on every candidate, step by step; and what is predicted elsewhere."""
    rng = np.random.default_rng(1)
    x, target, row = rng.normal(size=(30, 5)), rng.normal(size=30), rng.normal(size=5)
    x[:, 4] = x[:, 0] + 0.01 * x[:, 4]  # nearly the same
    order, told, explained = search((x.T @ x)[None], (x.T @ target)[None], row[None], 5)
    taken: list[int] = []
    for j in range(5):
        best, least = -1, np.inf
        for k in {*range(5)} - {*taken}:
            columns = x[:, [*taken, k]]
            off = target - columns @ np.linalg.lstsq(columns, target)[0]
            if off @ off < least:
                best, least = k, float(off @ off)
        taken.append(best)
        assert order[0, j] == best
        assert explained[0, j + 1] == pytest.approx(target @ target - least)
        weight = np.linalg.lstsq(x[:, taken], target)[0]
        assert told[0, j + 1] == pytest.approx(row[taken] @ weight, abs=1e-8)


def test_a_term_that_says_nothing_new_enters_last_and_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(30, 3))
    x = np.column_stack([x, x[:, 0] - x[:, 1]])
    target = x @ [1.0, 2.0, 0.5, 0.0]
    order, told, explained = search((x.T @ x)[None], (x.T @ target)[None], x[:1], 4)
    assert sorted(order[0]) == [0, 1, 2, 3]
    assert explained[0, 3:] == pytest.approx(target @ target)
    assert told[0, 3:] == pytest.approx(target[0])


def test_submodels_are_those_of_each_row_left_out(
    few: tuple[pd.DataFrame, pd.Series, xr.Dataset],
) -> None:
    """By hand: weights, search and projection with an intercept on the other rows, one by one."""
    terms, outcome, posterior = few
    rows = rows_of(terms, outcome, seed=SEED)
    rest = without(posterior, rows)
    found = submodels(posterior, terms, rows, rest)
    flat = posterior.stack(sample=("chain", "draw"))
    beta, level, tau = (flat[name].to_numpy() for name in ("beta", "level", "tau"))
    gaps, errors = [], []
    for i, (z, y) in enumerate(zip(rows.z, rows.y, strict=True)):
        log_lik = stats.norm.logpdf(y, level + z @ beta, tau)
        log_w = array_stats.psislw(log_lik)[0]
        w = np.exp(log_w) / np.exp(log_w).sum()
        mean, at, variance = beta @ w, level @ w, tau**2 @ w
        others = np.delete(rows.z, i, axis=0)
        target, own, off = at + others @ mean, [], []
        taken: list[int] = []
        for j in range(terms.shape[1] + 1):
            if j:
                lost = {}
                for k in {*range(terms.shape[1])} - {*taken}:
                    fit = LinearRegression().fit(others[:, [*taken, k]], target)
                    lost[k] = ((target - fit.predict(others[:, [*taken, k]])) ** 2).sum()
                taken.append(min(lost, key=lost.__getitem__))
                fit = LinearRegression().fit(others[:, taken], target)
                mu, left = fit.predict(z[None, taken])[0], target - fit.predict(others[:, taken])
            else:
                mu, left = target.mean(), target - target.mean()
            sd = np.sqrt(variance + (left**2).mean())
            whole = stats.norm.logpdf(y, at + z @ mean, np.sqrt(variance))
            own.append(stats.norm.logpdf(y, mu, sd) - whole)
            off.append((y - mu) ** 2)
        gaps.append(own)
        errors.append(off)
    assert found.gap == pytest.approx(np.sum(gaps, axis=0), abs=1e-8)
    assert found.se == pytest.approx(np.sqrt(40) * np.std(gaps, axis=0, ddof=1), abs=1e-8)
    assert found.error == pytest.approx(np.sqrt(np.mean(errors, axis=0)))
    assert found.gap[-1] == pytest.approx(0, abs=1e-8)  # that with all terms


def test_modes_are_those_of_each_row_left_out(
    few: tuple[pd.DataFrame, pd.Series, xr.Dataset],
) -> None:
    """By scikit-learn, on the other rows alone, with the same penalties."""
    terms, outcome, posterior = few
    rows = rows_of(terms, outcome, seed=SEED)
    found = shrunk.modes(posterior, rows)
    tau, width = float(posterior["tau"].mean()), float(posterior["width"].mean())
    n = len(rows.y) - 1
    of = {
        LASSO: Lasso(alpha=tau**2 / width / n, tol=1e-14, max_iter=1_000_000),
        RIDGE: Ridge(alpha=tau**2 / (2 * width**2)),
        NO_PRIOR: LinearRegression(),
    }
    for name, method in of.items():
        for i, (z, y) in enumerate(zip(rows.z, rows.y, strict=True)):
            fit = method.fit(np.delete(rows.z, i, axis=0), np.delete(rows.y, i))
            expected = (y - fit.predict(z[None])[0]) ** 2
            assert found[name].squared[i] == pytest.approx(expected, abs=1e-6), (name, i)


def test_the_mean_without_a_row_is_that_of_the_other_rows(
    few: tuple[pd.DataFrame, pd.Series, xr.Dataset],
) -> None:
    """PSIS against a posterior of the other rows on the same scale, within Monte Carlo error."""
    terms, outcome, posterior = few
    rows = rows_of(terms, outcome, seed=SEED)
    rest = without(posterior, rows)
    assert rest.unsure == 0
    most = np.sqrt(1 / (2 * terms.shape[1]))
    for i in (0, 7, int(np.abs(rows.y).argmax())):
        rng = np.random.default_rng(i)
        others = np.delete(rows.z, i, axis=0), np.delete(rows.y, i)
        x = np.concatenate([gibbs(*others, most, 1.0, rng) for _ in range(4)])[:, 1:-2]
        error = np.sqrt(2 * x.var(0) / len(x)) * 1.5  # weights make draws worth less
        assert (np.abs(rest.beta[i] - x.mean(0)) < 4 * error).all()


def test_ten_real_terms_of_fifty_are_found() -> None:
    """100 rows, 50 terms, 10 of them real: they enter first, and about so many are enough."""
    terms, outcome = made(100, 50, 10)
    posterior = posterior_of(terms, outcome)
    rows = rows_of(terms, outcome, seed=SEED)
    rest = without(posterior, rows)
    found = submodels(posterior, terms, rows, rest)
    assert len(found.order) == MOST
    assert {*found.order[:10]} == {f"x{j}" for j in range(10)}
    assert found.size in (9, 10, 11, 12)
    every = {LAPLACE: shrunk.of_means(posterior, rows, rest), **shrunk.modes(posterior, rows)}
    gap, se = every[NO_PRIOR].worse(every[LAPLACE])
    assert gap > 2 * se


def test_of_noise_no_term_is_needed() -> None:
    terms, outcome = made(100, 8, 0)
    posterior = posterior_of(terms, outcome)
    rows = rows_of(terms, outcome, seed=SEED)
    assert submodels(posterior, terms, rows, without(posterior, rows)).size == 0


def test_of_very_many_rows_some_are_left_out() -> None:
    terms, outcome = made(3 * ROWS, 3, 1)
    rows = rows_of(terms, outcome, seed=SEED)
    assert len(rows.at) == ROWS
    assert (np.diff(rows.at) > 0).all()
    assert rows.gram.shape == (ROWS, 3, 3)
