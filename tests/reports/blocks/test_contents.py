"""The tables of what is in a file."""

import pandas as pd

from data._contents import contents as of
from reports.blocks.blocks import Table
from reports.blocks.contents import ACROSS, COLUMNS, contents


def table(columns: int) -> pd.DataFrame:
    made = {f"c{i}": [str(k) for k in range(9)] for i in range(columns)}
    return pd.DataFrame(made, index=range(2, 11), dtype="str")


def test_a_row_a_column_and_six_rows() -> None:
    cells = table(1).assign(g=list("aabbbccdd"), long=["x" * 60] * 9)
    columns, first = contents(of(cells))
    assert isinstance(columns, Table)
    assert isinstance(first, Table)
    assert columns.rows[0] == ("c0", "whole number", "0", "9", "0 to 8, median 4")
    assert columns.rows[1][-1] == "b: 3; a: 2; c: 2; d: 2"
    assert [row[0] for row in first.rows] == ["2", "3", "4", "5", "6", "7"]
    assert len(str(first.rows[0][-1])) <= 24


def test_of_many_columns_some_are_told() -> None:
    columns, first = contents(of(table(50)))
    assert isinstance(columns, Table)
    assert isinstance(first, Table)
    assert len(columns.rows) == COLUMNS
    assert "of 50" in columns.caption
    assert len(first.rows[0]) == ACROSS + 1


def test_more_levels_than_are_counted_are_others() -> None:
    cells = pd.DataFrame({"g": [f"l{i % 20}" for i in range(60)]}, dtype="str")
    (columns, _) = contents(of(cells))
    assert isinstance(columns, Table)
    assert columns.rows[0][-1].endswith("; 12 others")  # type: ignore[union-attr]


def test_nothing_is_said_of_what_was_not_read() -> None:
    assert contents(None) == []
