"""Words for a value that is missing: which there are, and when a column of text means them so.

In a column of numbers they are missing. In one of text "NA" may be a label (Namibia, North
America), so that it takes a sign elsewhere in the file that R or pandas wrote it.
"""

import re
from typing import TextIO

import pandas as pd

from data._how import Reading
from data._plain import is_plain, numbers_of

#: In lower case.
MISSING = {
    *("", "na", "n/a", "nan", "null", "none", "-", ".", "#n/a", "<na>", "nat", "n.a.", "#null!"),
    *("missing", "--", "#nv"),
}
_HEADER = re.compile(r'"[^"\r\n]*"(?:.\s*"[^"\r\n]*")+\s*', re.ASCII)


def is_missing(cells: pd.Series) -> pd.Series:
    """Say of which cells the word is one for a missing value, or which are empty."""
    return cells == "" if is_plain(cells) else cells.str.lower().isin(MISSING)


def signs_of(file: TextIO, separator: str) -> list[str]:
    """Return the sign that R wrote the file, if it has one: text in quotes, and NA without."""
    file.seek(0)
    if not _HEADER.fullmatch(file.readline()):
        return []
    content, between = file.read(), re.escape(separator)
    bare = re.search(rf"(?:^|{between})NA(?:$|\r|{between})", content, re.MULTILINE)
    return ["NA without quotes among texts in quotes"] if bare and '"NA"' not in content else []


def emptied(
    table: pd.DataFrame, used: pd.DataFrame, reading: Reading, signs: list[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Make words for what is missing empty cells in columns of text, where there are signs.

    Such a word in a column of numbers, anywhere in the `table`, is one too. A column keeps its
    words where one other value would be left, and one that stays as it is written. Returns the
    columns that are `used`, and what to say.
    """
    text = [name for name in used if not reading.keeps(name) and not mostly_numbers(used[name])]
    if text and not signs:
        signs = [sign for name in table if (sign := _sign(table[name]))]
    used, notes = used.copy(), []
    for name in text if signs else []:
        cells, word = used[name], is_missing(used[name])
        words = cells[word & (cells != "")]
        if words.empty or cells[~word].nunique() < 2:
            continue
        used[name] = cells.mask(word, "")
        notes.append(
            f"{', '.join(map(repr, words.unique()))} in column {name!r} is taken as missing in "
            f"{len(words):,} rows, since the file has {signs[0]} (--as-text {name!r} keeps it)."
        )
    return used, notes


def mostly_numbers(cells: pd.Series) -> bool:
    """Say whether most cells that are not missing are numbers."""
    number = numbers_of(cells).notna()
    return bool(number.sum() * 2 > len(cells) or number.sum() * 2 > (~is_missing(cells)).sum())


def _sign(cells: pd.Series) -> str:
    """Return what a column of numbers says of the file: that it has a word for what is missing."""
    if is_plain(cells):
        return ""
    words = cells[is_missing(cells) & (cells != "")]
    return "" if words.empty or not mostly_numbers(cells) else f"{words.iloc[0]!r} among numbers"


def words_among(column: pd.Series) -> list[str]:
    """Say which levels (of categories) are words for what is missing."""
    words = [one for one in column.cat.categories if str(one).lower() in MISSING]
    if not words:
        return []
    return [
        f"{', '.join(map(repr, words))} in column {column.name!r} is a value like the others here; "
        "if it means that nothing is known, empty these cells and use --drop-missing."
    ]
