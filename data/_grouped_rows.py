"""Groups with a row a trial, or a row a measurement: rows are counted, or summed up, by group."""

from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from data._beside import Beside, beside
from data._counts import happened
from data._grouped import MEANS, RATES, Grouped, label
from data._how import Reading, said_of
from data._label import labels
from data._lines import own_order
from data._numeric import numeric
from data._soundness import LARGEST
from data._spelling import one_spelling
from data._table import at_most, cell_problems, refuse

FINEST = 1e-9  # spread within groups, of the largest number of the file: less is lost
BINARY = 0.5  # of the values 0 or 1: the others are no measurements, but slips


def by_row(
    path: Path, table: pd.DataFrame, problems: list[str], reading: Reading, *, drop_missing: bool
) -> Grouped:
    """Read a row a trial, and count by group, or a row a measurement, and sum up."""
    problems += cell_problems(table, pa.DataFrameSchema({"group": pa.Column(str, label())}))
    values = table["outcome"]
    if reading.event is None and _numbers(values).nunique() > 2:
        return _measured(path, table, problems, reading, drop_missing=drop_missing)
    happening, wrong = happened(values, reading.event)
    refuse(path, problems + wrong)
    groups, notes = one_spelling(table["group"], "")
    said_of(path).notes += notes
    rows = pd.DataFrame({"arm": labels(groups), "conversions": happening}, table.index)
    counts = rows.groupby("arm", sort=False)["conversions"].agg(["sum", "size"]).astype("int64")
    counts = counts.rename(columns={"sum": "successes", "size": "trials"})
    return Grouped(RATES, counts.rename_axis("group").reset_index(), rows, _beside(table, rows))


def _measured(
    path: Path, table: pd.DataFrame, problems: list[str], reading: Reading, *, drop_missing: bool
) -> Grouped:
    """Read a row a measurement: mean, number and squares of each group are all that is needed."""
    columns, wrong = numeric(path, table, ["outcome"], problems, reading, drop_missing=drop_missing)
    values = columns["outcome"].astype(float)
    bad = values.index[~(values.abs() <= LARGEST)]
    rule = f"is not a finite number of {LARGEST:g} at most"
    wrong += at_most([f"line {line}, column 'outcome': {rule}" for line in bad])
    refuse(path, wrong + _slips(values))
    groups, notes = one_spelling(table["group"].loc[values.index], "")
    said_of(path).notes += notes
    rows = pd.DataFrame({"arm": labels(groups), "value": values})
    by = rows.groupby("arm", sort=False)["value"]
    off = rows["value"] - by.transform("mean")
    found = pd.DataFrame({"mean": by.mean(), "size": by.size()})
    found["square"] = (off**2).groupby(rows["arm"], sort=False).sum()
    refuse(path, _unknown(found, float(values.abs().max())))
    own = _beside(table.loc[values.index], rows)
    return Grouped(MEANS, found.rename_axis("group").reset_index(), rows, own)


def _beside(table: pd.DataFrame, rows: pd.DataFrame) -> Beside:
    others = table.drop(columns=["group", "outcome"])
    lines = own_order(rows.iloc[:, 1], others.assign(group=rows["arm"]))
    return beside(others, lines=lines)


def _slips(values: pd.Series) -> list[str]:
    """Name what is neither 0 nor 1 where most values are."""
    other = values.index[~values.isin([0, 1])]
    if 1 - len(other) / len(values) <= BINARY:
        return []
    rule = "is neither 0 nor 1, as most rows are; mend it, or take count_regression for counts"
    return at_most([f"line {line}, column 'outcome': {rule}" for line in other])


def _unknown(found: pd.DataFrame, largest: float) -> list[str]:
    """Say where nobody can tell how far rows of one group are from each other."""
    free = int(found["size"].sum()) - len(found)
    if free < 1:
        return [
            "no group has two rows: how far rows of one group are apart is unknown; give a row a "
            "group with its mean and standard error (group,effect,standard_error)"
        ]
    if np.sqrt(found["square"].sum() / free) <= FINEST * largest:
        return [
            f"rows of one group do not differ, beside numbers as large as {largest:g}: a mean "
            "without error needs no pooling; subtract what all have in common if they do differ"
        ]
    return []


def _numbers(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells.str.replace(",", ".", regex=False), errors="coerce")
