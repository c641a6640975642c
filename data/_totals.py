"""Rows that are the sum of others, as a spreadsheet has them below its columns.

Either their name says so and a number agrees (or they stand first or last), or, without a name, all
their numbers do.
"""

import re

import numpy as np
import pandas as pd

from data._how import Said
from data._plain import in_words, numbers_of

NAMED = re.compile(
    r"(grand|sub|over)?[ _-]*(totals?|sums?|subtotals?|all)|.*\b(sub)?total|total\b.*|"
    r"summe|.*gesamt(summe|ergebnis)?|insgesamt|zwischensumme|suma|somme|totale|totaal|Σ|∑",
    re.IGNORECASE,
)
NEAR = 1e-9  # of a sum, within which numbers agree
ADVICE = "If it is one, delete that line and run it again: what it sums is counted twice."
FEWEST = 3  # rows: of two, one is the sum of the others when both are equal


def totals_of(table: pd.DataFrame) -> list[tuple[int, str, str]]:
    """Return line, text and advice of a warning for every row that is the sum of the others.

    `table` has text cells; its index is the line.
    """
    found = []
    for line, name, columns in totals(table):
        called = f" ({name!r})" if name else ""
        sums = f"is the sum of other rows in {', '.join(map(repr, columns[:4]))}"
        text = f"Line {line}{called} {sums if columns else 'looks like a sum of other rows'}."
        found.append((line, text, ADVICE))
    return found


def warn_of_totals(table: pd.DataFrame, said: Said) -> None:
    """Note a warning for every row of text cells that is the sum of the others."""
    said.warnings += [(text, advice) for _, text, advice in totals_of(table)]


def totals(table: pd.DataFrame) -> list[tuple[int, str, list[str]]]:
    """Return line and name ("" for none) of rows that are sums, and the columns that agree."""
    if len(table) < FEWEST:
        return []
    numbers = {name: numbers_of(table[name]) for name in table}
    numbers = {name: one for name, one in numbers.items() if one.notna().mean() > 0.5}
    text = in_words(table.drop(columns=[*numbers]))
    names = _names(text)
    named = np.isin(table.index, list(names)) if names else None
    whole, agreeing = np.full(len(table), True), np.zeros(len(table), dtype=np.int16)
    agree: dict[str, np.ndarray] = {}  # the rows that do, by column: few
    for name, column in numbers.items():
        agrees, stays = _agrees(column.to_numpy(), named)
        whole &= stays
        agreeing += agrees
        agree[name] = np.flatnonzero(agrees)
    alone = (text == "").all(axis=1).to_numpy() & (text.shape[1] > 0)  # no text beside its numbers
    enough = np.where(alone, 1, 2)
    found = []
    for i in {*np.flatnonzero(whole & (agreeing >= enough)), *table.index.get_indexer([*names])}:
        line, columns = table.index[i], [name for name, rows in agree.items() if i in rows]
        if line not in names or columns or i in {0, len(table) - 1}:
            found.append((int(line), names.get(line, ""), columns))
    return sorted(found)


def _agrees(values: np.ndarray, named: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Say which numbers of a column are the sum of the others, but those of `named` rows.

    And, second, which may stand in a row that is such a sum without a name: larger than any other
    number, or 0, or missing.
    """
    own = np.nan_to_num(values)
    size = np.abs(own)
    second = np.partition(size, -2)[-2]
    varies = own.min() < own.max()
    if named is not None:
        own[named] = 0
    with np.errstate(all="ignore"):
        agrees = np.abs(values - (own.sum() - own)) <= NEAR * np.abs(own).sum()
    asked = np.isfinite(values) & (values != 0)
    agrees &= varies & (values != 0)
    return agrees, (agrees & (size > second)) | ~asked


def _names(text: pd.DataFrame) -> dict[int, str]:
    """Return the rows (lines) that are called a sum, by a value that no other row has."""
    found: dict[int, str] = {}
    for name in text:
        cells = text[name]
        called = cells[~cells.duplicated(keep=False)]
        called = called[called.str.len() <= 60]
        found |= called[called.str.fullmatch(NAMED)].to_dict()
    return found
