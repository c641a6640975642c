"""How a file was read stands on the page, and in the command that makes the page again."""

import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from analyses import _command, _running, ab_test
from analyses._files import Group
from analyses._options import main_of
from analyses._study import Study
from data import linear_regression
from data._how import Reading
from models.linear_regression import gaussian
from reports.publishing.provenance import command
from tests.test_layers import CASES

OWN = Path(__file__).parent.parent / "own_data"


def study(path: Path, out: Path, formula: str | None = None, **options: str) -> Study:
    reading = Reading.of(options)
    found = linear_regression.load(path, formula, reading=reading)
    settings: dict[str, Any] = {"data": path, "formula": formula, "reading": reading, "out": out}
    settings |= {"draws": 10, "tune": 10, "chains": 4, "seed": 1, "quick": True, "quiet": True}
    build = partial(gaussian, found.terms, found.outcome, r2=0.5, noise=1.0)
    return Study("linear_regression", "Is it?", build, settings, knobs={"noise": (1.0,)})


def test_notes_are_a_section_and_the_command_has_the_options(tmp_path: Path) -> None:
    page = study(OWN / "umsatz.csv", tmp_path, encoding="cp1252", as_text="Rabatt").page
    assert page.sections[0].title == "How the file was read"
    said = " ".join(map(str, page.sections[0].blocks))
    assert "read as cp1252" in said
    assert "'Datum' looks like dates" in said
    assert "Rabatt" not in said
    again = command(page.case, page.settings)
    assert "--encoding cp1252 --as-text Rabatt" in again
    assert "--reading" not in again


def test_a_sum_is_on_the_first_screen(tmp_path: Path) -> None:
    page = study(OWN / "pivot.csv", tmp_path, "Sales ~ Visits + Staff").page
    assert any("Line 8 ('Grand Total') is the sum" in one.text for one in page.warnings)


def test_of_shipped_data_nothing_is_said(tmp_path: Path) -> None:
    page = study(linear_regression.PATH, tmp_path).page
    assert page.sections == []
    assert [one.text[:12] for one in page.warnings] == ["A quick look"]


def options(words: list[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the `Reading` that `main` is given for the options of the command line."""
    monkeypatch.setattr(_running, "leave_when_interrupted", lambda: None)
    given: dict[str, Any] = {}

    def main(**settings: Any) -> int:
        given.update(settings)
        return 0

    main.__signature__ = inspect.signature(ab_test.main)  # type: ignore[attr-defined]
    main.__annotations__ = ab_test.main.__annotations__
    with pytest.raises(SystemExit) as left:
        _command.run(main, words)
    assert not left.value.code
    return given["reading"]


def test_options_of_a_file_are_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["--arm", "variant", "--converted", "state", "--event", "bought", "--separator", ";"]
    columns = (("arm", "variant"), ("converted", "state"))
    assert options(words, monkeypatch) == Reading(separator=";", event="bought", columns=columns)
    assert options([], monkeypatch) == Reading()


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_the_options_of_a_file(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_running, "leave_when_interrupted", lambda: None)
    main: Callable[..., int] = main_of(case)
    with pytest.raises(SystemExit):
        _command.run(main, ["--help"])
    shown = capsys.readouterr().out
    (group,) = (
        one
        for parameter in inspect.signature(main).parameters.values()
        for one in getattr(parameter.annotation, "__metadata__", ())
        if isinstance(one, Group)
    )
    told = {name for name, _ in group.helps}
    assert {"encoding", "separator", "decimal"} <= told
    for name in told:
        assert f"--{name.replace('_', '-')}" in shown
    assert ("--as-text" in shown) is (
        case.endswith("regression") or case in {"noise_models", "model_comparison"}
    )
