"""The columns of a regression as numbers and categories, as far as their cells mean such."""

from pathlib import Path

import numpy as np
import pandas as pd

from data._how import Reading, said_of
from data._meant import meant
from data._missing import emptied, mostly_numbers
from data._spelling import one_spelling
from data._typed import typed


def columns_of(
    path: Path, table: pd.DataFrame, used: list[str], reading: Reading
) -> tuple[pd.DataFrame, pd.DataFrame, list[str], list[str]]:
    """Return the table with numbers for what means them, the columns `used`, problems, and notes.

    Of the columns the first is the outcome; texts of the others are categories.
    """
    said, table = said_of(path), table.copy()
    read = meant(table, used, reading, separator=said.separator)
    table[used], notes = emptied(table, read.table, reading, said.signs)
    said.notes += read.notes + notes
    for name in used[1:]:
        if not (reading.keeps(name) or mostly_numbers(table[name])):
            table[name], spelt = one_spelling(table[name], f" (--as-text {name!r} keeps them)")
            said.notes += spelt
    columns, wrong = typed(table[used], reading)
    told = [f"column {name!r}" for name in read.unread]
    wrong = [line for line in wrong if not any(name in line for name in told)]
    columns[read.unread] = np.nan  # neither text nor constant
    return table, columns, read.problems + wrong, notes
