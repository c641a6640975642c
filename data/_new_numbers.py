"""Cells of new rows as the numbers or levels that the fitted rows' cells would have been.

Nothing is told by the majority of the new cells, of which there may be one: how a column is read
stands with the fit (`data/_as_read.py`). A cell that cannot be read so has a reason.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from data._as_read import How, mark_of
from data._column import Column, decimals
from data._dates import dated
from data._how import AS_IT_IS, Reading, did_you_mean
from data._label import labels
from data._missing import is_missing
from data._soundness import LARGEST
from data._truth import truth_of
from data._written import plainly, written

type Read = tuple[float | None, str]  # a number, or why a cell is none


def signs_of(table: pd.DataFrame, names: list[str], reading: Reading) -> dict[str, str]:
    """Return the decimal sign of columns by name, "" where nothing tells it.

    The options tell it, else the column itself, else the other columns of the file.
    """
    if reading.decimal:
        return dict.fromkeys(names, reading.decimal)
    columns = {name: Column.of(name, table[name]) for name in names}
    file = decimals(columns.values())
    own = {name: one.signs() if one.is_number else set() for name, one in columns.items()}
    told = {name: signs if len(signs) == 1 else file for name, signs in own.items()}
    return {name: min(signs) if len(signs) == 1 else "" for name, signs in told.items()}


def read_cells(
    cells: pd.Series, how: How, sign: str = "", reading: Reading = AS_IT_IS
) -> tuple[pd.Series, pd.Series]:
    """Return the values of a column (numbers: NaN, levels: "" where there is none), and reasons.

    `sign` is the decimal sign that the file tells, or "". Reasons are "" where there is a value.
    """
    if how["is"] == "levels":
        return _as_levels(cells, how)
    if how.get("truth"):
        return _each(cells, lambda cell: (truth_of([cell])[0], "is neither yes nor no"))
    if "date" in how:
        order = reading.dates or how["date"]
        return _each(cells, lambda cell: _as_day(cell, order, how["origin"]))
    numbers = pd.to_numeric(cells, errors="coerce").astype(float)
    sign = sign or how["sign"]
    fine = numbers.abs() <= LARGEST
    if sign == ",":
        fine &= ~cells.str.contains(".", regex=False)
    if how["share"]:  # beside 15% a bare .15 may be either
        fine &= False
    rest, why = _each(cells[~fine], lambda cell: _as_number(cell, how, sign))
    return numbers.where(fine, rest), why.reindex(cells.index, fill_value="")


def _each(cells: pd.Series, read: Callable[[str], Read]) -> tuple[pd.Series, pd.Series]:
    """Read every different cell once."""
    values, why = {}, {}
    for cell, missing in zip(cells.unique(), is_missing(pd.Series(cells.unique())), strict=True):
        number, reason = (None, "no value") if missing else read(cell)
        known = number is not None and abs(number) <= LARGEST
        values[cell] = number if known else np.nan
        why[cell] = "" if known else reason if missing else f"{cell!r} {reason}"
    return cells.map(values).astype(float), cells.map(why).astype(str)


def _as_day(cell: str, order: str, origin: float) -> Read:
    day = getattr(found, order) if (found := dated(cell)) else None
    return (None if day is None else day - origin), "is no date, as the fitted ones are"


def _as_number(cell: str, how: How, sign: str) -> Read:
    """Return the number that a cell is, if it has the marks of the fitted cells."""
    one = written(cell)
    if one is None:
        return None, "is not a number"
    mark, units = mark_of(one), how["units"]
    if mark and units and mark not in units:
        return None, f"is in {mark}, and the fitted rows are in {' and '.join(units)}"
    if bool(one.share) is not how["share"] and one.point != 0:
        has = "lacks the % of the fitted rows" if how["share"] else "has a % unlike the fitted rows"
        return None, has
    if not sign and one.point is not None and one.comma is not None and one.point != one.comma:
        both = f"{plainly(one.point)} (--decimal .) or {plainly(one.comma)} (--decimal ,)"
        return None, f"may be {both}, and no other cell tells"
    number = one.by(sign) if sign else one.comma if one.point is None else one.point
    return (None if number is None else float(number)), f"is not a number with the decimal {sign}"


def _as_levels(cells: pd.Series, how: How) -> tuple[pd.Series, pd.Series]:
    """Return the level that each cell is: as it was written, or but for capitals and blanks."""
    known: Mapping[str, str] = how["cells"]
    folded = {} if how["kept"] else {_folded(cell): level for cell, level in known.items()}
    values, why = {}, {}
    for cell in cells.unique():
        values[cell] = known.get(cell) or folded.get(_folded(cell), "")
        blank = "no value" if is_missing(pd.Series([cell])).item() else ""
        why[cell] = "" if values[cell] else blank or unseen(labels([cell])[0], known.values())
    return cells.map(values).astype(str), cells.map(why).astype(str)


def unseen(level: str, known: object) -> str:
    """Say that a level has no fitted row, and which have."""
    names = sorted({*map(str, known)})  # type: ignore[call-overload]
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    there = ", ".join(map(repr, names[:20])) + more
    return f"{level!r} is a level that no fitted row has; there are {there}" + did_you_mean(
        level, names
    )


def _folded(cell: str) -> str:
    return " ".join(cell.split()).casefold()
