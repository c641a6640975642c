"""Reading a CSV so that everything wrong with it can be named at once: file, line, column, value.

Cells stay text until a schema has looked at them, so that "NA" is a label, "1.5" is not silently
cut and the message can quote what stands in the file. The index of a table is the line in the file.
"""

import csv
import hashlib
import io
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from data._label import visible

MOST = 20  # problems named of one kind; the rest are counted
LARGEST_FILE = 500_000_000  # bytes; a million rows of ten numbers are a fifth of it
MOST_COLUMNS = 1000
LONGEST_LINE = 1000  # characters of a line of a message

AS_READ: dict[Path, str] = {}  # SHA-256 of every file, of the bytes that were read (key: resolved)


class DataError(Exception):
    """The data are not usable; the message names every problem with its place."""

    def __init__(self, message: str) -> None:
        super().__init__("\n".join(map(_fitting, message.split("\n"))))


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


@contextmanager
def opened(path: Path, newline: str) -> Iterator[TextIO]:
    """Open the text file at `path`, whose bytes are read at once, and note their checksum.

    Raises
    ------
    DataError
        It cannot be read, is no file but a folder, pipe or device, is too large, or not UTF-8.
    """
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            raise DataError(f"{path}: cannot be read (it is {_kind(kind)} and no file)")
        with path.open("rb") as raw:
            content = raw.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise DataError(f"{path}: cannot be read ({_reason(error)})") from None
    if len(content) > LARGEST_FILE:
        raise DataError(f"{path}: larger than {LARGEST_FILE:,} bytes; take a sample of its rows")
    AS_READ[path.resolve()] = hashlib.sha256(content).hexdigest()
    try:
        yield io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=newline)
    except UnicodeDecodeError:
        raise DataError(f"{path}: {_not_utf8(content)}; save the file as UTF-8") from None


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


def _fitting(line: str) -> str:
    """Return a line of a message, without its middle if that is long: a name may be."""
    if len(line) <= LONGEST_LINE:
        return line
    half = LONGEST_LINE // 2
    return f"{line[:half]} … {line[-half:]}"


def _kind(mode: int) -> str:
    kinds = {"a folder": stat.S_ISDIR, "a pipe": stat.S_ISFIFO, "a socket": stat.S_ISSOCK}
    return next((name for name, tells in kinds.items() if tells(mode)), "a device")


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or "unknown reason" if isinstance(error, OSError) else str(error)


def _not_utf8(content: bytes) -> str:
    """Say where the first bytes stand that are not UTF-8."""
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            return f"line {number}, byte {error.start + 1}: not UTF-8"
    return "not UTF-8"
