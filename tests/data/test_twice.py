"""A file that stands in itself twice warns, whatever the case; what only looks so does not."""

from pathlib import Path

import pytest

from data._how import said_of
from data._table import read_table
from tests.data.test_own_files import write
from tests.test_layers import CASES, ROOT

ROWS = ["1,2", "3,4", "5,6", "7,9", "1,2"]


def warned(path: Path) -> bool:
    read_table(path)
    return any("repeat those above them" in text for text, _ in said_of(path).warnings)


def test_a_file_pasted_twice(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join(["x,y", *ROWS, *ROWS]))
    assert warned(path)
    assert any(text.startswith("Lines 7 to 11 repeat") for text, _ in said_of(path).warnings)


@pytest.mark.parametrize(
    "rows",
    [ROWS, [*ROWS, *ROWS[:4], "1,3"], [*ROWS, "8,8", *ROWS], ["1,0", "0,1"] * 10, ROWS[:3] * 2],
    ids=["once", "another cell", "odd", "two kinds of rows", "few"],
)
def test_what_comes_again_by_itself(rows: list[str], tmp_path: Path) -> None:
    assert not warned(write(tmp_path, "\n".join(["x,y", *rows])))


@pytest.mark.parametrize("case", CASES)
def test_what_ships_is_there_once(case: str) -> None:
    assert not warned(ROOT / f"data/{case}.csv")
