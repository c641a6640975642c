"""What is said of the course of a rate: never a date of a change that was none."""

import numpy as np
import pytest

from reports.rates.courses import instead, table, told
from reports.rates.step import Words
from tests.workflow.rates.test_courses import of
from workflow.rates.changed import Rule
from workflow.rates.courses import Courses

T = np.linspace(0, 1, 100)
WORDS = Words("events", "year", [str(1900 + i) for i in range(100)])


def said(rate: np.ndarray) -> tuple[str | None, str]:
    """Return the answer instead of that of one step, and the line of the section."""
    step = of(np.random.default_rng(7).poisson(rate))
    rule, courses = Rule(step, 10, 0.95), Courses(step, 10)
    rows = table(courses, {"prior_mean": [step.mean], "prior_shape": [1.0]}).rows
    assert [row[0] for row in rows] == ["it stays", "one change", "bit by bit", "two changes"]
    return instead(rule, courses, WORDS), told(courses)


def test_a_slow_fall_has_no_date() -> None:
    answer, line = said(20 * np.exp(-1.5 * T))
    assert answer
    assert "fallen, bit by bit rather than at once" in answer
    assert answer.endswith("there is no date of it.")
    assert line.startswith("Bit by bit")


def test_two_changes_have_three_rates_and_two_dates() -> None:
    answer, line = said(np.where((T > 0.3) & (T < 0.6), 10, 20))
    assert answer
    assert "more than once" in answer
    assert answer.count(" from 19") == 2
    assert line.startswith("Twice")


@pytest.mark.parametrize("rate", [np.where(T < 0.5, 20.0, 10.0), np.full(100, 20.0)])
def test_a_step_or_none_is_said_as_before(rate: np.ndarray) -> None:
    answer, line = said(rate)
    assert answer is None
    assert line.startswith("At once")
