"""Counts of kinds, one row each, or one row an observation of a kind."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from data._beside import Beside, beside
from data._counts import LARGEST, counts_of, whole
from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._lines import own_order
from data._missing import is_missing
from data._spelling import one_spelling
from data._table import DataError, cell_problems, found, missing_columns, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
NAMES = ("kind", "count")
MOST_KINDS = 50
#: What a column of counts is often called: rows beside one are no single observations.
COUNTS = {"n", "counts", "number", "freq", "frequency", "observed", "obs", "amount", "quantity"}


@dataclass(frozen=True)
class Kinds:
    """The counts, and of a file with a row an observation the kind of each (index: the line).

    `counts` has the kinds as its index, in the order of the file, and `beside` what rows belong to.
    """

    counts: pd.Series
    rows: pd.Series | None = None
    beside: Beside = field(default_factory=Beside)


def load(path: Path = PATH) -> pd.Series:
    """Return the count of every kind (index: kind), in the order of the file.

    The file has the columns `kind` and `count`, or `kind` alone with one row an observation.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path).counts


def read(path: Path = PATH, reading: Reading = AS_IT_IS) -> Kinds:
    """Return what `load` does, and the rows, if the file has one an observation.

    `reading` may name the columns.

    Raises
    ------
    DataError
        As `load` does.
    """
    table, problems = read_table(path, reading, names=NAMES)
    if list(table) != ["count"] and "kind" not in table and table.shape[1] == 1:
        table = table.set_axis(["kind"], axis=1)
    by_row = "count" not in table
    if by_row:
        rows = _observed(path, table, problems)
        counts = rows.value_counts(sort=False).reindex(rows.unique())
    else:
        counts = _counted(path, table, problems, reading)
    _refuse_few(path, counts)
    if not by_row:
        return Kinds(counts)
    others = table.drop(columns="kind")
    return Kinds(counts, rows, beside(others, lines=own_order(rows, others)))


def _counted(path: Path, table: pd.DataFrame, problems: list[str], reading: Reading) -> pd.Series:
    """Read a row a kind."""
    problems += missing_columns(table, NAMES, also=("kind",))
    table, unread, sums = counts_of(path, table, ["count"], reading)
    schema = {"kind": pa.Column(str, [_label(), _once()]), "count": pa.Column(str, whole())}
    problems += unread or cell_problems(table, pa.DataFrameSchema(schema))
    refuse(path, problems and problems + sums)
    said_of(path).warnings += _nameless(table["kind"])
    count = pd.to_numeric(table["count"]).astype("int64").to_numpy()
    return pd.Series(count, pd.Index(labels(table["kind"]), name="kind"), name="count")


def _observed(path: Path, table: pd.DataFrame, problems: list[str]) -> pd.Series:
    """Read a row an observation, and return the kind of each."""
    problems += missing_columns(table, ("kind", "count"), ("kind",))
    problems += cell_problems(table, pa.DataFrameSchema({"kind": pa.Column(str, _label())}))
    counting = [name for name in table if name.lower() in COUNTS]
    if "kind" in table and (counting or not table["kind"].duplicated().any()):
        what = (
            f"column {counting[0]!r} may have the counts" if counting else "every kind comes once"
        )
        there = found(table, "count")
        problems.append(
            f"{what}, and rows without a count are one observation each; found {there}; name the "
            "column of the counts with --count, or leave such a column out"
        )
    refuse(path, problems)
    kinds, notes = one_spelling(table["kind"], "")
    said = said_of(path)
    said.notes += notes
    said.warnings += _nameless(kinds)
    return pd.Series(labels(kinds), table.index, name="kind")


def _refuse_few(path: Path, counts: pd.Series) -> None:
    """Refuse what has no shares to be told."""
    n = len(counts)
    if n < 2:
        raise DataError(f"{path}: there is one kind, {counts.index[0]!r}; shares need two or more")
    if n > MOST_KINDS:
        raise DataError(f"{path}: {n:,} kinds, at most {MOST_KINDS} can be told apart")
    if not counts.sum():
        raise DataError(f"{path}: all counts are 0: nothing was observed")
    if counts.sum() > LARGEST:
        raise DataError(f"{path}: {counts.sum():,} observations, at most {LARGEST:,} are read")


def _nameless(kinds: pd.Series) -> list[tuple[str, str]]:
    """Warn of kinds that are called as a value that is missing is."""
    advice = "If it means that nobody knows the kind, delete these rows and run it again."
    words = kinds[is_missing(kinds)].unique()
    return [(f"{word!r} is counted as a kind like the others.", advice) for word in words]


def _label() -> pa.Check:
    return pa.Check(
        lambda cell: cell.str.fullmatch(r"[^\x00-\x1f\x7f]{1,200}"),
        error="a label (1 to 200 printable characters)",
    )


def _once() -> pa.Check:
    return pa.Check(
        lambda cell: ~cell.str.split().str.join(" ").str.casefold().duplicated(),
        error="the name of one kind alone (it comes again); add up the counts of a kind, if they "
        "are independent observations of the same",
    )
