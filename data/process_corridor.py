"""Measurements of pieces from one process: a number for each piece."""

from pathlib import Path

import pandas as pd

from data._beside import Beside, beside
from data._how import AS_IT_IS, Reading
from data._label import labels
from data._lines import own_order
from data._numeric import numeric
from data._soundness import dependent_terms, of_one_value
from data._table import found, read_table, refuse

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
    columns, found = read_both(path, reading, drop_missing=drop_missing)
    return columns.iloc[:, 0], found


def read_both(
    path: Path = PATH,
    reading: Reading = AS_IT_IS,
    setting: str | None = None,
    *,
    drop_missing: bool = False,
) -> tuple[pd.DataFrame, Beside]:
    """Return the measurements, beside them the column `setting` if it is named, and as `read`.

    Raises
    ------
    DataError
        As `read` does; or there is no such setting, or it is constant or text.
    """
    table, problems = read_table(path, reading, names=(NAME,))
    only = table.columns[0] if table.shape[1] == 1 else NAME
    name = str(reading.outcome or (NAME if NAME in table else only))
    names = [name, *([setting] if setting is not None else [])]
    options = ("--outcome", "--setting")
    problems += [
        f"column {one!r} is missing; found {found(table, one)}; name yours with {option}"
        for one, option in zip(names, options, strict=False)
        if one not in table
    ]
    if setting == name:
        problems.append(f"--setting: {name!r} is the measurement itself")
    refuse(path, problems)
    columns, problems = numeric(path, table, names, problems, reading, drop_missing=drop_missing)
    refuse(path, problems or [line for one in names for line in _useless(columns[one])])
    copies = dependent_terms(columns).items() if len(names) > 1 else ()
    refuse(path, [f"--setting: {one!r} is {what}: they cannot but agree" for one, what in copies])
    rest = table.drop(columns=names).loc[columns.index]
    columns = columns.astype(float)
    columns.columns = labels(names)
    return columns, beside(rest, lines=own_order(columns.iloc[:, 0], rest))


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
