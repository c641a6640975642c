"""What is left of a regression's columns: rows that are complete, digits that a number keeps."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import pandas as pd

from data._gaps import left_in
from data._how import Reading
from data._missing import is_missing, words_among
from data._table import at_most


def lost_digits(cells: pd.Series, numbers: pd.Series) -> list[str]:
    """Say that all cells are one number and are not the same: the column only seems constant."""
    if numbers.nunique() != 1 or len({*map(_exact, cells.unique())}) < 2:
        return []
    return [
        f"column {cells.name!r} differs only in digits that no number keeps ({cells.iloc[0]!r}, "
        "...; 15 or 16 are kept): leave it out if it is a name, else write it in another unit"
    ]


def _exact(cell: str) -> Decimal:
    try:
        return Decimal(cell)
    except InvalidOperation:
        return Decimal(float(cell))


def words_kept(columns: pd.DataFrame) -> list[str]:
    """Name levels of predictors such as "NA", which are no reference (see `data/_levels.py`)."""
    categories = columns.iloc[:, 1:].select_dtypes("category")
    return [note for name in categories for note in words_among(columns[name])]


def without_missing(
    columns: pd.DataFrame,
    cells: pd.DataFrame,
    drop_missing: bool,
    reading: Reading,
    also: Sequence[str],
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Leave rows with missing values out and say how many, or return a line for each of them.

    `cells` are the columns as text: what is no number there is no missing value either. A column
    without any value is none of them. Where gaps are filled, leave those of numbers in, but for the
    outcome, and for columns that are no terms (`also`).
    """
    gaps = columns.isna()
    for name in gaps.columns[gaps.any()]:
        gaps[name] &= is_missing(cells[name])
    gaps = gaps.loc[:, ~gaps.all()]
    rows = gaps.any(axis=1)
    if not rows.any():
        return columns, [], []
    if reading.missing:
        return left_in(columns, gaps, also)
    mostly = [name for name in gaps if gaps[name].mean() > 0.5]
    leave = [
        f"column {n!r} has no value in {gaps[n].sum():,} of {len(gaps):,} rows" for n in mostly
    ]
    leave = [f"{'; '.join(leave)}: leave it out with --formula"] if leave else []
    if not drop_missing:
        where = [
            f"line {line}: no value in {', '.join(map(repr, gaps.columns[row]))}"
            for line, row in gaps[rows].iterrows()
        ]
        have, them = ("row has", "it") if rows.sum() == 1 else ("rows have", "them")
        advice = f"{rows.sum():,} {have} missing values; --drop-missing leaves {them} out"
        return columns, [], [*at_most(where), *(leave or [advice])]
    left = columns[~rows].copy()
    for name in left.select_dtypes("category"):
        left[name] = left[name].cat.remove_unused_categories()
    if len(left) < 2:
        few = f"{len(left)} rows are left without the {rows.sum():,} incomplete"
        return columns, [], [few, *leave]
    note = (
        f"{rows.sum():,} of {len(columns):,} rows were left out because a value is missing; if it "
        "is missing for a reason that has to do with the outcome, the estimates are off."
    )
    return left, [note], []
