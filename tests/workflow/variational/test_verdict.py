"""The verdict on an approximation: ignorance does not pass it, nor does what had not arrived."""

import math

import pytest

from workflow.checking.status import Status
from workflow.variational.verdict import DO_NOT, GOOD, MEANS, Compared, judge


@pytest.mark.parametrize(
    ("shift", "error", "verdict"),
    [(0.0, 0.01, GOOD), (0.11, 0.01, GOOD), (0.3, 0.1, MEANS), (0.6, 0.5, DO_NOT)],
)
def test_monte_carlo_errors_excuse_as_much_again_at_most(
    shift: float, error: float, verdict: str
) -> None:
    numbers = {"x": Compared(shift, error, 1.0, 0.01, 0.9, 0.0)}
    assert judge(numbers, 0.1, True, Status.PASS) == verdict


@pytest.mark.parametrize("error", [math.inf, math.nan])
def test_a_comparison_that_knows_nothing_passes_nothing(error: float) -> None:
    numbers = {"x": Compared(0.5, error, 1.5, error, 0.9, 0.0)}
    assert judge(numbers, 0.1, True, Status.PASS) == DO_NOT
    assert judge({}, 0.1, True, Status.PASS) == DO_NOT
    assert judge({}, 0.1, True, Status.FAIL) == DO_NOT


def test_what_was_still_moving_is_not_used_however_near_it_stood() -> None:
    numbers = {"x": Compared(0.0, 0.01, 1.0, 0.01, 0.9, 0.0)}
    for status in (Status.PASS, Status.FAIL):
        assert judge(numbers, 0.1, True, status, arrived=False) == DO_NOT
