"""What is in a file, column by column: types, missing cells, values, and its first rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data._label import labels
from data._missing import is_missing
from data._plain import numbers_of, texts

FIRST, COUNTED = 6, 8  # rows shown; values of a column that are counted one by one
NUMBER, WHOLE, TEXT = "number", "whole number", "text"


@dataclass(frozen=True)
class Column:
    """One column: what its cells are, how many are missing, how many different values it has.

    `counts` has the most frequent values with their numbers of rows, of text and of few values;
    `span` least, median and greatest of numbers.
    """

    name: str
    kind: str
    missing: int
    values: int
    counts: tuple[tuple[str, int], ...] = ()
    span: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Contents:
    """The columns of a file, how many rows it has, and the first of them as they are written.

    `lines` are the lines of these rows in the file. Where rows were counted there are no first.
    """

    rows: int
    columns: tuple[Column, ...]
    first: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


def contents(
    cells: pd.DataFrame, typed: pd.DataFrame | None = None, times: Sequence[int] | None = None
) -> Contents:
    """Return what is in a table of text cells; index: the line.

    Each row stands for one, or for as many as `times` says.

    `typed` has the columns that were read as numbers or as text already. Others are numbers where
    all their cells, but the missing ones, are written plainly so.
    """
    names = labels(cells.columns)
    weights = pd.Series(1 if times is None else list(times), cells.index)
    columns = tuple(
        _column(
            name, cells[raw], None if typed is None or raw not in typed else typed[raw], weights
        )
        for name, raw in zip(names, cells, strict=True)
    )
    first = cells.head(FIRST if times is None else 0)
    rows = tuple(tuple(map(str, row)) for row in first.itertuples(index=False))
    return Contents(int(weights.sum()), columns, rows, tuple(map(int, first.index)))


def _column(name: str, cells: pd.Series, typed: pd.Series | None, weights: pd.Series) -> Column:
    if typed is None or isinstance(typed.dtype, pd.CategoricalDtype):
        cells = texts(cells)
        gone = is_missing(cells)
        there = cells[~gone]
        numbers = numbers_of(there) if typed is None else there.iloc[:0].astype(float)
    else:
        gone = typed.isna()
        there = numbers = typed[~gone] if gone.any() else typed
    missing, values = int(weights[gone].sum()), _different(there)
    if not len(numbers) or numbers.isna().any():
        times = _times(there, weights).head(COUNTED)
        counts = tuple((str(value), int(n)) for value, n in times.items())
        return Column(name, TEXT, missing, values, counts)
    kind = WHOLE if (numbers % 1 == 0).all() else NUMBER
    span = float(numbers.min()), _median(numbers, weights), float(numbers.max())
    few = _times(there, weights).sort_index() if values <= 2 else pd.Series(dtype=int)
    counts = tuple((f"{float(value):g}", int(n)) for value, n in few.items())
    return Column(name, kind, missing, values, counts, span)


def _different(there: pd.Series) -> int:
    """Return how many values there are; numbers are sorted, which is fast and takes less memory."""
    if not pd.api.types.is_float_dtype(there.dtype):
        return int(there.nunique())
    ordered = np.sort(there.to_numpy())
    return int(np.count_nonzero(np.diff(ordered))) + 1 if len(ordered) else 0


def _times(cells: pd.Series, weights: pd.Series) -> pd.Series:
    """Return how often each value comes, the most frequent first."""
    if (weights == 1).all():
        return cells.value_counts()
    found = weights[cells.index].groupby(cells, sort=False).sum()
    return found.sort_values(ascending=False, kind="stable")


def _median(numbers: pd.Series, weights: pd.Series) -> float:
    """Return the median of numbers, each of which stands for so many rows."""
    if (weights == 1).all():
        return float(numbers.median())
    sort = numbers.sort_values()
    ends = weights[sort.index].cumsum()
    half = ends.iloc[-1] / 2
    low, high = sort[ends >= half].iloc[0], sort[ends > half].iloc[0]
    return float(low + high) / 2
