"""A file that stands in itself twice, one copy below the other: all of its rows count double."""

import numpy as np
import pandas as pd

from data._plain import in_words, is_plain, texts

FEWEST = 4  # different rows: fewer come again in the same order by themselves
ADVICE = "If it was pasted twice, delete one copy and run it again: every interval is too narrow."


def twice(table: pd.DataFrame, called: str = "Lines") -> list[tuple[str, str]]:
    """Return a warning with its advice where the second half of a table is the first once more.

    `called` is what its rows are.
    """
    half = len(table) // 2
    if len(table) % 2 or half < FEWEST:
        return []
    if not all(_comes_again(table[name], half) for name in table):
        return []
    if len(in_words(table.iloc[:half]).drop_duplicates()) < FEWEST:
        return []
    at, end = table.index[half], table.index[-1]
    return [
        (f"{called} {at} to {end} repeat those above them, row by row, in the same order.", ADVICE)
    ]


def _comes_again(cells: pd.Series, half: int) -> bool:
    """Say whether the second half of a column is the first; mostly the first cells tell."""
    if any(cells.iloc[i] != cells.iloc[half + i] for i in range(FEWEST)):
        return False
    if is_plain(cells):  # 1 and 1.0 are not the same
        numbers = cells.array.numbers
        if not np.array_equal(numbers[:half], numbers[half:], equal_nan=True):
            return False
    text = texts(cells).to_numpy()
    return bool((text[:half] == text[half:]).all())
