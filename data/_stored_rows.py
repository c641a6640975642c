"""The rows of what DuckDB reads, one by one or counted: in the memory that they need, no more."""

import codecs
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data import _packed as packed, _stored_columns as by_column
from data._dialect import Rows
from data._header import named
from data._how import SAID, Reading, Said
from data._reading import AS_READ, LARGEST_FILE, DataError
from data._stored import Source, source
from data._where import (
    DATABASE,
    LARGE,
    MOST_ROWS,
    PARTS,
    QUERY,
    ZSTD,
    Where,
    has_many_lines,
    start,
    where,
)

BLOCK = 10_000  # rows
SHAPE = "'FILE.duckdb::select ...'"
SAMPLE = "using sample reservoir(1000000 rows) repeatable (1)"

#: From the names of all columns those that suffice, if rows are counted; none, if they are needed.
type Enough = Callable[[list[str]], Sequence[str]]


@dataclass(frozen=True)
class Stored:
    """The rows that were read, the header first (index: their numbers, from 1).

    `times` says how many rows of the file each stands for, where they are counted; it is then the
    first of them. `columns` has the rows below the header, where they were read by column.
    """

    rows: Rows
    times: list[int] | None = None
    columns: pd.DataFrame | None = None


def stored(
    path: Path,
    reading: Reading,
    names: Sequence[str] = (),
    enough: Enough | None = None,
    *,
    plain: bool = False,
) -> Stored | None:
    """Return the rows of what is at `path`; None: it is a text file, to be read line by line.

    More than `MOST_ROWS` rows are counted, if `enough` says by which columns (called as in
    `names`); else `plain` reads columns. What was done is noted.

    Raises
    ------
    DataError
        It cannot be read, or is too large and cannot be counted.
    """
    found = where(path)
    if found is None and enough is not None and _is_large(path, reading):
        found = Where(LARGE, (path,))
    if found is None:
        return None
    _refuse_missing(path, found)
    with source(path, found, reading.separator) as opened:
        chosen = _chosen(opened, found, reading, names, enough)
        if found.kind == LARGE and not chosen:
            return None
        said = Said([*([opened.note] if opened.note else []), _told(path, found)], by_row=True)
        said.separator = opened.separator
        SAID[path.resolve()] = said
        for file in found.files:
            AS_READ[file.resolve()] = _sum(file)
        header: Rows = [(0, list(opened.columns))]
        if not chosen and plain:
            return Stored(header, None, by_column.columns_of(path, opened, _sample(found)))
        if not chosen:
            return Stored([*header, *_rows(path, found, opened)])
        return _counted(path, found, opened, chosen, said)


def _is_large(path: Path, reading: Reading) -> bool:
    """Say whether a text file, in UTF-8, has so many rows that they should be counted."""
    if reading.encoding and codecs.lookup(reading.encoding).name != "utf-8":
        return False
    if start(path).startswith(ZSTD):
        return packed.has_many_lines(path, MOST_ROWS + 1)
    size = os.path.getsize(path) if os.path.isfile(path) else 0
    return size > LARGEST_FILE or has_many_lines(path, MOST_ROWS + 1)


def _refuse_missing(path: Path, found: Where) -> None:
    """Refuse a folder without parts, and a database that is not there or is being changed."""
    if not found.files:
        raise DataError(f"{path}: the folder has no Parquet file (.parquet); name a file")
    if found.kind != QUERY:
        return
    (file,) = found.files
    if not os.path.isfile(file):
        raise DataError(f"{file}: cannot be read (there is no such file, of {SHAPE})")
    if start(file)[8:12] != DATABASE:
        raise DataError(f"{file}: it is no database of DuckDB, of which {SHAPE} could be read")
    if file.with_name(f"{file.name}.wal").exists():
        raise DataError(
            f"{file}: a program is changing it, or was stopped while it did ({file.name}.wal); "
            "close that, or open and close the database with DuckDB, and run it again"
        )


def _chosen(
    opened: Source, found: Where, reading: Reading, names: Sequence[str], enough: Enough | None
) -> list[str]:
    """Return the columns by which rows are counted; none where they are not."""
    if enough is None:
        return []
    if found.kind != LARGE:
        rows = opened.connection.execute(f"select count(*) from {opened.sql}").fetchall()
        if rows[0][0] <= MOST_ROWS:
            return []
    empty = pd.DataFrame(columns=list(opened.columns), dtype="str")
    called = list(named(empty, reading, Said(), names)[0])
    wanted = set(enough(called))
    pairs = zip(opened.columns, called, strict=True)
    return [theirs for theirs, ours in pairs if ours in wanted]


def _rows(path: Path, found: Where, opened: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each row and its cells, as text."""
    cells = ", ".join(map(opened.text, opened.columns))
    rows = opened.connection.execute(f"select {cells} from {opened.sql}")
    for at, row in enumerate(_bounded(path, found, rows), 1):
        yield at, list(row)


def _counted(path: Path, found: Where, opened: Source, chosen: Sequence[str], said: Said) -> Stored:
    """Count rows that are equal in the `chosen` columns."""
    cells = ", ".join(f"{opened.text(name)} as c{i}" for i, name in enumerate(chosen))
    by = ", ".join(f"c{i}" for i in range(len(chosen)))
    sql = (
        f"select min(nr), count(*), {by} from (select row_number() over () as nr, {cells} from "
        f"{opened.sql}) group by {by} order by 1"
    )
    rows = list(_bounded(path, found, opened.connection.execute(sql)))
    times = [row[1] for row in rows]
    said.notes.append(
        f"{sum(times):,} rows are counted, by {', '.join(map(repr, chosen))}: those that are "
        "alike there are one, with the number of the first."
    )
    said.left_out = [name for name in opened.columns if name not in chosen]
    return Stored([(0, list(chosen)), *((row[0], list(row[2:])) for row in rows)], times)


def _bounded(path: Path, found: Where, rows: Any) -> Iterator[tuple[Any, ...]]:
    """Yield rows, as long as they are not too many for memory."""
    size = 0
    while some := rows.fetchmany(BLOCK):
        for row in some:
            size += sum(max(len(str(cell)), by_column.LEAST_CELL) for cell in row)
            yield row
        if size > LARGEST_FILE:
            raise by_column.too_large(path, LARGEST_FILE, "text", _sample(found))


def _sample(found: Where) -> str:
    return f", by {SAMPLE!r} behind the query" if found.kind == QUERY else ""


def _told(path: Path, found: Where) -> str:
    """Say what was read."""
    if found.kind == LARGE:
        return f"Rows of {path.name} have numbers here, from 1 below the header, and not lines."
    number = "its rows have no lines: what is called a line here is the number of a row, from 1."
    if found.kind == PARTS:
        one = len(found.files) == 1
        return f"{len(found.files):,} Parquet {'file' if one else 'files'}, by name; {number}"
    if found.kind == QUERY:
        return f"Read is what a query of {found.files[0].name} says ({found.query}); {number}"
    return f"The file is Parquet; {number}"


def _sum(file: Path) -> str:
    try:
        with file.open("rb") as raw:
            return hashlib.file_digest(raw, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror})") from None
