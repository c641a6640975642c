"""Values of one thing at times in order: a row a time, with gaps where nothing was observed."""

from pathlib import Path
from shlex import quote

import numpy as np
import pandas as pd

from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._numeric import numeric
from data._periods import steps
from data._recorded import Recorded
from data._season import unseasonal, without_course
from data._soundness import of_one_value
from data._table import DataError, at_most, found, missing_columns, read_table, refuse
from data._when import When, when

PATH = Path(__file__).with_suffix(".csv")
TIMED = ("time", "value")
SOME = 3  # series that are named
FEWEST, MOST = 5, 20_000  # values
LONGEST = 40_000  # steps of time, from the first value to the last
ALIKE = 1e-9  # of their size, to which means differ by rounding alone
READ = f"{FEWEST} to {MOST:,} are read"
TOGETHER = "each by itself (--each alone) or with sds from one population (--each pooled)"


def load(path: Path = PATH) -> Recorded:
    """Return the values of a file, and when each was.

    The columns are `time` and `value`, or, of a file of two columns, the first and the second.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path)


def read(
    path: Path = PATH,
    reading: Reading = AS_IT_IS,
    series: str | None = None,
    means: int = 1,
    season: int = 0,
    trend: bool = False,
) -> Recorded:
    """Return what `load` does; `reading` may name the columns (time, value).

    Rows without a value are times at which nothing was observed. Rows may stand in any order. Of
    several series in a file `series` is what the rows of one say in a column of their own. Values
    are `means` of so many steps of time each, where each has a value; and they have to be enough
    for a `season` of so many steps, and a `trend`.

    Raises
    ------
    DataError
        As `load` does; or a time comes twice, or times are no whole steps apart; or no column, or
        more than one, says `series`.
    """
    table, problems = read_table(path, reading, names=TIMED)
    table = table if series is None else _one_of(path, table, series)
    table, name = named(table)
    if not {*TIMED} <= {*table}:
        lacking = next(one for one in TIMED if one not in table)
        problems.append(f"column {lacking!r} is missing; found {found(table, lacking)}")
        refuse(path, problems + missing_columns(table, TIMED))
    told = when(table, "time", reading)
    columns, wrong = numeric(
        path, table, ["value"], problems + told.problems, reading, drop_missing=True
    )
    refuse(path, wrong or of_one_value(columns))
    name = name if series is None else f"{name} of {labels([series])[0]}"
    values = columns["value"].dropna().rename(name)
    if len(values) < FEWEST:
        raise DataError(f"{path}: {len(values):,} values, and {READ}; more of them")
    if told.values[values.index].duplicated().any():
        refuse(path, several(table.loc[values.index]))
    order = told.values[values.index].sort_values(kind="stable").index
    if not told.values[values.index].is_monotonic_increasing:
        said_of(path).notes.append("Rows were put into the order of their times.")
    recorded = _means(path, recorded_of(path, values[order], told, table["time"][order]), means)
    refuse(path, unseasonal(recorded, season) if season else [])
    refuse(path, without_course(recorded, season) if trend else [])
    return recorded


def _means(path: Path, recorded: Recorded, each: int) -> Recorded:
    """Return means of so many steps of time each; refuse what is too few or too many then."""
    found = recorded if each == 1 else recorded.means(each)
    n, times = len(found.values), int(found.at[-1]) + 1 if len(found.values) else 0
    if found is not recorded:
        said_of(path).notes.append(
            f"Each of the {n:,} values is a mean of {each:,} {recorded.unit}s (--means); stretches "
            "in which one of them has no value have none, and those at the ends that are not whole."
        )
    if n < FEWEST:
        raise DataError(f"{path}: {n:,} whole stretches, and {READ}; take shorter ones (--means)")
    if each > 1 and np.ptp(found.values) <= ALIKE * np.abs(found.values).max():
        raise DataError(f"{path}: all {n:,} means are alike; what moves, moves within a stretch")
    if n > MOST or times > LONGEST:
        raise DataError(
            f"{path}: {n:,} values over {times:,} steps of time, and {READ}, over at most "
            f"{LONGEST:,} steps; --means 7 takes means of longer stretches, of 7 steps here"
        )
    return found


def _one_of(path: Path, table: pd.DataFrame, series: str) -> pd.DataFrame:
    """Return the rows of one series, without the column that says whose each row is."""
    rows = {name: table[name] == series for name in table if name not in TIMED}
    found = [name for name, one in rows.items() if one.any()]
    if len(found) != 1:
        where = f"columns {' and '.join(map(repr, found))} say" if found else "no column says"
        raise DataError(f"{path}: {where} {series!r}; --series takes a cell of one column alone")
    kept = table[rows[found[0]]].drop(columns=found[0])
    said_of(path).notes.append(
        f"Read are the {len(kept):,} of {len(table):,} rows that say {series!r} in the column "
        f"{found[0]!r} (--series)."
    )
    return kept


def several(table: pd.DataFrame) -> list[str]:
    """Return by which column each time of several series comes once, if there is one."""
    name = told_apart(table)
    if name is None:
        return []
    series = table[name].unique()
    some = ", ".join(map(repr, series[:SOME])) + (", ..." if len(series) > SOME else "")
    return [
        f"{len(series):,} series, told apart by the column {name!r} ({some}); choose one: "
        f"--series {quote(series[0])}; or take all of them, {TOGETHER}"
    ]


def told_apart(table: pd.DataFrame) -> str | None:
    """Return the column by which each time of several series comes once; the one with fewest."""
    found = [
        (table[name].nunique(dropna=False), i, str(name))
        for i, name in enumerate(table.columns)
        if name not in TIMED and not table.duplicated(["time", name]).any()
    ]
    return min((one for one in found if one[0] > 1), default=(0, 0, None))[2]


def named(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Call the columns of a file of two `time` and `value`; return what the second was called."""
    names = list(map(str, table.columns))
    if len(names) == 2 and {*names} != {*TIMED}:
        first = 1 if names[1] == "time" or names[0] == "value" else 0
        table = table.rename(columns={names[first]: "time", names[1 - first]: "value"})
        return table, labels([names[1 - first]])[0]
    return table, "value"


def recorded_of(path: Path, values: pd.Series, told: When, cells: pd.Series) -> Recorded:
    """Return values in the order of time; refuse times that come twice or are no steps apart."""
    times = told.values[values.index]
    again = [f"time {one!r} comes more than once" for one in cells[times.duplicated()]]
    if again:
        again.append("one value a time is read: keep one of those rows, or their mean")
    refuse(path, at_most(again))
    places, unit = steps(times, dates=told.dates)
    if places is None:
        raise DataError(
            f"{path}: the steps from one time to the next are no multiples of the smallest; write "
            "times in equal steps (years, months, days), with rows left out where nothing was seen"
        )
    at = np.array(places, dtype=int) - places[0]
    unit_steps = np.gcd.reduce(np.diff(at))
    at = at // unit_steps
    first, step, by = _scale(times, at, unit, dates=told.dates)
    recorded = Recorded(values, at, unit, first, step, by)
    index = [recorded.called(int(one)) for one in at]
    return Recorded(values.set_axis(index), at, unit, first, step, by)


def _scale(times: pd.Series, at: np.ndarray, unit: str, *, dates: bool) -> tuple[float, float, str]:
    """Return the first time and a step as `Recorded` has them, and in what they count."""
    length = float(np.diff(times).min() / np.diff(at).min()) if len(at) > 1 else 1.0
    if not dates:
        return float(times.iloc[0]), float((times.iloc[-1] - times.iloc[0]) / at[-1]), ""
    days = times.to_numpy().astype(int).astype("M8[D]")
    months = days.astype("M8[M]").astype(int)
    every = (months[-1] - months[0]) / at[-1]
    if (
        every >= 1
        and np.array_equal(months - months[0], at * every)
        and unit not in ("day", "week")
    ):
        return float(months[0]), float(every), "M"
    return float(times.iloc[0]), length, "D"
