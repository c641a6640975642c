"""The page of lines that stand for several rows is that of the file written out."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analyses import __main__ as command_line
from data._how import Reading
from tests.data.test_weighted import REGRESSIONS, pair

SAME = ("quantities", "scalars", "decision", "answer", "warnings", "status")
FEW: dict[str, Any] = {"draws": 50, "tune": 100, "chains": 2, "seed": 7}


def summary(case: str, path: Path, out: Path, reading: Reading) -> dict[str, Any]:
    reader: Any = importlib.import_module(f"data.{case}")
    columns = [str(name) for name in reader.load().columns.columns]
    formula = f"{columns[0]} ~ {columns[1]}"
    main = importlib.import_module(f"analyses.{case}").main
    options = {"data": path, "formula": formula, "reading": reading, "out": out}
    main(**options, **FEW, quick=True, quiet=True)
    found: dict[str, Any] = json.loads((out / f"{case}.json").read_text(encoding="utf-8"))
    return {name: found.get(name) for name in SAME}


@pytest.mark.parametrize(
    "case",
    [
        one if one == "linear_regression" else pytest.param(one, marks=pytest.mark.validate)
        for one in REGRESSIONS
    ],
)
def test_the_summary_is_that_of_the_rows_written_out(case: str, tmp_path: Path) -> None:
    """To the last digit: the same rows in the same order; all cases in `make validate`."""
    reader: Any = importlib.import_module(f"data.{case}")
    used = reader.load().columns.columns[:2]  # of others, rows may belong to what they say
    table = pd.read_csv(reader.PATH, usecols=list(used)).head(60)
    lines, rows = pair(tmp_path, table, np.random.default_rng(1).integers(0, 3, len(table)))
    found = summary(case, lines, tmp_path / "lines", Reading(weights="n"))
    assert found == summary(case, rows, tmp_path / "rows", Reading())
    assert found["quantities"]


def test_rows_of_a_line_have_no_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    words = ["casebook", "run", "linear_regression", "--ordered", "--weights", "n"]
    monkeypatch.setattr(sys, "argv", words)
    monkeypatch.setattr(command_line, "leave_when_interrupted", lambda: None)
    with pytest.raises(SystemExit) as left:
        command_line.main()
    assert left.value.code == 2
    assert "--ordered and --weights cannot be given together" in capsys.readouterr().err
