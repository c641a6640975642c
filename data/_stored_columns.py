"""What DuckDB reads, column by column: a column of numbers stays one, and no cell of it is text.

As text it would be found the same (`data/_stored_rows.py`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
EXACT = 2**53 - 1  # whole numbers up to here are numbers as they stand
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
    read: list[list[Any]] = [[] for _ in native]
    for batch in _bounded(path, rows.to_arrow_reader(BLOCK), native, more):
        for some, column, as_it_is in zip(read, batch.columns, native, strict=True):
            some.append(_values(column) if as_it_is else _copied(column))
    index = pd.RangeIndex(1, 1 + sum(map(len, read[0])))
    made = {}
    for i, as_it_is in enumerate(native):
        some, read[i] = read[i], []
        real = types[opened.columns[i]] == REAL
        made[i] = _numbers(some, index, real=real) if as_it_is else pd.Series(_strings(some), index)
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


def _copied(column: "pa.Array") -> "pa.Array":
    """Return a column of text that does not hold the others in memory."""
    import pyarrow as pa

    return pa.concat_arrays([column.cast(pa.large_string()), pa.array([], pa.large_string())])


def _strings(some: "list[pa.Array]") -> pd.api.extensions.ExtensionArray:
    import pyarrow as pa

    return strings(pa.chunked_array(some, type=pa.large_string()))


def _values(column: "pa.Array") -> np.ndarray:
    """Return numbers, missing ones as NaN; as objects, where no such number is what is stored."""
    import pyarrow as pa
    from pyarrow import compute

    real = pa.types.is_floating(column.type)
    floats = column if real else compute.cast(column, pa.float64(), safe=False)
    values: np.ndarray = floats.to_numpy(zero_copy_only=False)
    most = LARGEST if real else EXACT
    with np.errstate(invalid="ignore"):
        fits = np.count_nonzero(np.abs(values) <= most) == len(values) - column.null_count
    if not fits:
        return np.array([None, *column.to_pylist()], dtype=object)[1:]
    return values.copy() if real else values.astype(np.float64)


def _numbers(some: list[np.ndarray], index: pd.Index, *, real: bool) -> pd.Series:
    """Return a column of numbers; as text, where one of them cannot be used, or there are none."""
    text = as_real if real else as_whole
    if any(one.dtype == object for one in some) or all(np.isnan(one).all() for one in some):
        return pd.Series(np.concatenate([text(one) for one in some] or [[]]), index, dtype="str")
    values = np.concatenate(some)
    some.clear()

    def written(numbers: np.ndarray, _: np.ndarray) -> pd.Series:
        return pd.Series(text(numbers), dtype="str")

    found = Plain(values, written, pointed=False)
    cells = pd.Series(found, index, copy=False)
    if real and (pointed := pointed_of(cells)) is not None:
        found.pointed = pointed
    return texts(cells) if real and pointed is None else cells


def as_real(numbers: np.ndarray) -> list[str]:
    """Return doubles as DuckDB writes them; of objects None, else NaN, is what is missing."""
    none = numbers.dtype != object
    return ["" if x is None or (none and x != x) else repr(x) for x in numbers.tolist()]


def as_whole(numbers: np.ndarray) -> list[str]:
    """Return whole numbers as DuckDB writes them."""
    return ["" if x is None or x != x else str(int(x)) for x in numbers.tolist()]
