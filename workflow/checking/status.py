"""What a check says: one row with a status and advice, and a diagnosis that is as bad as its worst.

A status has no way to be better than what it was made from: a number that is not one fails.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

DIGITS = 4  # of the worst value, where these tell it from the limit


class Status(Enum):
    """Outcome of a check, in order of how bad it is."""

    PASS = "PASS"
    WARN = "WARN"
    FAIL = "FAIL"

    @staticmethod
    def worst(statuses: "Iterable[Status]") -> "Status":
        """Return the worst of `statuses`; PASS if there are none."""
        order = list(Status)
        return max(statuses, key=order.index, default=Status.PASS)


@dataclass(frozen=True)
class Check:
    """One row of the diagnosis: the worst value of a diagnostic, where it is, and what to do."""

    check: str
    worst: float
    where: str
    threshold: str
    status: Status
    advice: str

    @property
    def digits(self) -> int:
        """How many digits tell the worst value from the limit: 1.0104 is not 1.01."""
        limit = float(self.threshold.split()[1]) if self.threshold[:1] in "<>" else self.worst
        if not math.isfinite(self.worst) or self.worst == limit:
            return DIGITS
        same = (d for d in range(DIGITS, 17) if float(f"{self.worst:.{d}g}") != limit)
        return next(same, DIGITS)

    @staticmethod
    def of(
        name: str, worst: float, where: str, threshold: str, status: Status, advice: str
    ) -> "Check":
        """Return a check that gives its advice only where it did not pass."""
        said = "" if status is Status.PASS else advice
        return Check(name, worst, where, threshold, status, said)


@dataclass(frozen=True)
class Diagnosis:
    """The table of checks and the overall status: the worst of them."""

    checks: tuple[Check, ...]

    @property
    def status(self) -> Status:
        """The worst status of all checks."""
        return Status.worst(check.status for check in self.checks)

    def __getitem__(self, name: str) -> Check:
        return next(check for check in self.checks if check.check == name)

    def reasons(self) -> list[str]:
        """Say in words which checks did not pass, the failed ones first."""
        bad = [check for check in self.checks if check.status is not Status.PASS]
        bad.sort(key=lambda check: check.status is not Status.FAIL)
        return [f"{c.check} {_said(c)} in {c.where} (needed: {c.threshold})" for c in bad]


def grade(*, good: bool, bad: bool) -> Status:
    """Return FAIL where it is bad, else PASS where it is good, else WARN."""
    return Status.FAIL if bad else Status.PASS if good else Status.WARN


def _said(check: Check) -> str:
    rounded = f"{check.worst:.{check.digits}g}"
    return "not a number" if math.isnan(check.worst) else f"{float(rounded):,.12g}"
