"""Text that is compressed, or too large to be read at once: its lines, and its rows by DuckDB."""

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from data._dialect import rows_of
from data._duck import connected, literal, named
from data._label import visible
from data._where import GZIP, ZSTD, start

if TYPE_CHECKING:
    import duckdb

_HEAD = 300  # lines of a large text file by which its header is read
_NEVER = "\x1f\x1e\x1d\x1c"  # stands in no text


def text_of(path: Path, most: int) -> bytes:
    """Return the text of a file that is compressed by zstd, up to so many bytes and a line more."""
    found, size = [], 0
    with connected(path) as connection:
        for line in _unpacked(connection, path):
            found.append(f"{line}\n")
            size += len(line) + 1
            if size > most:
                break
    return "".join(found).encode()


def large(
    connection: "duckdb.DuckDBPyConnection", path: Path, separator: str | None
) -> tuple[str, list[str], str, str | None]:
    """Return the rows of a large text file as SQL has them, its columns, separator, and a note.

    The header is read as that of any CSV file is.
    """
    head = "".join(f"{line}\n" for line in islice(_unpacked(connection, path), _HEAD))
    rows, between, note = rows_of(io.StringIO(head), separator)
    names = [visible(name) for name in rows[0][1]]
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    sql = (
        f"read_csv({named(path)}, delim={literal(between)}, quote='\"', escape='\"', header=false, "
        f"skip={rows[0][0]}, columns={{{types}}}, auto_detect=false, strict_mode=true, "
        f"compression='{_packing(path)}')"
    )
    return sql, names, between, note


def has_many_lines(path: Path, more: int) -> bool:
    """Say whether a text that is compressed by zstd has more lines than that."""
    with connected(path) as connection:
        found = connection.execute(f"select count(*) from {_by_line(path)}").fetchall()
    return bool(found[0][0] > more)


def _packing(path: Path) -> str:
    """Return by what a file is compressed, as DuckDB calls it."""
    marks = {GZIP: "gzip", ZSTD: "zstd"}
    first = start(path)
    return next((name for mark, name in marks.items() if first.startswith(mark)), "none")


def _unpacked(connection: "duckdb.DuckDBPyConnection", path: Path) -> Iterator[str]:
    """Yield the lines of a text file, however it is compressed, without their ends."""
    rows = connection.execute(f"select coalesce(l, '') from {_by_line(path)}")
    while some := rows.fetchmany(1000):
        yield from (line for (line,) in some)


def _by_line(path: Path) -> str:
    """Return the lines of a text file as SQL has them, whatever stands in them."""
    return (
        f"read_csv({named(path)}, delim={literal(_NEVER)}, quote='', escape='', header=false, "
        "columns={'l': 'VARCHAR'}, auto_detect=false, strict_mode=false, "
        f"compression='{_packing(path)}')"
    )
