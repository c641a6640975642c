"""What DuckDB reads, column by column: a column of numbers stays one, and no cell of it is text.

As text it would be found the same (`data/_stored_rows.py`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data._duck import quoted
from data._plain import LARGEST, Plain, texts
from data._plainly import pointed_of, strings
from data._reading import LARGEST_FILE, DataError
from data._stored import Source, types_of

if TYPE_CHECKING:
    import pyarrow as pa

REAL = "DOUBLE"
WHOLE = {f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER")}
WHOLE |= {"BIGINT", "UBIGINT"}
EXACT = 2**53  # whole numbers, to which they are numbers as they stand
BLOCK = 100_000  # rows
LEAST_CELL = 10  # bytes that a cell of text counts at least: an empty one takes memory too
NUMBER = 8  # bytes
MOST_NUMBERS = 2_000_000_000  # bytes, of all columns of numbers


def columns_of(path: Path, opened: Source, more: str) -> pd.DataFrame:
    """Return the columns (called 0, 1, ...; index: the row, from 1), text cells and numbers.

    `more` is what to do where they are too large.

    Raises
    ------
    DataError
        They are larger than memory should hold.
    """
    types = types_of(opened.connection, opened.sql)
    native = [types[name] == REAL or types[name] in WHOLE for name in opened.columns]
    chosen = [
        f"{quoted(name) if as_it_is else opened.text(name)} as c{i}"
        for i, (name, as_it_is) in enumerate(zip(opened.columns, native, strict=True))
    ]
    rows = opened.connection.sql(f"select {', '.join(chosen)} from {opened.sql}")
    read: list[list[pa.Array]] = [[] for _ in native]
    for batch in _bounded(path, rows.to_arrow_reader(BLOCK), native, more):
        for cells, column in zip(read, batch.columns, strict=True):
            cells.append(column)
    index = pd.RangeIndex(1, 1 + sum(map(len, read[0])))
    made = {}
    for i, as_it_is in enumerate(native):
        column, read[i] = _chunked(read[i]), []  # what is done with needs no memory any more
        made[i] = _numbers(column, index) if as_it_is else pd.Series(strings(column), index)
    return pd.DataFrame(made, index, copy=False)


def _bounded(
    path: Path, batches: "pa.RecordBatchReader", native: list[bool], more: str
) -> "Iterator[pa.RecordBatch]":
    """Yield what is read, as long as it is not too much for memory."""
    from pyarrow import compute

    texts_of = [i for i, one in enumerate(native) if not one]
    size, numbers = 0, 0
    for batch in batches:
        numbers += batch.num_rows * sum(native) * NUMBER
        for i in texts_of:
            lengths = compute.max_element_wise(compute.utf8_length(batch.column(i)), LEAST_CELL)
            size += compute.sum(lengths).as_py() or 0
        yield batch
        if size > LARGEST_FILE:
            raise too_large(path, LARGEST_FILE, "text", more)
        if numbers > MOST_NUMBERS:
            raise too_large(path, MOST_NUMBERS, "numbers", more)


def too_large(path: Path, most: int, what: str, more: str) -> DataError:
    """Return the error of rows that are larger than so many bytes, as text or as numbers."""
    cell = f"{LEAST_CELL} or more" if what == "text" else f"{NUMBER}"
    return DataError(
        f"{path}: larger than {most:,} bytes as {what} ({cell} a cell), of rows that this case "
        f"needs one by one; take a sample of them{more}"
    )


def _chunked(some: "list[pa.Array]") -> "pa.ChunkedArray":
    import pyarrow as pa

    return pa.chunked_array(some) if some else pa.chunked_array([], type=pa.string())


def _numbers(column: "pa.ChunkedArray", index: pd.Index) -> pd.Series:
    """Return a column of numbers; as text, where one of them cannot be used, or there are none."""
    import pyarrow as pa
    from pyarrow import compute

    real = pa.types.is_floating(column.type)
    numbers = column if real else compute.cast(column, pa.float64(), safe=False)
    values = numbers.to_numpy()
    most = LARGEST if real else EXACT
    there = len(values) - column.null_count
    fits = np.count_nonzero(np.abs(values) <= most) == there > 0  # NaN does not, if it is stored
    if fits:
        found = Plain(values, as_real if real else as_whole, pointed=False)
        cells = pd.Series(found, index, copy=False)
        pointed = pointed_of(cells) if real else False
        if pointed is not None:
            found.pointed = pointed
            return cells
        return texts(cells)
    as_text = list(map(repr, column.to_pylist())) if real else column.to_pylist()
    return pd.Series(["" if one in ("None", None) else str(one) for one in as_text], index, "str")


def as_real(numbers: np.ndarray, _: np.ndarray) -> pd.Series:
    """Return doubles as DuckDB writes them."""
    return pd.Series(["" if x != x else repr(x) for x in numbers.tolist()], dtype="str")


def as_whole(numbers: np.ndarray, _: np.ndarray) -> pd.Series:
    """Return whole numbers as DuckDB writes them."""
    return pd.Series(["" if x != x else str(int(x)) for x in numbers.tolist()], dtype="str")
