"""What is said of the course of a rate: never a date of a change that was none."""

import numpy as np
import pytest

from reports.rates.courses import instead, table, told
from reports.rates.step import Words, answer
from tests.cases.coal_rate import OWN, YEARS
from tests.contract import fitted
from tests.workflow.rates.test_courses import of
from workflow.quantities import original_scale, summarise
from workflow.rates.changed import FALLEN, Rule
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
    told_so, line = said(20 * np.exp(-1.5 * T))
    assert told_so
    assert "fallen, bit by bit rather than at once" in told_so
    assert told_so.endswith("there is no date of it.")
    assert line.startswith("Bit by bit")


def test_two_changes_have_three_rates_and_two_dates() -> None:
    told_so, line = said(np.where((T > 0.3) & (T < 0.6), 10, 20))
    assert told_so
    assert "more than once" in told_so
    step = of(np.random.default_rng(7).poisson(np.where((T > 0.3) & (T < 0.6), 10, 20)))
    for periods in Courses(step, 10).two.found[1]:
        assert f"from {1900 + periods} on" in told_so
    assert line.startswith("Twice")


def test_a_date_is_given_as_far_as_it_was_at_once() -> None:
    posterior = fitted("coal_rate")["posterior"].to_dataset()
    found = original_scale(summarise(posterior))
    rule, years = Rule(OWN, 10, 0.95), Words("disasters", "year", list(map(str, YEARS)))
    known, open_ = (answer(FALLEN, rule, found, years, at_once=one) for one in (True, False))
    assert "a year, most probably from 1892 on" in known
    assert "bit by bit" not in known
    assert "If it was at once, then most probably from 1892 on" in open_
    assert "it may have been bit by bit" in open_


@pytest.mark.parametrize("rate", [np.where(T < 0.5, 20.0, 10.0), np.full(100, 20.0)])
def test_a_step_or_none_is_said_as_before(rate: np.ndarray) -> None:
    told_so, line = said(rate)
    assert told_so is None
    assert line.startswith("At once")
