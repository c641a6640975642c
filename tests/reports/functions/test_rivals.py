"""What is said of the comparison of models: never more than the rows tell."""

import numpy as np
import pytest

from reports.functions import rivals as words
from tests.workflow.functions.test_rivals import by_hand
from workflow.functions.rivals import OWN


@pytest.mark.parametrize(
    ("more", "said", "cell"),
    [
        (0.1, "This page's curve predicts rows better than a cubic", "this page's curve predicts"),
        (
            -0.1,
            "A cubic smoothing spline with noise of one size, its smoothing by REML, predicts rows",
            "it predicts",
        ),
        (0.01, "The rows cannot tell whether", "cannot tell"),
    ],
)
def test_the_sentence_and_the_table_agree(more: float, said: str, cell: str) -> None:
    found = by_hand(np.full(200, more - 1), np.full(200, -1.0))
    assert words.line(found).startswith(said)
    table = words.table(found)
    assert str(table.rows[1][-1]).startswith(cell)
    assert table.rows[0][0] == "this page's curve"


def test_rows_that_are_not_looked_at_are_said() -> None:
    some = by_hand(np.zeros(200), np.zeros(200))
    assert "at random" not in words.line(some)


def test_a_difference_is_the_same_in_sentence_and_table() -> None:
    found = by_hand(np.full(200, -1.1), np.linspace(-2, 0, 200))
    size = words.table(found).rows[1][2]
    assert str(size).startswith("−20.0 ± ")
    assert f"elpd less the other's: {size}" in words.line(found)


def test_an_error_that_is_not_known_tells_nothing() -> None:
    found = by_hand(np.full(200, 1.0), np.full(200, -1.0))
    found.elpds[OWN].errors[3] = np.inf
    assert words.line(found).startswith("The draws cannot tell")
    assert "with an error that is not known" in words.line(found)
