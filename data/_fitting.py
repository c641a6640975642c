"""Rows that fit the header, and those that do not: too long, too short, empty, the header again."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from data._dialect import Rows
from data._how import Said
from data._plain import is_plain, texts
from data._plainly import NUMBER, plain

MOST = 20  # problems named of one kind; the rest are counted


def fitting(header: Sequence[str], rows: Rows, said: Said) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows (header first) that have as many cells as it, stripped, and the others.

    These are noted, too.
    """
    n = len(header)
    said.ragged = {at: _ragged(at, row, n) for at, row in rows[1:] if len(row) != n}
    ragged = list(said.ragged.values())
    fit = [(at, row) for at, row in rows[1:] if len(row) == n]
    problems = at_most(ragged)
    if len(ragged) > max(len(fit), 1) or (n == 1 and ragged):
        problems += _why_ragged(rows, said.separator)
    cells, lines = [row for _, row in fit], [at for at, _ in fit]
    table = pd.DataFrame(cells, columns=list(header), index=lines, dtype="str")
    return table.apply(lambda column: column.str.strip()) if fit else table, problems


def at_most(problems: list[str]) -> list[str]:
    """Return the first problems of a kind, and a line that counts the others."""
    more = len(problems) - MOST
    return problems if more <= 0 else [*problems[:MOST], f"... and {more:,} more of this kind"]


def _ragged(at: int, row: list[str], n: int) -> str:
    text = row[0].strip()
    if len(row) > 1 or not re.search("[^\\W\\d]", text) or n < 3:
        return f"line {at}: {len(row)} cells, expected {n}"
    return f"line {at}: {len(row)} cells, expected {n}; delete the line if it is a remark: {text!r}"


def _why_ragged(rows: Rows, separator: str) -> list[str]:
    """Say what may be the matter where most rows do not fit the header."""
    if len(rows[0][1]) == 1:
        return ["line 1 may be a title or a remark: if names stand below it, delete what is above"]
    if separator != "," or len(rows[1][1]) <= len(rows[0][1]):
        return []
    return [
        "most rows have more cells than the header: if numbers have decimal commas, as in 3,7, "
        "write them in quotes or separate cells by semicolons"
    ]


def filled(rows: Rows, notes: list[str]) -> Rows:
    """Leave out rows whose cells are all empty, as spreadsheets leave them, and say so."""
    kept = [one for one in rows if len(one[1]) < 2 or any(map(str.strip, one[1]))]
    kept = kept if kept[:1] == rows[:1] else [rows[0], *kept]
    again = [at for at, row in kept[1:] if row == kept[0][1] and len(row) > 1]
    if again:
        kept = [one for one in kept if one[0] not in again]
    notes += _told(again, len(rows) - len(kept) - len(again))
    return kept


def filled_columns(header: Sequence[str], cells: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Do the same where cells (index: the line) were read by column; those of numbers are numbers.

    The columns keep their order, whatever they are called. They are taken out of `cells`, so that
    their memory is free again.
    """
    again, made = _again(header, cells), {}
    empty = np.full(len(cells), cells.shape[1] > 1)
    for name in [*cells]:
        column = cells.pop(name)
        made[name] = column if is_plain(column) else plain(column.str.strip())
        empty &= (made[name] == "").to_numpy()
    again &= ~empty
    notes += _told(cells.index[again], int(empty.sum()))
    found = pd.DataFrame(made, copy=False)
    return found[~(empty | again)] if (empty | again).any() else found


def _again(header: Sequence[str], cells: pd.DataFrame) -> np.ndarray:
    """Say which rows are the header once more."""
    same = np.full(len(cells), cells.shape[1] > 1)
    for name, (_, column) in zip(header, cells.items(), strict=True):
        if not same.any() or (is_plain(column) and not re.fullmatch(NUMBER, name)):
            return np.zeros(len(same), dtype=bool)
        same &= (texts(column) == name).to_numpy()
    return same


def _told(again: Sequence[int], empty: int) -> list[str]:
    notes = []
    if len(again):
        notes.append(f"The header comes again, and is left out there: line {_lines(again)}.")
    if empty:
        notes.append(f"Rows without any value were skipped: {empty:,}.")
    return notes


def _lines(lines: Sequence[int]) -> str:
    more = f" and {len(lines) - 5:,} more" if len(lines) > 5 else ""
    return f"{', '.join(map(str, lines[:5]))}{more}"
