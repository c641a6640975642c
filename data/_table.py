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

from data._contents import contents
from data._dialect import DialectError, Rows, rows_of
from data._header import header_of, named, without_index
from data._how import AS_IT_IS, Reading, Said, did_you_mean, said_of
from data._missing import signs_of
from data._passes import passes
from data._reading import DataError, opened
from data._stored_rows import Enough, stored
from data._twice import twice

if TYPE_CHECKING:
    import pandera.pandas as pa

MOST = 20  # problems named of one kind; the rest are counted
MOST_COLUMNS = 1000
_HEADER = {False: "is a header line", True: "are columns"}


def read_table(
    path: Path,
    reading: Reading = AS_IT_IS,
    *,
    names: Sequence[str] = (),
    unnamed: bool = False,
    enough: Enough | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """Return the CSV at `path` as stripped text cells (index: the line), and its problems.

    The problems are of the header, and rows longer or shorter than it; the table has the others,
    and its columns the names that `reading` gives them. Blank lines are skipped. What was done to
    the file is noted in `said_of(path)`. `names` are those of the case: a column called so but
    for capitals and blanks is it. Where columns may be `unnamed`, these are left out.

    Raises
    ------
    DataError
        Nothing can be read: no such file, another encoding, empty, no rows.
    """
    said, rows = _read(path, reading, names, enough)
    header, problems, rows = header_of(rows, said)
    if len(rows) == 1:
        refuse(path, [*problems, f"there {_HEADER[said.by_row]} and no rows"])
    n = len(header)
    said.ragged = {at: _ragged(at, row, n) for at, row in rows[1:] if len(row) != n}
    ragged = list(said.ragged.values())
    fitting = [(at, row) for at, row in rows[1:] if len(row) == n]
    problems += at_most(ragged)
    if len(ragged) > max(len(fitting), 1) or (n == 1 and ragged):
        problems += _why_ragged(rows, said.separator)
    if not fitting:
        refuse(path, problems)
    cells, lines = [row for _, row in fitting], [at for at, _ in fitting]
    table = pd.DataFrame(cells, columns=header, index=lines, dtype="str")
    table = table.apply(lambda column: column.str.strip())
    table, nameless = without_index(table, said, unnamed=unnamed)
    table, wrong = named(table, reading, said, names)
    said.contents = contents(table, times=said.times)
    said.warnings += [] if said.times else twice(table, "Rows" if said.by_row else "Lines")
    return table, problems + nameless + wrong


def _read(
    path: Path, reading: Reading, names: Sequence[str], enough: Enough | None
) -> tuple[Said, Rows]:
    """Return the rows of the file at `path`, the header first, and where to note how it is read."""
    try:
        if (found := stored(path, reading, names, enough)) is not None:
            said = said_of(path)
            said.times = found.times
            return _few_columns(path, said, found.rows)
        with opened(path, newline="", encoding=reading.encoding) as file:
            rows, separator, note = rows_of(file, reading.separator)
            signs = signs_of(file, separator)
    except (csv.Error, DialectError) as error:
        raise DataError(f"{path}: {error}") from None
    said = said_of(path)
    said.notes += [note] if note else []
    said.separator, said.signs = separator, signs
    if not rows:
        raise DataError(f"{path}: the file is empty; expected a header line and rows")
    return _few_columns(path, said, rows)


def _few_columns(path: Path, said: Said, rows: Rows) -> tuple[Said, Rows]:
    if len(rows[0][1]) > MOST_COLUMNS:
        raise DataError(f"{path}: {len(rows[0][1]):,} columns, at most {MOST_COLUMNS:,} are read")
    return said, rows if said.times else _filled(rows, said.notes)


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


def at_most(problems: list[str]) -> list[str]:
    """Return the first problems of a kind, and a line that counts the others."""
    more = len(problems) - MOST
    return problems if more <= 0 else [*problems[:MOST], f"... and {more:,} more of this kind"]


def _ragged(at: int, row: list[str], n: int) -> str:
    text = row[0].strip()
    if len(row) > 1 or not re.search("[^\\W\\d]", text) or n < 3:
        return f"line {at}: {len(row)} cells, expected {n}"
    return f"line {at}: {len(row)} cells, expected {n}; delete the line if it is a remark: {text!r}"


def _filled(rows: Rows, notes: list[str]) -> Rows:
    """Leave out rows whose cells are all empty, as spreadsheets leave them, and say so."""
    kept = [one for one in rows if len(one[1]) < 2 or any(map(str.strip, one[1]))]
    kept = kept if kept[:1] == rows[:1] else [rows[0], *kept]
    again = [at for at, row in kept[1:] if row == kept[0][1] and len(row) > 1]
    if again:
        notes.append(f"The header comes again, and is left out there: line {_lines(again)}.")
        kept = [one for one in kept if one[0] not in again]
    if len(kept) + len(again) < len(rows):
        notes.append(
            f"Rows without any value were skipped: {len(rows) - len(kept) - len(again):,}."
        )
    return kept


def _lines(lines: list[int]) -> str:
    more = f" and {len(lines) - 5:,} more" if len(lines) > 5 else ""
    return f"{', '.join(map(str, lines[:5]))}{more}"


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
