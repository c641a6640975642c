"""What to beware of where groups are pooled: few of them, a limit that decides nothing, misfit."""

from reports.blocks.numbers import percent
from reports.groups.amounts import limit
from reports.page.page import Report
from workflow.groups.choosing import Pick
from workflow.groups.observed import Observed

FEW = 3  # groups that say next to nothing of how far groups differ
COARSE = 0.25  # of the rarer of successes and failures: a larger limit decides nothing
SIZES = (
    "Groups of which little is known are others than those of which much is",
    "If they are studies, small ones without an effect may never have been told: the typical group "
    "is then nearer to none, and those that stand out most are the least sure. If size itself "
    "matters, it belongs into the model: a regression with the size as a term and (1 | group).",
)
OWN_ERRORS = (
    " Or errors were computed from the values themselves (of rates near 0 or 1, of counts, of "
    "skewed measurements): both then go together by themselves, and the typical group is drawn to "
    "those whose error came out small. Give counts (group,successes,trials), or a row a "
    "measurement (group,outcome), instead."
)
UNEVEN = (
    "Rows of a group are not normal with the same spread in every group",
    "Where groups differ in spread, give a row a group with its own mean and standard error (group,"
    "effect,standard_error). Where rows are skewed, take their logarithm, if it means something; a "
    "few rows far off may be slips.",
)


def of_sizes(observed: Observed) -> tuple[str, str]:
    """Return what sizes that matter are a sign of, and what to do."""
    said, advice = SIZES
    counts = observed.counted or observed.squares is not None
    return said, advice if counts else advice + OWN_ERRORS


def warn_of_few(report: Report, observed: Observed) -> None:
    """Warn where there are so few groups that their sd is known from the prior alone."""
    n = len(observed.names)
    if n <= FEW:
        report.warn(
            f"{n} groups say next to nothing about how far groups differ: the prior of that sd, "
            "--tau-scale, decides how far they are drawn together.",
            "State --tau-scale from what you know of such groups, or bring more of them.",
        )


def warn_of_limit(report: Report, pick: Pick, observed: Observed) -> None:
    """Warn where the limit on the loss is large beside the rates, so that it decides nothing."""
    rarer = min(observed.pooled, 1 - observed.pooled) if observed.counted else 0.0
    if rarer and pick.limit > COARSE * rarer:
        report.warn(
            f"The limit on the loss, {limit(observed, pick)}, is more than {COARSE:.0%} of the "
            f"overall rate of what is rarer, {percent(rarer, 1e-2 * rarer)}.",
            "Differences of that size count as no loss: set --max-loss to what you would not mind.",
        )


def misfit(far: str) -> str:
    """Say what to do where groups are not from one normal population."""
    return (
        f"{far} is farthest from the others. Ask whether it belongs to them at all: if it does "
        "not, run the study without it; if groups are of two kinds, run one study for each. "
        "Groups that do not belong are drawn too far towards the others."
    )
