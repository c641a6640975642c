"""A CSV as outcome and terms of a regression: types, missing values, formula, and what is wrong.

Without a formula the last column is the outcome and all the others are its predictors.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from data._beside import Beside, beside, grouping
from data._complete import without_missing, words_last
from data._formula import FormulaError, design
from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._meant import meant
from data._missing import emptied
from data._soundness import of_one_value, unusable, without_noise
from data._table import DataError, read_table, refuse
from data._totals import totals_of
from data._typed import not_numeric, typed
from data._used import used_of

Recode = Callable[[pd.Series], tuple[pd.Series, list[str]]]

MOST_TERMS = 200


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
    numeric: bool = False,
    reading: Reading = AS_IT_IS,
) -> Regression:
    """Read the CSV at `path` and return what `formula`, or none, makes of it.

    Parameters
    ----------
    recode
        From the outcome's cells (text; index: line) to other text, and the problems in them.
    group
        A column that says to what rows belong, whatever it looks like.
    numeric
        The outcome has to be a number.
    reading
        How the file is to be read, and which column is the outcome, where no formula says so.

    Raises
    ------
    DataError
        The file or the formula cannot be used. All problems of a kind are named, at most 20.
    """
    table, problems = read_table(path, reading)
    choice = used_of(table, formula, reading)
    problems += choice.problems
    if not (used := choice.names):
        refuse(path, problems)
    _bound_terms(path, len(used) - 1)
    cells = table.copy()
    cells[used[0]], unfit = recode(table[used[0]])
    cells, columns, wrong, taken = _columns(path, cells, used, reading)
    said_of(path).notes += choice.notes
    complete, notes, gaps = without_missing(columns, cells, drop_missing=drop_missing)
    wrong += not_numeric(cells[used[0]], columns[used[0]]) if numeric else []
    sums = totals_of(cells)
    if problems := [*problems, *unfit, *wrong, *gaps, *(taken if gaps else [])]:
        refuse(path, problems + of_one_value(columns) + [text for _, text, _ in sums])
    columns, words = words_last(complete)
    said_of(path).warnings += [(text, advice) for at, text, advice in sums if at in columns.index]
    found = _designed(path, columns, choice.formula)
    refuse(path, unusable(found.outcome, found.terms))
    others = beside(table.loc[columns.index].drop(columns=used[0]), modelled=used)
    if group is not None:
        others.groups[group] = grouping(path, table.loc[columns.index], group)
    return replace(found, notes=(*_coded(columns), *words, *notes), beside=others)


def _columns(
    path: Path, table: pd.DataFrame, used: list[str], reading: Reading
) -> tuple[pd.DataFrame, pd.DataFrame, list[str], list[str]]:
    """Return the table with numbers in the place of what means them, the columns, and problems.

    At last come notes of what was taken as missing.
    """
    said, table = said_of(path), table.copy()
    read = meant(table, used, reading, separator=said.separator)
    table[used], notes = emptied(table, read.table, reading, said.signs)
    said.notes += read.notes + notes
    columns, wrong = typed(table[used], reading)
    told = [f"column {name!r}" for name in read.unread]
    wrong = [line for line in wrong if not any(name in line for name in told)]
    columns[read.unread] = np.nan  # neither text nor constant
    return table, columns, read.problems + wrong, notes


def read_numeric(
    path: Path,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    reading: Reading = AS_IT_IS,
) -> Regression:
    """Read a regression as `read_regression` does, whose outcome is a number.

    Raises
    ------
    DataError
        The file or the formula cannot be used, the outcome is text, or it has no noise.
    """
    found = read_regression(path, formula, drop_missing=drop_missing, numeric=True, reading=reading)
    if isinstance(found.outcome.dtype, pd.CategoricalDtype):
        raise DataError(f"{path}: the outcome {found.outcome.name!r} is text, of a formula")
    refuse(path, without_noise(found.outcome, found.terms))
    return found


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
