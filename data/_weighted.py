"""Frequency weights: a line of the file that stands for several rows is written out as so many.

The likelihood is that of the file written out in full, and so is everything computed from rows:
what a row weighs, which are left out one at a time, how many there are.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from data._beside import Beside
from data._how import Reading, did_you_mean
from data._table import DataError, at_most, refuse
from data._used import names_it

MOST_ROWS = 100_000
OPTION = "--weights"
_CALLED = {"n", "freq", "frequency", "frequencies", "count", "counts", "weight", "weights", "times"}

type Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def weights_of(
    path: Path, table: pd.DataFrame, reading: Reading, formula: str | None, also: Sequence[str]
) -> list[str]:
    """Return the column that says how many rows a line stands for, in a list, or an empty one.

    Raises
    ------
    DataError
        There is no such column, or it is the outcome, a term, or of those read for another option.
    """
    name = reading.weights
    if name is None:
        return []
    if name not in table:
        near = did_you_mean(name, table.columns)
        raise DataError(f"{path}: {OPTION}: there is no column {name!r}{near}")
    if names_it(formula, name) or name in (reading.outcome, *also):
        raise DataError(
            f"{path}: {name!r} is {OPTION}, how many rows a line stands for, and something else "
            "too (--formula, --outcome, or another option): it can be one of them only"
        )
    return [name]


def lines_of(path: Path, weights: pd.Series) -> pd.Series:
    """Return the line of the file by row, of rows numbered like lines: the first is 2.

    `weights` (index: line) says how many rows a line stands for; a line of 0 stands for none.

    Raises
    ------
    DataError
        A weight is no whole number from 0 on, all are 0, or there are more than `MOST_ROWS` rows.
    """
    name = f"column {weights.name!r}"
    if not pd.api.types.is_numeric_dtype(weights):
        raise DataError(f"{path}: {name} is text: {OPTION} is how many rows a line stands for")
    bad = weights[~((weights >= 0) & (weights % 1 == 0) & np.isfinite(weights))]
    if not bad.empty:
        wrong = [f"line {i}, {name}: {x:g} is no number of rows" for i, x in bad.items()]
        why = (
            f"{OPTION} are frequencies: a line of 3 is three rows alike. Weights of a survey, or "
            "of how precise a row is, are not: they would make intervals that mean nothing here"
        )
        refuse(path, [*at_most(wrong), why])
    if (total := int(weights.sum())) > MOST_ROWS:
        raise DataError(
            f"{path}: {name} adds up to {total:,} rows, at most {MOST_ROWS:,} are fitted; give a "
            "sample of them"
        )
    if not total:
        raise DataError(f"{path}: {name} is 0 in every line: no row is left")
    lines = np.repeat(weights.index.to_numpy(), weights.astype(int))
    return pd.Series(lines, pd.RangeIndex(2, 2 + total), name=weights.name)


def written_out[T: (pd.DataFrame, pd.Series)](one: T, lines: pd.Series) -> T:
    """Return a table or a column (index: line) with the rows that its lines stand for."""
    found: T = one.loc[lines].set_axis(lines.index)
    return found


def levels_left(columns: pd.DataFrame) -> pd.DataFrame:
    """Return the columns without levels that only lines of 0 have."""
    categories = {name: columns[name].cat for name in columns.select_dtypes("category")}
    return columns.assign(**{k: one.remove_unused_categories() for k, one in categories.items()})


def grouped_alike(found: Beside, lines: pd.Series) -> Beside:
    """Return what rows belong to: what their lines do. Rows of a line have no order in time."""
    groups = {name: written_out(one, lines) for name, one in found.groups.items()}
    return replace(found, groups=groups, times={}, lines=False)


def note(weights: pd.Series, lines: pd.Series) -> str:
    """Say what was done, and in which file a line is counted that the page names."""
    none = int((weights == 0).sum())
    left = f" ({none:,} of them, of 0, for none)" if none else ""
    return (
        f"A line stands for as many rows as {weights.name!r} says ({OPTION}): {len(weights):,} "
        f"lines{left}, read as {len(lines):,} rows. All is as if the file had every row written "
        "out, line after line, and a line that this page names is one of that file."
    )


def may_weigh(table: pd.DataFrame) -> str | None:
    """Return the column that may say how many rows a line stands for, of a file of text cells.

    It is called so, is whole numbers, and no two lines are alike but for it, in columns that each
    have far fewer values than there are lines: a table of how often each combination came.
    """
    called = [name for name in table if str(name).lower() in _CALLED]
    others = table.drop(columns=called)
    if len(called) != 1 or others.shape[1] < 2 or others.duplicated().any():
        return None
    whole = table[called[0]].str.fullmatch(r"\d+").all()
    few = (others.nunique() * 2 <= len(table)).all()
    return str(called[0]) if whole and few else None


def every_row(
    path: Path, weights: Sequence[str], others: Beside, tables: Tables
) -> tuple[pd.Series | None, list[str], Beside, Tables]:
    """Return which line each row is of, what is to be said, and all with every row written out.

    `tables` are those of the file, of its cells and of its columns; without weights they stay as
    they are.
    """
    if not weights:
        return None, [], others, tables
    weight = tables[-1][weights[0]]
    lines = lines_of(path, weight)
    table, cells, columns = (written_out(one, lines) for one in tables)
    found = table, cells, levels_left(columns)
    return lines, [note(weight, lines)], grouped_alike(others, lines), found
