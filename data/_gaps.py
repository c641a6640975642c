"""Gaps in a regression's predictors that are modelled (--missing impute), not left out.

Only columns of numbers that are terms as they stand can have them: what a product, a function or a
level would be of an unknown number, no model here says.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from data._factors import Expression
from data._how import Reading
from data._table import DataError, at_most
from data._terms import Term

IMPUTE = "impute"
OPTION = f"--missing {IMPUTE}"
CASES = (  # that fill gaps
    "linear_regression",
    "robust_regression",
    "proportion_regression",
    "count_regression",
    "ordinal_regression",
)
MOST_ROWS, MOST_CELLS = 10_000, 1_000  # rows of a file that has gaps, and gaps
INSTEAD = "use --drop-missing, or leave the column out with --formula"


def refuse(path: Path, reading: Reading, *, why_not: str, drop_missing: bool) -> None:
    """Raise a DataError where gaps are to be filled and cannot be, in this case or together.

    `why_not` says why this case fills none; it is "" where it does.
    """
    if reading.missing is None:
        return
    of = f"{OPTION} is of {', '.join(CASES)}, and not of this case: {why_not}; use --drop-missing"
    why = [of] if why_not else []
    if drop_missing:
        why.append(f"{OPTION} and --drop-missing cannot be given together")
    if reading.weights is not None:
        why.append(f"{OPTION} is not possible with --weights: write the rows out, one a line")
    if why:
        raise DataError("\n".join(f"{path}: {line}" for line in why))


def left_in(
    columns: pd.DataFrame, gaps: pd.DataFrame, others: Sequence[str]
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return the rows that have an outcome, with their gaps, a note, and problems.

    The outcome is the first of the `columns`; `others` are columns that are no terms. `gaps` says
    which cells have no value, of columns that have some.
    """
    outcome = columns.columns[0]
    out = gaps.get(outcome, pd.Series(False, gaps.index))
    left, holes = columns[~out], gaps[~out].drop(columns=outcome, errors="ignore")
    names = holes.columns[holes.any()]
    wrong = [why for name in names if (why := _unfit(left[name], holes[name], name in others))]
    if len(left) > MOST_ROWS or holes.to_numpy().sum() > MOST_CELLS:
        wrong.append(
            f"{len(left):,} rows have {holes.to_numpy().sum():,} missing values; {OPTION} fills at "
            f"most {MOST_CELLS:,} in at most {MOST_ROWS:,} rows: use --drop-missing"
        )
    notes = [
        f"{out.sum():,} of {len(columns):,} rows were left out because they have no outcome.",
        *(
            f"{holes[name].sum():,} of {len(left):,} values of {name!r} are missing, and are "
            f"estimated by the model ({OPTION})."
            for name in names
        ),
    ]
    return left, notes if out.any() else notes[1:], at_most(wrong)


def _unfit(column: pd.Series, gaps: pd.Series, other: bool) -> str:
    """Say why the gaps of a column cannot be filled, if they cannot."""
    of = f"column {column.name!r} has no value in {gaps.sum():,} of {len(gaps):,} rows"
    if other or not pd.api.types.is_numeric_dtype(column):
        what = "is used by another option" if other else "is text"
        return f"{of} and {what}: {OPTION} fills columns of numbers alone; {INSTEAD}"
    if column.nunique() < 3:
        return f"{of} and two values: {OPTION} fills by a normal distribution; {INSTEAD}"
    return f"{of}, more than half: leave it out with --formula" if gaps.mean() > 0.5 else ""


def filled(columns: pd.DataFrame) -> pd.DataFrame:
    """Return the columns with their means in the gaps, for the reader of formulas."""
    return (
        columns.fillna(columns.mean(numeric_only=True))
        if columns.isna().any(axis=None)
        else columns
    )


def with_gaps(
    terms: pd.DataFrame, parts: Mapping[str, Term], expressions: Sequence[str], gaps: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """Return the terms with the `gaps` of the columns that they are, and problems.

    `expressions` are those that the formula computes.
    """
    names = list(gaps.columns[gaps.any()])
    if not names:
        return terms, []
    inside = {name for text in expressions for name in Expression(text).columns()}
    found, problems = terms.copy(), []
    for name in names:
        using = [label for label, part in parts.items() if name in part.names]
        alone = [label for label in using if parts[label].names == (name,)]
        if name in inside or len(alone) != 1 or using != alone or parts[alone[0]].levels:
            problems.append(
                f"column {name!r} has no value in {gaps[name].sum():,} rows and is not a term by "
                "itself: in a product or a function its gaps cannot be filled. Write that as a "
                f"column of the file, or {INSTEAD.partition(',')[0]}"
            )
            continue
        found.loc[gaps[name], alone[0]] = float("nan")
    few = int(found.notna().all(axis=1).sum())
    if not problems and few < 2 * (terms.shape[1] + 1):
        problems.append(
            f"{few:,} rows have no gap, too few for {terms.shape[1]} terms to tell what goes with "
            "what: use fewer terms (--formula)"
        )
    return found, problems
