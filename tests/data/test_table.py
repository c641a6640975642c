"""Bounds on what is read: bytes, arms, terms, and the length of a message."""

from pathlib import Path

import pytest

from data import _reading, ab_test, linear_regression
from data._table import DataError


def refused(load: object, path: Path) -> str:
    with pytest.raises(DataError) as error:
        load(path)  # type: ignore[operator]
    return str(error.value)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.csv"
    path.write_text("arm,visitors,conversions\nA,10,1\nB,10,1\n")
    monkeypatch.setattr(_reading, "LARGEST_FILE", path.stat().st_size)
    assert len(ab_test.load(path)) == 2
    monkeypatch.setattr(_reading, "LARGEST_FILE", path.stat().st_size - 1)
    assert "larger than" in refused(ab_test.load, path)


def test_a_name_for_every_visitor_is_no_arm(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("arm,converted\n" + "".join(f"visitor {i},1\n" for i in range(51)))
    assert "51 arms, at most 50" in refused(ab_test.load, path)


def test_too_many_columns(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    for n, said in ((300, "299 terms, at most 200"), (20_000, "20,000 columns, at most 1,000")):
        header = ",".join(f"x{i}" for i in range(n))
        path.write_text("\n".join([header, *(",".join([str(i)] * n) for i in range(3))]))
        assert said in refused(linear_regression.load, path)


def test_all_rows_ragged(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("x,conversions\n1,2,3\n")
    assert refused(ab_test.load, path) == f"{path}: line 2: 3 cells, expected 2"


def test_a_long_name_does_not_make_a_long_message(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"{'x' * 100_000},y\nq,1\n")
    lines = refused(ab_test.load, path).split("\n")
    assert max(map(len, lines)) < 1100
    assert lines[0].startswith(f"{path}: ")
