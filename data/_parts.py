"""One file with many data sets: its rows by the values of one column, each part a file of its own.

The cells stay as they are written; how each part is to be read is the case's affair.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data._dialect import DialectError, rows_of
from data._how import did_you_mean, found_of
from data._reading import DataError, opened

NAMED = 5  # lines of rows without a value that are named


@dataclass(frozen=True)
class Part:
    """The rows that have one value of the column, without that column, as a CSV."""

    name: str
    content: bytes


def parts(
    path: Path, by: str, *, encoding: str | None = None, separator: str | None = None
) -> tuple[list[Part], str]:
    """Return the parts of the file at `path` in the order of the file, and what separates cells.

    Each is UTF-8, whatever the file is.

    Raises
    ------
    DataError
        The file cannot be read, has no such column or several, or rows have no value in it.
    """
    try:
        with opened(path, newline="", encoding=encoding) as file:
            rows, separator, _ = rows_of(file, separator)
    except (csv.Error, DialectError) as error:
        raise DataError(f"{path}: {error}") from None
    if len(rows) < 2:
        raise DataError(f"{path}: there are no rows below a header")
    (_, head), *rest = rows
    at = _place(path, [cell.strip() for cell in head], by)
    found: dict[str, list[Sequence[str]]] = {}
    nameless = []
    for line, row in rest:
        name = row[at].strip() if at < len(row) else ""
        if not name:
            nameless.append(line)
        found.setdefault(name, []).append([*row[:at], *row[at + 1 :]])
    if nameless:
        lines = ", ".join(map(str, nameless[:NAMED])) + (" …" if len(nameless) > NAMED else "")
        raise DataError(
            f"{path}: {len(nameless):,} rows have no value in {by!r} (--by), line {lines}; fill "
            "it in, or delete these rows"
        )
    header = [*head[:at], *head[at + 1 :]]
    return [Part(name, _csv([header, *own], separator)) for name, own in found.items()], separator


def _place(path: Path, names: Sequence[str], by: str) -> int:
    """Return where the column is."""
    if names.count(by) == 1:
        return names.index(by)
    if by in names:
        raise DataError(f"{path}: {names.count(by)} columns are called {by!r} (--by)")
    raise DataError(
        f"{path}: no column {by!r} (--by){did_you_mean(by, names)}; {found_of(list(names))}"
    )


def _csv(rows: Sequence[Sequence[str]], separator: str) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()
