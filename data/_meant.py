"""Columns of text that mean numbers: percentages, money, thousands, decimal commas, units, dates.

Whether a comma is a decimal sign is told by the column, else by the other columns of the file; a
date's order of day and month likewise. What they do not tell is refused, with both readings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from data._column import Column, decimals, left_open, orders
from data._days import as_days
from data._how import AS_IT_IS, Reading
from data._missing import is_missing
from data._plain import texts
from data._table import at_most
from data._truth import truth_of
from data._written import Written, ascii_of, plainly


@dataclass
class Meant:
    """Columns as numbers, in text that every reader takes for them; notes and problems.

    `whole` are counts, and `unread` the columns that have problems.
    """

    table: pd.DataFrame
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    whole: bool = False
    unread: list[str] = field(default_factory=list)

    def keep(self, *names: str) -> str:
        """Return how to keep columns as they are written; of counts they cannot be."""
        option = (
            f" (--as-text {','.join(names)!r} keeps {'them' if len(names) > 1 else 'it'} as text)"
        )
        return "" if self.whole else option


def meant(
    table: pd.DataFrame,
    names: Iterable[str],
    reading: Reading = AS_IT_IS,
    *,
    separator: str = ",",
    whole: bool = False,
) -> Meant:
    """Return the columns `names` of text cells, of which those that mean numbers are numbers.

    All columns of `table` tell the decimal sign and the order of dates. `whole` are counts. A word
    for what is missing stays as it is, and so does a column that the reading keeps.
    """
    wanted = [name for name in names if name in table]
    looked = {name: Column.of(name, table[name]) for name in table if not reading.keeps(name)}
    told = (
        {reading.decimal} if reading.decimal else decimals(looked.values(), wanted if whole else ())
    )
    order = {reading.dates} if reading.dates else orders(looked.values())
    found = Meant(table[wanted].copy(), whole=whole)
    kinds: dict[str, list[tuple[str, str]]] = {}
    for column in (looked[name] for name in wanted if name in looked):
        before = len(found.problems)
        if column.is_date:
            cells, notes, problems = as_days(
                texts(found.table[column.name]), column, order, found.keep(column.name)
            )
            found.table[column.name] = cells
            found.notes += notes
            found.problems += problems
        elif column.is_truth:
            _as_truth(found, column)
        elif column.is_number:
            sign = _sign(found, column, told, separator, whole=whole)
            if sign and (kind := _as_numbers(found, column, sign)):
                kinds.setdefault(kind[0], []).append((column.name, kind[1]))
        found.unread += [column.name] if len(found.problems) > before else []
    found.notes += [_said(found, kind, columns) for kind, columns in kinds.items()]
    return found


def _sign(
    found: Meant, column: Column, file: set[str], separator: str, *, whole: bool
) -> str | None:
    """Return a column's decimal sign; None, and a problem with both readings, where it is open."""
    own = column.signs(whole=whole)
    own = own & file if len(own & file) == 1 else own
    usual = column.plain and separator == "," and not whole
    if len(own) == 1 or column.alike or usual:
        return "." if "." in own else ","
    found.problems.append(f"column {column.name!r}: {left_open(column)}{found.keep(column.name)}")
    return None


def _as_numbers(found: Meant, column: Column, sign: str) -> tuple[str, str] | None:
    """Put a column's numbers into `found`; return what they look like and how one is read.

    None, where they are numbers as all are, or cannot be read.
    """
    numbers = {cell: one for cell, one in column.numbers.items() if one.by(sign) is not None}
    marked = [cell for cell, one in numbers.items() if _marked(one, cell, sign)]
    example = next((cell for cell in marked if numbers[cell].by(sign)), next(iter(marked), None))
    if example is None or (found.whole and numbers[example].share):
        return None  # what is none of them is told as in every column of numbers
    cells = found.table[column.name]
    wrong = cells[~is_missing(cells) & ~cells.isin(numbers)]
    units = sorted({one.money or _singular(one.unit) for one in numbers.values()} - {""})
    keep = found.keep(column.name)
    rule = f"is not a number as the others are, such as {example!r}{keep}"
    problems = at_most(
        [f"line {at}, column {column.name!r}: {cell!r} {rule}" for at, cell in wrong.items()]
    )
    problems += _mixed_shares(column, cells, sign)
    if len(units) > 1:
        both = " and in ".join(units)
        problems.append(f"column {column.name!r} has numbers in {both}: write them in one{keep}")
    if problems:
        found.problems += problems
        return None
    values = {cell: plainly(one.by(sign) or Decimal(0)) for cell, one in numbers.items()}
    found.table[column.name] = cells.map(values).where(~is_missing(cells), cells)
    shown = (
        values[example].removeprefix("0") if values[example].startswith("0.") else values[example]
    )
    return _kind(numbers[example], example, sign), f"({example!r}): read as numbers, {shown}"


def _mixed_shares(column: Column, cells: pd.Series, sign: str) -> list[str]:
    """Name the cells that have a % and the others have not, or the other way round: is 20 .2?"""
    numbers = column.numbers.items()
    shares = cells.isin([c for c, one in numbers if one.share and one.by(sign)])
    bare = cells.isin([c for c, one in numbers if not one.share and one.by(sign)])
    few, many, has = (shares, bare, "has") if shares.sum() < bare.sum() else (bare, shares, "lacks")
    if not shares.any():
        return []
    rule = f"{has} a % unlike the others, such as"
    name = f"column {column.name!r}"
    return at_most(
        [f"line {i}, {name}: {c!r} {rule} {cells[many].iloc[0]!r}" for i, c in cells[few].items()]
    )


def _singular(unit: str) -> str:
    return unit.removesuffix("s") if len(unit) > 2 else unit


def _marked(one: Written, cell: str, sign: str) -> bool:
    """Say whether a cell is more than digits, a sign and a decimal point."""
    if not cell.isascii():
        return True
    try:
        return Decimal(cell) != one.by(sign) or "_" in cell
    except ArithmeticError:
        return True


def _kind(one: Written, cell: str, sign: str) -> str:
    """Say what numbers look like, of one of them."""
    if one.share:
        return "percentages" if one.share == "%" else "shares of a thousand"
    if one.money:
        return "amounts of money"
    if one.unit:
        return f"numbers of {one.unit}"
    if one.bracketed:
        return "numbers that are negative in brackets"
    if not cell.isascii() and plainly(one.by(sign) or Decimal(0)) == ascii_of(cell):
        return "numbers in other characters"
    if sign == "," and "," in cell:
        return "numbers with a decimal comma"
    return "numbers with signs between thousands"


def _as_truth(found: Meant, column: Column) -> None:
    """Write yes, Yes and YES as one, and with 1 and 0 beside them as 1 and 0."""
    cells = found.table[column.name]
    words = {cell: cell.lower() for cell in column.times}
    if len({*words.values()}) > 2:
        words = {cell: f"{value:g}" for cell, value in zip(words, truth_of(words), strict=True)}
    found.table[column.name] = cells.map(words).where(~is_missing(cells), cells)
    one, other = sorted({*words.values()})
    said = f"says {one} and {other} in several ways, which are read as these two"
    found.notes.append(f"Column {column.name!r} {said}{found.keep(column.name)}.")


def _said(found: Meant, kind: str, columns: list[tuple[str, str]]) -> str:
    """Say of columns how they are read."""
    names, example = ", ".join(repr(name) for name, _ in columns), columns[0][1]
    looks = f"Column {names} looks" if len(columns) == 1 else f"Columns {names} look"
    return f"{looks} like {kind} {example}{found.keep(*(name for name, _ in columns))}."
