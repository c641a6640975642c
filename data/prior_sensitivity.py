"""One group's count: how many events there were among so many trials."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from data._counts import TRUTH, happened, not_zero, whole
from data._table import cell_problems, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
NAMES = {"girls": "births", "events": "trials"}  # columns of counts, in the two ways to call them
RAW = {"girl": "girls", "event": "events"}  # the column of a file with a row for each trial


def load(path: Path = PATH) -> pd.DataFrame:
    """Return one row with two columns: `girls`, `births`, or `events`, `trials`, as the file says.

    The file has one row with these columns, or one row for each birth with the column `girl` (or
    `event`), 0/1 or false/true, which is counted.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    table, problems = read_table(path)
    raw = next((name for name in RAW if name in table and RAW[name] not in table), None)
    if raw:
        return _count(path, table, problems, raw)
    events = next((name for name in reversed(NAMES) if name in table), "girls")
    return _counts(path, table, problems, events)


def _counts(path: Path, table: pd.DataFrame, problems: list[str], events: str) -> pd.DataFrame:
    """Read the one row of counts."""
    trials = NAMES[events]
    schema = pa.DataFrameSchema(
        {events: pa.Column(str, whole()), trials: pa.Column(str, [*whole(), not_zero()])}
    )
    problems += cell_problems(table, schema)
    if len(table) > 1:
        problems.append(
            f"line {table.index[1]}: a second row, expected one; this case is about the rate of "
            "one group. To compare groups use ab_test (`arm,visitors,conversions`)"
        )
    count = table.reindex(columns=[events, trials]).apply(pd.to_numeric, errors="coerce")
    problems += [
        f"line {at}, column {events!r}: {row[events]:.15g} is more than the {row[trials]:.15g} "
        f"{trials}"
        for at, row in count[count[events] > count[trials]].head(1).iterrows()
    ]
    refuse(path, problems)
    return count.astype("int64").reset_index(drop=True)


def _count(path: Path, table: pd.DataFrame, problems: list[str], raw: str) -> pd.DataFrame:
    """Count one row per trial."""
    problems += cell_problems(table, pa.DataFrameSchema({raw: pa.Column(str, happened())}))
    refuse(path, problems)
    events = RAW[raw]
    found = int(table[raw].str.lower().map(TRUTH).sum())
    return pd.DataFrame({events: [found], NAMES[events]: [len(table)]})
