"""Dates as people write them, as days; which of two numbers is the day is told by all cells."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
GERMAN = {"mär": "mar", "mrz": "mar", "mai": "may", "okt": "oct", "dez": "dec"}
ORDERS = {"dmy": "day first", "mdy": "month first"}
_TIME = (
    r"(?:(?:T|,? +)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d(?:\.\d+)?))?"
    r" ?(?P<half>[AaPp][Mm])?(?P<zone> ?UTC|Z|[-+]\d\d:?\d\d)?)?"
)
_YEAR = r"(?P<year>\d{4}|\d\d)"
_FORMS = [
    re.compile(form + _TIME, re.ASCII)
    for form in (
        r"(?P<year>\d{4})(?P<between>[-/.])(?P<month>\d{1,2})(?P=between)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})[-/](?P<month>\d\d)",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
        rf"(?P<one>\d{{1,2}})(?P<between>[-/])(?P<two>\d{{1,2}})(?P=between){_YEAR}",
        rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}",
        rf"(?P<day>\d{{1,2}})[- .]+(?P<name>[A-Za-zäÄ]{{3,9}})\.?[- ,]+{_YEAR}",
        r"(?P<name>[A-Za-zäÄ]{3,9})\.? +(?P<day>\d{1,2}),? +(?P<year>\d{4})",
    )
]


@dataclass(frozen=True)
class Dated:
    """When a cell says: by each order of day and month, as days since 1970 (None: no such day)."""

    dmy: float | None
    mdy: float | None


def dated(cell: str) -> Dated | None:
    """Return the date that a cell looks like, or None: it looks like none.

    >>> dated("1970-01-03"), dated("02/01/1970")
    (Dated(dmy=2.0, mdy=2.0), Dated(dmy=1.0, mdy=31.0))
    """
    if not 6 <= len(cell) <= 40:
        return None
    found = next((one for form in _FORMS if (one := form.fullmatch(cell))), None)
    if not found:
        return None
    part = found.groupdict()
    if "one" in part:
        return Dated(_days(part, part["two"], part["one"]), _days(part, part["one"], part["two"]))
    month = part.get("month")
    if name := part.get("name"):
        begun = name[:3].lower()
        begun = GERMAN.get(begun, begun)
        if begun not in MONTHS:
            return None
        month = str(MONTHS.index(begun) + 1)
    day = _days(part, month or "1", part.get("day") or "1")
    return Dated(day, day)


def _days(part: dict[str, str | None], month: str, day: str) -> float | None:
    """Return days since 1970, in the time of the zone where one is given; None: no such day."""
    year = part["year"] or ""
    years = int(year) + (0 if len(year) == 4 else 1900 if int(year) >= 70 else 2000)
    hour = int(part["hour"] or 0)
    if part["half"]:
        hour = hour % 12 + (12 if part["half"].lower() == "pm" else 0)
    try:
        start = datetime(years, int(month), int(day), hour, int(part["minute"] or 0), tzinfo=UTC)
    except ValueError:
        return None
    zone = re.fullmatch(r"([-+])(\d\d):?(\d\d)", part["zone"] or "")
    away = timedelta(hours=int(zone[2]), minutes=int(zone[3])) if zone else timedelta()
    when = start - (-away if zone and zone[1] == "-" else away)
    seconds = timedelta(seconds=float(part["second"] or 0))
    return (when + seconds - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(days=1)


def order_of(cells: Iterable[Dated]) -> set[str]:
    """Return the orders of day and month by which most cells are dates; one or both.

    Both, where all cells are the same by either.
    """
    every = list(cells)
    fits = {order: sum(getattr(one, order) is not None for one in every) for order in ORDERS}
    return {order for order, n in fits.items() if n == max(fits.values())}
