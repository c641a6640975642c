"""Which fits have one outcome, and what is said of those that have not."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.fits import normal_tree, saved, tree
from workflow.comparing.same import outcome_forms, settings_that_differ, two_runs
from workflow.comparing.saved import NotComparableError, Saved
from workflow.sampling.part import Part

RNG = np.random.default_rng(6)
Z = RNG.normal(size=30)
ONE = saved(normal_tree(Z), "one")


def refusal(*fits: Saved) -> str:
    """Return what is said where the fits cannot be compared."""
    with pytest.raises(NotComparableError) as refused:
        outcome_forms(fits)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def classes(y: np.ndarray, name: str) -> Saved:
    """Return a fit of a class."""
    even = np.full((4, 100, len(y)), np.log(0.5))
    return saved(tree(even, y, {"p": RNG.normal(size=(4, 100))}), name)


def test_other_rows_and_other_values_are_refused_with_the_first_that_differs() -> None:
    assert "one has 30, other 29" in refusal(ONE, saved(normal_tree(Z[:29]), "other"))
    moved = normal_tree(Z).map_over_datasets(
        lambda ds: ds.assign_coords(row=ds["row"] + 5) if "row" in ds.dims else ds
    )
    assert "one has 5 that other has not (lines 2, 3, 4)" in refusal(ONE, saved(moved, "other"))
    other = Z.copy()
    other[3] = 7
    said = refusal(ONE, saved(normal_tree(other), "other"))
    assert "differ in 1 of 30 rows (line 5:" in said
    assert "fit both to the same outcome" in said


def test_a_density_is_not_compared_with_a_probability() -> None:
    y = (Z > 0).astype(int)
    dense = saved(normal_tree(y.astype(float)), "dense")
    assert "dense predicts a number" in refusal(classes(y, "odds"), dense)
    assert "differ in 30 of 30" in refusal(classes(y, "yes"), classes(1 - y, "no"))
    assert len(outcome_forms([classes(y, "a"), classes(y, "b")])) == 2


def test_a_likelihood_by_arm_or_none_at_all_is_refused() -> None:
    arms, without = normal_tree(Z), normal_tree(Z)
    by_arm = ("chain", "draw", "arm"), np.zeros((4, 10, 2))
    arms["log_likelihood"] = xr.Dataset({"conversions": by_arm})
    assert "by arm and not by row" in refusal(saved(arms, "arms"), ONE)
    del without["log_likelihood"]
    assert "run the case again" in refusal(ONE, saved(without, "none"))


def test_a_transformation_without_a_finite_slope_is_refused() -> None:
    y = np.append(np.exp(Z), 0.0)
    root = saved(normal_tree(np.sqrt(y)), "root", settings={"formula": "sqrt(y) ~ x"})
    assert "root: where the outcome is 0 (line 32)" in refusal(saved(normal_tree(y), "y"), root)


def test_of_very_many_rows_the_same_must_have_been_drawn_from_the_same_file() -> None:
    def some(seed: int, first: int, **said: Any) -> Saved:
        mu = {"mu": RNG.normal(size=(4, 10))}
        drawn = tree(np.zeros((4, 10, 30)), Z, mu, np.arange(30) + first)
        drawn.attrs["part"] = json.dumps(asdict(Part(30, 900, 1, 1, 1, seed)))
        return saved(drawn, f"seed {seed}", **said)

    assert "same --seed" in refusal(some(1, 2), some(2, 3))
    other = some(2, 2, provenance={"data_sha256": "f" * 64})
    assert "other files" in refusal(some(1, 2), other)


def test_two_runs_are_of_one_case_with_the_same_settings_but_data_and_sampler() -> None:
    again = saved(normal_tree(Z[:20]), "b", settings={"data": "b.csv", "seed": "9", "draws": "5"})
    assert two_runs([ONE, again])
    stricter = saved(normal_tree(Z), "c", settings={"sure": "0.9"})
    assert settings_that_differ(ONE, stricter) == ["sure"]
    assert not two_runs([ONE, stricter])
    assert not two_runs([ONE, again, again])
    assert not two_runs([ONE, saved(normal_tree(Z), "d", case="other")])
    named = saved(normal_tree(Z), "e", case="my_name", analysis="a_case")
    assert two_runs([ONE, named])


def test_runs_that_predict_other_columns_are_not_two_of_one() -> None:
    """Without a formula the settings are the same, and what is predicted is the last column."""

    def predicting(name: str, **more: object) -> Saved:
        fit = normal_tree(Z[: 20 + len(name)])
        text = json.dumps({"outcome": {"name": name}, **more})
        fit["design"] = xr.Dataset({"json": ((), np.array(text))})
        return saved(fit, name)

    assert two_runs([predicting("price"), predicting("price")])
    assert not two_runs([predicting("price"), predicting("weight")])
    assert predicting("price").row_word == "line"
    assert predicting("s | trials(n)", trials=True).row_word == "trial"
