"""What share of income households spend on food, their income and size; or a CSV's."""

from pathlib import Path

import pandas as pd

from data._how import AS_IT_IS, Reading
from data._regression import Regression, read_numeric
from data._table import DataError, at_most

PATH = Path(__file__).with_suffix(".csv")
PER_CENT = 100.0


def load(
    path: Path = PATH,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    reading: Reading = AS_IT_IS,
) -> Regression:
    """Return outcome and terms of the CSV at `path`: by `formula`, or the last column on all.

    Raises
    ------
    DataError
        The file or the formula cannot be used, or an outcome is not a share above 0 and below 1.
    """
    found = read_numeric(path, formula, drop_missing=drop_missing, imputes=True, reading=reading)
    if problems := _not_shares(found.once(found.outcome)):
        raise DataError(f"{path}: " + "\n".join(problems))
    return found


def _not_shares(outcome: pd.Series) -> list[str]:
    """Say what is no share between 0 and 1, and what to do: per cents, 0 and 1 alone, the ends."""
    name, y = outcome.name, outcome
    if ((y > 0) & (y < 1)).all():
        return []
    told = f"the outcome {name!r}"
    if y.isin((0, 1)).all():
        return [f"{told} is 0 or 1 in every row, an event and no share: run logistic_regression"]
    within = ((y >= 0) & (y <= 1)).all()
    of = str(name) if str(name).isidentifier() else f"`{name}`"
    if not within and ((y >= 0) & (y <= PER_CENT)).all():
        return [
            f"{told} is from {y.min():g} to {y.max():g}, and a share is between 0 and 1. If these "
            f"are per cents (45 for .45), divide them by 100: --formula 'I({of} / 100) ~ ...', or "
            "write 45% in the file. An amount, or a ratio that can be above 1, is for "
            "linear_regression."
        ]
    if not within:
        outside = y[(y < 0) | (y > 1)]
        return [
            f"{told} is not between 0 and 1 in {len(outside):,} of {len(y):,} rows, so it is no "
            "share; linear_regression takes any number. They are:",
            *at_most([f"line {i}: {x:g}" for i, x in outside.items()]),
        ]
    return _at_the_ends(told, of, y)


def _at_the_ends(told: str, of: str, y: pd.Series) -> list[str]:
    """Say which rows are exactly 0 or 1, and the three ways out."""
    ends, n = y[(y <= 0) | (y >= 1)], len(y)
    counted = f"{(ends <= 0).sum():,} of 0, {(ends >= 1).sum():,} of 1"
    inwards = f"--formula 'I(({of} * {n - 1} + 0.5) / {n}) ~ ...'"
    return [
        f"{told} is 0 or 1 in {len(ends):,} of {n:,} rows ({counted}), and a Beta distribution has "
        "no such values. What to do depends on what they are:",
        "- shares of a count (0 of 20): run logistic_regression with --formula "
        "'successes | trials(n) ~ ...';",
        "- rows to which the share does not apply (no income, nothing measured): leave them out of "
        "the file; the answer is then about the others alone;",
        "- rounded, for a share a little inside: write more digits, or draw all shares inwards, "
        f"{inwards} (Smithson and Verkuilen 2006), and see if 0.1 in place of 0.5 says the same.",
        *at_most([f"line {i}: {x:g}" for i, x in ends.items()]),
    ]
