"""Reading a CSV so that everything wrong with it can be named at once: file, line, column, value.

Cells stay text until a schema has looked at them, so that "NA" is a label, "1.5" is not silently
cut and the message can quote what stands in the file. The index of a table is the line in the file.
"""

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from data._label import visible
from data._reading import DataError, opened

MOST = 20  # problems named of one kind; the rest are counted
MOST_COLUMNS = 1000


def read_table(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """Return the CSV at `path` as stripped text cells (index: the line), and its problems.

    The problems are rows longer or shorter than the header; the table has the others. Blank lines
    are skipped.

    Raises
    ------
    DataError
        Nothing can be read: no such file, not UTF-8, empty, no rows, a column without a name or
        twice.
    """
    try:
        with opened(path, newline="") as file:
            reader = csv.reader(file, strict=True)
            rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise DataError(f"{path}: line {reader.line_num}: not a CSV row ({error})") from None
    if not rows:
        raise DataError(f"{path}: the file is empty; expected a header line and rows")
    if len(rows[0][1]) > MOST_COLUMNS:
        raise DataError(f"{path}: {len(rows[0][1]):,} columns, at most {MOST_COLUMNS:,} are read")
    header = [visible(name) for name in rows[0][1]]
    refuse(path, _header_problems(header))
    if len(rows) == 1:
        raise DataError(f"{path}: there is a header line and no rows")
    n = len(header)
    ragged = [f"line {at}: {len(row)} cells, expected {n}" for at, row in rows[1:] if len(row) != n]
    fitting = [(at, row) for at, row in rows[1:] if len(row) == n]
    if not fitting:
        refuse(path, at_most(ragged))
    table = pd.DataFrame(
        [row for _, row in fitting], columns=header, index=[at for at, _ in fitting], dtype="str"
    )
    return table.apply(lambda column: column.str.strip()), at_most(ragged)


def cell_problems(table: pd.DataFrame, schema: pa.DataFrameSchema) -> list[str]:
    """Return a line for every cell that the pandera `schema` refuses, and for every missing column.

    A check's `error` is what the line says was expected.
    """
    found = ", ".join(map(repr, table.columns))
    missing = [name for name in schema.columns if name not in table]
    problems = [f"column {name!r} is missing; found {found}" for name in missing]
    try:
        schema.remove_columns(missing).validate(table, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.sort_values(["column", "check", "index"])
        for (column, expected), group in cases.groupby(["column", "check"], sort=False):
            cells = zip(group["index"], group["failure_case"], strict=True)
            where = [
                f"line {at}, column {column!r}: {cell!r} is not {expected}" for at, cell in cells
            ]
            problems += at_most(where)
    return problems


def refuse(path: Path, problems: list[str]) -> None:
    """Raise a DataError with all `problems` of the file at `path`, if there are any."""
    if problems:
        raise DataError("\n".join(f"{path}: {problem}" for problem in problems))


def at_most(problems: list[str]) -> list[str]:
    """Return the first problems of a kind, and a line that counts the others."""
    more = len(problems) - MOST
    return problems if more <= 0 else [*problems[:MOST], f"... and {more:,} more of this kind"]


def _header_problems(header: list[str]) -> list[str]:
    unnamed = [f"line 1: column {i} has no name" for i, name in enumerate(header, 1) if not name]
    twice = {name for name, times in Counter(header).items() if name and times > 1}
    return [*unnamed, *(f"line 1: column {name!r} stands there twice" for name in sorted(twice))]
