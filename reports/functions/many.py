"""A curve of many places in words: its waves, and how far they are from the process itself."""

from reports.blocks.numbers import figure, percent
from reports.page.page import Report
from workflow.functions.basis import MOST, Basis
from workflow.functions.many_places import EXACT, FINEST, Error

TITLE = "Is the approximation good enough?"


def waves(basis: Basis, *, changes: bool) -> str:
    """Say what the curve is approximated by, and how it was chosen; of noise that may change."""
    sizes = ", with as much noise at each x as the rows near it leave," if changes else ""
    return (
        f"With more than {EXACT} different x the Gaussian process itself takes too long. The curve "
        f"is a level and {basis.count} waves here, which reach {figure(basis.reach)} times as far "
        "from the middle as the rows. They hold curves with lengths from "
        f"{figure(basis.shortest())} to {figure(basis.longest())}. How many and how far was chosen "
        f"by the lengths that the rows do not rule out{sizes or ','} found by quadrature before "
        "the draws. Beyond the last row the waves tell nothing."
    )


def line(found: Error) -> str:
    """Say how far waves and process are apart."""
    return (
        f"Of {found.rows:,} rows, evenly from all, curve and intervals were computed by the "
        f"process itself, too, with the same lengths and sds: the curves differ by {_most(found)} "
        f"sd of the curve at most, the sds by {percent(found.sd, 1e-3)} at most."
    )


def warn_of_error(report: Report, found: Error) -> None:
    """Warn where the waves tell something else than the process itself."""
    if found.small:
        return
    report.warn(
        f"The curve is approximated, and not well enough: it is up to {_most(found)} sd of the "
        f"curve from the Gaussian process itself, and its sds are up to "
        f"{percent(found.sd, 1e-3)} off.",
        f"Round x to {EXACT} different values or fewer, where the process itself is computed; or "
        "fit parts of the range by themselves.",
    )


def too_short(length: float, reach: float, name: str) -> str:
    """Say that the curve bends too often for its waves, and what can be done."""
    part = length * FINEST / 2
    return (
        f"the curve has lengths of about {figure(length)} {name}, and there are too many bends for "
        f"the {MOST} waves that it may have: they hold lengths from {figure(reach / FINEST)} on. "
        f"Fit parts of the range by themselves, each not longer than {figure(part)} {name}"
    )


def _most(found: Error) -> str:
    return figure(found.mean) if found.mean >= 1e-3 else "less than .001"
