"""A column that says when: decimal years and other numbers, or dates, as days since 1970."""

from dataclasses import dataclass, field

import pandas as pd

from data._column import Column
from data._dates import Dated, dated
from data._days import both, order_in
from data._how import AS_IT_IS, Reading
from data._meant import meant
from data._missing import is_missing
from data._table import at_most

LARGEST = 1e12
EXPECTED = "neither a number, such as the year 1871.25, nor a date, such as 2024-03-15"


@dataclass(frozen=True)
class When:
    """Times by row (index: line), as days since 1970 (`dates`) or as numbers; and problems.

    `order` is that of day and month.
    """

    values: pd.Series
    dates: bool
    order: str = "dmy"
    problems: list[str] = field(default_factory=list)

    def of(self, text: str) -> float | None:
        """Return when a text says, as the column would; None: it says nothing of that kind."""
        if self.dates:
            one = dated(text.strip())
            return None if one is None else getattr(one, self.order)
        number = pd.to_numeric(text, errors="coerce")
        return None if pd.isna(number) else float(number)


def when(table: pd.DataFrame, name: str, reading: Reading = AS_IT_IS) -> When:
    """Read the column `name` of text cells; every cell has to say when."""
    cells = table[name]
    column = Column.of(name, cells)
    missing = [f"line {at}, column {name!r}: nothing" for at in cells.index[is_missing(cells)]]
    problems = at_most([f"{one}; leave the row out if it has no time" for one in missing])
    if column.is_date:
        return _dates(cells, column, reading, problems)
    found = meant(table, [name], reading)
    numbers = pd.to_numeric(found.table[name], errors="coerce").astype(float)
    bad = cells[~(numbers.abs() <= LARGEST) & ~is_missing(cells)]
    wrong = [f"line {at}, column {name!r}: {cell!r} is {EXPECTED}" for at, cell in bad.items()]
    return When(numbers, False, problems=problems + (found.problems or at_most(wrong)))


def _dates(cells: pd.Series, column: Column, reading: Reading, problems: list[str]) -> When:
    order, _ = order_in(column, {reading.dates} if reading.dates else set())
    if order is None:
        return When(cells, True, problems=[*problems, f"column {column.name!r}: {both(column)}"])
    nothing = Dated(None, None)
    days = cells.map({c: getattr(column.dates.get(c, nothing), order) for c in column.times})
    bad = cells[days.isna() & ~is_missing(cells)]
    wrong = [f"line {at}, column {column.name!r}: {c!r} is no date" for at, c in bad.items()]
    return When(days.astype(float), True, order, problems + at_most(wrong))
