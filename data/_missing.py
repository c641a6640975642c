"""Words for a value that is missing: which there are, and when a column of text means them so.

In a column of numbers they are missing. In one of text "NA" may be a label (Namibia, North
America), so that it takes a sign elsewhere in the file that R or pandas wrote it.
"""

import re
from typing import TextIO

import pandas as pd

from data._how import Reading

#: In lower case.
MISSING = {
    *("", "na", "n/a", "nan", "null", "none", "-", ".", "#n/a", "<na>", "nat", "n.a.", "#null!"),
    *("missing", "--"),
}
_HEADER = re.compile(r'"[^"\r\n]*"(?:.\s*"[^"\r\n]*")+\s*', re.ASCII)


def is_missing(cells: pd.Series) -> pd.Series:
    """Say of which cells the word is one for a missing value, or which are empty."""
    return cells.str.lower().isin(MISSING)


def signs_of(file: TextIO, separator: str) -> list[str]:
    """Return the sign that R wrote the file, if it has one: text in quotes, and NA without."""
    file.seek(0)
    if not _HEADER.fullmatch(file.readline()):
        return []
    content, between = file.read(), re.escape(separator)
    bare = re.search(rf"(?:^|{between})NA(?:$|\r|{between})", content, re.MULTILINE)
    return ["NA without quotes among texts in quotes"] if bare and '"NA"' not in content else []


def emptied(
    table: pd.DataFrame, text: list[str], reading: Reading, signs: list[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Make words for what is missing empty cells in columns of text, where there are signs.

    A word in a column of numbers is a sign too. A column keeps its words where one other value
    would be left, and one that stays as it is written. Returns the table and what to say.
    """
    numbers = [name for name in table if name not in text]
    signs = signs + [
        f"{word!r} in the column of numbers {name!r}"
        for name in numbers
        for word in table[name][is_missing(table[name]) & (table[name] != "")].unique()[:1]
    ]
    if not signs:
        return table, []
    table, notes = table.copy(), []
    for name in text:
        found = is_missing(table[name]) & (table[name] != "")
        if (
            not found.any()
            or reading.keeps(name)
            or table[name][~is_missing(table[name])].nunique() < 2
        ):
            continue
        words = ", ".join(map(repr, table[name][found].unique()))
        table[name] = table[name].mask(found, "")
        notes.append(
            f"{words} in column {name!r} is taken as missing in {found.sum():,} rows, since the "
            f"file has {signs[0]} (--as-text {name!r} keeps it)."
        )
    return table, notes


def last(column: pd.Series) -> tuple[pd.Series, list[str]]:
    """Put levels that are words for what is missing behind the others, so that none is a reference.

    Returns the column (categories) and what to say of them.
    """
    levels = list(column.cat.categories)
    words = [one for one in levels if str(one).lower() in MISSING]
    if not words:
        return column, []
    kept = [one for one in levels if one not in words]
    note = (
        f"{', '.join(map(repr, words))} in column {column.name!r} is a value like the others here; "
        "if it means that nothing is known, empty these cells and use --drop-missing."
    )
    return column.cat.reorder_categories([*kept, *words]), [note]
