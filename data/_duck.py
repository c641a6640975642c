"""DuckDB, embedded: connections that load, fetch and write nothing; names; its errors in a line.

Names of files are literal. A query of the user's own reaches its database alone, to read it.
"""

import glob
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data._reading import DataError

if TYPE_CHECKING:
    import duckdb

MEMORY = "512MB"  # of DuckDB; more goes to a temporary folder
_SAFE = {
    **dict.fromkeys(("autoload_known_extensions", "autoinstall_known_extensions"), "false"),
    **dict.fromkeys(("allow_community_extensions", "python_enable_replacements"), "false"),
    "threads": 1,  # more would not keep the order of rows that a query makes
}
_OWN = {"enable_external_access": "false"}
_LINE = re.compile(r"CSV Error on Line: (\d+)")
_CELLS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


@contextmanager
def connected(path: Path, database: Path | None = None) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Connect to a `database`, to read it and nothing else, or to none, to read files.

    Raises
    ------
    DataError
        Whatever DuckDB says, within, of what is at `path`.
    """
    import duckdb  # which other files do not need

    with tempfile.TemporaryDirectory() as folder:
        config: dict[str, Any] = _SAFE | {"memory_limit": MEMORY, "temp_directory": folder}
        name = ":memory:" if database is None else str(database.resolve())
        config |= {} if database is None else _OWN
        try:
            with duckdb.connect(name, read_only=database is not None, config=config) as connection:
                connection.execute("set enable_progress_bar=false; set lock_configuration=true")
                connection.execute("select setseed(.5)")  # random() is the same again
                yield connection
        except duckdb.Error as error:
            raise DataError(f"{path}: {_said(str(error))}") from None


def quoted(name: str) -> str:
    """Return a name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def named(path: Path) -> str:
    """Return a file's name as SQL has it, no character of which means anything but itself."""
    return literal(glob.escape(str(path.resolve())))


def _said(text: str) -> str:
    """Return an error of DuckDB in a line, with the line of the file where it says which."""
    first, line, cells = text.split("\n")[0], _LINE.search(text), _CELLS.search(text)
    if line and cells:
        return f"line {line[1]}: {cells[2]} cells, expected {cells[1]}"
    if line:
        why = [one for one in text.split("\n")[2:] if one.strip()]
        return f"line {line[1]}: not a CSV row ({why[0].strip()})" if why else first
    return first
