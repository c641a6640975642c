"""What a run is called: nothing that ships is overwritten by data of one's own."""

import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from analyses import _command, _names, _running
from analyses._names import output_name, usable
from analyses._options import main_of
from reports.publishing.files import HTML
from tests.test_layers import CASES, ROOT


def name_of(case: str, **settings: Any) -> str:
    return output_name(case, {"data": ROOT / f"data/{case}.csv", "out": HTML, **settings})


@pytest.mark.parametrize("case", CASES)
def test_shipped_data_have_the_name_of_the_case(case: str, tmp_path: Path) -> None:
    assert name_of(case) == case
    assert name_of(case, out=tmp_path) == case
    assert name_of(case, stem=case) == case


@pytest.mark.parametrize("case", CASES)
def test_data_of_ones_own_overwrite_nothing_that_ships(case: str, tmp_path: Path) -> None:
    """Not in the folder of the pages; in one's own (--out) the page is called as the case."""
    own = tmp_path / "Umsatz März (2).csv"
    assert name_of(case, data=own) == f"{case}_Umsatz_M_rz_2"
    assert name_of(case, data=own, out=tmp_path) == case
    assert name_of(case, data=own, stem="mine") == "mine"
    assert name_of(case, data=tmp_path / "äöü") == f"{case}_data"
    assert len(name_of(case, data=tmp_path / ("x" * 200))) <= _names.LONGEST


def test_a_name_made_of_data_is_no_other_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_names.found, "cases", lambda: ["linear", "linear_regression"])
    assert name_of("linear", data=tmp_path / "regression.csv") == "linear_regression_own"


@pytest.mark.parametrize("name", ["", "a b", "../x", "a.b", "ä", "x" * 81, "a/b", "=1"])
def test_a_name_has_letters_digits_and_two_signs(name: str) -> None:
    with pytest.raises(typer.BadParameter, match="letters"):
        usable(name)


@pytest.mark.parametrize("name", ["ab_test", "AB_test", "index", "proof_gates"])
def test_the_name_of_another_page_is_refused(name: str) -> None:
    with pytest.raises(typer.BadParameter, match="choose another"):
        name_of("linear_regression", stem=name)


@pytest.mark.parametrize("words", [["--name", "a b"], ["--name", "spam_words"]])
def test_a_wrong_name_is_wrong_usage_before_anything_is_read(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_running, "leave_when_interrupted", lambda: None)
    monkeypatch.setattr(sys, "argv", ["casebook"])
    with pytest.raises(SystemExit) as left:
        _command.run(main_of("ab_test"), [*words, "--data", "none.csv"])
    assert left.value.code == 2
    assert "none.csv" not in capsys.readouterr().err
