"""An A/B test's counts: visitors and conversions by arm, and a guardrail if there is one."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from data._counts import TRUTH, happened, not_zero, whole
from data._label import labels
from data._table import DataError, at_most, cell_problems, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
MOST_ARMS = 50  # more are no arms but something else, such as a name for every visitor


def load(path: Path = PATH) -> pd.DataFrame:
    """Return one row per arm: `arm`, `visitors`, `conversions` and perhaps `guardrail`.

    The file has these columns, or one row per visitor with `arm`, `converted` (0/1, false/true) and
    perhaps `guardrail`, which is counted. Arms come in the order of the file; the first is the
    control (see `control_first`).

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    table, problems = read_table(path)
    raw = "converted" in table and "conversions" not in table
    arms = (_count if raw else _counts)(path, table, problems)
    if len(arms) < 2:
        raise DataError(
            f"{path}: there is one arm, {arms['arm'][0]!r}; a comparison needs two or more"
        )
    if len(arms) > MOST_ARMS:
        raise DataError(f"{path}: {len(arms):,} arms, at most {MOST_ARMS} can be compared")
    return arms.assign(arm=labels(arms["arm"]))


def control_first(arms: pd.DataFrame, control: str | None) -> pd.DataFrame:
    """Return the arms with the one called `control` first; as they are for None.

    Raises
    ------
    DataError
        No arm is called so.
    """
    if control is None:
        return arms
    (control,) = labels([control])
    if control not in set(arms["arm"]):
        raise DataError(f"no arm is called {control!r}; the arms are {list(arms['arm'])}")
    return arms.sort_values("arm", key=lambda arm: arm != control, kind="stable", ignore_index=True)


def _counts(path: Path, table: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """Read one row per arm."""
    events = ["conversions", "guardrail"] if "guardrail" in table else ["conversions"]
    numbers = ["visitors", *events]
    schema = pa.DataFrameSchema(
        {
            "arm": pa.Column(str, [_label(), _first_of_its_name()]),
            "visitors": pa.Column(str, [*whole(), not_zero()]),
            **{name: pa.Column(str, whole()) for name in events},
        }
    )
    problems += cell_problems(table, schema)
    count = table.reindex(columns=numbers).apply(pd.to_numeric, errors="coerce")
    for name in events:
        problems += at_most(
            [
                f"line {at}, column {name!r}: {row[name]:.15g} is more than the "
                f"{row['visitors']:.15g} visitors"
                for at, row in count[count[name] > count["visitors"]].iterrows()
            ]
        )
    refuse(path, problems)
    return count.astype("int64").assign(arm=table["arm"])[["arm", *numbers]].reset_index(drop=True)


def _count(path: Path, table: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """Count one row per visitor."""
    events = ["converted", "guardrail"] if "guardrail" in table else ["converted"]
    columns = {
        "arm": pa.Column(str, _label()),
        **{name: pa.Column(str, happened()) for name in events},
    }
    refuse(path, problems + cell_problems(table, pa.DataFrameSchema(columns)))
    rows = table[["arm"]].assign(**{name: table[name].str.lower().map(TRUTH) for name in events})
    arms = rows.groupby("arm", sort=False)
    counts = arms[events].sum().rename(columns={"converted": "conversions"}).astype("int64")
    return counts.assign(visitors=arms.size()).reset_index()[["arm", "visitors", *counts.columns]]


def _label() -> pa.Check:
    return pa.Check(
        lambda cell: cell.str.fullmatch(r"[^\x00-\x1f\x7f]{1,200}"),
        error="a label (1 to 200 printable characters)",
    )


def _first_of_its_name() -> pa.Check:
    return pa.Check(
        lambda cell: ~cell.duplicated(), error="the name of one arm alone (it comes again)"
    )
