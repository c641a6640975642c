"""Checks for columns of counts, or of what happened or did not: whole numbers, 0/1, false/true."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from data._beside import Beside
from data._how import Reading, did_you_mean, found_of, said_of
from data._meant import meant
from data._missing import is_missing
from data._table import DataError, at_most, refuse
from data._totals import warn_of_totals
from data._truth import EXPECTED, truth_of

LARGEST = 10**9  # a count: from 10**10 on, NUTS was seen to miss the posterior

_WHOLE = r"[0-9]+(\.0*)?"


@dataclass(frozen=True)
class Counted:
    """What a file counts, and what it says of single rows.

    `counts` is what the case is about, a row an arm or a group. `rows` has the events of every row
    as 0 or 1 where the file has one row a trial (index: line), and `beside` what these belong to;
    `clusters` has a row for each cluster, where clusters were asked for; `by_row` says that the
    file has a row a trial, whose order says nothing of arms.
    """

    counts: pd.DataFrame
    rows: pd.DataFrame | None = None
    beside: Beside = field(default_factory=Beside)
    clusters: pd.DataFrame | None = None
    by_row: bool = False

    @property
    def assigned(self) -> list[int]:
        """How many were put in each arm by themselves: visitors, or clusters of them."""
        if self.clusters is None:
            return self.counts["visitors"].tolist()
        return self.clusters["arm"].value_counts().loc[self.counts["arm"]].tolist()

    @property
    def crossing(self) -> int:
        """How many clusters are in more arms than one."""
        if self.clusters is None:
            return 0
        return int((self.clusters["cluster"].value_counts() > 1).sum())


def clusters_of(path: Path, table: pd.DataFrame, name: str, used: list[str]) -> pd.Series:
    """Return the cells that say which cluster each row is of: those of the column `name`.

    Raises
    ------
    DataError
        There is no such column beside those `used`, or one of its cells is empty.
    """
    others = [column for column in table if column not in used]
    if name not in others:
        found = ", ".join(map(repr, others)) or "none"
        near = did_you_mean(name, others)
        raise DataError(f"{path}: --cluster: there is no column {name!r}; found {found}{near}")
    empty = table.index[table[name] == ""]
    refuse(path, at_most([f"line {line}: no value in {name!r} (--cluster)" for line in empty]))
    return table[name]


def not_single(path: Path, clusters: pd.DataFrame, trials: str, name: str) -> None:
    """Refuse clusters none of which has two trials: they are no clusters."""
    if clusters[trials].max() < 2:
        raise DataError(
            f"{path}: every {name!r} has one row, so that rows are independent; leave out --cluster"
        )


def counts_of(
    path: Path, table: pd.DataFrame, names: Sequence[str], reading: Reading
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return the table with the columns `names` as counts, however they are written, and problems.

    At last comes which rows are sums of others; that and how counts are read is noted.
    """
    said = said_of(path)
    read = meant(table, names, reading, separator=said.separator, whole=True)
    table = table.assign(**read.table)
    said.notes += read.notes
    warn_of_totals(table, said)
    return table, read.problems, [text for text, _ in said.warnings]


def whole() -> list[pa.Check]:
    """Check that a cell is a whole number, and not absurdly large."""
    number = pa.Check(lambda cell: cell.str.fullmatch(_WHOLE), error="a whole number of 0 or more")
    small = pa.Check(
        lambda cell: ~(pd.to_numeric(cell, errors="coerce") > LARGEST), error=f"at most {LARGEST:,}"
    )
    return [number, small]


def not_zero() -> pa.Check:
    """Check that a cell is not zero."""
    return pa.Check(lambda cell: ~cell.str.fullmatch(r"0+(\.0*)?"), error="1 or more")


def happened(
    cells: pd.Series, event: str | None = None, *, beside: bool = False
) -> tuple[pd.Series, list[str]]:
    """Return 1 and 0 for every cell of a column, and a line for each that says neither.

    `event` is the value that counts as 1, beside one other; a column `beside` the one that it is
    meant for needs it only if its cells do not say yes and no.
    """
    every = list(cells[cells != ""].unique())
    words = len(every) == 2 and np.isnan(truth_of(every)).all()  # "+" and "-", of which none misses
    missing = (cells == "") if words else is_missing(cells)
    name, filled = f"column {cells.name!r}", cells[~missing]
    values = list(filled.unique())
    truth = cells.map(dict(zip(values, truth_of(values), strict=True))).astype(float)
    rule = f"is {EXPECTED}"
    problems = at_most([f"line {at}, {name}: {c!r} {rule}" for at, c in cells[missing].items()])
    bad = filled[truth[filled.index].isna()]
    if event is not None and not (beside and bad.empty):
        if event not in values:
            near = did_you_mean(event, values)
            problems.append(f"{name} is never {event!r}, the --event; {found_of(values)}{near}")
        elif len(values) != 2:
            problems.append(f"{name} needs two values, {event!r} and another; {found_of(values)}")
        return (cells == event).astype("int64"), problems
    if len(values) == 2 and len(bad):
        why = f"{found_of(values)}: name the one to count, --event"
        problems.append(f"{name} has two values, {why}")
    if len(values) != 2 or len(bad) < len(filled):
        problems += at_most([f"line {at}, {name}: {c!r} {rule}" for at, c in bad.items()])
    return truth.fillna(0).astype("int64"), problems
