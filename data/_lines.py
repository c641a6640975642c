"""Do the lines of a file stand in an order of their own, or were they sorted by what is asked?"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from data._plain import texts

LOOKED = 20_000  # lines, the first ones
SHORT = 3  # lines a block on average, of fewer chance alone is sorted


def own_order(outcome: pd.Series, others: pd.DataFrame, groups: Sequence[str] = ()) -> bool:
    """Say whether the order of the lines may tell what no column does, such as when they were.

    It does not where the file was sorted by the outcome (numbers, or text), on the whole or within
    equal cells of other columns: the order then comes from what is asked, as in a table of counts
    that was written out line by line. Nor where it was sorted by one of the `groups`.
    """
    if len(outcome) < SHORT or any(in_blocks(others[name]) for name in groups):
        return False
    told = outcome.iloc[:LOOKED]
    cells = others.loc[told.index]
    if pd.api.types.is_numeric_dtype(told):
        change = np.sign(np.diff(told.to_numpy(dtype=float)))
        return not any(_one_way(change[~new]) for new in _blocks(cells))
    codes = pd.factorize(told)[0]
    return not any(_together(codes, new) for new in _blocks(cells))


def in_blocks(cells: pd.Series) -> bool:
    """Say whether equal cells are next to one another."""
    codes = pd.factorize(texts(cells))[0]
    return _together(codes, np.zeros(len(codes) - 1, dtype=bool))


def _blocks(cells: pd.DataFrame) -> Iterator[np.ndarray]:
    """Yield where a new block begins, if not with the first line; blocks are long on average.

    The whole file is one; others have equal cells in one column, or in all from the first on.
    """
    n, so_far = len(cells), np.zeros(len(cells) - 1, dtype=bool)
    yield so_far
    for _, column in cells.items():
        codes = pd.factorize(texts(column))[0]
        new = codes[1:] != codes[:-1]
        so_far = so_far | new
        yield from (one for one in (new, so_far) if SHORT * (one.sum() + 1) <= n)


def _one_way(change: np.ndarray) -> bool:
    return bool((change >= 0).all() or (change <= 0).all())


def _together(codes: np.ndarray, new: np.ndarray) -> bool:
    """Say whether equal codes of a block are next to one another."""
    block = np.concatenate([[0], np.cumsum(new)])
    runs = 1 + ((codes[1:] != codes[:-1]) | new).sum()
    return bool(runs == len(np.unique(np.column_stack([block, codes]), axis=0)))
