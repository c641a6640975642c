"""What the different cells of a column of text are, as numbers and as dates, and what they tell.

Whether a comma is a decimal sign, and which of two numbers is the day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from data._dates import Dated, dated, order_of
from data._missing import is_missing
from data._plain import is_plain, numbers_of, texts
from data._truth import TRUTH, truth_of
from data._written import Written, plainly, written

MOST = 0.5  # of the cells that are not missing: a column of which more are numbers is one of them
SIGNS = (".", ",")
GROUPED = r"[-+]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+"  # a decimal point, or points between thousands
_WHEN = re.compile("date|datum|fecha|day|tag|time|when", re.IGNORECASE)
_COMPACT = r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"  # 20240131


@dataclass
class Column:
    """The different cells that are not missing, how often they come, and what they may be.

    `plain` says that all are numbers as every reader takes them, by a decimal point; `numbers` and
    `dates` are then empty, unless points may stand between thousands.
    """

    name: str
    times: dict[str, int]
    plain: bool
    numbers: dict[str, Written] = field(default_factory=dict)
    dates: dict[str, Dated] = field(default_factory=dict)
    pointed: bool = False  # of a plain one: a point stands where it is a decimal sign alone

    @classmethod
    def of(cls, name: str, cells: pd.Series) -> "Column":
        """Look at every different cell once; where all are numbers (perhaps a million), at none."""
        if is_plain(cells):
            if not (_WHEN.search(name) and _may_be_days(numbers_of(cells))):
                return cls(name, {}, True, pointed=cells.array.pointed)
            cells = texts(cells)
        if _WHEN.search(name) and cells.str.fullmatch(_COMPACT).all():
            times = cells.value_counts(sort=False).to_dict()
            return cls(name, times, False, dates={c: d for c in times if (d := dated(c))})
        filled = cells[pd.to_numeric(cells, errors="coerce").isna()]
        plain = bool(is_missing(filled).all())
        dotted = cells[cells.str.contains(".", regex=False)] if plain else filled
        pointed = plain and not (dotted.str.fullmatch(GROUPED) | is_missing(dotted)).all()
        if plain and (pointed or is_missing(dotted).all()):
            return cls(name, {}, plain, pointed=pointed)
        times = cells[~is_missing(cells)].value_counts(sort=False)
        found = cls(name, times.to_dict(), plain)
        found.numbers = {one: number for one in found.times if (number := written(one))}
        if not found.is_number:
            found.dates = {one: date for one in found.times if (date := dated(one))}
        return found

    @property
    def is_number(self) -> bool:
        """Whether most cells are numbers."""
        return self.plain or self._most(self.numbers)

    @property
    def is_date(self) -> bool:
        """Whether most cells are dates."""
        return not self.plain and self._most(self.dates)

    @property
    def is_truth(self) -> bool:
        """Whether all cells say yes or no, and one of both in more ways than one."""
        if self.plain or not 2 < len(self.times) <= 2 * len(TRUTH):
            return False
        return {*truth_of(self.times)} == {0.0, 1.0}

    def _most(self, some: Iterable[str]) -> bool:
        return sum(self.times[one] for one in some) > MOST * sum(self.times.values())

    @property
    def alike(self) -> bool:
        """Whether all numbers are the same by either decimal sign."""
        return not self.pointed and all(one.point == one.comma for one in self.numbers.values())

    def signs(self, *, whole: bool = False) -> set[str]:
        """Return the decimal signs by which most cells are numbers: one, or both.

        Of counts (`whole`) those whose numbers are whole; a comma before three digits is then one
        between thousands. Else it is none of decimals where 12,500 keeps its noughts beside 950, or
        where 1,299 stands beside 899 and nothing without a comma has four digits.
        """
        if self.pointed:
            return {"."}
        fits = {sign: self._count(sign, whole=whole) for sign in SIGNS}
        if whole and not any(fits.values()):  # no counts, which will be said
            fits = {sign: self._count(sign, whole=False) for sign in SIGNS}
        best = {sign for sign, n in fits.items() if n == max(fits.values())}
        two = [cell for cell, one in self.numbers.items() if one.point != one.comma]
        if len(best) == 2 and two and not any("." in cell for cell in two):
            same = (one.point for one in self.numbers.values() if one.point == one.comma)
            others = [abs(number) for number in same if number]
            noughts = others and any(cell.rstrip(")%‰$€£ ").endswith("0") for cell in two)
            below = others and 100 <= max(others) < 1000
            best = {"."} if whole or noughts or below else best
        return best

    def _count(self, sign: str, *, whole: bool) -> int:
        """How many cells are numbers by this decimal sign."""
        return sum(
            self.times[cell]
            for cell, one in self.numbers.items()
            if (number := one.by(sign)) is not None and (_whole(number) or not whole)
        )


def _may_be_days(numbers: pd.Series) -> bool:
    """Say whether numbers may be days such as 20240131."""
    return bool(numbers.between(19000101, 20991231).all())


def _whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def decimals(every: Iterable[Column], counts: Iterable[str] = ()) -> set[str]:
    """Return the decimal sign that columns of a file tell: one; none, or both, where it is open.

    `counts` names columns of whole numbers.
    """
    numbers = [one for one in every if one.is_number and not one.alike]
    told = [one.signs(whole=one.name in counts) for one in numbers]
    return set[str]().union(*(signs for signs in told if len(signs) == 1))


def orders(every: Iterable[Column]) -> set[str]:
    """Return the order of day and month that columns of a file tell, as `decimals` does."""
    told = [order_of(one.dates.values()) for one in every if one.is_date]
    return set[str]().union(*(order for order in told if len(order) == 1))


def left_open(column: Column) -> str:
    """Say why a column's decimal sign is open: a number is two, or some have one and some other."""
    for cell, one in column.numbers.items():
        if one.point is not None and one.comma is not None and one.point != one.comma:
            return (
                f"{cell!r} may be {plainly(one.point)} (decimal point) or {plainly(one.comma)} "
                "(decimal comma), and no other cell tells; say --decimal . or --decimal ,"
            )
    point = next(cell for cell, one in column.numbers.items() if one.comma is None)
    comma = next(cell for cell, one in column.numbers.items() if one.point is None)
    return f"{point!r} has a decimal point and {comma!r} a decimal comma: write all in one way"
