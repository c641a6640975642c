"""What was tried and what came out, and what could be tried: numbers, a column a setting."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data._how import AS_IT_IS, Reading, said_of
from data._label import labels
from data._numeric import numeric
from data._settings import MOST, no_settings, note, numbers_rows, of_two_values, unusable, warn
from data._table import DataError, found, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
POOL = Path(__file__).with_name("next_experiment_pool.csv")
REGRET = Path(__file__).with_name("next_experiment_regret.json")
MOST_CANDIDATES = 20_000
TEXT = (
    "settings are numbers: write a text as columns of 0 and 1, a column for each of its values but "
    "one, or leave it out of the file if it is no setting"
)
LAST = "the result is the last column, unless --outcome names it"
__all__ = ["MOST", "PATH", "POOL", "REGRET", "Tried", "load", "ranges", "read", "read_pool"]


@dataclass(frozen=True)
class Tried:
    """Settings that vary, and results (index: the line); settings that are the same in all rows.

    `in_file` says what a setting is called in the file.
    """

    settings: pd.DataFrame
    results: pd.Series
    same: dict[str, float]
    in_file: dict[str, str]


def load(path: Path = PATH) -> Tried:
    """Return what was tried. The result is the last column.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path)


def read(path: Path = PATH, reading: Reading = AS_IT_IS, *, drop_missing: bool = False) -> Tried:
    """Return what `load` does; `reading` may name the result (`outcome`).

    A setting that has one value in all rows is left out, and so is a column that only numbers the
    rows, or dates them; a note says so. Rows with a gap are refused, or left out.

    Raises
    ------
    DataError
        As `load` does; or there is no such column.
    """
    table, problems = read_table(path, reading)
    name = str(reading.outcome or table.columns[-1])
    if name not in table:
        there = found(table, name)
        problems.append(f"column {name!r} is missing; found {there}; name yours with --outcome")
    refuse(path, problems)
    refuse(path, problems)
    names = [str(one) for one in table.columns if one != name]
    beside = no_settings(table, names)
    names = [one for one in names if one not in beside]
    if not names:
        refuse(path, ["there are no settings beside the result: a column for each is needed"])
    how = {"drop_missing": drop_missing}
    try:
        columns, wrong = numeric(path, table, [*names, name], problems, reading, **how)
    except DataError as error:
        more = f"\n{path}: {TEXT}" if "is text" in str(error) else ""
        more += f"\n{path}: {LAST}" if f"{name!r} is text" in str(error) else ""
        raise DataError(f"{error}{more}") from None
    refuse(path, wrong or unusable(columns, name) or of_two_values(path, columns[name], reading))
    same = {one: float(columns[one].iloc[0]) for one in names if columns[one].nunique() == 1}
    numbered = [one for one in names if one not in same and numbers_rows(columns[one], one)]
    varied = [one for one in names if one not in same and one not in numbered]
    refuse(path, [] if varied else ["no setting was varied: there is nothing to learn from"])
    note(path, same, numbered, beside)
    columns = columns.astype(float)
    called = dict(zip([*varied, name], labels([*varied, name]), strict=True))
    settings = columns[varied].rename(columns=called)
    warn(path, settings, called[name])
    in_file = {ours: theirs for theirs, ours in called.items() if theirs != name}
    return Tried(settings, columns[name].rename(called[name]), same, in_file)


def read_pool(path: Path, tried: Tried, reading: Reading = AS_IT_IS) -> pd.DataFrame:
    """Return the settings that could be tried (index: the line), each once.

    Rows in which a setting that was never varied has another value are left out: nothing is known
    of them. Further columns, such as the result itself, are not used.

    Raises
    ------
    DataError
        The file cannot be used: a setting is missing, or is no number, or nothing is left.
    """
    table, problems = read_table(path, Reading(**{**vars(reading), "outcome": None}))
    names = [*tried.in_file.values()]
    problems += [
        f"column {one!r} is missing; found {found(table, one)}; a pool has every setting that was "
        "varied"
        for one in names
        if one not in table
    ]
    refuse(path, problems)
    fixed = [one for one in tried.same if one in table]
    columns, missing = numeric(path, table, [*names, *fixed], [], reading, drop_missing=False)
    refuse(path, missing)
    kept = (columns[fixed] == pd.Series(tried.same)[fixed]).all(axis=1)
    again = columns[kept].duplicated(names)
    _note_pool(path, columns, kept, again, table, [*names, *fixed])
    left = columns[kept][~again][names].astype(float)
    problems = [] if len(left) else ["there is no setting of which anything is known"]
    if len(left) > MOST_CANDIDATES:
        problems = [f"{len(left):,} settings: at most {MOST_CANDIDATES:,} are read"]
    refuse(path, problems)
    return left.rename(columns={theirs: ours for ours, theirs in tried.in_file.items()})


def _note_pool(
    path: Path,
    columns: pd.DataFrame,
    kept: pd.Series,
    again: pd.Series,
    table: pd.DataFrame,
    used: Sequence[str],
) -> None:
    notes = said_of(path).notes
    if not kept.all():
        notes.append(
            f"{path.name}: {int((~kept).sum()):,} of {len(columns):,} rows differ in a setting "
            "that was never varied, and are left out."
        )
    if again.any():
        notes.append(f"{path.name}: {int(again.sum()):,} settings come again, and count once.")
    rest = [str(one) for one in table.columns if one not in used]
    if rest:
        notes.append(f"{path.name}: not used, since it is no setting: {', '.join(rest)}.")


def ranges(texts: Sequence[str], tried: Tried) -> dict[str, tuple[float, float]]:
    """Return the least and greatest value of settings that texts such as "water=120:250" say.

    Raises
    ------
    ValueError
        A text is none such, or names no setting that was varied, or one twice.
    """
    found: dict[str, tuple[float, float]] = {}
    ours = {theirs: name for name, theirs in tried.in_file.items()}
    for text in texts:
        name, _, ends = (one.strip() for one in text.rpartition("="))
        try:
            low, high = (float(one) for one in ends.split(":"))
        except ValueError:
            raise ValueError(f"{text!r} is not a setting and its range, as water=120:250") from None
        if name not in ours:
            raise ValueError(f"{name!r} is no setting that was varied: {', '.join(ours)}")
        if ours[name] in found or not -1e100 < low < high < 1e100:
            raise ValueError(f"{text!r}: the range of a setting is given once, the lower end first")
        found[ours[name]] = low, high
    return found
