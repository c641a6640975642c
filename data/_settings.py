"""Which columns of trials are settings that can be chosen, and what looks like a slip in them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from data._column import Column
from data._how import Reading, said_of
from data._kinds import words_of
from data._missing import is_missing
from data._soundness import of_one_value
from data._suited import command

FEWEST, MOST = 4, 300  # rows: of fewer nothing can be learnt, of more the fit takes hours
FAR = 10  # spreads of all other values, by which one is away from them
_RESULTS = {"yield", "result", "response", "output", "outcome", "objective", "strength", "purity"}
_NUMBERS = {"no", "nr", "run", "trial", "id", "index", "experiment", "row", "order", "sample"}


def no_settings(table: pd.DataFrame, names: Sequence[str]) -> dict[str, str]:
    """Return columns (text cells) that nobody sets, and why: dates, and one text in all rows."""
    found = {}
    for name in names:
        there = table[name][~is_missing(table[name])]
        numbers = pd.to_numeric(there, errors="coerce").notna()
        if len(there) and Column.of(name, table[name]).is_date:
            found[name] = "a date is no setting that can be chosen"
        elif there.nunique() == 1 and len(there) == len(table) and not numbers.any():
            found[name] = f"it is {there.iloc[0]!r} in all rows"
    return found


def unusable(columns: pd.DataFrame, name: str) -> list[str]:
    """Say why nothing can be learnt from what was tried."""
    n = len(columns)
    if n < FEWEST:
        return [f"{n} rows: at least {FEWEST} are needed to learn how results go with settings"]
    if n > MOST:
        return [
            f"{n:,} rows: at most {MOST} are read, since the work grows with their cube. Keep "
            "those around the best results, or the latest ones, in a file of their own"
        ]
    varied = [one for one in columns if one == name or columns[one].nunique() > 1]
    return of_one_value(columns[varied])


def of_two_values(path: Path, results: pd.Series, reading: Reading) -> list[str]:
    """Say where results only say whether something happened, and what is there for these."""
    if results.nunique() != 2 or not results.isin((0, 1)).all():
        return []
    run = command("logistic_regression", path, reading.outcome)
    return [
        f"column {results.name!r} is 0 or 1 in all rows, and a result has to be a number that is "
        "measured. Repeat each setting, and write the share of 1 as its result; or ask how the "
        f"probability goes with the settings: {run}"
    ]


def warn(path: Path, settings: pd.DataFrame, result: str) -> None:
    """Warn of a value far from all others of its column, and of settings that may be results."""
    warnings = said_of(path).warnings
    for name, column in settings.items():
        away = _alone(column)
        if away is not None:
            rest = column.drop(away)
            warnings.append(
                (
                    f"Line {away} has {name} {column[away]:g}, and all others lie between "
                    f"{rest.min():g} and {rest.max():g}: a slip, or another unit?",
                    "The range that is looked at reaches as far as it does: mend the line or leave "
                    "it out, or say with --range what could be tried.",
                )
            )
    outcomes = [str(one) for one in settings if _RESULTS & {*words_of(str(one))}]
    if outcomes:
        warnings.append(
            (
                f"Taken for settings that one chooses: {', '.join(outcomes)}. By name they may be "
                f"results, as {result} is.",
                "Leave what is no setting out of the file; --outcome names the result.",
            )
        )


def _alone(column: pd.Series) -> int | None:
    """Return the line of a value that is much farther from the others than these are spread."""
    values = column.sort_values()
    if len(values) < FEWEST:
        return None
    gaps = values.diff().to_numpy()[1:]
    for at, end in ((len(gaps) - 1, -1), (0, 0)):
        rest = values.drop(values.index[end])
        spread = float(rest.max() - rest.min())
        if rest.nunique() > 2 and gaps[at] > FAR * spread:
            return int(values.index[end])
    return None


def numbers_rows(column: pd.Series, name: str) -> bool:
    """Say whether a column only says which row it is: 1, 2, 3, ... under such a name."""
    called = name.strip().lower().rstrip(".").split("_")[-1]
    counts = np.array_equal(np.diff(column.to_numpy(dtype=float)), np.ones(len(column) - 1))
    return counts and called in _NUMBERS


def note(
    path: Path, same: Mapping[str, float], numbered: Sequence[str], beside: Mapping[str, str]
) -> None:
    """Note which columns are left out, and why."""
    notes = said_of(path).notes
    if same:
        told = ", ".join(f"{name} {value:g}" for name, value in same.items())
        notes.append(
            f"The same in all rows, so that nothing is known of other values, and left out: {told}."
        )
    if numbered:
        notes.append(f"Left out, since it only numbers the rows: {', '.join(numbered)}.")
    notes.extend(f"Left out: {name}, since {why}." for name, why in beside.items())
