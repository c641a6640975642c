"""Columns of numbers that are read as numbers: no cell is text before somebody looks at it.

Such a column is a column of text cells to whoever asks for cells, and to who asks for numbers it
has them. Only numbers as every reader takes them are in it (digits, a minus, a decimal point, a
power of ten), and empty cells; none is larger than a regression can use.
"""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray, ExtensionDtype, take

LARGEST = 1e100  # of a cell, so that squares stay finite

#: Text cells, from numbers and where each was read; at -1 there is none.
type Text = Callable[[np.ndarray, np.ndarray], pd.Series]
type Array = type[ExtensionArray]


class PlainDtype(ExtensionDtype):  # type: ignore[misc]
    """Text cells that are numbers."""

    name = "plain numbers"
    type = str
    na_value = ""

    @classmethod
    def construct_array_type(cls) -> Array:
        """Return the type of the array."""
        return Plain


class Plain(ExtensionArray):  # type: ignore[misc]
    """Numbers (missing: NaN), how their cells are written, and where in the file they were read.

    `pointed` says that a point is a decimal sign in some cell, and stands before no thousands.
    """

    def __init__(
        self,
        numbers: np.ndarray,
        text: Text,
        *,
        pointed: bool,
        at: np.ndarray | range | None = None,
    ) -> None:
        self.numbers, self.text, self.pointed = numbers, text, pointed
        self._at = range(len(numbers)) if at is None else at  # a range takes no memory

    @property
    def dtype(self) -> PlainDtype:
        """The type of a cell."""
        return PlainDtype()

    @property
    def nbytes(self) -> int:
        """The memory of the numbers."""
        return int(self.numbers.nbytes)

    @property
    def at(self) -> np.ndarray:
        """The places of the cells among those that were read."""
        at = self._at
        return np.arange(at.start, at.stop, at.step) if isinstance(at, range) else at

    def cells(self) -> pd.Series:
        """Return the cells as text."""
        return self.text(self.numbers, self.at)

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, item: Any) -> Any:
        item = pd.api.indexers.check_array_indexer(self, item)
        if isinstance(item, int | np.integer):
            one = slice(int(item), int(item) + 1 or None)
            return self[one].cells().iloc[0]
        at = self._at[item] if isinstance(item, slice) else self.at[item]
        return self._like(self.numbers[item], at)

    def __iter__(self) -> Any:
        return iter(self.cells())

    def __eq__(self, other: object) -> Any:
        if isinstance(other, pd.Series | pd.Index | pd.DataFrame):
            return NotImplemented
        if isinstance(other, str) and not other:
            return np.isnan(self.numbers)
        return self.cells().to_numpy() == np.asarray(other, dtype=object)

    def isna(self) -> np.ndarray:
        """Say that every cell is text, if perhaps an empty one."""
        return np.zeros(len(self), dtype=bool)

    def copy(self) -> Self:
        """Return the same, of which no cell can be changed."""
        return self._like(self.numbers, self._at)

    def take(
        self, indices: Sequence[int], *, allow_fill: bool = False, fill_value: Any = None
    ) -> Self:
        """Return cells at other places; those that there are not are empty."""
        at = take(self.at, np.asarray(indices), allow_fill=allow_fill, fill_value=-1)
        fill = np.nan if allow_fill else None
        found = take(self.numbers, np.asarray(indices), allow_fill=allow_fill, fill_value=fill)
        return self._like(found, at)

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """Return cells as text, or whatever text can be."""
        if isinstance(dtype, PlainDtype):
            return self
        return self.cells().astype(dtype).array if str(dtype) != "object" else self.to_numpy()

    def to_numpy(self, *_: Any, **__: Any) -> np.ndarray:
        """Return the cells as text."""
        found: np.ndarray = self.cells().to_numpy(dtype=object)
        return found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self.to_numpy(), dtype=dtype)

    def _like(self, numbers: np.ndarray, at: np.ndarray | range) -> Self:
        return type(self)(numbers, self.text, pointed=self.pointed, at=at)


def is_plain(cells: pd.Series) -> bool:
    """Say whether a column was read as numbers."""
    return isinstance(cells.dtype, PlainDtype)


def texts(cells: pd.Series) -> pd.Series:
    """Return a column as text cells, which most are already."""
    if not is_plain(cells):
        return cells
    return cells.array.cells().set_axis(cells.index).rename(cells.name)


def numbers_of(cells: pd.Series) -> pd.Series:
    """Return the numbers that cells are as every reader takes them; of others, and empty ones, NaN.

    A decimal sign is a point.
    """
    if is_plain(cells):
        return pd.Series(cells.array.numbers, cells.index, name=cells.name, copy=False)
    found: pd.Series = pd.to_numeric(cells, errors="coerce").astype(float)
    return found


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table all of whose columns are text cells."""
    plain = {name: texts(table[name]) for name in table if is_plain(table[name])}
    return table.assign(**plain) if plain else table
