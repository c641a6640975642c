"""Columns of text cells as numbers or categories, and what fits neither."""

import numpy as np
import pandas as pd

from data._complete import lost_digits
from data._how import AS_IT_IS, Reading, found_of
from data._label import labels
from data._missing import is_missing
from data._soundness import LARGEST
from data._table import at_most

MOST_LEVELS = 30


def typed(table: pd.DataFrame, reading: Reading = AS_IT_IS) -> tuple[pd.DataFrame, list[str]]:
    """Return text columns as numbers (missing: NaN) or categories, and what fits neither."""
    columns, problems = {}, []
    for name, cells in table.items():
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


def not_numeric(cells: pd.Series, outcome: pd.Series) -> list[str]:
    """Say that an outcome is text, and what to do."""
    if not isinstance(outcome.dtype, pd.CategoricalDtype):
        return []
    shown = found_of([value for value in cells.unique() if value])
    two = ", or use logistic_regression" if len(outcome.cat.categories) == 2 else ""
    return [f"the outcome {cells.name!r} is text, {shown}; name a numeric one with --outcome{two}"]
