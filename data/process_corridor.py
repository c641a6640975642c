"""Measurements of pieces from one process: a number for each piece."""

from pathlib import Path

import pandas as pd

from data._beside import Beside, beside
from data._complete import without_missing
from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._meant import meant
from data._soundness import of_one_value
from data._table import found, read_table, refuse
from data._typed import typed

PATH = Path(__file__).with_suffix(".csv")
NAME, FEWEST = "value", 5  # pieces: of fewer a spread says nothing


def load(path: Path = PATH) -> pd.Series:
    """Return the measurement of every piece, in the order of the file (index: the line).

    The column is `value`, or the only one that the file has, whose name the series has then.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path)[0]


def read(
    path: Path = PATH, reading: Reading = AS_IT_IS, *, drop_missing: bool = False
) -> tuple[pd.Series, Beside]:
    """Return what `load` does, and what rows belong to, by the other columns.

    `reading` may name the column (`outcome`). Rows without a value are refused, or left out.

    Raises
    ------
    DataError
        As `load` does; or there is no such column.
    """
    table, problems = read_table(path, reading, names=(NAME,))
    only = table.columns[0] if table.shape[1] == 1 else NAME
    name = str(reading.outcome or (NAME if NAME in table else only))
    if name not in table:
        there = found(table, name)
        problems.append(f"column {name!r} is missing; found {there}; name yours with --outcome")
        refuse(path, problems)
    said = said_of(path)
    as_read = meant(table, [name], reading, separator=said.separator)
    said.notes += as_read.notes
    refuse(path, problems + as_read.problems)
    columns, problems = typed(as_read.table, reading)
    refuse(path, problems + _text(columns[name]))
    columns, notes, problems = without_missing(columns, as_read.table, drop_missing=drop_missing)
    said.notes += notes
    refuse(path, problems or _useless(columns[name]))
    (called,) = labels(pd.Series([name]))
    rest = table.drop(columns=name).loc[columns.index]
    return columns[name].astype(float).rename(called), beside(rest)


def _text(column: pd.Series) -> list[str]:
    if pd.api.types.is_numeric_dtype(column):
        return []
    return [f"column {column.name!r} is text; name a numeric one with --outcome"]


def _useless(column: pd.Series) -> list[str]:
    """Say why no spread can be judged."""
    if len(column) < FEWEST:
        return [f"{len(column)} values: at least {FEWEST} are needed to judge how they spread"]
    if column.nunique() == 1:
        return [
            f"column {column.name!r} has the same value in all {len(column):,} rows: how pieces "
            "spread cannot be seen; was it measured finely enough?"
        ]
    return of_one_value(column.to_frame())
