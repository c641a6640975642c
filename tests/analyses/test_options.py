"""Help without importing the case: the same words, and at once."""

import importlib
import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from analyses import _command, _options, _running
from analyses._options import main_of
from tests.test_layers import CASES

ROOT = Path(__file__).parent.parent.parent
SLOW = ("pymc", "pytensor", "pandas", "pandera", "numpy", "arviz", "matplotlib", "xarray")


def helped(main: Callable[..., int], capsys: pytest.CaptureFixture) -> str:
    with pytest.raises(SystemExit) as left:
        _command.run(main, ["--help"], "casebook run x")
    assert not left.value.code
    shown: str = capsys.readouterr().out
    return shown


@pytest.mark.parametrize("case", CASES)
def test_help_is_that_of_the_case_itself(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(_running, "leave_when_interrupted", lambda: None)
    whole = importlib.import_module(f"analyses.{case}").main
    light = main_of(case)
    assert helped(light, capsys) == helped(whole, capsys)
    ours, theirs = (inspect.signature(one).parameters for one in (light, whole))
    assert {n: p.default for n, p in ours.items()} == {n: p.default for n, p in theirs.items()}


@pytest.mark.parametrize("case", CASES)
def test_help_imports_nothing_that_takes_long(case: str) -> None:
    words = [sys.executable, "-X", "importtime", "-m", "analyses", "run", case, "--help"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"casebook run {case} [OPTIONS]" in done.stdout
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert imported.isdisjoint(SLOW)


def test_the_case_is_imported_when_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("analyses.ab_test")
    main = main_of("ab_test")
    monkeypatch.setattr(module, "main", lambda **options: len(options))
    assert main(draws=4, seed=1) == 2


ODD = '''"""What is this?"""
import typing
import math, cmath
LEAST, MOST = math.floor(1.5), cmath.pi
from data.odd import NUMBER as number, unused
def other(): return number
for SIZE in (3, 4): pass
WORD = f"{other()}"
def main(size: typing.Annotated[int, "x"] = {default}, word: str = WORD, least: int = LEAST) -> int:
    """Do."""
    import no_such_module
'''


def odd(folder: Path, default: str) -> None:
    for name in ("analyses", "data"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "analyses" / "odd.py").write_text(ODD.replace("{default}", default))
    (folder / "data" / "odd.py").write_text("import no_such_module\nNUMBER = 7\n")


def test_what_is_needed_is_followed_from_file_to_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd(tmp_path, "7")
    monkeypatch.setattr(_options, "ROOT", tmp_path)
    found = inspect.signature(_options.part_of("analyses.odd", "main").main)
    assert [one.default for one in found.parameters.values()] == [7, "7", 1]


def test_what_is_bound_otherwise_is_imported_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd(tmp_path, "SIZE")
    monkeypatch.setattr(_options, "ROOT", tmp_path)
    asked: list[str] = []

    def asked_for(name: str) -> SimpleNamespace:
        asked.append(name)
        return SimpleNamespace(main=len)

    monkeypatch.setattr(_options.importlib, "import_module", asked_for)
    main_of("odd")
    assert asked == ["analyses.odd"]
