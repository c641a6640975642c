"""Sentences of a comparison: they claim what the numbers show, and no more."""

import numpy as np
import pytest

from reports.comparing import changed, differing, tables, words
from tests.fits import normal_tree, saved
from workflow.comparing.changes import changes
from workflow.comparing.directions import Term
from workflow.comparing.models import side_by_side
from workflow.quantities import Scalar

RNG = np.random.default_rng(4)
Z = RNG.normal(1, 0.6, 40)
NEAR = side_by_side([saved(normal_tree(Z, 10.0, 0.6), "a"), saved(normal_tree(Z, 1.0, 0.6), "b")])
FAR = side_by_side([saved(normal_tree(Z, 10.0, 0.6), "a"), saved(normal_tree(Z, 10.0, 4.0), "c")])


def test_with_few_rows_the_rule_is_stricter_and_says_so() -> None:
    assert words.answer(NEAR).startswith("40 rows cannot tell which of ")
    assert "predicts unseen rows best" in words.answer(FAR)
    assert words.answer(FAR).startswith("a predicts")
    assert "by 2 standard errors of the difference or more (2.5 here" in words.rule(NEAR)


def test_the_table_has_a_row_a_model_and_says_nothing_of_its_own() -> None:
    table = tables.models(FAR)
    (first, second) = table.rows
    assert first[0] == "a"
    assert first[4] == "best"
    assert second[4] == "worse"
    assert first[2] == "–"
    gap = FAR.gaps["c"]
    assert str(second[2]).startswith(words.elpd(gap.value, gap.mcse))


@pytest.mark.parametrize(("mcse", "told"), [(0.05, "−12.3"), (2.0, "−12")])
def test_an_elpd_has_tenths_where_they_are_known(mcse: float, told: str) -> None:
    assert words.elpd(-12.34, mcse) == told


def test_whether_the_decision_hangs_on_the_model() -> None:
    up, down = (saved(normal_tree(Z), "x", decision=said) for said in ("up: x", "down: x"))
    term = Term("x", {"a": 1, "b": -1}, Scalar(0.5, 0.01), Scalar(0.5, 0.01), 0)
    assert words.decided([up, up], [], []) == "The decision is the same under all: up: x."
    assert words.decided([up, down], [term], [term]).endswith("hangs on the model for x.")
    assert words.decided([up, down], [], []) == "The decision hangs on the model."
    assert "agree" in words.decided([up, down], [term], [])


def test_nothing_moved_where_a_run_is_the_same() -> None:
    fit = saved(normal_tree(Z), "x")
    assert changed.answer(fit, fit, changes(fit, fit)).endswith("No estimate moved.")


def test_only_what_differs_is_listed() -> None:
    other = saved(normal_tree(Z), "y", settings={"formula": "log(y) ~ x", "out": "elsewhere"})
    found = differing.differences([saved(normal_tree(Z), "x"), other])
    assert found == [("formula", "None", "log(y) ~ x")]


def test_other_costs_are_not_blamed_on_the_model() -> None:
    cheap = saved(normal_tree(Z), "a", decision="act on none", settings={"cost_miss": "1.0"})
    dear = saved(normal_tree(Z), "b", decision="act on all", settings={"cost_miss": "20.0"})
    assert "(--cost-miss differ)" in words.decided([cheap, dear], [], [])
    same = saved(normal_tree(Z), "b", decision="act on all", settings={"cost_miss": "1.0"})
    assert words.decided([cheap, same], [], []) == "The decision hangs on the model."
