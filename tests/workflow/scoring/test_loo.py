"""Leave-one-out against exact densities, and PSIS against ArviZ.

The model is the Gaussian, whose densities are known (`gaussian_loo`): its page needs no refit.
"""

from dataclasses import replace
from functools import partial

import arviz_stats as azs
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.robust_regression import load
from models.linear_regression import gaussian
from tests.conftest import SEED
from workflow.regression.gaussian_loo import elpd as exact_elpd
from workflow.regression.tail_elpd import log_density
from workflow.sampling.fit import CompiledPyMCModel, compile_nuts, data_of, refit
from workflow.scoring import loo as module
from workflow.scoring.elpd import PSIS, REFITS, Elpd, difference
from workflow.scoring.loo import LEAST_K, left_out, loo, sure_k
from workflow.scoring.psis import psis

FOUND = load()
TERMS, OUTCOME = FOUND.terms, FOUND.outcome
DATA = data_of(gaussian(TERMS, OUTCOME, slope_sd=0.5))
BY_ROW = ("terms", "y_data")


def density(posterior: xr.Dataset) -> xr.DataArray:
    return log_density(posterior, TERMS, OUTCOME)


@pytest.fixture(scope="module")
def compiled() -> CompiledPyMCModel:
    """The Gaussian model of stack loss, compiled once."""
    return compile_nuts(gaussian(TERMS, OUTCOME, slope_sd=0.5))


@pytest.fixture(scope="module")
def posterior(compiled: CompiledPyMCModel) -> xr.Dataset:
    return refit(compiled, {}, draws=4000, tune=1000, chains=4, seed=SEED)["posterior"].to_dataset()


@pytest.fixture(scope="module")
def refits(compiled: CompiledPyMCModel, posterior: xr.Dataset) -> Elpd:
    """All 21 rows, each left out."""
    return loo(compiled, DATA, BY_ROW, posterior, density, seed=SEED)


@pytest.fixture(scope="module")
def exact() -> np.ndarray:
    """log p(y[i] | the other rows), by quadrature."""
    return exact_elpd(DATA, list(OUTCOME.index)).pointwise


def test_refits_meet_the_exact_densities(refits: Elpd, exact: np.ndarray) -> None:
    assert refits.method == REFITS
    assert refits.refitted == 21
    assert not refits.failed
    assert np.all(np.abs(refits.pointwise - exact) < 4 * refits.errors)
    assert abs(refits.total - exact.sum()) < 4 * refits.mcse < 0.5


def test_psis_meets_the_exact_densities_where_k_is_good(
    posterior: xr.Dataset, exact: np.ndarray
) -> None:
    found = psis(density(posterior))
    good = found.k <= found.good_k
    assert good.sum() >= 15
    assert found.k.argmax() == 20  # line 22 is an outlier for a Gaussian; its k-hat is near .7
    assert np.all(np.abs(found.pointwise - exact)[good] < 4 * found.errors[good])
    assert np.all(np.isinf(found.errors[~good]))
    assert abs((found.pointwise - exact)[good].sum()) < 4 * np.sqrt((found.added[good] ** 2).sum())


def test_psis_is_that_of_arviz(posterior: xr.Dataset) -> None:
    log_lik = density(posterior)
    tree = xr.DataTree.from_dict(
        {
            "posterior": posterior,
            "log_likelihood": log_lik.to_dataset(name="y"),
            "observed_data": xr.Dataset({"y": ("row", OUTCOME)}),
        }
    )
    theirs = azs.loo(tree, pointwise=True)
    ours = psis(log_lik)
    assert ours.pointwise == pytest.approx(theirs.elpd_i.to_numpy(), abs=0.02)
    assert ours.k == pytest.approx(theirs.pareto_k.to_numpy(), abs=0.1)
    assert ours.good_k == pytest.approx(theirs.good_k)


def test_rows_of_bad_k_are_refitted(
    compiled: CompiledPyMCModel, posterior: xr.Dataset, exact: np.ndarray
) -> None:
    """The k of the outlier is near .7 and never below .5, those of most rows are below."""
    rough = psis(density(posterior))
    found = loo(compiled, DATA, BY_ROW, posterior, density, all_up_to=5, seed=SEED)
    limit = sure_k(0.7, 16_000)
    bad = rough.k > limit
    assert bad[20]
    assert found.method == PSIS
    assert found.good_k == limit
    assert found.refitted == bad.sum() < 6
    assert np.all(np.isnan(found.k[bad]))
    assert np.all(found.pointwise[~bad] == rough.pointwise[~bad])
    assert np.all(found.errors[~bad] == rough.errors[~bad])
    assert np.all(np.abs(found.pointwise - exact) < 4 * found.errors)
    assert abs(found.total - exact.sum()) < 4 * found.mcse < 0.5


def test_a_row_of_high_leverage_is_refitted(compiled: CompiledPyMCModel) -> None:
    """Its true k is its leverage, .9; k-hat was below .7 in 6 of 48 runs, and 1.5 nats off then."""
    rng = np.random.default_rng(7)
    terms = pd.DataFrame(rng.normal(size=(60, 3)), columns=list(TERMS))
    terms.iloc[0, 0] = 25
    outcome = terms.iloc[:, 1] + rng.normal(size=60)
    model = gaussian(terms, outcome, slope_sd=5.0)
    data = data_of(model)
    tree = refit(compiled, data, draws=1000, tune=500, chains=4, seed=SEED)
    log_p = partial(log_density, terms=terms, outcome=outcome)
    found = loo(compiled, data, BY_ROW, tree["posterior"].to_dataset(), log_p, seed=SEED)
    exact = exact_elpd(data, list(outcome.index)).pointwise
    assert np.isnan(found.k[0])
    assert np.all(np.abs(found.pointwise - exact) < 4 * found.errors)
    assert abs(found.total - exact.sum()) < 4 * found.mcse < 0.6


def test_too_many_rows_to_be_refitted_have_no_error(
    compiled: CompiledPyMCModel, posterior: xr.Dataset
) -> None:
    """Nothing is refitted then, and nothing is claimed of the sum."""
    found = loo(compiled, DATA, BY_ROW, posterior, density, all_up_to=0, at_most=0, seed=SEED)
    assert found.refitted == 0
    assert np.array_equal(np.isinf(found.errors), found.k > found.good_k)
    assert np.isinf(found.mcse)


def test_k_is_below_its_limit_by_two_errors_of_its_own() -> None:
    """Its error is 1.7 / root of 190 with 4,000 draws: .12 (.11 to .14 was measured)."""
    assert sure_k(0.7, 4000) == pytest.approx(0.7 - 2 * 0.123, abs=1e-3)
    assert sure_k(0.67, 1000) == LEAST_K


def test_a_refit_that_fails_its_diagnosis_has_no_value(
    compiled: CompiledPyMCModel, posterior: xr.Dataset
) -> None:
    which = np.array([3])
    few = partial(left_out, draws=4, tune=10, chains=2, seed=SEED)
    values, errors = few(compiled, DATA, BY_ROW, density, density(posterior), which)
    assert np.isnan(values).all()
    assert np.isnan(errors).all()


def test_failed_refits_are_named(
    compiled: CompiledPyMCModel, posterior: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*args: object, **options: object) -> tuple[np.ndarray, np.ndarray]:
        values = np.linspace(-3, -1, 21)
        values[[0, 20]] = np.nan
        return values, values / -100

    monkeypatch.setattr(module, "left_out", failing)
    found = loo(compiled, DATA, BY_ROW, posterior, density, seed=SEED)
    assert found.failed == (2, 22)  # lines in the file
    assert np.isfinite(found.total)
    assert difference(found, found).n == 19


def elpd(pointwise: list[float], errors: list[float]) -> Elpd:
    rows = tuple(range(len(pointwise)))
    return Elpd(PSIS, rows, np.array(pointwise), np.array(errors), np.zeros(len(rows)), 0.7)


def test_difference_is_paired() -> None:
    one, other = elpd([1, 2, 4], [0.1, 0, 0]), elpd([0, 0, 1], [0, 0.2, 0.2])
    found = difference(one, other)  # 1, 2, 3
    assert found.value == 6
    assert found.se == pytest.approx(np.sqrt(3))  # sqrt(3 * variance 1)
    assert found.mcse == pytest.approx(0.3)
    assert found.n == 3


def test_errors_of_rows_that_share_their_draws_add_up_to_more() -> None:
    """The rows by PSIS, that is, and not those with a fit of their own."""
    one = replace(elpd([1, 2, 4], [0.3, 0.4, 1.2]), k=np.array([0.1, 0.2, np.nan]), shared=2)
    assert one.mcse == pytest.approx(np.hypot(2 * 0.5, 1.2))
    other = elpd([0, 0, 1], [0, 0.2, 0.2])
    assert difference(one, other).mcse == pytest.approx(np.sqrt(1 + 1.44 + 0.08))


def test_what_has_no_error_is_not_counted_as_sure() -> None:
    bad = difference(elpd([1, 2], [np.inf, 0.1]), elpd([0, 0], [0.1, 0.1]))
    assert np.isinf(bad.mcse)
