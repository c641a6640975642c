"""Columns of text cells as numbers or categories, and what fits neither."""

import re
from contextlib import suppress

import numpy as np
import pandas as pd

from data._complete import lost_digits
from data._how import AS_IT_IS, Reading, found_of
from data._kinds import kind_of
from data._label import labels
from data._missing import is_missing
from data._plain import is_plain, numbers_of, texts
from data._soundness import LARGEST
from data._suited import choices
from data._table import at_most

MOST_LEVELS = 30
MOST_DIFFERENT = 10  # from so many on, text that is never the same twice names rows


def typed(table: pd.DataFrame, reading: Reading = AS_IT_IS) -> tuple[pd.DataFrame, list[str]]:
    """Return text columns as numbers (missing: NaN) or categories, and what fits neither."""
    columns, problems = {}, []
    for name, cells in table.items():
        if _is_used(cells) and not reading.keeps(str(name)):
            columns[name] = numbers_of(cells)
            continue
        cells = texts(cells)
        blank = cells == ""
        missing = is_missing(cells)
        numbers = pd.to_numeric(cells.mask(missing), errors="coerce").astype(float)
        numeric = numbers.notna() & (numbers.abs() <= LARGEST)
        most = numeric.sum() * 2 > (~missing).sum() or missing.all()
        if most and not reading.keeps(str(name)):
            columns[name] = numbers
            if lost := lost_digits(cells[numeric], numbers[numeric]):
                problems += lost
                columns[name] = numbers * np.nan  # which is not constant
            bad = cells[~numeric & ~missing]
            problems += at_most(
                [f"line {i}, column {name!r}: {c!r} {_rule(c)}" for i, c in bad.items()]
            )
            columns[name] = columns[name].where(numeric)  # what is said here is said once
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
            elif MOST_DIFFERENT <= levels == text.count():
                problems.append(
                    f"column {name!r} is text with another value in every row, as names of rows "
                    "are: leave it out with --formula, as in 'y ~ x + z'"
                )
    return pd.DataFrame(columns, copy=False), problems


def _is_used(cells: pd.Series) -> bool:
    """Say whether cells were read as numbers, which have more than one value."""
    if not is_plain(cells):
        return False
    numbers = numbers_of(cells)
    return bool(numbers.min() < numbers.max())


def _rule(cell: str) -> str:
    """Say why a cell is no number among numbers, and what to write."""
    if re.match("#[A-Z0-9/]+[!?]?$", cell):
        return "is an error of a spreadsheet: mend it there, or empty the cell if nothing is known"
    if re.match("[<>≤≥]|[0-9.,]+ *[+]$", cell):
        return (
            "is a bound and not a number: what stands for it is to be decided in the file; or cut "
            "the column into ranges, as text"
        )
    with suppress(ValueError):
        if not abs(float(cell)) <= LARGEST:
            return f"is not a number of {LARGEST:g} at most"
    return "is not a number; if nothing is known there, empty the cell"


def not_numeric(cells: pd.Series, outcome: pd.Series) -> list[str]:
    """Say that an outcome is text, and what to do."""
    if not isinstance(outcome.dtype, pd.CategoricalDtype):
        return []
    shown = found_of([value for value in cells.unique() if value])
    found, missing = choices(kind_of(outcome)) if outcome.nunique() > 1 else ([], None)
    case = f", or use {found[0].case}" if found and not missing else ""
    return [f"the outcome {cells.name!r} is text, {shown}; name a numeric one with --outcome{case}"]
