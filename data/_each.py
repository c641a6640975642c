"""Values of several series, a row a series and time, on one scale of time."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._missing import is_missing
from data._numeric import numeric
from data._recorded import Recorded
from data._soundness import of_one_value
from data._table import DataError, at_most, found, missing_columns, read_table, refuse
from data._when import when
from data.river_level import FEWEST, LONGEST, TIMED, named, recorded_of, told_apart

FEW, MANY, MOST = 2, 12, 3_000  # series, and values of all of them
ONE = "--series takes one of them by itself"


def read_each(path: Path, reading: Reading = AS_IT_IS) -> dict[str, Recorded]:
    """Return the values of each series of a file, by its name, in the order of the file.

    A column besides time and value says whose each row is; a step of time is the same for all.

    Raises
    ------
    DataError
        The file cannot be used: all problems of its cells are named; or there are not `FEW` to
        `MANY` series in it with `FEWEST` values each, that are not all alike.
    """
    table, problems = read_table(path, reading, names=TIMED)
    table, _ = named(table)
    lacking = [one for one in TIMED if one not in table]
    if lacking:
        problems += [f"column {one!r} is missing; found {found(table, one)}" for one in lacking]
        refuse(path, problems + missing_columns(table, TIMED))
    told = when(table, "time", reading)
    columns, wrong = numeric(
        path, table, ["value"], problems + told.problems, reading, drop_missing=True
    )
    refuse(path, wrong)
    values = columns["value"].dropna()
    of = _series(path, table.loc[values.index])
    times = told.values[values.index].sort_values(kind="stable")
    if not told.values[values.index].is_monotonic_increasing:
        said_of(path).notes.append("Rows were put into the order of their times.")
    first = times[~times.duplicated()]
    whole = recorded_of(path, values[first.index], told, table["time"][first.index])
    names = dict(zip(of.unique(), labels(of.unique()), strict=True))
    refuse(path, _unusable(values, of, names, whole, times))
    at = dict(zip(first, whole.at, strict=True))
    return {
        label: _one(values[order].rename(label), times[order].map(at).to_numpy(dtype=int), whole)
        for name, label in names.items()
        if len(order := times.index[of[times.index] == name])
    }


def _series(path: Path, table: pd.DataFrame) -> pd.Series:
    """Return whose each row is, and note by which column; refuse where no column says it."""
    name = told_apart(table)
    if name is None:
        raise DataError(
            f"{path}: no column tells several series apart, in each of which a time comes once; "
            "one series is read without --each"
        )
    empty = table.index[is_missing(table[name])]
    refuse(path, at_most([f"line {one}, column {name!r}: nothing; whose value is it?"
                          for one in empty]))  # fmt: skip
    said_of(path).notes.append(f"The column {name!r} says of which series each row is (--each).")
    return table[name]


def _unusable(
    values: pd.Series, of: pd.Series, names: dict[str, str], whole: Recorded, times: pd.Series
) -> list[str]:
    """Say which series are too short, too long or of one value, or that they are too many."""
    if not FEW <= len(names) <= MANY or len(values) > MOST:
        return [
            f"{len(names):,} series with {len(values):,} values, and {FEW} to {MANY} series are "
            f"read with {MOST:,} values in all; leave rows out, or {ONE}"
        ]
    if whole.at[-1] + 1 > LONGEST:
        return [f"{whole.at[-1] + 1:,} steps of time, and {LONGEST:,} are read at most; {ONE}"]
    said: list[str] = []
    for name, label in names.items():
        one = values[of == name]
        if len(one) < FEWEST:
            said.append(f"series {label!r} has {len(one):,} values, and needs {FEWEST}; leave it "
                        "out, or add some")  # fmt: skip
        else:
            said += [f"series {label!r}: {line}" for line in of_one_value(one.to_frame())]
    return at_most(said)


def _one(values: pd.Series, at: np.ndarray, whole: Recorded) -> Recorded:
    """Return one series, of whose times each is so many steps from the first time of all."""
    begins = int(at[0])
    made = replace(whole, values=values, at=at - begins, first=whole.first + begins * whole.step)
    return replace(made, values=values.set_axis([made.called(int(one)) for one in made.at]))
