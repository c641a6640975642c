"""Columns of numbers by themselves: no formula, no categories, and no outcome."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from data._complete import without_missing
from data._how import Reading, said_of
from data._meant import meant
from data._table import refuse
from data._typed import typed


def numeric(
    path: Path,
    table: pd.DataFrame,
    names: Sequence[str],
    problems: list[str],
    reading: Reading,
    *,
    drop_missing: bool,
) -> tuple[pd.DataFrame, list[str]]:
    """Return columns of a table (text cells) as numbers, and a line for each value that is missing.

    How cells are read, and rows that are left out, is noted in `said_of(path)`.

    Raises
    ------
    DataError
        There are `problems`; a cell can be read in two ways; or a column is text.
    """
    said = said_of(path)
    as_read = meant(table, names, reading, separator=said.separator)
    said.notes += as_read.notes
    refuse(path, problems + as_read.problems)
    columns, problems = typed(as_read.table, reading)
    texts = [one for one in names if not pd.api.types.is_numeric_dtype(columns[one])]
    problems += [f"column {one!r} is text; name a numeric one" for one in texts]
    refuse(path, problems)
    columns, notes, missing = without_missing(columns, as_read.table, drop_missing, reading, ())
    said.notes += notes
    return columns, missing
