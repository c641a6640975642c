"""Layouts of a few columns: kinds and counts, putts, dates, periods, readings by themselves."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from data._beside import ALONE, WHEN, beside
from data._kinds import COUNT, kind_of, words_of
from data._layout import Layout

FEWEST = 5  # rows, of fewer nothing is told
FEWEST_GROUPS = 3
KINDS = 50  # of more a column has names


def _kinds(table: pd.DataFrame) -> Iterator[Layout]:
    """A row a kind: its name, and how many there were."""
    if table.shape[1] != 2 or not 2 <= len(table) <= KINDS:
        return
    kind, count = table.columns
    numbers = pd.to_numeric(table[count], errors="coerce")
    names = pd.to_numeric(table[kind], errors="coerce").isna().all() and table[kind].is_unique
    if names and (numbers >= 0).all() and (numbers % 1 == 0).all():
        named = {"kind": str(kind), "count": str(count)}
        options = {ours: theirs for ours, theirs in named.items() if ours != theirs.lower()}
        why = f"it has a row a kind ({kind}), and how many of each there were ({count})"
        yield Layout("mendel_shares", why, options, outcome=str(count))


def _putts(table: pd.DataFrame) -> Iterator[Layout]:
    """A row a distance, or a putt, by the names that the case has."""
    names = {str(name).lower() for name in table}
    if "successes" in names and not names.isdisjoint({"distance_ft", "distance_m"}):
        why = "it has successes by distance: putts, if these are such"
        yield Layout("golf_putting", why, outcome=str(table.columns[-1]), whole=False)


def _dates(table: pd.DataFrame) -> Iterator[Layout]:
    """A row an event: when it was, and nothing else."""
    if table.shape[1] != 1 or len(table) < FEWEST:
        return
    (name,) = table.columns
    if str(name).lower() == "date" or name in beside(table).times:
        options = {} if str(name).lower() == "date" else {"date": str(name)}
        why = f"it has a row an event, and nothing but when that was ({name})"
        yield Layout("coal_rate", why, options, outcome=str(name))


def _in_time(table: pd.DataFrame) -> Iterator[Layout]:
    """A row a time: counts of events by period, or the level of a series; large ones are levels."""
    found = [*_periods(table), *_series(table)]
    last = pd.to_numeric(table.iloc[:, -1], errors="coerce").dropna()
    counts = len(last) > 0 and kind_of(last).name == COUNT
    yield from found if counts else found[::-1]


def _periods(table: pd.DataFrame) -> Iterator[Layout]:
    """A row a period without gaps, and how many events it had."""
    if table.shape[1] != 2 or len(table) < FEWEST:
        return
    period, count = table.columns
    at, numbers = (pd.to_numeric(table[name], errors="coerce") for name in (period, count))
    timed = {*words_of(str(period))} & (WHEN | ALONE)
    if timed and (at.diff()[1:] == 1).all() and (numbers >= 0).all() and (numbers % 1 == 0).all():
        named = {"period": str(period), "count": str(count)}
        options = {ours: theirs for ours, theirs in named.items() if ours != theirs.lower()}
        why = f"it has a row a {period} without gaps, and how many there were ({count})"
        yield Layout("coal_rate", why, options, outcome=str(count), whole=False)


def _series(table: pd.DataFrame) -> Iterator[Layout]:
    """A row a time, none of which comes twice, and a number that is no count of anything small."""
    if table.shape[1] != 2 or len(table) < FEWEST:
        return
    time, value = table.columns
    known = pd.to_numeric(table[value], errors="coerce").dropna()
    timed = {*words_of(str(time))} & (WHEN | ALONE) or time in beside(table).times
    if timed and table[time].is_unique and known.nunique() > len(table) / 2:
        why = f"it has a row a {time}, and one value each ({value}): how its level moved, what next"
        yield Layout("river_level", why, {}, outcome=str(value), whole=False)


def _readings(table: pd.DataFrame) -> Iterator[Layout]:
    """Numbers by themselves, no dates: readings of one quantity, or pieces of one process."""
    if table.shape[1] != 1 or len(table) < FEWEST or any(_dates(table)):
        return
    (name,) = table.columns
    numbers = pd.to_numeric(table[name], errors="coerce")
    if numbers.isna().any() or numbers.nunique() < FEWEST or np.all(numbers % 1 == 0):
        return
    limits = {"lower": "LOWER", "upper": "UPPER"}
    why = f"{name} may be pieces of one process, whose limits you know (put them in)"
    yield Layout("process_corridor", why, limits, outcome=str(name))
    known = {"noise_sd": "NOISE", "bias_sd": "BIAS", "target_sd": "TARGET"}
    why = f"{name} may be readings of one quantity, by an instrument whose noise you know"
    yield Layout("known_noise", why, known, outcome=str(name))


def _effects(table: pd.DataFrame) -> Iterator[Layout]:
    """A row a group: its estimated effect, and the standard error of that."""
    names = {str(name).lower(): str(name) for name in table}
    if not {"effect", "standard_error"} <= names.keys() or len(table) < FEWEST_GROUPS:
        return
    others = [name for key, name in names.items() if key not in {"effect", "standard_error"}]
    groups = [name for name in others if table[name].is_unique]
    if "group" in names or groups:
        options = {} if "group" in names else {"group": groups[0]}
        why = "it has effects of groups with their standard errors: which method suits such a model"
        yield Layout("approximations", why, options, outcome=names["effect"])


MORE = (_kinds, _putts, _dates, _in_time, _readings, _effects)
