"""Reading a CSV so that everything wrong with it can be named at once: file, line, column, value.

Cells stay text until a schema has looked at them, so that "NA" is a label, "1.5" is not silently
cut and the message can quote what stands in the file. The index of a table is the line in the file.
"""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from data._contents import Contents, contents
from data._dialect import DialectError, Rows, rows_of
from data._fitting import at_most, filled, filled_columns, fitting
from data._header import header_of, named, without_index
from data._how import AS_IT_IS, Reading, Said, did_you_mean, said_of
from data._missing import signs_of
from data._passes import passes
from data._plainly import plain_lines
from data._reading import DataError, opened
from data._stored_rows import Enough, stored
from data._twice import twice

if TYPE_CHECKING:
    import pandera.pandas as pa

MOST_COLUMNS = 1000
_HEADER = {False: "is a header line", True: "are columns"}


def read_table(
    path: Path,
    reading: Reading = AS_IT_IS,
    *,
    names: Sequence[str] = (),
    unnamed: bool = False,
    enough: Enough | None = None,
    plain: bool = False,
) -> tuple[pd.DataFrame, list[str]]:
    """Return the CSV at `path` as stripped text cells (index: the line), and its problems.

    The problems are of the header, and rows longer or shorter than it; the table has the others,
    and its columns the names that `reading` gives them. Blank lines are skipped. What was done to
    the file is noted in `said_of(path)`. `names` are those of the case: a column called so but
    for capitals and blanks is it. Where columns may be `unnamed`, these are left out. Columns of
    numbers are such (`data/_plain.py`) where that is asked (`plain`), and they are stored or
    written so; who asks says what is in the file.

    Raises
    ------
    DataError
        Nothing can be read: no such file, another encoding, empty, no rows.
    """
    said, rows, columns = _read(path, reading, names, enough, plain=plain)
    header, problems, rows = header_of(rows, said)
    if len(rows) == 1 and (columns is None or columns.empty):
        refuse(path, [*problems, f"there {_HEADER[said.by_row]} and no rows"])
    if columns is None:
        table, ragged = fitting(header, rows, said)
        problems += ragged
    else:
        table = columns.set_axis(header, axis=1)
    if table.empty:
        refuse(path, problems)
    table, nameless = without_index(table, said, unnamed=unnamed)
    table, wrong = named(table, reading, said, names)
    of_rows = Contents(len(table), (), (), ())
    said.contents = of_rows if plain else contents(table, times=said.times)
    said.warnings += [] if said.times else twice(table, "Rows" if said.by_row else "Lines")
    return table, problems + nameless + wrong


def _read(
    path: Path, reading: Reading, names: Sequence[str], enough: Enough | None, *, plain: bool
) -> tuple[Said, Rows, pd.DataFrame | None]:
    """Return where to note how the file at `path` is read, its rows, the header first, or columns.

    Where columns are read, the header is the only one of the rows.
    """
    try:
        if (found := stored(path, reading, names, enough, plain=plain)) is not None:
            said = said_of(path)
            said.times = found.times
            return _few_columns(path, said, found.rows, found.columns)
        with opened(path, newline="", encoding=reading.encoding) as file:
            columns = None
            if plain:
                head, columns, separator, note = plain_lines(file, reading.separator)
            if columns is None:
                rows, separator, note = rows_of(file, reading.separator)
                signs = signs_of(file, separator)
            else:
                rows, signs = [(1, head)], []  # of which R's is one in quotes
    except (csv.Error, DialectError) as error:
        raise DataError(f"{path}: {error}") from None
    said = said_of(path)
    said.notes += [note] if note else []
    said.separator, said.signs = separator, signs
    if not rows:
        raise DataError(f"{path}: the file is empty; expected a header line and rows")
    return _few_columns(path, said, rows, columns)


def _few_columns(
    path: Path, said: Said, rows: Rows, columns: pd.DataFrame | None
) -> tuple[Said, Rows, pd.DataFrame | None]:
    if len(rows[0][1]) > MOST_COLUMNS:
        raise DataError(f"{path}: {len(rows[0][1]):,} columns, at most {MOST_COLUMNS:,} are read")
    if columns is not None:
        return said, rows, filled_columns(rows[0][1], columns, said.notes)
    return said, rows if said.times else filled(rows, said.notes), None


def cell_problems(table: pd.DataFrame, schema: "pa.DataFrameSchema") -> list[str]:
    """Return a line for every cell that the pandera `schema` refuses, and for every missing column.

    A check's `error` is what the line says was expected.
    """
    from pandera.errors import SchemaErrors  # takes a second, and not every file needs it

    missing = [name for name in schema.columns if name not in table]
    problems = [f"column {name!r} is missing; found {found(table, name)}" for name in missing]
    if not missing and passes(table, schema):
        return []
    try:
        schema.remove_columns(missing).validate(table, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.sort_values(["column", "check", "index"])
        for (column, expected), group in cases.groupby(["column", "check"], sort=False):
            cells = zip(group["index"], group["failure_case"], strict=True)
            told = [f"line {at}, column {column!r}: {one!r} is not {expected}" for at, one in cells]
            problems += at_most(told)
    return problems


def missing_columns(
    table: pd.DataFrame, *ways: tuple[str, ...], also: tuple[str, ...] = ()
) -> list[str]:
    """Say by which options columns are named, where the file has them in none of these ways."""
    if any({*way} <= {*table.columns} for way in (*ways, *([also] if also else []))):
        return []
    named = [" ".join(f"--{one.replace('_', '-')} NAME" for one in way) for way in ways]
    options = ", or ".join(named)
    return [f"if columns are called otherwise, say which they are: {options}"]


def found(table: pd.DataFrame, wrong: str) -> str:
    """Return which columns there are, and which of them may have been meant."""
    return ", ".join(map(repr, table.columns)) + did_you_mean(wrong, table.columns)


def refuse(path: Path, problems: list[str]) -> None:
    """Raise a DataError with all `problems` of the file at `path`, if there are any.

    Columns are called there as in the file.
    """
    said = said_of(path)
    if said.by_row:
        problems = [re.sub(r"^line (?=\d)", "row ", problem) for problem in problems]
    text = "\n".join(f"{path}: {problem}" for problem in problems)
    for ours, theirs in said.names.items():
        text = text.replace(f"column {ours!r}:", f"column {theirs!r}:")
        text = text.replace(f"column {ours!r} ", f"column {theirs!r} ")
    if problems:
        raise DataError(text)
