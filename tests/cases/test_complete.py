"""Every case declares its tests, and is told what is missing."""

from pathlib import Path

import pytest

from models.ab_test import conversion
from models.spam_words import naive_bayes
from tests.brought import _brought as brought
from tests.brought._brought import absent
from tests.contract import DECLARED, missing, model_of
from tests.test_layers import CASES


@pytest.mark.parametrize("case", CASES)
def test_a_case_declares_its_tests(case: str) -> None:
    found = missing(case)
    assert not found, f"{case} is not tested yet: " + "\n  - ".join(["", *found])


@pytest.mark.parametrize("case", CASES)
def test_a_case_declares_what_people_bring(case: str) -> None:
    found = absent(case)
    assert not found, "\n  - ".join(found)


def test_what_people_bring_is_asked_for(tmp_path: Path) -> None:
    first, *rest = absent("mine", tmp_path)
    assert "tests/brought/mine.py" in first
    assert rest == list(brought.DECLARED.values())


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    """Of a case without the file everything, of one without frozen numbers the commands."""
    first, *rest = missing("mine", tmp_path)
    assert "tests/cases/mine.py" in first
    assert rest == list(DECLARED.values())
    (tmp_path / "ab_test.py").touch()
    commands = ("python -m tests.reference ab_test", "python -m tests.calibration.freeze ab_test")
    assert missing("ab_test", tmp_path) == [f"run {command}" for command in commands]
    (tmp_path / "mine.draft").touch()
    assert missing("mine", tmp_path) == ["run casebook test mine --write: it is a draft"]


def test_the_model_is_found_by_what_it_returns() -> None:
    assert model_of("ab_test") is conversion
    assert model_of("spam_words") is naive_bayes
