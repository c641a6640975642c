"""What --data takes: a path, or FILE::QUERY for a query of a DuckDB database.

Imports nothing that takes long.
"""

from pathlib import Path

import typer
from typer.models import OptionInfo

from data._where import SEPARATOR, split

DATA = (
    "CSV with the data (see data/<case>.md), .gz or .zst; Parquet, a file or a folder of parts; or "
    "a query: 'FILE.duckdb::select ...'."
)


def given(text: str | Path) -> Path:
    """Return what the user names; of a query the lines are joined.

    A query is kept in a path, as what is read elsewhere is, and has to come out of it as it was.

    Raises
    ------
    typer.BadParameter
        A query would not.
    """
    path = Path(text)
    if isinstance(text, Path) or SEPARATOR not in text or not split(path)[1]:
        return path
    if "\n" in text and "--" in text:
        raise typer.BadParameter("a query with remarks (--) has to be one line: leave them out")
    text = " ".join(text.split("\n")).strip()
    path = Path(text)
    if str(path) != text or ".." in split(path)[1].split("/"):
        raise typer.BadParameter(
            "a query cannot have // or /./ or /../ here, nor end with /: write it in another way "
            "(divide(a, b) for a // b), or as a view of the database, and select from that"
        )
    return path


def more(help: str) -> OptionInfo:
    """Return an option that names further data, as --data does."""
    option: OptionInfo = typer.Option(parser=given, metavar="FILE", help=help)
    return option
