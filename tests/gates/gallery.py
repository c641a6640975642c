"""The gallery: every function marked `@example` in `tests/gates/examples/`, whatever its module.

An example makes a broken analysis and its sound twin by the casebook's own path and hands both to
the same check. Its docstring says what is broken (first line) and what the twin is (after
"Sound:"). The same examples are the tests and the page; there is no list to edit.
"""

import importlib
import inspect
import math
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports.blocks.blocks import Figure
from reports.blocks.numbers import MINUS, apart, figure
from tests.gates import examples
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Diagnosis
from workflow.checking.status import Check, Status
from workflow.variational.compare import Comparison
from workflow.variational.verdict import GOOD

Result = Diagnosis | Check | Sequence[StatisticCheck] | Comparison


@dataclass(frozen=True)
class Pair:
    """What the casebook says of the broken analysis and of the sound one; perhaps a picture."""

    broken: Result
    sound: Result
    figure: Figure | None = None


@dataclass(frozen=True)
class Example:
    """One broken analysis: who should notice, and what the advice has to speak of."""

    function: Callable[[int], Pair]
    check: str
    advice: str

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    @property
    def section(self) -> str:
        """The heading it stands under: the first line of its module."""
        module = inspect.getmodule(self.function)
        return (inspect.getdoc(module) or "").splitlines()[0].rstrip(".")

    @property
    def said(self) -> tuple[str, str]:
        """What is broken, and what its sound twin is."""
        what, _, twin = " ".join((inspect.getdoc(self.function) or "").split()).partition("Sound: ")
        return what.strip().rstrip("."), twin.rstrip(".")


@dataclass(frozen=True)
class Seen:
    """One row: what a check said of one analysis."""

    value: str
    needed: str
    status: Status | str
    where: str
    advice: str
    overall: str  # what becomes of the whole analysis

    @property
    def passed(self) -> bool:
        """Whether the check raised no objection."""
        return self.status in (Status.PASS, GOOD)


def example(check: str, *, advice: str) -> Callable[[Callable[[int], Pair]], Example]:
    """Mark a function (seed to `Pair`) as an example for the check of this name.

    `advice` is what the advice must contain to be the right one.
    """
    return lambda function: Example(function, check, advice)


def gallery() -> list[Example]:
    """Return all examples, in the order of their modules and lines."""
    found = []
    for module in sorted(one.name for one in pkgutil.iter_modules(examples.__path__)):
        members = vars(importlib.import_module(f"{examples.__name__}.{module}")).values()
        found += [one for one in members if isinstance(one, Example)]
    return found


def seen(result: Result, check: str) -> Seen:
    """Return the row of the check called `check` (for a comparison, of its verdict)."""
    if isinstance(result, Comparison):
        return _verdict(result)
    if isinstance(result, Diagnosis):
        overall = {
            Status.PASS: "answer given",
            Status.WARN: "answer given with a warning",
            Status.FAIL: "answer withheld",
        }[result.status]
        return _row(result[check], overall)
    if isinstance(result, Check):
        fine = result.status is Status.PASS
        return _row(
            result, "taken as it is" if fine else "refitted without it, and the page says so"
        )
    (one,) = [one for one in result if one.statistic == check]
    observed, lower, upper = apart(one.observed, one.lower, one.upper, digits=3)
    value = f"{observed}; predicted {lower} to {upper}"
    overall = _shown(one.result)
    needed = "inside what is predicted"
    return Seen(value, needed, one.result, "the outcome", one.advice, overall)


def _row(check: Check, overall: str) -> Seen:
    return Seen(
        figure(check.worst, 4), check.threshold, check.status, check.where, check.advice, overall
    )


def _verdict(found: Comparison) -> Seen:
    """Put ADVI's verdict with the worst of its numbers."""
    ratios = {name: q.sd_ratio for name, q in found.quantities.items()}
    shifts = {name: q.mean_shift_sd for name, q in found.quantities.items()}
    where = max(ratios, key=lambda name: abs(math.log(ratios[name])))
    moved = max(shifts, key=lambda name: abs(shifts[name]))
    numbers = f"sd {ratios[where]:.2f} times, mean off by {shifts[moved]:+.2f} sd"
    value = f"{numbers}, k-hat {found.k_hat:.2f}".replace("-", MINUS).replace(f"k{MINUS}", "k-")
    needed = "0.9 to 1.1; 0.1; < 0.7"
    used = "used" if found.verdict == GOOD else "not used"
    return Seen(value, needed, found.verdict, where, "; ".join(found.reasons), used)


def _shown(result: Status | str) -> str:
    return "no warning" if result is Status.PASS else "warning on the first screen"
