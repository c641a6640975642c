"""A large text file that is written plainly is read in columns, and those of numbers as numbers.

Plainly: without quotes, every line ending alike and none blank, with as many cells as the header.
What is not written so is read line by line, and so is a column with any other cell cell by cell
(`data/_dialect.py`, `data/_meant.py`): then as here the same is found.
"""

import csv
import io
from typing import TYPE_CHECKING, TextIO

import numpy as np
import pandas as pd

from data._column import GROUPED
from data._dialect import DialectError, rows_of
from data._plain import LARGEST, Plain, texts

if TYPE_CHECKING:
    import pyarrow as pa

LEAST = 1_000_000  # bytes, from which on it is worth it
HEAD = 300  # lines by which is told what stands between cells
BLOCK = 8 << 20  # bytes that are parsed together
#: Of a number as everybody writes it: 0, -1, 2.50, 1e-05; but none of 01067, 1., +1, 1_000.
NUMBER = r"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)?"
FIRST = 1000  # cells that mostly tell what a point is


type Found = tuple[list[str], pd.DataFrame | None, str, str | None]


def plain_lines(file: TextIO, told: str | None) -> Found:
    """Return the names in the header, the cells (index: line), what separates them, and a note.

    The cells are as they are written. None says that they have to be read line by line.
    """
    content: bytes = file.buffer.getvalue()  # type: ignore[attr-defined]
    none: Found = ([], None, "", None)
    end = _end(content)
    if len(content) < LEAST or not _is_plain(content, end) or not _is_utf8(file.encoding):
        return none
    try:
        rows, separator, note = rows_of(_head(content, file.encoding), told)
    except (csv.Error, DialectError):
        return none
    names = rows[0][1]
    if not separator.isascii() or separator == " " or rows[0][0] != 1 or len(names) < 2:
        return none
    columns = _columns(content, end, separator, len(names))
    if not columns or not len(columns[0]):
        return none
    lines = pd.RangeIndex(2, 2 + len(columns[0]))
    made = {i: pd.Series(strings(one), lines) for i, one in enumerate(columns)}
    return names, pd.DataFrame(made, copy=False), separator, note


def _end(content: bytes) -> int:
    """Return the place behind the last line that is not blank."""
    end = len(content)
    while end and content[end - 1] in b"\r\n":
        end -= 1
    return end


def _is_plain(content: bytes, end: int) -> bool:
    """Say whether there is no quote, no blank line, and one way to end a line."""
    if b'"' in content or b"\0" in content or content[:1] in b"\r\n":
        return False
    blank = (content.find(two, 0, end) for two in (b"\n\n", b"\n\r"))
    alone = content.count(b"\r") != content.count(b"\r\n")
    return not alone and all(at < 0 for at in blank)


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def _head(content: bytes, encoding: str) -> TextIO:
    """Return the first lines, whole."""
    at = 0
    for _ in range(HEAD):
        if (found := content.find(b"\n", at)) < 0:
            break
        at = found + 1
    return io.TextIOWrapper(io.BytesIO(content[: at or None]), encoding=encoding, newline="")


def _columns(content: bytes, end: int, separator: str, n: int) -> "list[pa.ChunkedArray]":
    """Return the cells below the header by column; none, where a row has other than `n`."""
    import pyarrow as pa
    from pyarrow import compute, csv as arrow

    names = [str(i) for i in range(n)]
    try:
        table = arrow.read_csv(
            pa.BufferReader(pa.py_buffer(content).slice(0, end)),
            arrow.ReadOptions(column_names=names, skip_rows=1, block_size=BLOCK, use_threads=False),
            arrow.ParseOptions(
                delimiter=separator, quote_char=False, double_quote=False, escape_char=False
            ),
            arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return []
    longest = max((compute.max(compute.binary_length(one)).as_py() or 0) for one in table.columns)
    return [] if longest > csv.field_size_limit() else list(table.columns)


def strings(column: "pa.ChunkedArray") -> pd.api.extensions.ExtensionArray:
    """Return cells as text."""
    return pd.array(column, dtype="str")


def plain(cells: pd.Series) -> pd.Series:
    """Return text cells, without blanks around them, as numbers if all of them are plainly such.

    Those that are only numbers of some size, or perhaps thousands with points between them, stay
    text, and so does a column without any number.
    """
    if not cells.str.fullmatch(NUMBER).all():
        return cells
    numbers = _floats(cells)
    if not np.isfinite(numbers).any() or not np.nanmax(np.abs(numbers)) <= LARGEST:
        return cells
    if (pointed := pointed_of(cells)) is None:
        return cells
    whole = cells.reset_index(drop=True)

    def text(_: np.ndarray, at: np.ndarray) -> pd.Series:
        return whole.reindex(at, fill_value="").reset_index(drop=True)

    found = Plain(numbers, text, pointed=pointed)
    return pd.Series(found, cells.index, name=cells.name, copy=False)


def _floats(cells: pd.Series) -> np.ndarray:
    import pyarrow as pa
    from pyarrow import compute

    column = pa.chunked_array(pa.array(cells.array, type=pa.large_string()))
    there = compute.if_else(compute.equal(column, ""), None, column)
    found: np.ndarray = compute.cast(there, pa.float64()).to_numpy()
    return found


def pointed_of(cells: pd.Series) -> bool | None:
    """Say whether a point is a decimal sign in cells that are numbers; None, where it is open."""
    for some in map(texts, (cells.iloc[:FIRST], cells)):
        dotted = some[some.str.contains(".", regex=False)]
        if not dotted.str.fullmatch(GROUPED).all():
            return True
    return None if len(dotted) else False
