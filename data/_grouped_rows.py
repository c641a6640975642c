"""Groups with a row a trial, or a row a measurement: rows are counted, or summed up, by group."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from data._beside import beside
from data._counts import happened
from data._grouped import RATES, Grouped, label
from data._how import Reading, said_of
from data._label import labels
from data._missing import is_missing
from data._spelling import one_spelling
from data._table import cell_problems, refuse


def by_row(path: Path, table: pd.DataFrame, problems: list[str], reading: Reading) -> Grouped:
    """Read a row a trial, and count by group."""
    problems += cell_problems(table, pa.DataFrameSchema({"group": pa.Column(str, label())}))
    values = table["outcome"]
    if not is_missing(values).all() and pd.to_numeric(values, errors="coerce").nunique() > 2:
        problems.append(
            "column 'outcome' has numbers other than 0 and 1: give a row a group with its mean and "
            "standard error (group,effect,standard_error), or run linear_regression with "
            "--formula 'outcome ~ 1 + (1 | group)'"
        )
        refuse(path, problems)
    happening, wrong = happened(values, reading.event)
    refuse(path, problems + wrong)
    groups, notes = one_spelling(table["group"], "")
    said_of(path).notes += notes
    rows = pd.DataFrame({"arm": labels(groups), "conversions": happening}, table.index)
    counts = rows.groupby("arm", sort=False)["conversions"].agg(["sum", "size"]).astype("int64")
    counts = counts.rename(columns={"sum": "successes", "size": "trials"})
    others = table.drop(columns=["group", "outcome"])
    return Grouped(RATES, counts.rename_axis("group").reset_index(), rows, beside(others))
