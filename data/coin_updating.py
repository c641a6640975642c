"""Flips of a coin in their order: whether each landed heads."""

from pathlib import Path

import pandas as pd

from data._beside import Beside, beside
from data._counts import happened
from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._table import found, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
NAME = "heads"


def load(path: Path = PATH) -> pd.Series:
    """Return 1 (heads) or 0 for every flip, in the order of the file (index: the line).

    The column is `heads`, 0/1, false/true or no/yes; or the only one that the file has, whose name
    the series has then.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path)[0]


def read(path: Path = PATH, reading: Reading = AS_IT_IS) -> tuple[pd.Series, Beside]:
    """Return what `load` does, and what rows belong to, by the other columns.

    `reading` may name the column (`outcome`) and the value of it that counts (`event`).

    Raises
    ------
    DataError
        As `load` does; or there is no such column.
    """
    table, problems = read_table(path, reading, names=(NAME,))
    only = table.columns[0] if table.shape[1] == 1 else NAME
    name = reading.outcome or (NAME if NAME in table else only)
    if name not in table:
        there = found(table, name)
        problems.append(f"column {name!r} is missing; found {there}; name yours with --outcome")
        refuse(path, problems)
    flips, wrong = happened(table[name], reading.event)
    if reading.event is not None:
        said_of(path).notes.append(f"{reading.event!r} (--event) counts as {name}.")
    refuse(path, problems + wrong)
    (called,) = labels(pd.Series([str(name)]))
    return flips.rename(called), beside(table.drop(columns=name))
