"""Tests of a case stay together, and their seconds are counted."""

import pytest

from tests.seconds import REST, by_case
from tests.test_layers import CASES


def group(request: pytest.FixtureRequest) -> str:
    (mark,) = request.node.iter_markers("xdist_group")
    return str(mark.args[0])


@pytest.mark.parametrize("case", CASES)
def test_a_test_of_a_case_is_known(request: pytest.FixtureRequest, case: str) -> None:
    assert ("case", case) in request.node.user_properties
    assert group(request) == case


def test_another_one_stays_with_its_module(request: pytest.FixtureRequest) -> None:
    assert ("case", REST) in request.node.user_properties
    assert group(request) == "tests/test_seconds.py"


def test_setup_and_call_are_counted_and_most_comes_first() -> None:
    def told(case: str, seconds: float) -> pytest.TestReport:
        found = [("case", case)] if case else []
        where = ("", None, "")
        return pytest.TestReport(
            "x", where, {}, "passed", None, "call", duration=seconds, user_properties=found
        )

    found = by_case([told("a", 1), told("b", 2), told("a", 3), told("", 3.5)])
    assert list(found.items()) == [("a", 4), (REST, 3.5), ("b", 2)]
