"""Layouts of a few columns: kinds and counts, putts, dates, periods, readings by themselves."""

import re
from collections.abc import Iterator
from itertools import permutations

import numpy as np
import pandas as pd

from data._beside import ALONE, WHEN, beside
from data._each import FEW, MANY
from data._kinds import COUNT, kind_of, words_of
from data._layout import Layout
from data._missing import is_missing

FEWEST = 5  # rows, of fewer nothing is told
FEWEST_GROUPS = 3
PERSONS = re.compile(
    "person|people|patient|subject|subj|participant|respondent|proband|customer|client|visitor|"
    "player|member|user|student|pupil|child|employee|worker|animal|mouse|rat|cow|dog"
)  # each with rows of its own: a panel, which is for a regression
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
    if _when(table, str(time)) and table[time].is_unique and known.nunique() > len(table) / 2:
        why = (
            f"it has a row a {time}, and one value each ({value}): how its level moved, what next; "
            "--season 12 adds a season of 12 steps, --trend a slope, --turning one that changes"
        )
        yield Layout("river_level", why, {}, outcome=str(value), whole=False)


def _each(table: pd.DataFrame) -> Iterator[Layout]:
    """A row a time and series: 2 to 12 of them, long, and none of them a person."""
    if table.shape[1] != 3 or len(table) < FEW * FEWEST:
        return
    for time, series, value in permutations(map(str, table)):
        if _when(table, time) and _are_series(table, time, series, value):
            named = {"time": time, "value": value}
            options = {ours: theirs for ours, theirs in named.items() if ours != theirs}
            why = (
                f"{value} is given by {time} for each {series}: how the level of each moved, what "
                "next. With --each pooled the sds of all come from one population; --each alone is "
                "the other way, of which none knows of the others; --series takes one of them"
            )
            options["each"] = "pooled"
            yield Layout("river_level", why, options, outcome=value, whole=False)
            return


def _when(table: pd.DataFrame, name: str) -> bool:
    """Say whether a column says when a row was."""
    return bool({*words_of(name)} & (WHEN | ALONE)) or name in beside(table).times


def _are_series(table: pd.DataFrame, time: str, series: str, value: str) -> bool:
    """Say whether values are no counts, and come once a time in each of a few long series."""
    persons = any(PERSONS.fullmatch(word.removesuffix("s")) for word in words_of(series))
    if persons or _when(table, series):
        return False
    numbers = pd.to_numeric(table[value], errors="coerce")[~is_missing(table[value])]
    each = numbers.groupby(table[series])
    if numbers.isna().any() or not FEW <= each.ngroups <= MANY or numbers.nunique() <= MANY:
        return False
    if kind_of(numbers).name == COUNT or table.duplicated([time, series]).any():
        return False
    long = each.size().min() >= max(FEWEST, each.ngroups / 2)
    return bool(long and (each.nunique() > each.size() / 2).all())


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


MORE = (_kinds, _putts, _dates, _in_time, _each, _readings, _effects)
