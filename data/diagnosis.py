"""Findings of patients, a row each: 0 and 1, and blanks where nobody looked."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from data._how import AS_IT_IS, Reading, found_of, said_of
from data._missing import is_missing
from data._table import at_most, found, missing_columns, read_table, refuse
from data._truth import EXPECTED, truth_of

PATH = Path(__file__).with_suffix(".csv")
NAMES = ("visit", "smoking", "tuberculosis", "cancer", "bronchitis", "xray", "dyspnoea")
NOBODY = "a column of which nobody knows anything has to be there, with empty cells"


def load(path: Path = PATH) -> pd.DataFrame:
    """Return how many patients show each pattern of findings; see `read`."""
    return read(path)


def read(path: Path = PATH, reading: Reading = AS_IT_IS) -> pd.DataFrame:
    """Return the patients by pattern: the findings (0, 1, NaN for a blank), and `patients`.

    The file has a row a patient, and each finding as 0/1, false/true or no/yes, or with the
    `event` of the reading as yes. There is a row for every pattern that patients with these blanks
    could show, also where none does; its name (index) has a sign for each finding, “-” for a blank.
    A patient of whom nothing is known is left out.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    table, problems = read_table(path, reading, names=NAMES)
    there = [name for name in NAMES if name in table]
    wanted = [name for name in NAMES if name not in table]
    problems += [f"column {one!r} is missing; found {found(table, one)}" for one in wanted]
    problems += [NOBODY] if wanted else []
    problems += missing_columns(table, NAMES)
    cells = _as_truth(table[there], reading.event, problems)
    columns = {name: _finding(cells[name], problems) for name in there}
    refuse(path, problems)
    rows = pd.DataFrame(columns)
    nothing = rows.isna().all(axis=1)
    if nothing.all():
        refuse(path, ["all cells of the findings are blank"])
    said = said_of(path)
    if nothing.any():
        said.notes.append(f"Patients of whom nothing is known are left out: {nothing.sum():,}.")
    for name in rows.columns[rows.isna().all()]:
        said.warnings.append(_unseen(name))
    return patterns(rows[~nothing])


def _as_truth(cells: pd.DataFrame, event: str | None, problems: list[str]) -> pd.DataFrame:
    """Return the cells with the `event` as 1 and the one other word, in all columns, as 0."""
    if event is None:
        return cells
    every = [one for one in pd.unique(cells.to_numpy().ravel()) if not is_missing_word(one)]
    others = [one for one in every if one != event and np.isnan(truth_of([one])[0])]
    if event not in every:
        problems.append(f"no finding is ever {event!r}, the --event; {found_of(every)}")
    if len(others) > 1:
        problems.append(f"beside {event!r}, the --event, one other value is no; {found_of(others)}")
    return cells.replace(dict.fromkeys(others, "0") | {event: "1"})


def is_missing_word(cell: str) -> bool:
    """Say whether a cell is blank, or has a word for that."""
    return bool(is_missing(pd.Series([cell], dtype="str")).iloc[0])


def _finding(cells: pd.Series, problems: list[str]) -> pd.Series:
    """Return one column as 0, 1 and NaN."""
    filled = cells[~is_missing(cells)]
    truth = pd.Series(truth_of(filled), filled.index, dtype=float)
    bad = filled[truth.isna()]
    text = f"column {cells.name!r}"
    if len(bad) and len(bad) == len(filled):
        problems.append(
            f"{text}: {found_of(list(bad.unique()))}: name the one that is yes, --event"
        )
    else:
        problems += at_most([f"line {at}, {text}: {c!r} is {EXPECTED}" for at, c in bad.items()])
    return truth.reindex(cells.index)


def _unseen(name: str) -> tuple[str, str]:
    return (
        f"Nobody in the file was looked at for {name}: what is said of it is what the prior says.",
        f"Fill in {name} where it is known; do not act on its probabilities.",
    )


def patterns(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the patients (rows of 0, 1, NaN) of every pattern that their blanks allow."""
    seen = rows.groupby(list(NAMES), dropna=False).size()
    counts = {_name(at): int(n) for at, n in seen.items()}
    kinds = rows.isna().drop_duplicates().sort_values(list(NAMES)).to_numpy()
    every = [
        one for blank in kinds for one in product(*([np.nan] if no else [0.0, 1.0] for no in blank))
    ]
    names = [_name(one) for one in every]
    found = pd.DataFrame(every, names, list(NAMES))
    return found.assign(patients=[counts.get(name, 0) for name in names])


def _name(pattern: tuple[float, ...]) -> str:
    return "".join("-" if np.isnan(one) else f"{one:.0f}" for one in pattern)
