"""Groups by row of large data: bounded, of the same rows, and all else of all rows and draws."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr

from models.linear_regression import gaussian
from models.logistic_regression import bernoulli
from models.quantile_regression import quantile_lines
from tests.conftest import SEED
from workflow.checking.checks import posterior_check, prior_check
from workflow.regression.regression import linear_predictor
from workflow.regression.residuals import predicted_from, residual_statistics
from workflow.sampling import part
from workflow.sampling.fit import data_of
from workflow.sampling.groups import JOINT, add_groups, joint_log_likelihood
from workflow.sampling.part import (
    Part,
    cut_to,
    numbers,
    part_for,
    part_of,
    row_dim,
    rows_of,
    thinned,
)
from workflow.sensitivity.power import power_scaling

N, CHAINS, DRAWS = 2000, 4, 100
LINES = np.arange(2, N + 2)
STATUS = Path("/proc/self/status")


def data(n: int = N) -> tuple[pd.DataFrame, pd.Series]:
    """Terms and outcome, with lines of a file for an index."""
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(n, 2))
    lines = np.arange(2, n + 2)
    y = pd.Series(5 + x @ [2.0, -1.0] + rng.normal(size=n), index=lines, name="y")
    return pd.DataFrame(x, columns=["a", "b"], index=lines), y


TERMS, OUTCOME = data()


def posterior(n: int = N, chains: int = CHAINS, draws: int = DRAWS) -> xr.DataTree:
    """Draws near the posterior of the linear model: exact enough for what is tested here."""
    rng = np.random.default_rng(1)
    size, sd = (chains, draws), 1 / np.sqrt(n)
    found = {
        "level": (("chain", "draw"), rng.normal(0, sd, size)),
        "beta": (("chain", "draw", "term"), rng.normal([0.81, -0.41], sd, (*size, 2))),
        "tau": (("chain", "draw"), np.exp(rng.normal(-0.9, sd, size))),
    }
    coords = {"chain": range(chains), "draw": range(draws), "term": ["a", "b"]}
    return xr.DataTree.from_dict({"posterior": xr.Dataset(found, coords=coords)})


@pytest.fixture(scope="module")
def dense() -> xr.DataTree:
    """Every row and every draw."""
    return add_groups(posterior(), gaussian(TERMS, OUTCOME, slope_sd=0.5), seed=SEED)


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A budget of 200 rows and 100 draws."""
    monkeypatch.setattr(part, "BUDGET", 20_000)
    monkeypatch.setattr(part, "FEWEST", 100)


@pytest.fixture
def few(bounded: None) -> xr.DataTree:
    """The same posterior, with groups of a part."""
    return add_groups(posterior(), gaussian(TERMS, OUTCOME, slope_sd=0.5), seed=SEED)


def test_groups_by_row_have_the_same_rows_and_are_bounded(few: xr.DataTree) -> None:
    lines = LINES[rows_of(few)]
    assert len(lines) == 200
    for group in ("prior_predictive", "posterior_predictive", "log_likelihood", "observed_data"):
        assert np.array_equal(few[group]["row"], lines), group
        assert few[group]["y"].size <= 20_000
    assert np.array_equal(few["constant_data"]["row"], lines)
    assert np.array_equal(few["constant_data"]["terms"], TERMS.loc[lines])
    assert np.array_equal(few["observed_data"]["y"], OUTCOME.loc[lines])
    assert few["posterior_predictive"]["y"].sizes["draw"] == 25
    assert few["prior_predictive"]["y"].sizes["draw"] == 100


def test_posterior_and_prior_keep_all_draws(few: xr.DataTree, dense: xr.DataTree) -> None:
    assert few["posterior"].to_dataset().identical(dense["posterior"].to_dataset())
    assert few["log_prior"].to_dataset().equals(dense["log_prior"].to_dataset())
    assert few["prior"].sizes == dense["prior"].sizes
    assert set(few["prior"].data_vars) == set(dense["prior"].data_vars)


def test_prior_predictions_belong_to_their_prior_draws(few: xr.DataTree) -> None:
    """Given its parameters, a predicted row is Gaussian."""
    draws = few["prior_predictive"]["draw"].to_numpy()
    prior = few["prior"].to_dataset().sel(draw=draws)
    terms = few["constant_data"]["terms"]
    mu = prior["intercept"] + xr.dot(prior["slope"], terms, dim="term")
    z = (few["prior_predictive"]["y"] - mu) / prior["sigma"]
    assert abs(float(z.mean())) < 4 / np.sqrt(z.size)
    assert float(z.std()) == pytest.approx(1, abs=4 / np.sqrt(2 * z.size))


def test_log_likelihood_by_row_is_a_part_of_the_dense_one(
    few: xr.DataTree, dense: xr.DataTree
) -> None:
    some = few["log_likelihood"]["y"]
    same = dense["log_likelihood"]["y"].sel(draw=some["draw"], row=some["row"])
    assert np.allclose(some, same, rtol=1e-12)


def test_joint_log_likelihood_is_the_sum_over_all_rows(
    few: xr.DataTree, dense: xr.DataTree
) -> None:
    total = dense["log_likelihood"]["y"].sum("row")
    assert np.allclose(few[JOINT]["y"], total, rtol=1e-11)


def test_power_scaling_is_that_of_all_rows(few: xr.DataTree, dense: xr.DataTree) -> None:
    names = ["slope", "sigma", "intercept"]
    for tree in (few, dense):
        draws = tree["posterior"].to_dataset()
        own = {"slope": draws["beta"], "sigma": draws["tau"], "intercept": draws["level"]}
        tree["posterior"] = draws.assign(own)
    one, two = (power_scaling(tree, names).table for tree in (few, dense))
    assert one is not None
    assert two is not None
    numbers = ["prior", "likelihood"]
    assert one[numbers].to_numpy(float) == pytest.approx(two[numbers].to_numpy(float), abs=1e-6)
    assert "row" in few["log_likelihood"].dims  # the tree stays what it was


def test_joint_of_several_outcomes_transforms_and_no_dims() -> None:
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 1, shape=2)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal("y", mu[0], sigma, observed=pm.Data("y_data", np.arange(5.0)))
        pm.Poisson("n", pm.math.exp(mu[1]), observed=pm.Data("n_data", np.arange(3)))
    rng = np.random.default_rng(2)
    draws = {
        "mu": (("chain", "draw", "i"), rng.normal(size=(2, 7, 2))),
        "sigma": (("chain", "draw"), rng.uniform(1, 2, size=(2, 7))),
    }
    tree = xr.DataTree.from_dict({"posterior": xr.Dataset(draws)})
    with model:
        dense = pm.compute_log_likelihood(tree, progressbar=False, extend_inferencedata=False)
    found = joint_log_likelihood(model, tree["posterior"].to_dataset())
    for name in ("y", "n"):
        assert np.allclose(found[name], dense[name].sum(dense[name].dims[-1]), rtol=1e-12)


def test_statistics_are_of_the_same_rows(few: xr.DataTree) -> None:
    """Observed and predicted, and the terms that their residuals are taken from."""
    at = rows_of(few)
    some, seen = OUTCOME.iloc[at], []

    def spread(y: xr.DataArray, given: xr.Dataset) -> xr.DataArray:
        seen.append(y["row"].to_numpy())
        assert np.array_equal(given["terms"], TERMS.loc[y["row"]])
        return y.std("row", ddof=1)

    for check in (posterior_check(few, "y", {"sd": spread}), prior_check(few, "y", {"sd": spread})):
        assert check[0].observed == pytest.approx(some.std())
    assert len(seen) == 4
    assert all(np.array_equal(lines, some.index) for lines in seen)
    drawn = predicted_from(few)
    used = drawn.assign(slope=drawn["beta"], intercept=drawn["level"])
    found = posterior_check(few, "y", residual_statistics(used, TERMS.iloc[at]))
    mu = linear_predictor(used, TERMS.iloc[at]).transpose("chain", "draw", "row").to_numpy()
    left = some.to_numpy() - mu
    left = left - left.mean(axis=-1, keepdims=True)
    largest = (abs(left).max(axis=-1) / left.std(axis=-1)).mean()
    observed = {check.statistic: check.observed for check in found}
    assert observed["residuals: largest / sd"] == pytest.approx(largest)


def test_the_record_says_what_was_left_out(few: xr.DataTree, dense: xr.DataTree) -> None:
    assert json.loads(few.attrs["part"]) == {
        "rows": 200,
        "of_rows": N,
        "every": 4,
        "every_prior": 40,
        "run": 1,
        "seed": SEED,
    }
    assert part_of(dense) is None
    assert rows_of(dense) == slice(None)
    assert JOINT not in dense.children


def test_trees_of_other_methods_have_the_same_rows(bounded: None) -> None:
    model = gaussian(TERMS, OUTCOME, slope_sd=0.5)
    one, other = (
        add_groups(posterior(chains=c, draws=d), model, seed=SEED) for c, d in ((4, 30), (1, 500))
    )
    assert np.array_equal(one["observed_data"]["row"], other["observed_data"]["row"])
    assert other["posterior_predictive"]["y"].sizes["draw"] == 100
    again = add_groups(posterior(chains=1, draws=500), model, seed=SEED, prior=one)
    assert np.array_equal(again["observed_data"]["row"], again["log_likelihood"]["row"])


def test_nothing_changes_up_to_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """4000 prior draws of 2000 rows are just within 8 million, and one row more is not."""
    model = gaussian(TERMS, OUTCOME, slope_sd=0.5)
    monkeypatch.setattr(part, "BUDGET", 8_000_000)
    assert part_for(model, (4, 1000), 4000, seed=1).whole
    monkeypatch.setattr(part, "BUDGET", 7_999_999)
    found = part_for(model, (4, 1000), 4000, seed=1)
    assert not found.whole
    assert (found.rows, found.every, found.every_prior) == (N, 2, 2)


def test_which_rows_can_be_cut() -> None:
    assert row_dim(gaussian(TERMS, OUTCOME, slope_sd=0.5)) == ("row", N)
    assert row_dim(bernoulli(TERMS, (OUTCOME > 5).astype("int64"))) == ("row", N)
    with pm.Model(coords={"row": range(5), "of": range(9)}) as model:
        pm.Normal("y", 0, 1, observed=np.zeros(5), dims="row")  # no pm.Data: stays as it is
        pm.Poisson("n", 1, observed=pm.Data("n_data", np.arange(3)))
        assert row_dim(model) == (None, 5)
        pm.Poisson("m", 1, observed=pm.Data("m_data", np.arange(9), dims="of"), dims="of")
    assert row_dim(model) == ("of", 9)


def test_an_outcome_of_several_numbers_a_row_is_cut_by_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three quantiles: a third of the rows is kept that there would be of one, and all of them."""
    model = quantile_lines(TERMS, OUTCOME, (0.25, 0.5, 0.75))
    assert row_dim(model) == ("row", N)
    assert numbers(model) == 3 * N
    monkeypatch.setattr(part, "BUDGET", 300_000)
    monkeypatch.setattr(part, "FEWEST", 100)
    found = part_for(model, (4, 100), 4000, seed=1)
    assert found.rows == 1000
    with cut_to(model, found):
        assert model["y_data"].get_value().shape == (1000, 3)
        assert model["terms"].get_value().shape == (1000, 2)
        assert model["q"].get_value().shape == (3,)
    assert model["y_data"].get_value().shape == (N, 3)


def test_draws_alone_are_left_out_of_what_cannot_be_cut(bounded: None) -> None:
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 1)
        pm.Normal("y", mu, 1, observed=np.zeros((50, 8)))
    draws = xr.Dataset({"mu": (("chain", "draw"), np.zeros((2, 300)))})
    tree = add_groups(xr.DataTree.from_dict({"posterior": draws}), model, seed=SEED)
    assert tree["posterior_predictive"]["y"].shape[2:] == (50, 8)
    assert tree["posterior_predictive"]["y"].size <= 20_000
    assert rows_of(tree) == slice(None)
    assert tree[JOINT]["y"].shape == (2, 300)


def test_the_model_has_its_data_back_even_after_an_error(bounded: None) -> None:
    model = gaussian(TERMS, OUTCOME, slope_sd=0.5)
    before, some = data_of(model), part_for(model, (4, 100), 4000, seed=SEED)

    def fail() -> None:
        with cut_to(model, some):
            assert model["y_data"].get_value().shape == (200,)
            assert len(model.coords["row"]) == 200
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert all(np.array_equal(before[name], value) for name, value in data_of(model).items())
    assert list(model.coords["row"]) == list(LINES)


@pytest.mark.parametrize("run", [1, 10])
def test_rows_are_drawn_at_random(run: int) -> None:
    """Every row is as likely as any other, and neighbours come in whole runs."""
    n, seeds = 100, 2000
    drawn = [Part(30, n, 1, 1, run, seed).positions() for seed in range(seeds)]
    assert all(len(np.unique(at)) == 30 and np.all(np.diff(at) > 0) for at in drawn)
    assert all(np.array_equal(at[::run] % run, np.zeros(30 // run)) for at in drawn)
    assert all(np.all(np.diff(at.reshape(-1, run), axis=1) == 1) for at in drawn)
    counts = np.bincount(np.concatenate(drawn), minlength=n)
    assert np.all(np.abs(counts - 0.3 * seeds) < 5 * np.sqrt(seeds * 0.3 * 0.7))
    assert np.array_equal(drawn[7], Part(30, n, 1, 1, run, 7).positions())


def test_thinned_draws_stay_within_budget(bounded: None) -> None:
    draws = posterior(chains=3, draws=101)["posterior"].to_dataset()
    assert thinned(draws, 66).identical(draws)
    assert thinned(draws, 200).sizes["draw"] * 3 * 200 <= 20_000


def peak() -> int:
    """Return the greatest memory of this process since `forget`, in bytes."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])


@pytest.mark.skipif(not STATUS.exists(), reason="reads the memory of a process in /proc")
def test_memory_does_not_grow_with_draws_times_rows(bounded: None) -> None:
    """50,000 rows: 4000 prior draws alone would be 1600 MB, and predictions 160 MB more."""
    terms, outcome = data(50_000)
    model, tree = gaussian(terms, outcome, slope_sd=0.5), posterior(50_000)
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    add_groups(tree, model, seed=SEED)
    assert peak() - before < 120e6
