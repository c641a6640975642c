"""A CSV as outcome and terms of a regression: types, missing values, formula, and what is wrong.

Without a formula the last column is the outcome and all the others are its predictors.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from data._beside import Beside, beside, grouping
from data._formula import FormulaError, columns_of, design
from data._label import labels
from data._soundness import LARGEST, unusable, without_noise
from data._table import DataError, at_most, read_table, refuse

Recode = Callable[[pd.Series], tuple[pd.Series, list[str]]]

MISSING = {"", "na", "n/a", "nan", "null", "none"}  # in a column of numbers; in a text one only ""
MOST_LEVELS, MOST_TERMS = 30, 200


@dataclass(frozen=True)
class Regression:
    """Outcome and terms by row; the index of both is the line in the file.

    `terms` has a column for each coefficient but the intercept, in the data's own units; `notes`
    says what was done to the file: columns coded as categories, rows left out. `beside` has what
    rows belong to and when they were, as far as columns say so.
    """

    outcome: pd.Series
    terms: pd.DataFrame
    notes: tuple[str, ...]
    beside: Beside = field(default_factory=Beside)


def read_regression(
    path: Path,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    recode: Recode = lambda cells: (cells, []),
    group: str | None = None,
) -> Regression:
    """Read the CSV at `path` and return what `formula`, or none, makes of it.

    Parameters
    ----------
    recode
        From the outcome's cells (text; index: line) to other text, and the problems in them.
    group
        A column that says to what rows belong, whatever it looks like.

    Raises
    ------
    DataError
        The file or the formula cannot be used. All problems of a kind are named, at most 20.
    """
    table, problems = read_table(path)
    names = list(table.columns)
    try:
        used = columns_of(formula, names) if formula else [*names[-1:], *names[:-1]]
    except FormulaError as error:
        raise DataError(f"{path}: --formula: {error}") from None
    _bound_terms(path, len(used) - 1)
    if len(used) < 2:
        raise DataError(f"{path}: there is one column, {names[0]!r}; a regression needs two")
    outcome, unfit = recode(table[used[0]])
    cells = table[used].copy()
    cells[used[0]] = outcome
    columns, wrong = _typed(cells)
    refuse(path, problems + unfit + wrong)
    columns, notes = _without_missing(path, columns, drop_missing=drop_missing)
    found = _designed(path, columns, formula)
    refuse(path, unusable(found.outcome, found.terms))
    others = beside(table.loc[columns.index].drop(columns=used[0]), modelled=used)
    if group is not None:
        others.groups[group] = grouping(path, table.loc[columns.index], group)
    return replace(found, notes=(*_coded(columns), *notes), beside=others)


def read_numeric(
    path: Path, formula: str | None = None, *, drop_missing: bool = False
) -> Regression:
    """Read a regression as `read_regression` does, whose outcome is a number.

    Raises
    ------
    DataError
        The file or the formula cannot be used, the outcome is text, or it has no noise.
    """
    found = read_regression(path, formula, drop_missing=drop_missing)
    if isinstance(found.outcome.dtype, pd.CategoricalDtype):
        raise DataError(
            f"{path}: the outcome {found.outcome.name!r} is text; name a numeric one with --formula"
        )
    refuse(path, without_noise(found.outcome, found.terms))
    return found


def _typed(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return text columns as numbers (missing: NaN) or categories, and what fits neither."""
    columns, problems = {}, []
    for name, cells in table.items():
        blank = cells == ""
        missing = cells.str.lower().isin(MISSING)
        numbers = pd.to_numeric(cells.mask(missing), errors="coerce").astype(float)
        numeric = numbers.notna() & (numbers.abs() <= LARGEST)
        if numeric.sum() * 2 > (~missing).sum() or missing.all():
            columns[name] = numbers
            bad = cells[~numeric & ~missing]
            rule = f"is not a number of {LARGEST:g} at most"
            problems += at_most(
                [f"line {i}, column {name!r}: {c!r} {rule}" for i, c in bad.items()]
            )
        else:
            text = cells.mask(blank).astype("category").cat.remove_unused_categories()
            levels = len(text.cat.categories)
            columns[name] = text.cat.rename_categories(labels(text.cat.categories))
            if levels > MOST_LEVELS:
                problems.append(
                    f"column {name!r} is text with {levels} different values, too many for "
                    f"categories (at most {MOST_LEVELS}); leave it out with --formula, as in "
                    "'y ~ x + z' (what rows belong to is still looked at)"
                )
    return pd.DataFrame(columns), problems


def _without_missing(
    path: Path, columns: pd.DataFrame, *, drop_missing: bool
) -> tuple[pd.DataFrame, list[str]]:
    """Refuse rows with missing values, or leave them out and say how many."""
    gaps = columns.isna()
    rows = gaps.any(axis=1)
    if not rows.any():
        return columns, []
    if not drop_missing:
        where = [
            f"line {line}: no value in {', '.join(map(repr, columns.columns[row]))}"
            for line, row in gaps[rows].iterrows()
        ]
        advice = f"{rows.sum():,} rows have missing values; --drop-missing leaves them out"
        refuse(path, [*at_most(where), advice])
    left = columns[~rows].copy()
    for name in left.select_dtypes("category"):
        left[name] = left[name].cat.remove_unused_categories()
    if len(left) < 2:
        raise DataError(f"{path}: {len(left)} rows are left without the {rows.sum():,} incomplete")
    return left, [
        f"{rows.sum():,} of {len(columns):,} rows were left out because a value is missing; if it "
        "is missing for a reason that has to do with the outcome, the estimates are off."
    ]


def _designed(path: Path, columns: pd.DataFrame, formula: str | None) -> Regression:
    """Return the outcome and the terms; column names never pass through a formula's text."""
    if formula:
        try:
            outcome, terms = design(formula, columns)
        except FormulaError as error:
            raise DataError(f"{path}: --formula: {error}") from None
    else:
        outcome, others = columns.iloc[:, 0], columns.iloc[:, 1:]
        text = [name for name in others if isinstance(others[name].dtype, pd.CategoricalDtype)]
        parts = []
        for name in others:
            if name not in text:
                parts.append(others[[name]])
                continue
            coded = pd.get_dummies(others[name], drop_first=True, dtype=float)
            parts.append(coded.rename(columns=lambda level, name=name: f"{name}[T.{level}]"))
        terms = pd.concat(parts, axis=1) if parts else others
    _bound_terms(path, terms.shape[1])
    (name,) = labels([outcome.name])
    return Regression(outcome.rename(name), terms.astype(float).set_axis(labels(terms), axis=1), ())


def _bound_terms(path: Path, n: int) -> None:
    if n > MOST_TERMS:
        raise DataError(
            f"{path}: {n:,} terms, at most {MOST_TERMS} can be fitted; choose some with --formula"
        )


def _coded(columns: pd.DataFrame) -> list[str]:
    """Say which predictors are text, and what their coefficients compare."""
    notes = []
    for name, label in zip(columns.columns[1:], labels(columns.columns[1:]), strict=True):
        if isinstance(columns[name].dtype, pd.CategoricalDtype):
            first, *others = columns[name].cat.categories
            compared = f"{', '.join(others)} compared with {first}"
            notes.append(f"{label} is text and coded as categories: {compared}.")
    return notes
