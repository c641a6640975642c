"""Rows to be judged: held out, at random within each class, or all, left out one at a time.

A split is made once, before anything looks at the data.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from data._regression import Regression
from data._table import DataError
from data._together import together

COPIES = "values of all terms"  # what rows that are copies have in common


def split(
    found: Regression, share: float, seed: int, group: str | None = None
) -> tuple[Regression, Regression]:
    """Return the training rows and the held-out rows of a regression with a 0/1 outcome.

    Of each class `share` of the rows, rounded, is held out, but at least one and never all. Rows
    that are copies of one another (see `together`), and those of one `group`, stay on one side; the
    share is then that of the rows as nearly as may be, and a note says so. Terms that are constant
    in the training rows teach nothing and are left out of both; a note of both says so. Rows stay
    in the order of the file. Where rows are trials, those of a line stay together.

    Raises
    ------
    DataError
        A class has fewer than two rows (or groups of rows), or no term is left.
    """
    belongs = found.beside.groups[group] if group else None
    if found.lines is None:
        codes, copies = together(found.terms, belongs)
    else:
        codes, copies = pd.factorize(found.lines if belongs is None else belongs)[0], 0
    held = _drawn(found.outcome, codes, share, np.random.default_rng(seed))
    varying = np.ptp(found.terms.to_numpy()[~held], axis=0) > 0
    if not varying.any():
        raise DataError("every term is constant in the training rows; there is nothing to fit")
    still = ", ".join(map(str, found.terms.columns[~varying]))
    notes, beside = (*found.notes, *_told(copies, group)), found.beside
    if copies:
        same = pd.Series(codes, found.terms.index)
        beside = replace(beside, groups=beside.groups | {COPIES: same})
    if not varying.all():
        notes += (f"Constant in the training rows, and so left out: {still}.",)
    parts = [
        replace(
            found,
            outcome=found.outcome[rows],
            terms=found.terms.loc[rows, varying],
            notes=notes,
            beside=beside,
            columns=found.columns.reindex(found.outcome.index[rows]),
        )
        for rows in (~held, held)
    ]
    return parts[0], parts[1]


def whole(found: Regression) -> Regression:
    """Return all rows, to be left out one at a time, with notes of those that have copies.

    Copies of a row (see `together`) stay in the fit without it: they become a group of rows that
    belong together, and whether they are alike is looked at.

    Raises
    ------
    DataError
        A class has fewer than two rows.
    """
    for value in (0, 1):
        _two_at_least(found.outcome, value)
    if found.lines is not None:
        return found
    codes, copies = together(found.terms, None)
    if not copies:
        return found
    note = (
        f"{copies:,} rows are copies of others, or nearly, in all terms: where such a row is left "
        "out its copies are fitted, so that it is hardly a new one."
    )
    same = {COPIES: pd.Series(codes, found.terms.index)}
    beside = replace(found.beside, groups=found.beside.groups | same)
    return replace(found, notes=(*found.notes, note), beside=beside)


def on_both_sides(train: Regression, held: Regression) -> list[str]:
    """Return the columns that say to what rows belong, of which some is on both sides."""
    return [
        name
        for name, codes in train.beside.groups.items()
        if {*codes.loc[train.outcome.index]} & {*codes.loc[held.outcome.index]}
    ]


def _told(copies: int, group: str | None) -> list[str]:
    """Say which rows are on one side, and that they are fewer than they seem."""
    said = []
    if group:
        said.append(f"Rows with the same {group} are on one side of the split (--group).")
    if copies:
        said.append(
            f"{copies:,} rows are copies of others, or nearly, in all terms: such rows are on one "
            "side of the split, since a held-out row that was fitted proves nothing."
        )
    return [
        f"{one} Standard errors over held-out rows count rows, and are too small where such rows "
        "repeat one another."
        for one in said
    ]


def _drawn(
    outcome: pd.Series, codes: np.ndarray, share: float, rng: np.random.Generator
) -> np.ndarray:
    """Say which rows are held out: whole groups, drawn among those with mostly 0, mostly 1."""
    y, sizes = outcome.to_numpy(), np.bincount(codes)
    first = np.unique(codes, return_index=True)[1]  # the first row of each group
    mostly = np.bincount(codes, weights=y) * 2 >= sizes
    held = np.zeros(len(sizes), dtype=bool)
    for value in (0, 1):
        _two_at_least(outcome, value)
        rows = np.sort(first[mostly == value])
        drawn = codes[rng.permutation(rows)]
        n = min(max(round(share * sizes[drawn].sum()), 1), sizes[drawn].sum() - 1)
        held[drawn[np.cumsum(sizes[drawn]) - sizes[drawn] / 2 < n][: max(len(drawn) - 1, 1)]] = True
    if any(len(np.unique(y[held[codes] == side])) < 2 for side in (False, True)):
        raise DataError(
            f"the rows of each value of {outcome.name!r} belong together so that they cannot be "
            "held out and fitted at once; two groups of rows at least are needed for each value"
        )
    return held[codes]


def _two_at_least(outcome: pd.Series, value: int) -> None:
    """Raise a DataError where the outcome has this value in fewer than two rows."""
    n = int((outcome == value).sum())
    if n < 2:
        raise DataError(
            f"the outcome {outcome.name!r} is {value} in {n} of {len(outcome)} rows; two at least "
            "are needed, one to fit and one to judge"
        )
