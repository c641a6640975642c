"""Perfect separation is found where it is: by rows around a line, by the rule for one term."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st

from data.logistic_regression import load
from workflow.regression.separation import COMPLETE, NONE, QUASI, separation


def test_shipped_data_overlap() -> None:
    found = load()
    assert separation(found.terms, found.outcome).kind == NONE


def test_one_term_separates() -> None:
    terms = pd.DataFrame({"x": [1.0, 2, 3, 4], "z": [0.0, 1, 0, 1]})
    found = separation(terms, pd.Series([0, 0, 1, 1]))
    assert (found.kind, found.complete_alone, found.quasi_alone) == (COMPLETE, ("x",), ())
    falling = separation(terms, pd.Series([1, 1, 0, 0]))
    assert (falling.kind, falling.complete_alone) == (COMPLETE, ("x",))


def test_only_together() -> None:
    """x + z separates, neither of them alone; on a scale far from 1, and with one row between."""
    rng = np.random.default_rng(1)
    x, z = rng.normal(size=(2, 200))
    terms = pd.DataFrame({"x": 1e6 + 1e-3 * x, "z": 1e5 * z})
    y = pd.Series((x + z > 0).astype(int))
    found = separation(terms, y)
    assert (found.kind, found.complete_alone, found.quasi_alone) == (COMPLETE, (), ())
    middle = int(np.argsort(x + z)[150])
    y[middle] = 0
    assert separation(terms, y).kind == NONE


def test_a_category_in_which_all_have_the_event() -> None:
    """Quasi-complete: elsewhere both happen."""
    terms = pd.DataFrame({"g": [1.0, 1, 0, 0, 0, 0], "x": [0.1, 0.3, 0.2, 0.4, 0.1, 0.3]})
    found = separation(terms, pd.Series([1, 1, 0, 1, 1, 0]))
    assert found.kind == QUASI
    assert found.quasi_alone == ("g",)
    assert (found.apart, found.rows) == (2, 6)
    assert found.complete_alone == ()


def test_touching_classes() -> None:
    terms = pd.DataFrame({"x": [1.0, 2, 2, 3]})
    found = separation(terms, pd.Series([0, 0, 1, 1]))
    assert (found.kind, found.quasi_alone) == (QUASI, ("x",))


def test_more_terms_than_rows_always_separate() -> None:
    rng = np.random.default_rng(2)
    terms = pd.DataFrame(rng.normal(size=(8, 12)))
    assert separation(terms, pd.Series([0, 1] * 4)).kind == COMPLETE


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=15))
@settings(max_examples=150, deadline=None)
def test_of_one_term_it_is_a_matter_of_its_range(rows: list[tuple[int, bool]]) -> None:
    x, y = np.array([r[0] for r in rows], dtype=float), np.array([r[1] for r in rows])
    assume(np.ptp(x) > 0 and 0 < y.sum() < len(y))
    gap = max(x[y].min() - x[~y].max(), x[~y].min() - x[y].max())
    expected = COMPLETE if gap > 0 else QUASI if gap == 0 else NONE
    found = separation(pd.DataFrame({"x": x}), pd.Series(y.astype(int)))
    assert found.kind == expected
    assert bool(found.complete_alone) == (expected == COMPLETE)
    assert bool(found.quasi_alone) == (expected == QUASI)


@pytest.mark.parametrize("n", [20_000])
def test_many_rows_take_no_minutes(n: int) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, 5))
    y = pd.Series((rng.random(n) < 1 / (1 + np.exp(-3 * x[:, 0]))).astype(int))
    assert separation(pd.DataFrame(x), y).kind == NONE
