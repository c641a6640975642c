"""What a path names: a text file, a Parquet file, a folder of its parts, or a query of a database.

Imports nothing that takes long. A path is a path: no character of a name means anything but itself.
"""

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PARQUET, PARTS, QUERY, LARGE = "Parquet", "a folder", "a query", "text"
SEPARATOR = "::"  # between a database and the query of it
MARK, ZSTD, GZIP, DATABASE = b"PAR1", b"\x28\xb5\x2f\xfd", b"\x1f\x8b", b"DUCK"
ENDINGS = (".parquet", ".pq")
MOST_ROWS = 3_000_000  # of a text file whose rows are read one by one, where counting them will do
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Where:
    """Where rows are: the kind, the files, and of a database the query."""

    kind: str
    files: tuple[Path, ...]
    query: str = ""


def where(path: Path) -> Where | None:
    """Return where the rows of `path` are, if it is no text file; None: it is one, or nothing."""
    if os.path.isdir(path):
        return Where(PARTS, tuple(parts(path)))
    if os.path.isfile(path):
        parquet = path.suffix.lower() in ENDINGS or start(path).startswith(MARK)
        return Where(PARQUET, (path,)) if parquet else None
    database, query = split(path)
    return Where(QUERY, (database,), query) if database != path else None


def split(path: Path) -> tuple[Path, str]:
    """Return the database and the query that FILE::QUERY names; of any other path no query.

    >>> split(Path("shop.duckdb::select age::int from visits"))
    (PosixPath('shop.duckdb'), 'select age::int from visits')
    """
    words = str(path).split(SEPARATOR)
    if os.path.exists(path) or len(words) < 2:
        return path, ""
    ends = [i for i in range(1, len(words)) if os.path.isfile(SEPARATOR.join(words[:i]))]
    end = ends[0] if ends else 1
    return Path(SEPARATOR.join(words[:end])), SEPARATOR.join(words[end:]).strip()


def parts(folder: Path) -> list[Path]:
    """Return the Parquet files of a folder by their names; what is hidden there is none."""
    there = sorted(folder.iterdir(), key=lambda one: one.name)
    return [
        one
        for one in there
        if one.suffix.lower() in ENDINGS and not one.name.startswith((".", "_"))
    ]


def start(path: Path) -> bytes:
    """Return the first bytes of a file; of one that cannot be read none."""
    try:
        with path.open("rb") as file:
            return file.read(12)
    except OSError:
        return b""


def has_many_lines(path: Path, more: int) -> bool:
    """Say whether a text file, which may be compressed by gzip, has more lines than that."""
    lines = 0
    try:
        for block in _blocks(path):
            lines += block.count(b"\n")
            if lines > more:
                return True
    except (OSError, EOFError, zlib.error):  # who reads it says why
        return False
    return False


def _blocks(path: Path) -> Iterator[bytes]:
    packed = start(path).startswith(GZIP)
    with gzip.open(path) if packed else path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
