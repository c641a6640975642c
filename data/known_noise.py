"""Readings of one quantity by one instrument, in the order in which they were taken."""

from pathlib import Path

import pandas as pd

from data._beside import Beside, beside
from data._how import AS_IT_IS, Reading
from data._label import labels
from data._numeric import numeric
from data._soundness import LARGEST
from data._table import at_most, found, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
NAMES = ("reading", "speed")  # of the column; the second is that of the shipped file


def load(path: Path = PATH) -> pd.Series:
    """Return every reading, in the order of the file (index: the line).

    The column is `reading`, or `speed`, or the only one of the file; the series has its name.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path)[0]


def read(
    path: Path = PATH, reading: Reading = AS_IT_IS, *, drop_missing: bool = False
) -> tuple[pd.Series, Beside, pd.DataFrame]:
    """Return what `load` does, what rows belong to, and the cells of the other columns.

    `reading` may name the column (`outcome`). Rows without a reading are refused, or left out.

    Raises
    ------
    DataError
        As `load` does; or there is no such column.
    """
    table, problems = read_table(path, reading, names=NAMES)
    name = _name(table, reading)
    if name not in table:
        there = found(table, name)
        problems.append(f"column {name!r} is missing; found {there}; name yours with --outcome")
        refuse(path, problems)
    columns, wrong = numeric(path, table, [name], problems, reading, drop_missing=drop_missing)
    refuse(path, wrong or _not_numbers(columns[name]))
    (called,) = labels(pd.Series([name]))
    rest = table.drop(columns=name).loc[columns.index]
    return columns[name].astype(float).rename(called), beside(rest), rest


def _name(table: pd.DataFrame, reading: Reading) -> str:
    """Return the column of the readings: the one that is named, or called so, or the only one."""
    if reading.outcome:
        return reading.outcome
    only = str(table.columns[0]) if table.shape[1] == 1 else NAMES[0]
    return next((name for name in NAMES if name in table), only)


def _not_numbers(column: pd.Series) -> list[str]:
    """Name cells that are missing in a column without any number, or too large for squares."""
    bad = column.index[~(column.abs() <= LARGEST)]
    rule = f"is not a finite number of {LARGEST:g} at most"
    return at_most([f"line {line}, column {column.name!r}: {rule}" for line in bad])
