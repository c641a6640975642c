"""When events happened, or how many there were in each period: counts of periods without gaps."""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from data._counts import counts_of, whole
from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._periods import (
    FEWEST,
    MOST,
    Periods,
    begin_of,
    called,
    decimal_year,
    gaps,
    named,
    of_numbers,
    places,
    steps,
    usual,
)
from data._table import (
    DataError,
    at_most,
    cell_problems,
    found,
    missing_columns,
    read_table,
    refuse,
)
from data._when import When, when

CHANCE = 4  # sds of a number of equal rows
PATH = Path(__file__).with_suffix(".csv")


def load(path: Path = PATH) -> pd.Series:
    """Return how many events each period has (index: what the period is called).

    The file has a row an event, with the column `date` (decimal years or dates), or a row a period
    with `period` and `count`.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path).counts


def read(
    path: Path = PATH,
    reading: Reading = AS_IT_IS,
    *,
    every: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Periods:
    """Return what `load` does, and when each period begins.

    `every` is the length of the periods that dates are counted by (year, month, week or day);
    `since` and `until` say when counting began and ended, where events alone do not.

    Raises
    ------
    DataError
        As `load` does; or periods are missing, come twice, or are too few or too many.
    """
    table, problems = read_table(path, reading, names=("date", "period", "count"))
    table, window = _named(table), {"since": since, "until": until}
    if {"period", "count"} <= {*table} and "date" not in table:
        given = {"every": every, **window}
        options = [f"--{name}" for name, value in given.items() if value is not None]
        if options:
            problems.append(f"{options[0]} is for files with a row an event, not for counts")
        periods = _periods(path, table, reading, problems)
    else:
        if "date" not in table:
            problems.append(f"column 'date' is missing; found {found(table, 'date')}")
            problems += missing_columns(table, ("date",), ("period", "count"))
            refuse(path, problems)
        periods = _events(path, table, reading, problems, every, window)
    n = len(periods.counts)
    if n < FEWEST:
        raise DataError(
            f"{path}: too few periods, {n}; at least {FEWEST} are needed to see a change"
        )
    return periods


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Call a single column `date`, and the other one of two beside `count` `period`."""
    if table.shape[1] == 1 and "date" not in table:
        return table.set_axis(["date"], axis=1)
    others = [name for name in table if name != "count"]
    if table.shape[1] == 2 and len(others) == 1 and others != ["period"]:
        return table.rename(columns={others[0]: "period"})
    return table


def _events(
    path: Path,
    table: pd.DataFrame,
    reading: Reading,
    problems: list[str],
    every: str | None,
    window: Mapping[str, str | None],
) -> Periods:
    """Count the rows of a file with a row an event, by period."""
    told = when(table, "date", reading)
    problems += told.problems
    if every is not None and not told.dates:
        problems.append("--every is for dates: numbers, such as decimal years, are counted by 1")
    ends = {name: _end(told, text, name) for name, text in window.items() if text is not None}
    problems += [
        f"--{name} {window[name]}: not when, as the column 'date' has it"
        for name, end in ends.items()
        if end is None
    ]
    refuse(path, problems)
    unit = (every or usual(told.values)) if told.dates else of_numbers(told.values, 1)
    by = unit if told.dates else "day"  # of numbers, 1
    at = places(told.values, by)
    bounds = {name: int(places(np.array([end]), by)[0]) for name, end in ends.items()}
    first, last = bounds.get("since", int(at.min())), bounds.get("until", int(at.max()))
    if last - first >= MOST:
        longer = "choose longer ones, --every month" if told.dates else "divide the numbers"
        raise DataError(f"{path}: {last - first + 1:,} periods, at most {MOST:,}; {longer}")
    if last < first:
        raise DataError(f"{path}: --until is before --since")
    inside = at[(at >= first) & (at <= last)]
    _say(path, table, told, unit, len(at) - len(inside))
    counts = np.bincount(inside - first, minlength=last - first + 1).astype("int64")
    return named(counts, np.arange(first, last + 1), unit, dates=told.dates)


def _end(told: When, text: str, name: str) -> float | None:
    """Return when a text says; of dates a year alone is its first day, or (until) its last."""
    if told.dates and text.strip().isdigit() and len(text.strip()) == 4:
        return told.of(f"{text.strip()}-{'12-31' if name == 'until' else '01-01'}")
    return told.of(text)


def _say(path: Path, table: pd.DataFrame, told: When, unit: str, outside: int) -> None:
    """Note how events were counted; warn where more rows are the same than chance explains."""
    said = said_of(path)
    how = "--every says by what else" if told.dates else "by whole numbers"
    said.notes.append(f"{len(table):,} rows, an event each, counted by {unit} ({how}).")
    if outside:
        said.notes.append(f"Left out, as before --since or after --until: {outside:,} events.")
    again = int(table.duplicated().sum())
    days = max(np.ptp(told.values), 1.0) if told.dates else math.inf
    by_chance = len(table) ** 2 / (2 * days)  # pairs of events on the same day
    if again > by_chance + CHANCE * math.sqrt(by_chance) and table.shape[1] > 1:
        said.warnings.append(
            (
                f"Rows that are the same in all columns as one before: {again:,}.",
                "If they are one event written twice, leave one out: each counts by itself.",
            )
        )


def _periods(path: Path, table: pd.DataFrame, reading: Reading, problems: list[str]) -> Periods:
    """Read a file with a row a period."""
    table, unread, sums = counts_of(path, table, ["count"], reading)
    schema = pa.DataFrameSchema({"count": pa.Column(str, whole())})
    problems += unread or cell_problems(table, schema)
    told = when(table, "period", reading)
    problems += told.problems
    refuse(path, problems and problems + sums)
    order = told.values.sort_values(kind="stable").index
    if not told.values.is_monotonic_increasing:
        said_of(path).notes.append("Rows were put into the order of their periods.")
    values, cells = told.values[order], table["period"][order]
    again = [f"period {one!r} comes more than once" for one in cells[values.duplicated()]]
    if again:
        again.append("sum the counts of a period in the file, or keep the rows of one kind")
    refuse(path, at_most(again))
    if len(values) < 2:
        raise DataError(f"{path}: one period; at least {FEWEST} are needed to see a change")
    numbers, unit = steps(values, dates=told.dates)
    if numbers is None:
        raise DataError(f"{path}: the steps from one period to the next are not all the same")
    refuse(path, at_most(gaps(numbers, list(cells))))
    if len(values) > MOST:
        raise DataError(f"{path}: {len(values):,} periods, at most {MOST:,}; sum them up")
    days = [begin_of(one, unit) for one in values] if told.dates else []
    starts = np.array([decimal_year(day) for day in days]) if days else values.to_numpy(float)
    index = [called(day, unit) for day in days] if days else labels(cells)
    counts = pd.to_numeric(table["count"][order]).astype("int64").to_numpy()
    return Periods(pd.Series(counts, index, name="count"), starts, unit)
