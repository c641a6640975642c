"""NUTS: the tree's contract, tries on record, and the same draws from the same seed everywhere."""

import itertools
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from data.ab_test import load
from models.ab_test import conversion
from tests.conftest import SEED
from tests.fingerprint import fingerprint
from workflow.checking.diagnostics import Status, diagnose
from workflow.sampling.fit import (
    CompiledPyMCModel,
    SamplerError,
    compile_nuts,
    fit_nuts,
    refit,
    tries,
)

ROOT = Path(__file__).parents[3]
GROUPS = {
    "posterior",
    "sample_stats",
    "prior",
    "prior_predictive",
    "posterior_predictive",
    "log_likelihood",
    "log_prior",
    "observed_data",
    "constant_data",
}
SHORT = {"draws": 100, "tune": 200, "chains": 2, "seed": SEED}


def test_tree_has_every_group(nuts: xr.DataTree) -> None:
    assert set(nuts.children) == GROUPS
    assert dict(nuts["posterior"].sizes) == {"chain": 4, "draw": 1000, "arm": 2, "treatment": 1}
    assert nuts["posterior_predictive"]["conversions"].sizes["draw"] == 1000
    assert nuts["log_likelihood"]["conversions"].shape == (4, 1000, 2)
    assert diagnose(nuts).status is Status.PASS


def test_one_try_when_all_is_well(nuts: xr.DataTree) -> None:
    (only,) = tries(nuts)
    assert (only.draws, only.tune, only.target_accept, only.divergences) == (1000, 1000, 0.8, 0)
    assert only.least_ess >= 400


def test_too_few_draws_are_doubled_at_most_twice(compiled: CompiledPyMCModel) -> None:
    tree = fit_nuts(conversion(load()), compiled, draws=10, seed=SEED)
    assert [one.draws for one in tries(tree)] == [10, 20, 40]
    assert tree["posterior"].sizes["draw"] == 40
    assert diagnose(tree).status is not Status.PASS


def test_each_retry_answers_the_fault_before_it(funnel: tuple[pm.Model, xr.DataTree]) -> None:
    """A centred funnel fails three times, and the gate fails with it."""
    _, tree = funnel
    record = tries(tree)
    assert len(record) == 3
    assert record[0].divergences > 0
    for before, after in itertools.pairwise(record):
        assert (after.target_accept > before.target_accept) == (before.divergences > 0)
        assert after.draws == (2 * before.draws if before.least_ess < 400 else before.draws)
        assert after.tune == (2 * before.tune if before.divergences else before.tune)
    assert diagnose(tree).status is Status.FAIL


def test_data_of_the_model_are_used_not_those_compiled(compiled: CompiledPyMCModel) -> None:
    arms = load().assign(conversions=[100, 40000])
    posterior = fit_nuts(conversion(arms), compiled, draws=300, seed=SEED)["posterior"]
    assert posterior["rate"].sel(arm="gate_30").mean() < 0.01
    assert posterior["rate"].sel(arm="gate_40").mean() > 0.8


def test_number_of_cores_does_not_matter(compiled: CompiledPyMCModel) -> None:
    one, two = (refit(compiled, {}, cores=cores, **SHORT) for cores in (1, 2))
    assert np.array_equal(one["posterior"]["rate"], two["posterior"]["rate"])


def test_other_seed_other_draws(compiled: CompiledPyMCModel) -> None:
    one = refit(compiled, {}, **SHORT)
    other = refit(compiled, {}, **{**SHORT, "seed": SEED + 1})
    assert not np.array_equal(one["posterior"]["rate"], other["posterior"]["rate"])


@pytest.mark.validate  # compiles without a cache, which takes minutes
def test_same_seed_same_draws_in_a_new_process(tmp_path: Path) -> None:
    """With an empty compile cache, and with the same cache filled."""
    found = [
        subprocess.run(
            [sys.executable, "-m", "tests.fingerprint"],
            cwd=ROOT,
            env=os.environ | {"PYTENSOR_FLAGS": f"base_compiledir={tmp_path}"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for _ in ("empty", "filled")
    ]
    assert found == [fingerprint()] * 2


@pytest.fixture(scope="module")
def without_a_start() -> CompiledPyMCModel:
    """A model whose density is defined nowhere near where the sampler begins."""
    with pm.Model() as model:
        a = pm.Normal("a", 0, 1)
        pm.Potential("far", pm.math.log(a - 1e9))
        pm.Normal("y", a, 1, observed=pm.Data("y_data", 0.0))
    return compile_nuts(model)


def test_a_sampler_that_cannot_begin_says_so(without_a_start: CompiledPyMCModel) -> None:
    with pytest.raises(SamplerError, match=r"could not work.*initialization"):
        refit(without_a_start, {}, draws=10, tune=10, chains=2, seed=SEED)


def test_a_panic_of_the_sampler_is_an_error_like_others(
    without_a_start: CompiledPyMCModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Panics of Rust are no Exception in Python: nobody's `except` would see them."""

    class PanicException(BaseException):  # what it is called there
        pass

    def panic(*_: object, **__: object) -> None:
        raise PanicException("bad initial gradient\nat line 1")

    monkeypatch.setattr("workflow.sampling.fit.nutpie.sample", panic)
    with pytest.raises(SamplerError, match=r"\(bad initial gradient\)"):
        refit(without_a_start, {}, draws=10, tune=10, chains=2, seed=SEED)


def test_an_interrupt_is_not_an_error_of_the_sampler(
    without_a_start: CompiledPyMCModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("workflow.sampling.fit.nutpie.sample", interrupt)
    with pytest.raises(KeyboardInterrupt):
        refit(without_a_start, {}, draws=10, tune=10, chains=2, seed=SEED)


def test_an_interrupt_leaves_no_truncated_draws(
    without_a_start: CompiledPyMCModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook's kernel is interrupted and lives on, where nutpie would return what it has."""
    ended: list[bool] = []

    def interrupt() -> None:
        raise KeyboardInterrupt

    def sample(*_: object, blocking: bool, **__: object) -> SimpleNamespace:
        assert not blocking
        return SimpleNamespace(wait=interrupt, cancel=lambda: ended.append(True))

    monkeypatch.setattr("workflow.sampling.fit.nutpie.sample", sample)
    with pytest.raises(KeyboardInterrupt):
        refit(without_a_start, {}, draws=10, tune=10, chains=2, seed=SEED)
    assert ended
