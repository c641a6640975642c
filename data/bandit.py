"""What variants were shown, and how often they were clicked: counts, or a row a visitor."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from data import ab_test
from data._counts import Counted
from data._how import AS_IT_IS, Reading, said_of
from data._table import DataError, read_table

PATH = Path(__file__).with_suffix(".csv")
COUNTS = {"arm": "variant", "visitors": "shown", "conversions": "clicked"}  # of an A/B test: here
ROWS = {"arm": "variant", "converted": "clicked"}


def load(path: Path = PATH) -> pd.DataFrame:
    """Return one row a variant: `arm` (its name), `visitors` (shown) and `conversions` (clicked).

    The file has the columns `variant`, `shown` and `clicked`, or a row a visitor with `variant` and
    `clicked` (0/1, false/true, no/yes), which is counted. Variants come in the order of the file.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path).counts


def read(path: Path = PATH, reading: Reading = AS_IT_IS) -> Counted:
    """Return what `load` does, and the rows, if the file has one a visitor, as 0 and 1.

    The counts are those of an A/B test (`data.ab_test.read`), under the names that they have there;
    `reading` may name the columns `variant`, `shown` and `clicked`. A variant that is new was shown
    0 times, but some were.

    Raises
    ------
    DataError
        As `load` does.
    """
    given = dict(reading.columns)
    header = set(read_table(path, replace(reading, columns=(), event=None))[0])
    there = {name.lower(): name for name in header}
    counted = given.get("shown", there.get("shown")) in header
    names = COUNTS if counted or "shown" in given else ROWS
    columns = {ours: given.get(theirs, there.get(theirs)) for ours, theirs in names.items()}
    found = tuple((ours, theirs) for ours, theirs in columns.items() if theirs is not None)
    counts = ab_test.read(path, reading=replace(reading, columns=found), new=True)
    if not counts.counts["visitors"].any():
        raise DataError(f"{path}: no variant was shown to anyone: there is nothing to learn from")
    said = said_of(path)  # what columns are called in an A/B test is nobody's business here
    usual = {f"Column {theirs!r} is read as {ours!r}." for ours, theirs in found}
    said.notes = [note for note in said.notes if note not in usual]
    told = [name for name in names.values() if name in given]
    said.notes += [f"Column {given[name]!r} is {name}." for name in told]
    return counts
