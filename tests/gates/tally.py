"""How often every warning of every case comes: on sound pages, and on the fault it is for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reports.blocks.blocks import Cell, Table
from reports.page.page import Section
from tests.brought._brought import brought, faults
from tests.gates.alarms import Rate
from tests.gates.watched import warned
from workflow.checking.status import Status

TOLERATED = 0.05  # of sound pages, for all their warnings together
ANY = "any of them"
# True of sound data as well: they are few, or the choice is a near thing.
NEAR = (
    "Warn where the held-out rows are few",
    "Warn where the limit on the loss is",
    "Warn where Monte Carlo error leaves",
    "Warn where a weak prior (by its name)",
    "Warn where a Bayes factor is turned around",
    "Warn of a choice that modest effects",
    "Warn of quantiles beyond which few rows lie",
    "Warn where lines cross at rows of the file",
)
HOW = (
    "One row a warning that came at all. Each page is of its own data set, simulated as the case's "
    "model says data are: 20 to 2,000 rows (counts up to a million), 1 to 40 terms of all kinds, "
    f"rates from 1e-5 to .5. “{ANY}” counts the pages with a warning that says that something is "
    "wrong; those that say that data are few or a choice is a near thing are true of sound data "
    "as well, have no rate that is meant, and do not count. Run with --quick: what only ADVI and "
    "the sweep warn of is not seen here. Interval: 95%, Clopper and Pearson."
)
HOW_FAULTS = (
    "One row a fault, each page with a data set of its own. The warning that is meant for it has "
    "to come; WARN where it does not in one of ten pages or more."
)


@dataclass(frozen=True)
class Found:
    """Of how many pages with a fault the warning came that is meant for it."""

    case: str
    said: str
    warning: str
    given: int
    pages: int


def of_sound_pages(case: str, seed: int, trials: int) -> list[Rate]:
    """Return how often each warning came on so many sound pages of a case; first any of them."""
    kinds: Counter[str] = Counter()
    for i in range(trials):
        found = warned(case, brought(case).sound(np.random.default_rng([seed, i])))
        kinds.update(found)
        kinds[ANY] += any(not near(one) for one in found)
    first = Rate(ANY, kinds.pop(ANY, 0), trials, TOLERATED)
    others = (Rate(what, n, trials, 1.0 if near(what) else TOLERATED) for what, n in kinds.items())
    return [first, *sorted(others, key=lambda one: -one.alarms)]


def near(warning: str) -> bool:
    """Whether a warning is true of sound data as well."""
    return warning.startswith(NEAR)


def of_faults(seed: int, trials: int) -> Iterator[Found]:
    """Return for each fault on how many of so many pages its warning came."""
    for one in faults():
        sheets = (one.make(np.random.default_rng([seed, i])) for i in range(trials))
        heard = [warned(one.case, sheet) for sheet in sheets]
        given = sum(any(kind.startswith(one.warning) for kind in kinds) for kinds in heard)
        yield Found(one.case, one.said, one.warning, given, trials)


def section(sound: dict[str, list[Rate]], found: Sequence[Found]) -> Section:
    """Return both tables."""
    columns = ("case", "warning", "pages", "rate (95% interval)", "meant to be", "status")
    rows = tuple(_row(case, rate) for case, rates in sound.items() for rate in rates)
    faulty = tuple(
        (
            *(one.case, one.said, one.warning, f"{one.given} of {one.pages}"),
            Status.PASS if one.given > 0.9 * one.pages else Status.WARN,
        )
        for one in found
    )
    return Section(
        "Every warning on whole pages",
        (
            Table("Warnings on sound pages", columns, rows, HOW),
            Table(
                "Warnings on the fault they are for",
                ("case", "what is wrong", "warning", "pages", "status"),
                faulty,
                HOW_FAULTS,
            ),
        ),
    )


def _row(case: str, rate: Rate) -> tuple[Cell, ...]:
    low, high = rate.interval
    meant = "at most 5%" if rate.nominal < 1 else "not set"
    share = f"{rate.alarms / rate.trials:.1%} ({low:.1%} to {high:.1%})"
    status = Status.WARN if rate.nominal < 1 and rate.too_many else Status.PASS
    return case, rate.what, f"{rate.alarms} of {rate.trials}", share, meant, status
