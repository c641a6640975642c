"""Groups with few data each: successes of trials, means with standard errors, or single rows."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from data._counts import counts_of, not_zero, whole
from data._grouped import EFFECTS, RATES, Grouped, exposed, label, once
from data._grouped_rows import by_row
from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._missing import is_missing
from data._numeric import numeric
from data._soundness import LARGEST
from data._table import (
    DataError,
    at_most,
    cell_problems,
    found as found_in,
    missing_columns,
    read_table,
    refuse,
)

PATH = Path(__file__).with_suffix(".csv")
SCHOOLS = PATH.with_stem("partial_pooling_schools")
LATER = ("later_successes", "later_trials")  # what came afterwards, where it is known
NAMES = ("group", "successes", "trials", "effect", "standard_error", "outcome", *LATER, "later")
OF_COUNTS, OF_EFFECTS = ("group", "successes", "trials"), ("group", "effect", "standard_error")
OF_ROWS = ("group", "outcome")
MOST_GROUPS = 300
FEWEST = 2
FINEST = 1e-9  # of the largest number of the file


def load(path: Path = PATH) -> pd.DataFrame:
    """Return one row a group, see `Grouped.table`.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path).table


def read(path: Path = PATH, reading: Reading = AS_IT_IS, *, drop_missing: bool = False) -> Grouped:
    """Return what `load` does, the kind, and the rows, if the file has one a trial.

    The columns are `group,successes,trials`, or `group,effect,standard_error`, or `group,outcome`
    with a row a trial (0/1, false/true, no/yes), which is counted, or a row a measurement (any
    other numbers); `reading` may name them.

    Raises
    ------
    DataError
        As `load` does; or there are too few groups, or too many.
    """
    table, problems = read_table(path, reading, names=NAMES)
    if reading.outcome in table:
        table = table.rename(columns={str(reading.outcome): "outcome"})
        said_of(path).names["outcome"] = str(reading.outcome)
    elif reading.outcome:
        there = found_in(table, reading.outcome)
        problems.append(f"--outcome: there is no column {reading.outcome!r}; found {there}")
    problems += missing_columns(table, OF_COUNTS, OF_EFFECTS, OF_ROWS)
    problems += exposed(table)
    if "effect" in table or "standard_error" in table:
        found = _measured(path, table, problems, reading, drop_missing=drop_missing)
    elif "outcome" in table and "successes" not in table:
        found = by_row(path, table, problems, reading, drop_missing=drop_missing)
    else:
        found = _counted(path, table, problems, reading)
    called = said_of(path).names.get("group", "group")
    groups, n = found.table["group"], len(found.table)
    said_of(path).warnings += _nameless(groups)
    if n < FEWEST:
        raise DataError(
            f"{path}: there is one group, {groups.iloc[0]!r}; what groups have in common takes two "
            "or more: see prior_sensitivity for one rate, known_noise for one quantity"
        )
    if n > MOST_GROUPS:
        raise DataError(f"{path}: {n:,} groups, at most {MOST_GROUPS} can be compared here")
    return Grouped(found.kind, found.table, found.rows, found.beside, called)


def _counted(path: Path, table: pd.DataFrame, problems: list[str], reading: Reading) -> Grouped:
    """Read a row a group, with its successes and trials."""
    later = [name for name in LATER if name in table]
    if len(later) == 1:
        problems.append(f"column {later[0]!r} needs {LATER[LATER[0] == later[0]]!r} beside it")
    numbers = ["successes", "trials", *later]
    table, unread, sums = counts_of(path, table, [one for one in numbers if one in table], reading)
    columns = {name: pa.Column(str, whole()) for name in ("successes", *later[:1])}
    columns |= {name: pa.Column(str, [*whole(), not_zero()]) for name in ("trials", *later[1:])}
    schema = pa.DataFrameSchema({"group": pa.Column(str, [label(), once()]), **columns})
    problems += unread or cell_problems(table, schema)
    count = table.reindex(columns=numbers).apply(pd.to_numeric, errors="coerce")
    pairs = [("successes", "trials")] + ([LATER] if len(later) == len(LATER) else [])
    for k, n in [] if unread else pairs:
        problems += at_most(
            [
                f"line {at}, column {k!r}: {row[k]:.15g} is more than the {row[n]:.15g} {n}"
                for at, row in count[count[k] > count[n]].iterrows()
            ]
        )
    refuse(path, problems and problems + sums)
    found = count.astype("int64").assign(group=labels(table["group"]))
    return Grouped(RATES, found[["group", *numbers]].reset_index(drop=True))


def _measured(
    path: Path, table: pd.DataFrame, problems: list[str], reading: Reading, *, drop_missing: bool
) -> Grouped:
    """Read a row a group, with what was measured of it and the standard error of that."""
    problems += cell_problems(table, pa.DataFrameSchema({"group": pa.Column(str, label())}))
    numbers = ["effect", "standard_error", *(["later"] if "later" in table else [])]
    absent = [name for name in numbers if name not in table]
    there = ", ".join(map(repr, table))
    refuse(path, problems + [f"column {name!r} is missing; found {there}" for name in absent])
    columns, wrong = numeric(path, table, numbers, problems, reading, drop_missing=drop_missing)
    kept = table.loc[columns.index]
    wrong += cell_problems(kept, pa.DataFrameSchema({"group": pa.Column(str, once())}))
    for name in numbers:
        bad = columns.index[~(columns[name].abs() <= LARGEST)]
        rule = f"is not a finite number of {LARGEST:g} at most"
        wrong += at_most([f"line {line}, column {name!r}: {rule}" for line in bad])
    low = columns.index[columns["standard_error"] <= 0]
    rule = "is not above 0; an effect that is known exactly needs no pooling: leave the line out"
    wrong += at_most([f"line {line}, column 'standard_error': {rule}" for line in low])
    size = columns[["effect", "standard_error"]].abs().to_numpy().max()
    lost = columns.index[columns["standard_error"].between(0, FINEST * size, inclusive="right")]
    rule = f"is lost beside numbers as large as {size:g}; subtract what effects have in common"
    wrong += at_most([f"line {line}, column 'standard_error': {rule}" for line in lost])
    refuse(path, wrong)
    found = columns.astype(float).assign(group=labels(kept["group"]))
    return Grouped(EFFECTS, found[["group", *numbers]].reset_index(drop=True))


def _nameless(groups: pd.Series) -> list[tuple[str, str]]:
    """Warn of groups that are called as a value that is missing is."""
    advice = "If it means that nobody knows the group, delete these rows and run it again."
    words = groups[is_missing(groups)].unique()
    return [(f"{word!r} is taken for a group like the others.", advice) for word in words]
