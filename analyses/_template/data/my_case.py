"""Counts with an exposure: how many events each group had, and in how much time, area or number."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from data._counts import whole
from data._label import labels
from data._table import cell_problems, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")


def load(path: Path = PATH) -> pd.DataFrame:
    """Return one row a group: `group`, `events` (whole) and `exposure` (above 0).

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    table, problems = read_table(path)
    above = pa.Check(lambda c: pd.to_numeric(c, errors="coerce") > 0, error="a number above 0")
    columns = {"group": pa.Column(str), "events": pa.Column(str, whole())}  # EDIT: your columns
    columns["exposure"] = pa.Column(str, above)
    problems += cell_problems(table, pa.DataFrameSchema(columns))
    twice = table["group"][table["group"].duplicated()] if "group" in table else ()
    problems += [f"line {at}: a second row of {name!r}" for at, name in dict(twice).items()]
    refuse(path, problems)
    numbers = {name: pd.to_numeric(table[name]).to_numpy() for name in ("events", "exposure")}
    return pd.DataFrame({"group": labels(table["group"].to_numpy()), **numbers})
