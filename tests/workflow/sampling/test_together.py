"""Draws that are made all at once are those of the model, and independent of one another."""

from typing import Any

import numpy as np
import pymc as pm
import pytest
from scipy import stats

from tests.conftest import SEED
from tests.contract import TESTED, declared
from workflow.sampling.simulating import predict
from workflow.sampling.together import MODE, AloneError, draw_together

DRAWS = 2000
ALONE = {"approximations"}  # a half-Cauchy is made of other distributions
RARE = 1e-4  # of an alarm, in all comparisons of a case together


def alarms(own: dict[str, np.ndarray], others: dict[str, np.ndarray]) -> dict[str, float]:
    """Return the variables that are drawn from other distributions, with their p-values."""
    pairs = [
        (name, one, other)
        for name, values in own.items()
        for one, other in zip(
            values.reshape(len(values), -1).T[:50],
            others[name].reshape(len(others[name]), -1).T[:50],
            strict=True,
        )
    ]
    found = [(name, stats.ks_2samp(one, other).pvalue) for name, one, other in pairs]
    return {name: p for name, p in found if p < RARE / len(pairs)}


def by_pymc(model: pm.Model, names: list[str]) -> dict[str, np.ndarray]:
    """Draw one after the other."""
    how = {"var_names": names, "random_seed": SEED + 1, "compile_kwargs": {"mode": MODE}}
    return pm.sample_prior_predictive(DRAWS, model, return_inferencedata=False, **how)


@pytest.mark.parametrize("case", [case for case in TESTED if case not in ALONE])
def test_the_prior_of_a_case_is_that_of_pymc(case: str) -> None:
    """In each variable; and what is computed of others is computed of those of its own draw."""
    model = declared(case).shipped()
    free, made = ([one.name for one in some] for some in (model.free_RVs, model.deterministics))
    own = draw_together(model, [*free, *made], DRAWS, {}, seed=SEED)
    assert alarms(own, by_pymc(model, [*free, *made])) == {}
    again = draw_together(model, made, DRAWS, {one: own[one] for one in free}, seed=SEED + 5)
    assert all(np.array_equal(own[name], again[name]) for name in made)
    for values in own.values():
        flat = values.reshape(DRAWS, -1)
        moves = flat[:, (flat != flat[0]).any(axis=0)]
        if moves.dtype.kind == "f" and moves.size:
            assert len(np.unique(moves[:, 0])) > DRAWS / 2  # the draws are not one, repeated


@pytest.fixture
def tower() -> pm.Model:
    """Return a model whose distributions have sizes of all kinds."""
    with pm.Model(coords={"place": [*"abc"], "kind": [*"uvwx"]}) as model:
        sd = pm.Data("sd", 2.0)
        mean = pm.Normal("mean", 10, sd)
        pm.Normal("alone", [-1.0, 0.0, 1.0], 1.0)
        each = pm.Normal("each", mean, [0.1, 1.0, 5.0])  # its size is that of its parameters
        by_kind = pm.Normal("by_kind", each[:, None], 0.5, dims=("place", "kind"))
        share = pm.Dirichlet("share", np.ones(4), shape=(3, 4))
        pm.Multinomial(
            "counts", pm.Data("n", np.array([5, 50, 500])), share, dims=("place", "kind")
        )
        pm.MvNormal("joint", by_kind[0, :2], np.array([[2.0, 1.0], [1.0, 3.0]]))
        pm.Deterministic("constant", 2 * sd)
    return model


def test_moments_are_those_of_the_formulas(tower: pm.Model) -> None:
    """Of a tower of distributions, within four standard errors; each hangs on those below it."""
    names = ["mean", "alone", "each", "by_kind", "share", "counts", "joint", "constant"]
    n = 40_000
    found = draw_together(tower, names, n, {}, seed=SEED)
    assert [found[name].shape[1:] for name in names] == [
        *((), (3,), (3,), (3, 4), (3, 4), (3, 4), (2,)),
        (),
    ]
    variance = 4 + np.array([0.01, 1.0, 25.0])
    expected: list[tuple[np.ndarray, Any, Any]] = [
        (found["mean"], 10, 4),
        (found["alone"], np.array([-1, 0, 1]), 1),
        (found["each"], 10, variance),
        (found["by_kind"], 10, variance[:, None] + 0.25),
        (found["share"], 0.25, 0.25 * 0.75 / 5),
        (found["joint"], 10, variance[0] + 0.25 + np.array([2.0, 3.0])),
    ]
    for values, mean, var in expected:
        assert np.all(np.abs(values.mean(axis=0) - mean) < 4.5 * np.sqrt(var / n))
        kurtosis = 3 * np.broadcast_to(var, values.shape[1:])  # of a normal; less for a share
        assert np.all(np.abs(values.var(axis=0) - var) < 4.5 * np.sqrt(kurtosis * var / n))
    assert np.array_equal(
        found["counts"].sum(axis=2), np.tile([5, 50, 500], (n, 4 // 4)).reshape(n, 3)
    )
    z = (found["counts"] - np.array([5, 50, 500])[:, None] * found["share"]).sum(axis=0)
    assert np.all(np.abs(z) < 4.5 * np.sqrt(n * np.array([5, 50, 500])[:, None] * 0.25))
    left = found["by_kind"] - found["each"][:, :, None]
    assert left.var() == pytest.approx(0.25, rel=4.5 * np.sqrt(2 / left.size))
    assert np.corrcoef(left.reshape(n, -1).T)[0, 1:] == pytest.approx(0, abs=4.5 / np.sqrt(n))
    assert np.all(found["constant"] == 4)


def test_what_is_given_is_held(tower: pm.Model) -> None:
    """Each draw is made for the values of its own; nothing else hangs on them."""
    given = {"mean": np.repeat([-1e6, 0.0, 1e6], 100)}
    found = draw_together(tower, ["each", "share"], 300, given, seed=SEED)
    assert np.abs(found["each"] - given["mean"][:, None]).max() < 100
    same = draw_together(tower, ["each", "share"], 300, given, seed=SEED)
    assert all(np.array_equal(found[name], same[name]) for name in found)
    other = draw_together(tower, ["each", "share"], 300, given, seed=SEED + 1)
    assert not any(np.array_equal(found[name], other[name]) for name in found)


@pytest.mark.parametrize("case", TESTED)
def test_predictions_of_a_case_are_those_of_pymc(case: str) -> None:
    """At draws of its prior; also of outcomes that only PyMC's loop draws."""
    model = declared(case).shipped()
    outcomes = [one.name for one in model.observed_RVs]
    drawn = by_pymc(model, [*(one.name for one in model.free_RVs), *outcomes])
    prior = {name: values for name, values in drawn.items() if name not in outcomes}
    tree = pm.to_inference_data(prior=prior, model=model)
    draws = tree["prior"].to_dataset()
    found = predict(model, draws, outcomes, seed=SEED)
    values = {name: found[name].to_numpy()[0] for name in outcomes}
    assert alarms(values, {name: drawn[name] for name in outcomes}) == {}
    for name in outcomes:
        dims = model.named_vars_to_dims.get(name, found[name].dims[2:])
        assert found[name].dims == ("chain", "draw", *dims)
        assert np.array_equal(found["draw"], draws["draw"])


def test_many_numbers_are_drawn_in_blocks(monkeypatch: pytest.MonkeyPatch, tower: pm.Model) -> None:
    """The blocks are not the same draws again, and each has its own values of what is given."""
    monkeypatch.setattr("workflow.sampling.together.AT_ONCE", 100)
    found = draw_together(tower, ["mean"], 250, {}, seed=SEED)
    assert len(np.unique(found["mean"])) == 250
    given = {"mean": 1e6 * np.arange(250)}
    found = draw_together(tower, ["each"], 250, given, seed=SEED)
    assert np.abs(found["each"] - given["mean"][:, None]).max() < 100


def test_what_its_author_draws_is_not_drawn_at_once() -> None:
    with pm.Model() as model:
        pm.CustomDist("own", 0.0, random=lambda mean, rng, size: rng.normal(mean, 1, size))
        pm.HalfCauchy("wide", 1.0)
    for name in ("own", "wide"):
        with pytest.raises(AloneError):
            draw_together(model, [name], 10, {}, seed=SEED)
