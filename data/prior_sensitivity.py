"""One group's count: how many events there were among so many trials."""

from functools import partial
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from data._beside import beside
from data._counted import there, times_of, warn_of_left_out
from data._counts import Counted, clusters_of, counts_of, happened, not_single, not_zero, whole
from data._how import AS_IT_IS, Reading, said_of
from data._lines import own_order
from data._table import cell_problems, found, missing_columns, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
NAMES = {"girls": "births", "events": "trials"}  # columns of counts, in the two ways to call them
RAW = {"girl": "girls", "event": "events"}  # the column of a file with a row for each trial


def load(path: Path = PATH) -> pd.DataFrame:
    """Return one row with two columns: `girls`, `births`, or `events`, `trials`, as the file says.

    The file has one row with these columns, or one row for each birth with the column `girl` (or
    `event`), 0/1, false/true or no/yes, which is counted.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path).counts


def read(
    path: Path = PATH,
    cluster: str | None = None,
    reading: Reading = AS_IT_IS,
    *,
    ordered: bool = False,
) -> Counted:
    """Return what `load` does, and the rows, if the file has one per birth, as 0 and 1.

    `cluster` names the column that says to what a row belongs, such as a family or a hospital; the
    file may then have counts with a row for each cluster, as what is returned has. `reading` may
    name the column of a row a trial (`outcome`), and its value that counts. Millions of rows that
    are not `ordered` are counted, and are not there.

    Raises
    ------
    DataError
        As `load` does; or there is no such column, or no cluster with two births.
    """
    enough = None if ordered else partial(_enough, path, cluster, reading)
    names = (*NAMES, *NAMES.values(), *RAW)
    table, problems = read_table(path, reading, names=names, enough=enough)
    table, wrong = _renamed(path, table, reading)
    problems += wrong
    raw = next((name for name in RAW if name in table and RAW[name] not in table), None)
    if raw:
        rows = _births(path, table, problems, raw, reading.event)
    else:
        events = next((name for name in reversed(NAMES) if name in table), "girls")
        rows = _counts(path, table, problems, events, reading, several=cluster is not None)
    events, trials = rows.columns
    counts, clusters = rows.sum().to_frame().T, None
    if cluster is not None:
        names = clusters_of(path, table, cluster, [events, trials, *RAW])
        clusters = rows.groupby(names, sort=False).sum().rename_axis("cluster").reset_index()
        not_single(path, clusters, trials, cluster)
    warn_of_left_out(path, cluster)
    if not raw or cluster is not None or said_of(path).times:
        return Counted(counts, clusters=clusters)
    others = table.drop(columns=raw)
    return Counted(counts, rows, beside(others, lines=own_order(rows[events], others)))


def _enough(path: Path, cluster: str | None, reading: Reading, columns: list[str]) -> list[str]:
    """Return the columns by which rows of a trial each can be counted; none of other rows."""
    raw = [reading.outcome] if reading.outcome else [name for name in RAW if name in columns]
    used = [name for name in raw if name in columns and RAW.get(name) not in columns][:1]
    if not used or cluster is None:
        return used
    return [*used, there(path, columns, cluster, used)]


def _renamed(path: Path, table: pd.DataFrame, reading: Reading) -> tuple[pd.DataFrame, list[str]]:
    """Call the column that the option --outcome names `event`."""
    name = reading.outcome
    if name is None or name in RAW:
        return table, []
    if name not in table:
        return table, [f"--outcome: there is no column {name!r}; found {found(table, name)}"]
    said_of(path).names["event"] = name
    return table.drop(columns=["event", "girl"], errors="ignore").rename(
        columns={name: "event"}
    ), []


def _counts(
    path: Path,
    table: pd.DataFrame,
    problems: list[str],
    events: str,
    reading: Reading,
    *,
    several: bool,
) -> pd.DataFrame:
    """Read the one row of counts, or `several`: one of each cluster."""
    trials = NAMES[events]
    problems += missing_columns(table, ("events", "trials"), ("outcome",), also=("girls", "births"))
    table, unread, sums = counts_of(path, table, [events, trials], reading)
    schema = pa.DataFrameSchema(
        {events: pa.Column(str, whole()), trials: pa.Column(str, [*whole(), not_zero()])}
    )
    problems += unread or cell_problems(table, schema)
    if len(table) > 1 and not several:
        problems.append(
            f"line {table.index[1]}: a second row, expected one; this case is about the rate of "
            "one group. If rows are clusters of it (families, hospitals), name their column, "
            "--cluster; to compare groups use ab_test (`arm,visitors,conversions`)"
        )
    count = table.reindex(columns=[events, trials]).apply(pd.to_numeric, errors="coerce")
    more = [] if unread else count[count[events] > count[trials]].head(20).iterrows()
    problems += [
        f"line {at}, column {events!r}: {row[events]:.15g} is more than the {row[trials]:.15g} "
        f"{trials}"
        for at, row in more
    ]
    refuse(path, problems and problems + sums)
    return count.astype("int64")


def _births(
    path: Path, table: pd.DataFrame, problems: list[str], raw: str, event: str | None
) -> pd.DataFrame:
    """Read one row per trial."""
    happening, wrong = happened(table[raw], event)
    if event is not None:
        said_of(path).notes.append(f"{event!r} (--event) counts as an event.")
    refuse(path, problems + wrong)
    events = RAW[raw]
    times = times_of(path, table)
    return pd.DataFrame({events: happening * times, NAMES[events]: times})
