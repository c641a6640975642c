"""Periods of the same length, one after the other: years, months, weeks, days, or any steps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

FEWEST, MOST = 5, 10_000
YEARS = (1000, 2999)  # whole numbers between these are taken to be years
EVERY = {"year": 365.2425, "month": 30.44, "week": 7.0, "day": 1.0}  # days
NEAR = 1e-6  # of a step: numbers of periods are so close to whole steps
CALENDAR = {1: "month", 3: "quarter", 12: "year"}  # months
ENOUGH = 20  # periods that events have to span before the next shorter ones are taken


@dataclass(frozen=True)
class Periods:
    """How many events each period has, in their order and without gaps (index: what it is called).

    `starts` says when each begins: the year, as a decimal number, or a number of the file's own.
    `unit` is what one is called, and `events` what is counted.
    """

    counts: pd.Series
    starts: np.ndarray
    unit: str
    events: str = "events"

    @property
    def labels(self) -> list[str]:
        """What the periods are called."""
        return list(map(str, self.counts.index))

    @property
    def rate(self) -> float:
        """Events a period, over all of them."""
        return float(self.counts.mean())


def usual(days: pd.Series) -> str:
    """Return the longest periods of which events (days since 1970) span at least so many."""
    span = float(days.max() - days.min())
    return next((unit for unit, length in EVERY.items() if span >= ENOUGH * length), "day")


def places(times: ArrayLike, unit: str) -> np.ndarray:
    """Return the number of the period that each time (days since 1970) is in."""
    whole = np.floor(np.asarray(times, dtype=float)).astype("int64")
    match unit:
        case "day":
            return whole
        case "week":
            return (whole + 3) // 7  # from Monday on; 1970 began on a Thursday
    found: np.ndarray = whole.astype("M8[D]").astype(f"M8[{unit[0].upper()}]").astype("int64")
    return found


def named(counts: np.ndarray, at: np.ndarray, unit: str, *, dates: bool) -> Periods:
    """Return counts of periods by their numbers, which are their names where they are no dates."""
    if not dates:
        index = list(map(str, at))
        return Periods(pd.Series(counts, index, name="count"), at.astype(float), unit)
    days = [begins(int(one), unit) for one in at]
    index = [called(day, unit) for day in days]
    starts = np.array([decimal_year(day) for day in days])
    return Periods(pd.Series(counts, index, name="count"), starts, unit)


def begins(at: int, unit: str) -> np.datetime64:
    """Return the first day of a period, by its number."""
    match unit:
        case "day":
            return np.datetime64(at, "D")
        case "week":
            return np.datetime64(7 * at - 3, "D")
    count = np.timedelta64(at, "Y") if unit == "year" else np.timedelta64(at, "M")
    return (np.datetime64("1970", "Y" if unit == "year" else "M") + count).astype("M8[D]")


def called(day: np.datetime64, unit: str) -> str:
    """Return what a period is called: 1851, 2024-03, or its first day."""
    return str(day)[: {"year": 4, "month": 7, "quarter": 7}.get(unit, 10)]


def decimal_year(day: np.datetime64) -> float:
    """Return a day as a decimal year; of the first of a month, months are twelfths."""
    year = day.astype("datetime64[Y]")
    first = year.astype("datetime64[D]")
    length = ((year + np.timedelta64(1, "Y")).astype("datetime64[D]") - first).astype(int)
    month = int(day.astype("datetime64[M]").astype(int) % 12)
    if day == day.astype("datetime64[M]").astype("datetime64[D]"):
        return int(year.astype(int)) + 1970 + month / 12
    return float(int(year.astype(int)) + 1970 + (day - first).astype(int) / length)


def gaps(numbers: Sequence[int], names: Sequence[str]) -> list[str]:
    """Say between which rows periods are missing; `numbers` are whole, and increasing."""
    apart = np.diff(numbers)
    return [
        f"between {names[i]} and {names[i + 1]} {apart[i] - 1:,} "
        f"period{'s are' if apart[i] > 2 else ' is'} missing: write a count of 0 where nothing "
        "happened; where nothing is known, keep the longer stretch alone"
        for i in map(int, np.flatnonzero(apart > 1))
    ]


def of_numbers(values: pd.Series, step: float) -> str:
    """Return what a step of numbers is called."""
    low, high = YEARS
    return "year" if step == 1 and low <= values.min() and values.max() <= high else "period"


def begin_of(day: float, unit: str) -> np.datetime64:
    """Return the first day of the period that is written as a day: of its month, or year."""
    at = np.datetime64(int(day), "D")
    return at.astype(
        {"year": "M8[Y]", "month": "M8[M]", "quarter": "M8[M]"}.get(unit, "M8[D]")
    ).astype("M8[D]")


def steps(values: pd.Series, *, dates: bool) -> tuple[list[int] | None, str]:
    """Return the place of each period in steps of the smallest, and what one is called.

    None where they are no multiples of it. Dates are months apart if all are the same day of
    their months, or all the last one.
    """
    if not dates:
        step = float(np.diff(values).min())
        away = (values.to_numpy() - values.iloc[0]) / step
        whole_steps = np.abs(away - np.round(away)).max() <= NEAR * max(1, np.abs(away).max())
        return (list(map(int, np.round(away))) if whole_steps else None), of_numbers(values, step)
    days = values.astype(int).to_numpy().astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    of_month = (days - months.astype("datetime64[D]")).astype(int)
    left = ((months + np.timedelta64(1, "M")).astype("datetime64[D]") - days).astype(int)
    by_month = len({*of_month}) == 1 or len({*left}) == 1
    numbers = months.astype(int) if by_month and np.diff(months.astype(int)).min() else None
    numbers = values.astype(int).to_numpy() if numbers is None else numbers
    step = int(np.diff(numbers).min())
    if ((numbers - numbers[0]) % step).any():
        return None, ""
    by_days = {1: "day", 7: "week"}
    unit = (CALENDAR if by_month else by_days).get(step, "period")
    return list((numbers - numbers[0]) // step), unit
