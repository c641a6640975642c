"""Which quantities of a comparison with ADVI are shown, and that ignorance does not pass it."""

import math

import pytest

from workflow.compare import DO_NOT, GOOD, MEANS, Compared, Comparison, judge, worst
from workflow.status import Status


def test_the_worst_overlap_least_and_nan_is_worst() -> None:
    overlap = {"a": 0.9, "b": 0.2, "c": math.nan, "d": 0.5}
    quantities = {name: Compared(0, 0, 1, 0, value, 0) for name, value in overlap.items()}
    found = Comparison("advi", quantities, 0.5, True, "x", "x", 1, 1, "means only", ())
    assert list(worst(found, 2).quantities) == ["b", "c"]
    assert worst(found, 9) == found


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
