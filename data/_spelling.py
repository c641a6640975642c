"""Texts that are one value in several spellings, and digits that are names: 'Nord', 'nord'; 01067.

A code has leading noughts, which a number loses; so it stays text.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from data._how import Reading, Said
from data._missing import is_missing
from data._plain import is_plain, texts

_CODE = "id|zip|zip ?code|plz|post ?code|phone|telephone|telefon"
_CALLED = re.compile(rf"(?:^|[^A-Za-z])(?i:{_CODE})(?![A-Za-z])|[a-z]I[dD](?![a-z])")


def alike(cells: pd.Series) -> dict[str, str]:
    """Return the spelling to read in the place of each other that differs in capitals or blanks.

    It is the most frequent one, of equals the first.

    >>> alike(pd.Series(["Nord", "nord", "Nord", "Ost"]))
    {'nord': 'Nord'}
    """
    times = cells[cells != ""].value_counts()
    same: dict[str, list[str]] = {}
    for cell in times.index:
        same.setdefault(" ".join(cell.split()).casefold(), []).append(cell)
    return {other: kept for kept, *others in same.values() for other in others}


def one_spelling(cells: pd.Series, keep: str) -> tuple[pd.Series, list[str]]:
    """Return the cells with one spelling of each value, and what to say of it.

    `keep` says how they stay apart.
    """
    spelt = alike(cells)
    if not spelt:
        return cells, []
    shown = ", ".join(f"{one!r} as {kept!r}" for one, kept in list(spelt.items())[:5])
    more = f", and {len(spelt) - 5:,} more" if len(spelt) > 5 else ""
    note = f"Column {cells.name!r} has values that differ in capitals or blanks alone"
    return cells.replace(spelt), [f"{note}: {shown} is read{more}{keep}."]


def are_codes(cells: pd.Series) -> bool:
    """Say whether cells are names of digits: with leading noughts, all of them or of one length.

    >>> are_codes(pd.Series(["01067", "80331"])), are_codes(pd.Series(["05", "7", "12"]))
    (True, False)
    """
    if is_plain(cells):  # of them one with noughts is none
        return False
    noughts = cells.str.startswith("0")
    if not noughts.any():
        return False
    filled = cells[~is_missing(cells)]
    if not filled.str.fullmatch("[0-9]{2,}").all():
        return False
    return bool(filled.str.startswith("0").all() or filled.str.len().nunique() == 1)


def called_as_codes(name: str) -> bool:
    """Say whether a column is called as names of rows or places are: id, zip, userId."""
    return bool(_CALLED.search(name))


def named_as_codes(table: pd.DataFrame, names: Iterable[str], reading: Reading, said: Said) -> None:
    """Warn of columns of whole numbers that are called as names of rows or places are."""
    for name in names:
        if not called_as_codes(name) or reading.keeps(name):
            continue
        cells = texts(table[name])
        if cells[~is_missing(cells)].str.fullmatch("[0-9]+").all():
            said.warnings.append(
                (
                    f"Column {name!r} sounds like names in digits (ids, postcodes, phone numbers), "
                    "and is used as a number: a slope per unit of it says nothing.",
                    f"Leave it out with --formula, or make it categories with --as-text {name!r}.",
                )
            )


def with_codes(table: pd.DataFrame, names: list[str], reading: Reading, said: Said) -> Reading:
    """Keep predictors that are codes of digits, such as 01067, as text, and say so."""
    for name in names:
        if reading.keeps(name) or not are_codes(table[name]):
            continue
        reading = replace(reading, as_text=(*reading.as_text, name))
        cells = table[name] = table[name].mask(is_missing(table[name]), "")
        example = cells[cells.str.startswith("0")].iloc[0]
        said.notes.append(
            f"Column {name!r} looks like codes ({example!r}), which are names and no numbers: read "
            "as text; write them without the leading 0 if they are numbers."
        )
    return reading
