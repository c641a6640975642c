"""elpd of some of many rows: an honest estimate of that of all, and of its error."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from tests.conftest import SEED
from workflow.regression import tail_elpd, weights as by_rows
from workflow.regression.tail_elpd import WHOLE, LeftOut, Rows, density
from workflow.regression.weights import by_row, step_by_row
from workflow.sampling import part
from workflow.scoring import loo as module
from workflow.scoring.bridge import bridged
from workflow.scoring.elpd import PSIS, Elpd, Looked, difference

ROWS, CHAINS, DRAWS = 400, 4, 250


def elpd(pointwise: np.ndarray, looked: Looked | None, errors: float = 0.0) -> Elpd:
    n = len(pointwise)
    return Elpd(
        PSIS, tuple(range(n)), pointwise, np.full(n, errors), np.zeros(n), 0.7, 0, (), looked
    )


@pytest.fixture(scope="module")
def population() -> tuple[np.ndarray, np.ndarray]:
    """The elpd of 1000 rows under two models, and what stands in for it: nearly the same."""
    rng = np.random.default_rng(SEED)
    true = rng.normal(-2, 1, size=(2, 1000))
    return true, true + rng.normal(0.03, 0.02, size=true.shape)


def test_looking_at_all_rows_is_exact(population: tuple[np.ndarray, np.ndarray]) -> None:
    true, stand_in = population
    whole = [
        elpd(of, Looked(np.arange(1000), s), 0.1) for of, s in zip(true, stand_in, strict=True)
    ]
    plain = [elpd(of, None, 0.1) for of in true]
    assert whole[0].total == pytest.approx(true[0].sum())
    assert whole[0].mcse == pytest.approx(plain[0].mcse)
    one, other = difference(*whole), difference(*plain)
    assert one.value == pytest.approx(other.value)
    assert one.se == pytest.approx(other.se)
    assert one.mcse == pytest.approx(other.mcse)


def test_the_estimate_is_unbiased_and_its_error_is_right(
    population: tuple[np.ndarray, np.ndarray],
) -> None:
    """Over 500 samples of 100 rows, z scores have mean 0 and sd 1."""
    true, stand_in = population
    rng = np.random.default_rng(1)
    z = []
    for _ in range(500):
        at = np.sort(rng.choice(1000, 100, replace=False))
        one, other = (elpd(t[at], Looked(at, s)) for t, s in zip(true, stand_in, strict=True))
        found, exact = difference(one, other), true[0].sum() - true[1].sum()
        z.append([(one.total - true[0].sum()) / one.mcse, (found.value - exact) / found.mcse])
        assert found.mcse < 0.1 * found.se  # without stand-ins it would be 3 times the se
    assert np.all(np.abs(np.mean(z, axis=0)) < 4 / np.sqrt(500))
    assert np.std(z, axis=0) == pytest.approx(1, abs=4 / np.sqrt(2 * 500))


def test_monte_carlo_errors_count_for_all_rows() -> None:
    """Of 1000 rows 100 are looked at, each with an error of .1, and stand-ins that are exact."""
    at = np.arange(100)
    some = elpd(np.zeros(100), Looked(at, np.zeros(1000)), 0.1)
    assert some.mcse == pytest.approx(10)  # as if all 10 times 100 rows erred alike
    assert difference(some, some).mcse == pytest.approx(10 * np.sqrt(2))


def test_the_standard_error_is_that_of_all_rows(population: tuple[np.ndarray, np.ndarray]) -> None:
    true, stand_in = population
    at = np.arange(0, 1000, 2)
    one, other = (elpd(t[at], Looked(at, s)) for t, s in zip(true, stand_in, strict=True))
    exact = np.sqrt(1000 * (true[0] - true[1]).var(ddof=1))
    assert difference(one, other).se == pytest.approx(exact, rel=4 / np.sqrt(2 * 500))


def test_rows_without_a_value_are_not_looked_at(population: tuple[np.ndarray, np.ndarray]) -> None:
    true, stand_in = population
    at = np.arange(200)
    gone = replace(elpd(true[0][:200].copy(), Looked(at, stand_in[0])))
    gone.pointwise[:50] = np.nan
    rest = elpd(true[0][50:200], Looked(at[50:], stand_in[0]))
    assert gone.total == pytest.approx(rest.total)
    assert gone.mcse == pytest.approx(rest.mcse)


@pytest.fixture(scope="module")
def fit() -> tuple[xr.Dataset, pd.DataFrame, pd.Series]:
    """Draws of about the posterior of a line with noise of Student's t, and its data."""
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(ROWS, 1))
    y = x[:, 0] + rng.standard_t(4, size=ROWS)
    shape, dims = (CHAINS, DRAWS), ("chain", "draw")
    draws = {
        "intercept": (dims, rng.normal(0, 0.06, shape)),
        "slope": ((*dims, "term"), rng.normal(1, 0.06, (*shape, 1))),
        "scale": (dims, rng.normal(1, 0.05, shape)),
        "nu": (dims, rng.uniform(3, 5, shape)),
    }
    lines = np.arange(2, ROWS + 2)
    posterior = xr.Dataset(draws, coords={"term": ["x"]})
    return posterior, pd.DataFrame(x, columns=["x"], index=lines), pd.Series(y, index=lines)


def by_psis(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, at: Rows = WHOLE
) -> Elpd:
    """No row of these is refitted."""
    return LeftOut(None, {}, {}, terms, outcome, at).of_student(posterior, at_most=0, seed=1)


def test_some_rows_tell_the_elpd_of_all(fit: tuple[xr.Dataset, pd.DataFrame, pd.Series]) -> None:
    whole = by_psis(*fit)
    assert whole.looked is None
    at = np.sort(np.random.default_rng(2).choice(ROWS, 100, replace=False))
    some = by_psis(*fit, at)
    assert some.rows == tuple(np.arange(2, ROWS + 2)[at])
    assert some.pointwise == pytest.approx(whole.pointwise[at], abs=1e-3)  # r_eff is another
    assert abs(some.total - whole.total) < 4 * some.mcse < 2  # the standard error is 20
    mean = stats.t.logpdf(fit[2], 4, fit[1]["x"], 1)
    assert some.looked is not None
    assert some.looked.stand_in == pytest.approx(mean, abs=0.05)


def test_draws_are_thinned_to_the_budget(
    fit: tuple[xr.Dataset, pd.DataFrame, pd.Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    real = tail_elpd.log_density

    def spy(posterior: xr.Dataset, *args: Any) -> xr.DataArray:
        found: xr.DataArray = real(posterior, *args)
        seen.append(found.size)
        return found

    monkeypatch.setattr(part, "BUDGET", 40_000)
    at_once = by_psis(*fit, np.arange(100))
    monkeypatch.setattr(tail_elpd, "log_density", spy)
    by_psis(*fit, np.arange(100))
    assert seen == [ROWS, 4 * 84 * 100]  # every third of 250 draws
    monkeypatch.setattr(tail_elpd, "ROWS_AT_ONCE", 30)
    in_parts = by_psis(*fit, np.arange(100))
    assert seen[3:] == [4 * 84 * rows for rows in (30, 30, 30, 10)]
    assert in_parts.pointwise == pytest.approx(at_once.pointwise, abs=1e-12)


def test_refits_leave_out_the_rows_that_are_looked_at(
    fit: tuple[xr.Dataset, pd.DataFrame, pd.Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second row that is looked at is the 30th of all."""
    posterior, terms, outcome = fit
    at, left = np.array([3, 29, 50]), []

    def refit(compiled: object, data: dict[str, np.ndarray], **options: object) -> xr.DataTree:
        left.append((data, options))
        return xr.DataTree.from_dict({"posterior": posterior})

    class Sound:
        status = "PASS"

    monkeypatch.setattr(module, "refit", refit)
    monkeypatch.setattr(module, "diagnose", lambda tree: Sound)
    some = partial(density, terms=terms, outcome=outcome, at=at)
    data = {"y_data": outcome.to_numpy()}
    which = np.array([1])
    whole = some(posterior)
    values, _ = module.left_out(
        None, data, ("y_data",), some, whole, which, at=at, draws=9, tune=8, seed=1
    )
    ((used, options),) = left
    assert np.array_equal(used["y_data"], np.delete(outcome.to_numpy(), 29))
    assert (options["draws"], options["tune"]) == (9, 8)
    expected = whole.isel(row=1).to_numpy()
    assert values == pytest.approx(bridged(expected, expected)[0])


def test_weights_in_parts_are_those_of_all_at_once(
    fit: tuple[xr.Dataset, pd.DataFrame, pd.Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = by_row(*fit)
    monkeypatch.setattr(by_rows, "ROWS_AT_ONCE", 7)
    pd.testing.assert_frame_equal(by_row(*fit), whole, rtol=1e-12)
    assert step_by_row(fit[0], ROWS) == 1
    assert step_by_row(fit[0], 1_000_000) == 1  # 1000 draws are the fewest
    assert step_by_row(xr.Dataset({"x": (("chain", "draw"), np.zeros((4, 1000)))}), 10**6) == 4
