"""A curve that was measured: pairs of x and y, in any order, with several y at an x or one."""

import math
from pathlib import Path

import numpy as np
import pandas as pd

from data._beside import Beside, beside
from data._how import AS_IT_IS, Reading
from data._label import labels
from data._lines import own_order
from data._numeric import numeric
from data._soundness import LARGEST
from data._table import found, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
NAMES = ("x", "y")
SHIPPED = ("time_ms", "acceleration_g")
FEWEST, MOST = 5, 20_000  # different x: of fewer no curve is seen, more take too much memory
SMOOTHEST, MOST_BENDS = 1e-4, 12  # sds of y, and the degree of a polynomial that is tried
FINEST = 1e-9  # of x, or y: what differs by less is lost in the digits of a number


def load(path: Path = PATH) -> pd.DataFrame:
    """Return x and y of every row (index: the line), under the names that they have in the file.

    The columns are `x` and `y`, or those of the shipped file, or the only two: x first.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path)[0]


def read(
    path: Path = PATH,
    reading: Reading = AS_IT_IS,
    along: str | None = None,
    *,
    drop_missing: bool = False,
) -> tuple[pd.DataFrame, Beside]:
    """Return what `load` does, and what rows belong to, by the other columns.

    `along` names the column of x, and `reading` may name that of y (`outcome`). Rows without one of
    the two are refused, or left out.

    Raises
    ------
    DataError
        As `load` does; or there is no such column, or both are the same.
    """
    table, problems = read_table(path, reading, names=NAMES)
    names = _names(table, reading, along)
    problems += [
        f"column {one!r} is missing; found {found(table, one)}; name yours with {option}"
        for one, option in zip(names, ("--along", "--outcome"), strict=True)
        if one not in table
    ]
    if names[0] == names[1]:
        problems.append(f"--along: {names[0]!r} is the outcome itself")
    refuse(path, problems)
    columns, problems = numeric(path, table, names, problems, reading, drop_missing=drop_missing)
    refuse(path, problems or [one for name in names for one in _useless(columns[name])])
    columns = columns.astype(float)
    refuse(path, _places(columns.iloc[:, 0]) or _without_noise(columns))
    rest = table.drop(columns=names).loc[columns.index]
    columns.columns = labels(names)
    lines = own_order(columns.iloc[:, 1], rest)
    return columns, beside(rest, lines=lines)


def read_new(path: Path, name: str, reading: Reading = AS_IT_IS) -> pd.Series:
    """Return the x of new rows (index: the line), of the column called `name`.

    Raises
    ------
    DataError
        The file cannot be used, or has no such column, or not a number in each of its cells.
    """
    table, problems = read_table(path, reading, names=(name,))
    by_label = dict(zip(labels([str(one) for one in table.columns]), table.columns, strict=True))
    if name not in by_label:
        problems.append(f"column {name!r} is missing; found {found(table, name)}")
    refuse(path, problems)
    column = str(by_label[name])
    columns, problems = numeric(path, table, [column], [], reading, drop_missing=False)
    refuse(path, problems or [one for one in _useless(columns[column]) if "beyond" in one])
    return columns[column].astype(float).rename(name)


def _names(table: pd.DataFrame, reading: Reading, along: str | None) -> list[str]:
    """Return the columns of x and y: those that are named, or called so, or the only two."""
    there = [str(one) for one in table.columns]
    usual = there if len(there) == 2 else list(NAMES)
    usual = next((list(two) for two in (NAMES, SHIPPED) if {*two} <= {*there}), usual)
    x, y = along or usual[0], str(reading.outcome or usual[1])
    if (
        len(there) == 2 and x == y and not (along and reading.outcome)
    ):  # one of the only two is named: the other is the other
        other = next(one for one in there if one != x)
        return [x, other] if reading.outcome is None else [other, y]
    return [x, y]


def _useless(column: pd.Series) -> list[str]:
    """Say why no curve can be seen in the numbers of a column."""
    if not (column.abs() <= LARGEST).all():
        return [f"column {column.name!r} has numbers beyond {LARGEST:g}, or none"]
    if column.nunique() == 1:
        return [f"column {column.name!r} has the same value in all {len(column):,} rows"]
    if column.max() - column.min() <= FINEST * column.abs().max() or column.std() < 1 / LARGEST:
        return [
            f"column {column.name!r} differs by so little that it is lost in the digits; subtract "
            "what its values have in common, or take another unit"
        ]
    return []


def _without_noise(columns: pd.DataFrame) -> list[str]:
    """Say where the values are a curve already: then there is no noise, and none can be fitted."""
    x, y = columns.to_numpy().T
    degree = min(MOST_BENDS, len(np.unique(x)) // 2 - 1)
    fitted = np.polynomial.Chebyshev.fit(x, y, degree)(x)
    if np.std(y - fitted) > SMOOTHEST * np.std(y):
        return []
    return [
        f"column {columns.columns[1]!r} is a smooth curve of {columns.columns[0]!r} without noise, "
        f"to within {SMOOTHEST:g} of its sd: there is nothing to be estimated; interpolate it"
    ]


def _places(x: pd.Series) -> list[str]:
    """Say where there are too few different x, or too many, and what to do about it."""
    n = x.nunique()
    if n < FEWEST:
        return [f"column {x.name!r} has {n} different values: a curve needs at least {FEWEST}"]
    if n <= MOST:
        return []
    return [f"column {x.name!r} has {n:,} different values, and {rounded(x, MOST)}"]


def rounded(x: pd.Series, most: int) -> str:
    """Say how to round x so that it has so many different values at most."""
    least = float(x.max() - x.min()) / (most - 2)
    unit = 10.0 ** (math.floor(math.log10(least)) - 1)
    step = math.ceil(least / unit) * unit
    return (
        f"the computation takes {most:,} at most; round it to multiples of {step:g}: rows may "
        "share an x, and only turns of the curve within such a step are lost"
    )
