"""Rows of counts, so many events in so many trials, as one row a trial: the same likelihood.

The trials of a line are one line's: they stay on one side of a split, and whether they are more
alike than independent trials would be is looked at like any other group of rows.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from data._beside import Beside
from data._notation import Binomial
from data._regression import Regression
from data._table import DataError, at_most, refuse

MOST_TRIALS = 100_000
LINE = "line of the file"


def by_trial(path: Path, found: Regression, counts: Binomial) -> Regression:
    """Return a regression of counts with a row for each trial, the outcome 0 or 1.

    `found` has the successes as its outcome and the other column beside it. Rows are numbered from
    1; `lines` says which line of the file each is of. A line without trials is left out.

    Raises
    ------
    DataError
        Something is no whole number from 0, a line has more successes than trials, or there are
        more than `MOST_TRIALS`.
    """
    successes = found.outcome
    other = found.also[counts.other]
    refuse(path, [*_not_counts(successes, counts.successes), *_not_counts(other, counts.other)])
    failures = other if counts.failures else other - successes
    bad = failures.index[failures < 0]
    refuse(
        path, at_most([f"line {i}: {successes[i]:g} successes in {other[i]:g} trials" for i in bad])
    )
    trials = (successes + failures).astype(int)
    if trials.sum() > MOST_TRIALS:
        raise DataError(
            f"{path}: {trials.sum():,} trials, at most {MOST_TRIALS:,} are fitted one by one; take "
            "fewer lines, or add up lines that are equal in all terms and take a sample of them"
        )
    lines = pd.Series(np.repeat(trials.index.to_numpy(), trials))
    lines.index = rows = pd.RangeIndex(1, len(lines) + 1)
    nth = lines.groupby(lines).cumcount().to_numpy()
    y = pd.Series((nth < successes[lines].to_numpy()).astype(float), rows, name=counts.successes)
    return replace(
        found,
        outcome=y,
        terms=found.terms.loc[lines].set_axis(rows),
        notes=(*found.notes, _note(counts, len(lines), int((trials > 0).sum()))),
        beside=_beside(found.beside, lines),
        lines=lines,
        columns=found.columns.loc[lines].set_axis(rows),
        groups=found.groups and found.groups.at(lines),
    )


def _beside(found: Beside, lines: pd.Series) -> Beside:
    """Return what trials belong to: what their lines do, and their line."""
    groups, times = (
        {name: one[lines].set_axis(lines.index) for name, one in of.items()}
        for of in (found.groups, found.times)
    )
    own = {LINE: pd.Series(pd.factorize(lines)[0], lines.index)}
    return replace(found, groups=own | groups, times=times, lines=False)


def _not_counts(column: pd.Series, name: str) -> list[str]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [f"column {name!r} is text; counts are needed"]
    bad = column[(column < 0) | (column % 1 != 0)]
    return at_most([f"line {i}, column {name!r}: {x:g} is no count" for i, x in bad.items()])


def _note(counts: Binomial, trials: int, lines: int) -> str:
    of = "failures" if counts.failures else "trials"
    return (
        f"A line has counts, {counts.successes} and {of} ({counts.other}): {lines:,} lines, read "
        f"as {trials:,} rows, one a trial. For independent trials the likelihood is the same; the "
        "trials of a line are held out together (--hold-out), as nearly in the share asked for as "
        "whole lines allow, and whether they are independent is looked at."
    )
