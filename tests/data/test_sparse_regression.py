"""The 64 terms of the sparse regression."""

from itertools import combinations

import numpy as np
import pytest

from data import linear_regression
from data._how import Reading
from data.sparse_regression import MEASURED, PATH, load


def test_the_measurements_are_those_of_the_linear_regression() -> None:
    """Less their means and over their sds; to four digits."""
    raw = linear_regression.load()
    z = (raw.terms - raw.terms.mean()) / raw.terms.std()
    found = load()
    assert found.terms[[*MEASURED]].to_numpy() == pytest.approx(z.to_numpy(), abs=5.1e-5)
    assert found.outcome.tolist() == raw.outcome.tolist()


def test_there_are_ten_measurements_nine_squares_and_45_products() -> None:
    terms = load().terms
    z = terms[[*MEASURED]]
    squares = [z[one] ** 2 for one in MEASURED if one != "sex"]
    products = [z[one] * z[other] for one, other in combinations(MEASURED, 2)]
    expected = np.column_stack([z, *squares, *products])
    assert terms.shape == (442, 64)
    assert terms.to_numpy() == pytest.approx(expected)


def test_a_formula_or_an_outcome_of_ones_own_has_its_own_terms() -> None:
    assert list(load(PATH, "progression ~ bmi + bp").terms) == ["bmi", "bp"]
    assert load(PATH, reading=Reading(outcome="bmi")).terms.shape == (442, 10)
