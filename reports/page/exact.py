"""A warning where NUTS is farther from exact values than chance explains."""

from reports.page.page import Report
from workflow.checking.exact import WORST


def warn_of_off(report: Report, worst: float) -> None:
    """Warn of a largest difference from exact values, in Monte Carlo errors; NaN warns as well."""
    if worst <= WORST:
        return
    told = (
        "gave no numbers to compare" if worst != worst else f"is {worst:.1f} Monte Carlo errors off"
    )
    report.warn(
        f"The exact posterior is known here, and NUTS {told}: up to {WORST} would be chance.",
        "Believe the exact values; draw more (--draws), or try another --seed, before you believe "
        "other numbers of this page.",
    )
