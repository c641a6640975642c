"""A CSV as outcome and terms of a regression: types, missing values, formula, and what is wrong.

Without a formula the last column is the outcome and all the others are its predictors.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from data._beside import Beside, beside, grouping
from data._formula import FormulaError, columns_of, design
from data._label import labels
from data._levels import ChoiceError, Choices, check, choices
from data._notation import refuse_classes
from data._soundness import LARGEST, unusable, without_noise
from data._table import DataError, at_most, read_table, refuse
from data._terms import Term

Recode = Callable[[pd.Series], tuple[pd.Series, list[str]]]

MISSING = {"", "na", "n/a", "nan", "null", "none"}  # in a column of numbers; in a text one only ""
MOST_LEVELS, MOST_TERMS = 30, 200


@dataclass(frozen=True)
class Regression:
    """Outcome and terms by row; the index of both is the line in the file.

    `terms` has a column for each coefficient but the intercept, in the data's own units; `notes`
    says what was done to the file: columns coded as categories, rows left out. `beside` has what
    rows belong to and when they were, as far as columns say so; `parts` what each term is; `also`
    columns that are read beside outcome and terms; `lines`, where a row is one trial of a line of
    the file, which line.
    """

    outcome: pd.Series
    terms: pd.DataFrame
    notes: tuple[str, ...]
    beside: Beside = field(default_factory=Beside)
    parts: Mapping[str, Term] = field(default_factory=dict)
    also: pd.DataFrame = field(default_factory=pd.DataFrame)
    lines: pd.Series | None = None

    @property
    def phrases(self) -> dict[str, tuple[str, str]]:
        """What is said before a slope (a comparison), or behind it (“per unit of ...”), by term."""
        return {name: part.phrase() for name, part in self.parts.items()}


def read_regression(
    path: Path,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    recode: Recode = lambda cells: (cells, []),
    group: str | None = None,
    reference: Sequence[str] | None = None,
    levels: Sequence[str] | None = None,
    also: Sequence[str] = (),
) -> Regression:
    """Read the CSV at `path` and return what `formula`, or none, makes of it.

    Parameters
    ----------
    recode
        From the outcome's cells (text; index: line) to other text, and the problems in them.
    group
        A column that says to what rows belong, whatever it looks like.
    reference, levels
        References and orders of levels of categories: district=Nord, size=S,M,L.
    also
        Columns to read beside those of outcome and terms; `.` in a formula is not about them.

    Raises
    ------
    DataError
        The file or the formula cannot be used. All problems of a kind are named, at most 20.
    """
    table, problems = read_table(path)
    names = [name for name in table.columns if name not in also]
    try:
        used = columns_of(formula, names) if formula else [*names[-1:], *names[:-1]]
    except FormulaError as error:
        raise DataError(f"{path}: --formula: {error}") from None
    _bound_terms(path, len(used) - 1)
    if missing := [name for name in also if name not in table]:
        raise DataError(f"{path}: --formula: there is no column {missing[0]!r}")
    if len(used) < 2:
        raise DataError(f"{path}: there is one column, {names[0]!r}; a regression needs two")
    outcome, unfit = recode(table[used[0]])
    cells = table[[*used, *also]].copy()
    cells[used[0]] = outcome
    columns, wrong = _typed(cells)
    refuse(path, problems + unfit + wrong)
    columns, notes = _without_missing(path, columns, drop_missing=drop_missing)
    chosen = _choices(path, reference or (), levels or ())
    found = _designed(path, columns[used], formula, chosen)
    refuse(path, unusable(found.outcome, found.terms))
    others = beside(table.loc[columns.index].drop(columns=used[0]), modelled=used)
    if group is not None:
        others.groups[group] = grouping(path, table.loc[columns.index], group)
    return replace(found, notes=(*found.notes, *notes), beside=others, also=columns[[*also]])


def read_numeric(
    path: Path,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    reference: Sequence[str] | None = None,
    levels: Sequence[str] | None = None,
) -> Regression:
    """Read a regression as `read_regression` does, whose outcome is a number.

    Raises
    ------
    DataError
        The file or the formula cannot be used, the outcome is text, or it has no noise.
    """
    try:
        refuse_classes(formula or "")
    except FormulaError as error:
        raise DataError(f"{path}: --formula: {error}") from None
    found = read_regression(
        path, formula, drop_missing=drop_missing, reference=reference, levels=levels
    )
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


def _choices(path: Path, reference: Sequence[str], levels: Sequence[str]) -> Choices:
    try:
        return choices(reference, levels)
    except ChoiceError as error:
        raise DataError(f"{path}: {error}") from None


def _designed(
    path: Path, columns: pd.DataFrame, formula: str | None, chosen: Choices
) -> Regression:
    """Return the outcome and the terms; column names never pass through a formula's text."""
    try:
        outcome, terms, parts, notes, categories = design(formula, columns, chosen)
        check(chosen, categories)
    except FormulaError as error:
        raise DataError(f"{path}: --formula: {error}") from None
    except ChoiceError as error:
        raise DataError(f"{path}: {error}") from None
    _bound_terms(path, terms.shape[1])
    (name,) = labels([outcome.name])
    return Regression(outcome.rename(name), terms, tuple(notes), parts=parts)


def _bound_terms(path: Path, n: int) -> None:
    if n > MOST_TERMS:
        raise DataError(
            f"{path}: {n:,} terms, at most {MOST_TERMS} can be fitted; choose some with --formula"
        )
