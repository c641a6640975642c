"""Every case declares its tests, and is told what is missing."""

from pathlib import Path

import pytest

from tests.contract import DECLARED, missing
from tests.test_layers import CASES


@pytest.mark.parametrize("case", CASES)
def test_a_case_declares_its_tests(case: str) -> None:
    found = missing(case)
    assert not found, f"{case} is not tested yet: " + "\n  - ".join(["", *found])


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    """Of a case without the file everything, of one without frozen numbers the commands."""
    first, *rest = missing("mine", tmp_path)
    assert "tests/cases/mine.py" in first
    assert rest == list(DECLARED.values())
    (tmp_path / "ab_test.py").touch()
    commands = ["run python -m tests.reference ab_test", "run python -m tests.calibration --freeze"]
    assert missing("ab_test", tmp_path) == commands
