"""A CSV as outcome and terms of a regression: types, missing values, formula, what is wrong.

Without a formula the last column is the outcome and all the others are its predictors.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from data import _gaps as gaps
from data._again import logarithm
from data._as_read import AsRead, as_read
from data._beside import Beside, beside, grouping
from data._columns import columns_of
from data._complete import without_missing, words_kept
from data._contents import contents
from data._formula import FormulaError, design
from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._levels import ChoiceError, check, choices
from data._lines import own_order
from data._notation import group_of, refuse_classes
from data._plain import texts
from data._rows import Regression
from data._soundness import of_one_value, unusable, without_noise
from data._spelling import named_as_codes, with_codes
from data._table import DataError, read_table, refuse
from data._totals import totals_of
from data._typed import not_numeric
from data._used import used_of
from data._varying import groups_of, missing_column, with_groups
from data._weighted import every_row, weights_of

Recode = Callable[[pd.Series], tuple[pd.Series, list[str]]]

MOST_TERMS = 200


def read_regression(
    path: Path,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    recode: Recode | None = None,
    group: str | None = None,
    also: Sequence[str] = (),
    also_by: str = "--formula",
    numeric: bool = False,
    imputes: bool = False,
    why_not: str = "it needs all values",
    reading: Reading = AS_IT_IS,
) -> Regression:
    """Read the CSV at `path` and return what `formula`, or none, makes of it.

    Parameters
    ----------
    recode
        From the outcome's cells (text; index: line) to other text, and the problems in them.
    group
        A column that says to what rows belong, whatever it looks like.
    also
        Columns to read beside those of outcome and terms; `.` in a formula is not about them.
    also_by
        The option that names these.
    numeric
        The outcome has to be a number.
    imputes
        Whether the case fills gaps (--missing impute); `why_not` says why it does not.
    reading
        How the file is to be read, and which column is the outcome, where no formula says so.

    Raises
    ------
    DataError
        The file or the formula cannot be used. All problems of a kind are named, at most 20.
    """
    table, problems = read_table(path, reading, plain=True)
    gaps.refuse(path, reading, why_not="" if imputes else why_not, drop_missing=drop_missing)
    weights = weights_of(path, table, reading, formula, also)
    choice = used_of(table.drop(columns=[*also], errors="ignore"), formula, reading)
    problems += choice.problems
    problems += [f"{also_by}: there is no column {one!r}" for one in also if one not in table]
    varying = None if problems else group_of(choice.formula, [*table])
    problems += missing_column(varying, [*table])
    if not (used := choice.names) or not {*also} <= {*table}:
        refuse(path, problems)
    _bound_terms(path, len(used) - 1)
    cells = table.copy()
    cells[used[0]], unfit = _recoded(table[used[0]], recode)
    reading = with_codes(cells, used[1:], reading, said_of(path))
    cells, columns, wrong, taken = columns_of(path, cells, [*used, *also, *weights], reading)
    said_of(path).notes += choice.notes
    said_of(path).contents = contents(table, columns)
    columns = with_groups(columns, cells, varying)
    complete, notes, holes = without_missing(columns, cells, drop_missing, reading, also)
    wrong += not_numeric(cells[used[0]], columns[used[0]]) if numeric else []
    sums = totals_of(cells)
    if problems := [*problems, *unfit, *wrong, *holes, *(taken if holes else [])]:
        refuse(path, problems + of_one_value(columns) + [text for _, text, _ in sums])
    columns, words = complete, words_kept(complete)
    if not choice.formula:
        named_as_codes(cells, columns[used[1:]].select_dtypes("number"), reading, said_of(path))
    said_of(path).warnings += [(text, advice) for at, text, advice in sums if at in columns.index]
    others = _beside(_rows(table, columns.index), used, columns[used[0]], varying)
    if group is not None:
        others.groups[group] = grouping(path, table.loc[columns.index], group)
    tables = table, cells, columns
    stands_for, more, others, (table, cells, columns) = every_row(path, weights, others, tables)
    found = _designed(path, columns[used], choice.formula, reading)
    refuse(path, unusable(found.outcome, gaps.filled(found.terms)))
    groups, grouped = groups_of(path, columns, varying)
    raw = as_read(table, cells, columns[used[1:]], reading, found.raw.states)
    told = (*found.notes, *words, *notes, *more, *grouped)
    found = replace(found, notes=told, raw=raw, groups=groups)
    return replace(found, beside=others, also=columns[[*also]], stands_for=stands_for)


def _beside(
    table: pd.DataFrame, used: Sequence[str], outcome: pd.Series, varying: str | None
) -> Beside:
    """Return what rows belong to, beside the groups that the formula has (`varying`)."""
    rest, groups = table.drop(columns=used[0]), [varying] if varying else []
    lines = own_order(outcome, rest, groups)
    return beside(rest.drop(columns=groups), used, lines=lines)


def _recoded(cells: pd.Series, recode: Recode | None) -> tuple[pd.Series, list[str]]:
    return (cells, []) if recode is None else recode(texts(cells))


def read_numeric(path: Path, formula: str | None = None, **options: Any) -> Regression:
    """Read a regression as `read_regression` does, with its `options`; the outcome is a number.

    Raises
    ------
    DataError
        The file or the formula cannot be used, the outcome is text, or it has no noise.
    """
    try:
        refuse_classes(formula or "")
    except FormulaError as error:
        raise DataError(f"{path}: --formula: {error}") from None
    found = read_regression(path, formula, numeric=True, **options)
    if isinstance(found.outcome.dtype, pd.CategoricalDtype):
        raise DataError(f"{path}: the outcome {found.outcome.name!r} is text, of a formula")
    whole = found.terms.dropna() if found.terms.isna().any(axis=None) else found.terms
    refuse(path, without_noise(_rows(found.outcome, whole.index), whole))
    return found


def _rows[T: (pd.DataFrame, pd.Series)](one: T, lines: pd.Index) -> T:
    """Return the rows of these lines, which may be all."""
    found: T = one if one.index.equals(lines) else one.loc[lines]
    return found


def _designed(
    path: Path, columns: pd.DataFrame, formula: str | None, reading: Reading
) -> Regression:
    """Return the outcome and the terms; column names never pass through a formula's text."""
    try:
        chosen = choices(reading.reference, reading.levels)
        made = design(formula, gaps.filled(columns), chosen)
        check(chosen, made.categories)
    except FormulaError as error:
        raise DataError(f"{path}: --formula: {error}") from None
    except ChoiceError as error:
        raise DataError(f"{path}: {error}") from None
    _bound_terms(path, made.terms.shape[1])
    logged, (name,) = logarithm(str(made.outcome.name)), labels([made.outcome.name])
    terms, problems = gaps.with_gaps(made.terms, made.parts, [*made.states], columns.isna())
    refuse(path, problems)
    found = Regression(made.outcome.rename(name), terms, tuple(made.notes), parts=made.parts)
    raw = AsRead(states=made.states)
    return replace(found, columns=columns, again=made.again, logged=logged, raw=raw)


def _bound_terms(path: Path, n: int) -> None:
    if n > MOST_TERMS:
        most = f"at most {MOST_TERMS} can be fitted; choose some with --formula"
        raise DataError(f"{path}: {n:,} terms, {most}")
