"""Tests of a case stay together, and their seconds are counted."""

import os
from pathlib import Path

import pytest

from tests.seconds import REST, by_case, group
from tests.test_layers import CASES


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        ("tests/browser/test_pages.py::test_no_barriers[ab_test]", "ab_test"),
        ("tests/cases/test_x.py::test_x[small-spam_words]", "spam_words"),
        ("tests/cases/test_x.py::test_x[ab_test-wide_prior]", "ab_test"),
        ("tests/data/test_ab_test.py::test_x[a-b]", "ab_test"),
        ("tests/data/test_ab_test.py::test_x", "ab_test"),
        ("tests/data/test_table.py::test_ab_test", "tests/data/test_table.py"),
        ("tests/data/test_table.py::test_x[data/ab_test.py]", "tests/data/test_table.py"),
    ],
)
def test_a_test_belongs_to_the_case_that_it_names(nodeid: str, expected: str) -> None:
    assert group(nodeid) == expected


@pytest.mark.parametrize("time", [1, 2])
@pytest.mark.parametrize("case", CASES)
def test_one_worker_has_all_of_a_case(shared: Path, case: str, time: int) -> None:
    """Where there are workers."""
    here, first = os.environ.get("PYTEST_XDIST_WORKER", ""), shared / f"{case}.worker"
    if not first.exists():
        first.write_text(here)
    assert first.read_text() == here


def test_setup_and_call_are_counted_and_most_comes_first() -> None:
    def told(nodeid: str, seconds: float) -> pytest.TestReport:
        return pytest.TestReport(
            nodeid, ("", None, ""), {}, "passed", None, "call", duration=seconds
        )

    one, other = CASES[:2]
    reports = [told(f"t.py::x[{one}]", 1), told(f"t.py::x[{other}]", 2), told("t.py::x", 3.5)]
    found = by_case([*reports, told(f"t.py::y[{one}]", 3)])
    assert list(found.items()) == [(one, 4), (REST, 3.5), (other, 2)]
