"""Perfect separation on a page: that it is there, by what, and what the prior then decides."""

from reports.blocks import Block
from reports.page import Report
from workflow.sensitivity import Sweep
from workflow.separation import COMPLETE, NONE, QUASI, Separation


def told(found: Separation, swept: Sweep, shown: str) -> list[Block]:
    """Say whether the training rows are perfectly separated, and what the prior then decides."""
    if found.kind == NONE:
        return [
            "No weighted sum of the terms tells all events of the training rows from all others "
            "(found by linear programming), so the likelihood has a maximum: without any prior the "
            "coefficients would be finite."
        ]
    how = {
        COMPLETE: "A weighted sum of the terms tells all events of the training rows from all "
        "others: perfect separation.",
        QUASI: "A weighted sum of the terms has all events of the training rows on one side and "
        "all others on the other, with some of both on the border: quasi-complete separation.",
    }[found.kind]
    q = {point.knobs["slope_sd"]: point.quantities[shown].median for point in swept.points}
    small, large = min(q), max(q)
    return [
        f"{how}{alone(found)}",
        "Then larger coefficients always fit better and the likelihood has no maximum: the data "
        "say in which direction, and at least how steeply, the probability rises, the prior says "
        f"how steeply at most. The median of {shown} is {q[small]:.3g} with a prior sd of "
        f"{small:g} and {q[large]:.3g} with {large:g}; that difference is the prior's alone. So "
        "are probabilities near 0 and 1.",
    ]


def moved(swept: Sweep, shown: str) -> str:
    """Say how far the prior moves a coefficient, and how far the predictions."""
    medians = [point.quantities[shown].median for point in swept.points]
    losses = [point.scalars["log_loss"].value for point in swept.points]
    return (
        f"Over these priors the median of {shown} goes from {min(medians):.3g} to "
        f"{max(medians):.3g}, and the log loss on the held-out rows from {min(losses):.3g} to "
        f"{max(losses):.3g} nats: see which of the two you need."
    )


def warn(report: Report, found: Separation) -> None:
    """Warn of perfect separation, which the likelihood alone cannot deal with."""
    if found.kind != NONE:
        border = ", but for rows on the border" if found.kind == QUASI else ""
        report.warn(
            f"The training rows are perfectly separated ({found.kind}): a weighted sum of the "
            f"terms tells every event from every other row{border}.{alone(found)}",
            "How large the coefficients are, and how near to 0 and 1 the probabilities, is decided "
            "by the prior. A term that was only known after the outcome does this too.",
        )


def alone(found: Separation) -> str:
    """Name the terms that separate by themselves."""
    parts = []
    if found.complete_alone:
        parts.append(f" By itself this does: {', '.join(found.complete_alone)}.")
    if found.quasi_alone:
        parts.append(
            f" By itself, but for rows on the border, this does: {', '.join(found.quasi_alone)}."
        )
    return "".join(parts)
