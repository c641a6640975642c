"""Columns beside those that a model uses: what a row belongs to, and when it was.

A person, a session, a site or a judge whose name comes again makes rows that may not be
independent, and so does time. Which columns are such is told by their names and their cells.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from data._how import did_you_mean
from data._label import labels
from data._lines import in_blocks
from data._plain import is_plain, numbers_of, texts
from data._table import DataError, at_most, refuse

BELONGS = re.compile(
    "id|uid|uuid|guid|user|person|people|patient|subject|subj|participant|"
    "respondent|proband|customer|client|visitor|player|member|account|cookie|session|"
    "household|hh|family|mother|father|parent|child|litter|sibling|twin|pair|couple|"
    "dyad|site|school|classroom|teacher|student|pupil|hospital|clinic|ward|doctor|"
    "physician|surgeon|nurse|midwife|judge|rater|reviewer|coder|grader|interviewer|"
    "store|shop|branch|plot|batch|lot|plate|farm|village|district|county|team|"
    "cluster|centre|center|lab|laboratory|animal|mouse|rat|cow|dog|cage|herd|tank|"
    "employee|worker|operator|firm|company|panelist|item|stimulus|practice|bottle|"
    "experiment|instrument|sensor|device|apparatus|observer|gauge|technician|analyst|golfer|"
    "thrower|grower|breeder"
)
WHEN = {"date", "timestamp", "datetime"}  # wherever they stand in a name
ALONE = {"day", "week", "month", "quarter", "year", "time", "hour", "season", "wave", "period"}
FEWEST, CODED = 5, 10  # values of a column that belongs: of text with a number, of numbers alone
MANY = 30  # more values of a text column than any regression takes for categories
_NUMBERED = re.compile(r"[^\W\d]*[-_#:. ]?\d+|[0-9a-fA-F]{8,}|[0-9a-fA-F-]{36}|\S+@\S+")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}.*|\d{1,2}[./]\d{1,2}[./]\d{4}.*")
_DAY_FIRST = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True)
class Beside:
    """By row (index: line), what each belongs to (codes from 0), and when it was (numbers).

    `columns` says which column of the file makes a group, `outcome` which one is predicted; `lines`
    that no column says when a row was, and the order of the lines may.
    """

    groups: dict[str, pd.Series] = field(default_factory=dict)
    times: dict[str, pd.Series] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    outcome: str = ""
    lines: bool = False


def beside(table: pd.DataFrame, modelled: Sequence[str] = (), *, lines: bool = False) -> Beside:
    """Return the columns of a file (text cells) that say what rows belong to, and when they were.

    `modelled` are columns that a model uses, the outcome's first: of these, only what is called so
    counts. A column whose values never come again, or that has missing cells, groups nothing. The
    order of `lines` may tell when rows were (see `data._lines`), if no column does, and these were
    not sorted by what groups them.
    """
    groups, times = {}, {}
    for name, label in zip(table, labels(table), strict=True):
        cells = table[name]
        if (cells == "").any():
            continue
        if is_plain(cells):
            if not _may_belong(name, cells, used=name in modelled):
                continue
            cells = texts(cells)
        when = _when(name, cells)
        if when is not None:
            times[label] = when
            cells = np.floor(when).astype(str) if _dated(cells) else cells  # rows of a day
        codes, values = pd.factorize(cells)
        again = 1 < len(values) < len(cells)
        if again and (when is not None or _belongs(name, cells, used=name in modelled)):
            groups[label] = pd.Series(codes, cells.index)
    columns = {label: name for name, label in zip(table, labels(table), strict=True)}
    outcome = modelled[0] if modelled else ""
    lines = lines and not times and not any(in_blocks(one) for one in groups.values())
    return Beside(groups, times, columns, outcome, lines)


def _may_belong(name: str, cells: pd.Series, *, used: bool) -> bool:
    """Say whether a column of numbers may be one that is looked for, so that its cells are read."""
    if any(map(BELONGS.fullmatch, _words(name))) or _says_when(name):
        return True
    return not used and bool((numbers_of(cells) % 1 == 0).all())


def grouping(path: Path, table: pd.DataFrame, name: str) -> pd.Series:
    """Return what the column `name` says each row belongs to (codes).

    Raises
    ------
    DataError
        There is no such column, or one of its cells is empty.
    """
    if name not in table:
        near = did_you_mean(name, table.columns)
        raise DataError(f"{path}: --group: there is no column {name!r}{near}")
    cells = texts(table[name])
    empty = table.index[cells == ""]
    refuse(path, at_most([f"line {line}: no value in {name!r} (--group)" for line in empty]))
    return pd.Series(pd.factorize(cells)[0], table.index)


def _words(name: str) -> set[str]:
    found = {word.lower() for word in _WORD.findall(name)}
    return found | {word.removesuffix("s") for word in found}


def _belongs(name: str, cells: pd.Series, *, used: bool) -> bool:
    """Say whether a column names what its rows belong to, by its name or else by its cells."""
    if any(map(BELONGS.fullmatch, _words(name))):
        return True
    if used:
        return False
    values = cells.nunique()
    numbers = pd.to_numeric(cells, errors="coerce")
    if numbers.notna().all() and not cells.str.fullmatch(r"0\d+").any():
        return values >= CODED and bool((numbers % 1 == 0).all()) and _coded(cells)
    if numbers.notna().mean() > 0.5 and not cells.str.fullmatch(r"0\d+").any():
        return False  # numbers, and a few words for what is missing
    numbered = cells.str.fullmatch(_NUMBERED).mean() > 0.9
    return values > MANY or (values >= FEWEST and bool(numbered))


def _coded(cells: pd.Series) -> bool:
    """Say whether whole numbers look like names: each as often as any other, or all in a run."""
    times = cells.value_counts()
    runs = int((cells != cells.shift()).sum())
    return bool(times.min() > 1 and np.ptp(times) <= 1) or runs <= 1.1 * len(times)


def _dated(cells: pd.Series) -> bool:
    return bool(cells.str.fullmatch(_DAY).all())


def _when(name: str, cells: pd.Series) -> pd.Series | None:
    """Return when each row was as a number (days, where the cells are dates); None: not said."""
    if _dated(cells):
        return _days(cells)
    if not _says_when(name):
        return None
    numbers = pd.to_numeric(cells, errors="coerce")
    return numbers if np.isfinite(numbers).all() else None


def _says_when(name: str) -> bool:
    return bool(_words(name) & WHEN) or name.lower() in ALONE


def _days(cells: pd.Series) -> pd.Series | None:
    """Return dates as days since 1970: ISO, or day and month in the order that all cells allow."""
    parts = cells.str.extract(_DAY_FIRST).apply(pd.to_numeric, errors="coerce")
    if parts.notna().all(axis=None):
        american = (parts[1] > 12).any()
        order = ["month", "day"] if american else ["day", "month"]
        parts = parts.set_axis([*order, "year"], axis=1)
        when = pd.to_datetime(parts, errors="coerce", utc=True)
    else:
        when = pd.to_datetime(cells, errors="coerce", format="ISO8601", utc=True)
    return (when - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1) if when.notna().all() else None
