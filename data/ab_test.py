"""An A/B test's counts: visitors and conversions by arm, and a guardrail if there is one."""

from functools import partial
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from data._beside import beside
from data._control import control_first
from data._counted import there, times_of, warn_of_left_out
from data._counts import Counted, clusters_of, counts_of, happened, not_single, not_zero, whole
from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._lines import own_order
from data._missing import is_missing
from data._spelling import one_spelling
from data._table import DataError, at_most, cell_problems, missing_columns, read_table, refuse

__all__ = ["PATH", "control_first", "load", "read"]
PATH = Path(__file__).with_suffix(".csv")
NAMES = ("arm", "visitors", "conversions", "converted", "guardrail")
MOST_ARMS = 50  # more are no arms but something else, such as a name for every visitor


def load(path: Path = PATH) -> pd.DataFrame:
    """Return one row per arm: `arm`, `visitors`, `conversions` and perhaps `guardrail`.

    The file has these columns, or one row per visitor with `arm`, `converted` (0/1, false/true,
    no/yes) and perhaps `guardrail`, which is counted. Arms come in the order of the file; the first
    is the control (see `control_first`).

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
    new: bool = False,
) -> Counted:
    """Return what `load` does, and the rows, if the file has one per visit, as 0 and 1.

    `cluster` names the column that says whose visits rows are; in the place of rows there are then
    the counts of each cluster of each arm. A file of counts may have a row for each such cluster.
    `reading` may name the columns, and the value of `converted` that counts. Millions of rows that
    are not `ordered` are counted, and are not there. Of a `new` arm there may be counts of 0.

    Raises
    ------
    DataError
        As `load` does; or there is no such column, or no cluster with two visits.
    """
    enough = None if ordered else partial(_enough, path, cluster)
    table, problems = read_table(path, reading, names=NAMES, enough=enough)
    raw = "converted" in table and "conversions" not in table
    if raw:
        rows = _visits(path, table, problems, reading)
    else:
        rows = _counts(path, table, problems, reading, several=cluster is not None, new=new)
    if raw or cluster is not None:  # else arms of one name are refused
        rows["arm"], notes = one_spelling(rows["arm"], "")
        said_of(path).notes += notes
    said_of(path).warnings += _nameless(rows["arm"])
    warn_of_left_out(path, cluster)
    rows = rows.assign(arm=labels(rows["arm"]))
    arms = _summed(rows, ["arm"])
    if len(arms) < 2:
        raise DataError(
            f"{path}: there is one arm, {arms['arm'][0]!r}; a comparison needs two or more"
        )
    if len(arms) > MOST_ARMS:
        raise DataError(f"{path}: {len(arms):,} arms, at most {MOST_ARMS} can be compared")
    clusters = None
    if cluster is not None:
        names = clusters_of(path, table, cluster, ["arm", "converted", *rows])
        clusters = _summed(rows.assign(cluster=names), ["arm", "cluster"])
        not_single(path, clusters, "visitors", cluster)
    if not raw or cluster is not None or said_of(path).times:
        return Counted(arms, clusters=clusters, by_row=raw)
    others = table.drop(columns=["arm", "converted", *rows], errors="ignore")
    lines = own_order(rows["conversions"], others.assign(arm=rows["arm"]))
    return Counted(arms, rows, beside(others, lines=lines), by_row=True)


def _enough(path: Path, cluster: str | None, columns: list[str]) -> list[str]:
    """Return the columns by which rows of a visitor each can be counted; none of other rows."""
    if "converted" not in columns or "conversions" in columns:
        return []
    used = ["arm", "converted", "guardrail"]
    return used if cluster is None else [*used, there(path, columns, cluster, used)]


def _nameless(arms: pd.Series) -> list[tuple[str, str]]:
    """Warn of arms that are called as a value that is missing is; "none" may be a control."""
    words = arms[is_missing(arms) & (arms.str.lower() != "none")].unique()
    advice = "If it means that nobody knows the arm, delete these rows and run it again."
    return [(f"{word!r} is counted as an arm like the others.", advice) for word in words]


def _counts(
    path: Path,
    table: pd.DataFrame,
    problems: list[str],
    reading: Reading,
    *,
    several: bool,
    new: bool,
) -> pd.DataFrame:
    """Read one row per arm, or `several`: one per cluster of an arm; one may be `new`."""
    events = ["conversions", "guardrail"] if "guardrail" in table else ["conversions"]
    numbers = ["visitors", *events]
    problems += missing_columns(table, ("arm", "visitors", "conversions"), ("arm", "converted"))
    table, unread, sums = counts_of(path, table, numbers, reading)
    schema = pa.DataFrameSchema(
        {
            "arm": pa.Column(str, [_label(), *([] if several else [_first_of_its_name()])]),
            "visitors": pa.Column(str, [*whole(), *([] if new else [not_zero()])]),
            **{name: pa.Column(str, whole()) for name in events},
        }
    )
    problems += unread or cell_problems(table, schema)
    count = table.reindex(columns=numbers).apply(pd.to_numeric, errors="coerce")
    for name in [] if unread else events:
        problems += at_most(
            [
                f"line {at}, column {name!r}: {row[name]:.15g} is more than the "
                f"{row['visitors']:.15g} visitors"
                for at, row in count[count[name] > count["visitors"]].iterrows()
            ]
        )
    refuse(path, problems and problems + sums)
    return count.astype("int64").assign(arm=table["arm"])[["arm", *numbers]]


def _visits(path: Path, table: pd.DataFrame, problems: list[str], reading: Reading) -> pd.DataFrame:
    """Read one row per visitor."""
    events = ["converted", "guardrail"] if "guardrail" in table else ["converted"]
    problems += cell_problems(table, pa.DataFrameSchema({"arm": pa.Column(str, _label())}))
    if reading.event is not None:
        said_of(path).notes.append(f"{reading.event!r} (--event) counts as converted.")
    happening = {
        name: happened(table[name], reading.event, beside=name == "guardrail") for name in events
    }
    refuse(path, problems + [line for _, lines in happening.values() for line in lines])
    times = times_of(path, table)
    rows = table[["arm"]].assign(
        visitors=times, **{name: one * times for name, (one, _) in happening.items()}
    )
    return rows.rename(columns={"converted": "conversions"})


def _summed(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the sums of counts by arm, or by arm and cluster, in the order of the file."""
    counts = [name for name in rows if name not in by]
    return rows.groupby(by, sort=False)[counts].sum().astype("int64").reset_index()


def _label() -> pa.Check:
    return pa.Check(
        lambda cell: cell.str.fullmatch(r"[^\x00-\x1f\x7f]{1,200}"),
        error="a label (1 to 200 printable characters)",
    )


def _first_of_its_name() -> pa.Check:
    return pa.Check(
        lambda cell: ~cell.duplicated(),
        error="the name of one arm alone (it comes again); if rows are the counts of persons or "
        "sites, name the column that says whose, --cluster",
    )
