"""Densities for all draws at once, and datasets made in one go, are those of PyMC and nutpie."""

from functools import partial
from typing import Any

import numpy as np
import nutpie
import pymc as pm
import pytest
import xarray as xr

from tests.conftest import SEED
from tests.contract import declared
from workflow.sampling import densities
from workflow.sampling.datasets import of_model, of_prior
from workflow.sampling.extracted import extracted
from workflow.sampling.fit import compile_nuts
from workflow.sampling.shared import made_of, shared_compiles, stand_in
from workflow.sampling.together import draw_together

# Two outcomes; counts of several kinds; rows; heavy tails; groups; a matrix that is decomposed.
CASES = [
    *("ab_test", "spam_words", "logistic_regression", "count_regression", "robust_regression"),
    *("partial_pooling", "smooth_curve"),
]
DIGITS = {"count_regression": 1e-8}  # where gammas of millions are subtracted from one another


def prior(model: pm.Model) -> dict[str, np.ndarray]:
    names = [one.name for one in (*model.free_RVs, *model.deterministics)]
    return draw_together(model, names, 60, {}, seed=SEED)


@pytest.mark.parametrize("case", CASES)
def test_densities_and_datasets_are_those_of_pymc(case: str) -> None:
    model = declared(case).shipped()
    drawn, outcomes = prior(model), [one.name for one in model.observed_RVs]
    groups, theirs = of_prior(model, drawn), pm.to_inference_data(prior=drawn, model=model)
    assert {*groups} == {*theirs.children} - {"prior_predictive"}  # which is empty there
    for name, found in groups.items():
        assert found.drop_attrs().identical(theirs[name].to_dataset().drop_attrs())
        assert {*found.attrs} == {*theirs[name].attrs} - {"created_at"}
    mine = densities.log_likelihood(model, groups["prior"], outcomes)
    one_by_one = densities._one_by_one(model, groups["prior"], outcomes)
    assert [*mine] == outcomes
    for name in outcomes:
        assert mine[name].dims == one_by_one[name].dims
        about: dict[str, Any] = {"rel": DIGITS.get(case, 1e-9), "abs": 1e-9, "nan_ok": True}
        assert mine[name].to_numpy() == pytest.approx(one_by_one[name].to_numpy(), **about)
        assert mine[name].coords.to_dataset().equals(one_by_one[name].coords.to_dataset())


def test_a_decomposed_matrix_and_what_hangs_on_nothing_are_left_to_pymc() -> None:
    assert densities._function(declared("ab_test").shipped(), ["conversions"]) is not None
    assert densities._function(declared("smooth_curve").shipped(), ["y"]) is None
    with pm.Model() as model:
        pm.Normal("free", 0, 1)
        pm.Normal("y", 0, 1, observed=pm.Data("y_data", np.arange(3.0)))
    draws = of_model(model, {"free": np.zeros((1, 5))}, {"chain": [0], "draw": np.arange(5)})
    found = densities.log_likelihood(model, draws, ["y"])["y"]
    assert found.shape == (1, 5, 3)
    assert float(found[0, 4, 2]) == pytest.approx(-0.5 * np.log(2 * np.pi) - 2)


def test_many_numbers_are_computed_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    model = declared("ab_test").shipped()
    draws = of_prior(model, prior(model))["prior"]
    look = partial(densities.log_likelihood, model, draws, ["guardrail", "conversions"])
    whole = look()
    monkeypatch.setattr(densities, "AT_ONCE", 7)
    assert look().equals(whole)


def test_what_stands_in_for_a_model_has_its_data() -> None:
    """One function serves all models of a structure, each with its own numbers."""
    model = declared("ab_test").shipped()
    draws, names = of_prior(model, prior(model))["prior"], ["conversions", "guardrail"]
    alone = densities.log_likelihood(model, draws, names)
    with shared_compiles():
        other = declared("ab_test").shipped()
        other["conversions_data"].set_value(np.array([10, 20], dtype="int32"))
        densities.log_likelihood(stand_in(other), draws, names)
        same = stand_in(model)
        assert densities.log_likelihood(same, draws, names).equals(alone)
        assert made_of(same, "a thing", lambda: [1]) is made_of(same, "a thing", lambda: [2])
    assert made_of(model, "a thing", lambda: 3) == 3


class Taken:
    """Results of nutpie, whose trace can be taken once; here it is kept."""

    def __init__(self, results: Any) -> None:
        self.trace = results.get_arrow_trace()
        self.is_zarr, self.is_arrow = (lambda: False), (lambda: True)

    def get_arrow_trace(self) -> Any:
        return self.trace


@pytest.mark.parametrize("case", ["ab_test", "partial_pooling"])
def test_draws_are_extracted_as_nutpie_does(case: str) -> None:
    """Without the warm-up; of divergences, of which these have some, all but the text."""
    compiled = compile_nuts(declared(case).shipped())
    length = {"draws": 60, "tune": 30, "chains": 3, "cores": 2, "seed": SEED}
    how = {"adaptation": "low_rank", "target_accept": 0.2, "progress_bar": False}
    sampling = nutpie.sample(compiled, **length, **how, save_warmup=False, blocking=False)
    sampling._sampler.wait(None)
    taken = Taken(sampling._sampler.take_results())
    found, theirs = extracted(sampling, taken), sampling._extract(taken)
    assert {*found.children} == {*theirs.children} == {"posterior", "sample_stats"}
    stats: xr.Dataset = theirs["sample_stats"].to_dataset().drop_vars("divergence_message")
    assert found["sample_stats"].to_dataset().drop_attrs().identical(stats.drop_attrs())
    draws = theirs["posterior"].to_dataset().drop_attrs()
    assert found["posterior"].to_dataset().drop_attrs().identical(draws)
    about = "inference_library_settings"
    assert found["sample_stats"].attrs[about] == stats.attrs[about]
