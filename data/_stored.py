"""Data that are no text of usual size, as SQL can select them: Parquet, a query, a large CSV.

Cells become text as a CSV would show them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data._duck import connected, named, quoted
from data._packed import large
from data._reading import DataError
from data._where import LARGE, PARTS, QUERY, Where

if TYPE_CHECKING:
    import duckdb

#: Types whose cells are one value, which text shows.
SHOWN = re.compile(
    r"U?(TINY|SMALL|HUGE|BIG)INT|U?INTEGER|BIGNUM|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN|VARCHAR|UUID|"
    r"ENUM\(.*\)|DATE|TIME(STAMP)?(_NS|_MS|_S)?|TIME(STAMP)? WITH TIME ZONE|\"NULL\""
)


@dataclass(frozen=True)
class Source:
    """Rows that a connection can select: what stands behind FROM, columns, and what to say."""

    connection: "duckdb.DuckDBPyConnection"
    sql: str
    columns: tuple[str, ...]
    separator: str = ","
    note: str | None = None

    def text(self, name: str) -> str:
        """Return the expression of a column as text; what is missing is empty."""
        return f"coalesce({quoted(name)}::varchar, '')"


@contextmanager
def source(path: Path, found: Where, separator: str | None = None) -> Iterator[Source]:
    """Open what is found at `path`.

    Raises
    ------
    DataError
        It cannot be read, a column's cells are no single values, or the query is none that reads.
    """
    with connected(path, found.files[0] if found.kind == QUERY else None) as connection:
        if found.kind == LARGE:
            sql, names, separator, note = large(connection, found.files[0], separator)
            yield Source(connection, sql, tuple(names), separator, note)
        else:
            sql = _query(connection, found) if found.kind == QUERY else _parquet(found)
            yield Source(connection, sql, _columns(path, connection, sql, found))


def _query(connection: "duckdb.DuckDBPyConnection", found: Where) -> str:
    """Return the user's query in brackets, if it is one statement that reads."""
    import duckdb

    statements = connection.extract_statements(found.query)
    kinds = [one.type for one in statements]
    if kinds != [duckdb.StatementType.SELECT]:
        raise DataError(
            f"{found.files[0]}: the query has to be one SELECT, and nothing else; here it is "
            f"{', '.join(kind.name for kind in kinds) or 'empty'}"
        )
    return f"({statements[0].query.rstrip().rstrip(';')}\n)"


def _parquet(found: Where) -> str:
    names = ", ".join(named(one) for one in found.files)
    return f"read_parquet([{names}], hive_partitioning=false, union_by_name=false)"


def _columns(
    path: Path, connection: "duckdb.DuckDBPyConnection", sql: str, found: Where
) -> tuple[str, ...]:
    """Return the names of the columns; refuse those that no text shows, and parts that differ."""
    types = types_of(connection, sql)
    if found.kind == PARTS:
        for one in found.files[1:]:
            _refuse_other(path, types, types_of(connection, _parquet(Where(PARTS, (one,)))), one)
    wrong = [
        f"{path}: column {name!r} has the type {kind}, and a cell has one value; write its parts "
        "as columns of their own, or leave it out"
        for name, kind in types.items()
        if not SHOWN.fullmatch(kind)
    ]
    known = _as_named(connection, sql, found)
    wrong += [
        f"{path}: a column comes twice (A and a are one here) or has no name, and would be called "
        f"{name!r}; give it a name of its own"
        for name in types
        if name not in known
    ]
    if wrong:
        raise DataError("\n".join(wrong))
    return tuple(types)


def _as_named(connection: "duckdb.DuckDBPyConnection", sql: str, found: Where) -> set[str]:
    """Return the names that a file or query has; DuckDB changes those that come again."""
    if found.kind == QUERY:
        rows = connection.execute(f"describe {sql[1:-1]}").fetchall()
    else:
        schema = f"select name from parquet_schema({named(found.files[0])})"
        rows = connection.execute(schema).fetchall()
    return {str(row[0]) for row in rows}


def types_of(connection: "duckdb.DuckDBPyConnection", sql: str) -> dict[str, str]:
    """Return the types of columns by their names."""
    rows = connection.execute(f"describe select * from {sql}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def _refuse_other(path: Path, types: dict[str, str], other: dict[str, str], part: Path) -> None:
    """Refuse a part whose columns are not those of the first."""
    if types == other and list(types) == list(other):
        return
    both = [name for name in types if name in other and types[name] != other[name]]
    if both:
        (name, *_) = both
        why = f"column {name!r} has the type {other[name]}, and {types[name]} in the first part"
    else:
        why = f"its columns are {', '.join(other)}, and {', '.join(types)} in the first part"
    raise DataError(f"{path}: {part.name}: {why}; all parts need the same columns, of one type")
