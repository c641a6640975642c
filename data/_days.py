"""Columns of dates as days since the first of them."""

import numpy as np
import pandas as pd

from data._column import Column
from data._dates import ORDERS, order_of
from data._missing import is_missing
from data._table import at_most


def as_days(
    cells: pd.Series, column: Column, file: set[str], keep: str
) -> tuple[pd.Series, list[str], list[str]]:
    """Return cells that are dates as days since the first, what to say of them, and problems.

    `file` has the order of day and month that other columns tell, and `keep` says how the column
    stays as it is.
    """
    name = f"column {column.name!r}"
    order, alike = order_in(column, file)
    if order is None:
        return cells, [], [f"{name}: {both(column)}{keep}"]
    days = {c: when for c, one in column.dates.items() if (when := getattr(one, order)) is not None}
    wrong = cells[~is_missing(cells) & ~cells.isin(days)]
    rule = f"is no date as the others are{keep}"
    problems = at_most([f"line {at}, {name}: {cell!r} {rule}" for at, cell in wrong.items()])
    first = float(np.floor(min(days.values())))
    numbers = {cell: repr(round(when - first, 9)).removesuffix(".0") for cell, when in days.items()}
    example, how = next(iter(days)), "" if alike else f", {ORDERS[order]}"
    note = (
        f"Column {column.name!r} looks like dates ({example!r}{how}): read as days since the "
        f"first, {_day(first)}{keep}."
    )
    return cells.map(numbers).where(cells.isin(days), cells), [note], problems


def order_in(column: Column, file: set[str]) -> tuple[str | None, bool]:
    """Return the order of day and month in a column (None: open), and if it makes no difference.

    `file` has the order that other columns tell.
    """
    alike = all(one.dmy == one.mdy for one in column.dates.values())
    own = order_of(column.dates.values())
    own = own & file or own
    return (None if len(own) == 2 and not alike else min(own)), alike


def both(column: Column) -> str:
    """Return the two readings of a date, and how to say which is right."""
    cell, one = next((c, d) for c, d in column.dates.items() if d.dmy != d.mdy)
    read = {"day first": one.dmy, "month first": one.mdy}
    shown = " or ".join(f"{_day(days)} ({how})" for how, days in read.items() if days is not None)
    return f"{cell!r} may be {shown}, and no other cell tells; say --dates dmy or --dates mdy"


def _day(days: float) -> str:
    return str(np.datetime64(int(days), "D"))
