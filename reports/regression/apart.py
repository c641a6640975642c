"""Perfect separation on a page: that it is there, by what, and what the prior then decides."""

from collections.abc import Sequence

import numpy as np

from reports.blocks.blocks import Block
from reports.blocks.numbers import apart, figure
from reports.page.page import Report
from workflow.regression.separation import COMPLETE, NONE, QUASI, Separation
from workflow.sensitivity.sensitivity import Sweep


def told(found: Separation, swept: Sweep, shown: str) -> list[Block]:
    """Say whether the fitted rows are separated, and what the prior then decides.

    `shown` is the term to speak of where all of them separate.
    """
    if found.kind == NONE:
        return [
            "No weighted sum of the terms tells all events of the fitted rows from all others "
            "(found by linear programming), so the likelihood has a maximum: without any prior the "
            "coefficients would be finite."
        ]
    if found.kind == QUASI:
        return [
            f"A weighted sum of the terms sets {found.apart:,} of the {found.rows:,} fitted rows "
            "apart: on its one side all have the event, on its other none, and the rows on the "
            f"border are of both kinds (quasi-complete separation).{alone(found)}",
            "In that direction the likelihood has no maximum, and how large the coefficients of "
            "these terms are, and how near to 0 and 1 the probabilities of these rows, is the "
            f"prior's doing.{_by_prior(swept, found.quasi_alone)}",
        ]
    return [
        "A weighted sum of the terms tells all events of the fitted rows from all others: "
        f"perfect separation.{alone(found)}",
        "Then larger coefficients always fit better and the likelihood has no maximum: the data "
        "say in which direction, and at least how steeply, the probability rises, the prior says "
        f"how steeply at most. So are probabilities near 0 and 1.{_by_prior(swept, [shown])}",
    ]


def _by_prior(swept: Sweep, terms: Sequence[str]) -> str:
    """Say how large the first of some log odds ratios is under the least and the widest prior."""
    if not terms:
        return ""
    name = f"log_odds_ratio[{terms[0]}]"
    knob = next(knob for knob in ("r2", "slope_sd") if knob in swept.knobs)
    q = {point.knobs[knob]: point.quantities[name].median for point in swept.points}
    small, large = min(q), max(q)
    of_r2, of_sd = ("where r2 is", "where it is"), ("with a prior sd of", "with")
    about, again = of_r2 if knob == "r2" else of_sd
    return (
        f" The median of {name} is {figure(q[small])} {about} {small:g} and {figure(q[large])} "
        f"{again} {large:g}; that difference is the prior's."
    )


def moved(swept: Sweep, shown: str, rows: str) -> str:
    """Say how far the prior moves a coefficient, and the predictions of the `rows` that judge.

    Under a prior for which the log loss is not known it is left out.
    """
    medians = [point.quantities[shown].median for point in swept.points]
    found = [point.scalars["log_loss"].value for point in swept.points]
    losses = [one for one in found if np.isfinite(one)]
    from_, to = apart(min(medians), max(medians), digits=3)
    told = f"Over these priors the median of {shown} goes from {from_} to {to}"
    if not losses:
        return f"{told}."
    least, most = apart(min(losses), max(losses), digits=3)
    some = f" ({len(losses)} of {len(found)} are known)" if len(losses) < len(found) else ""
    return (
        f"{told}, and the log loss on the {rows} from {least} to {most} nats{some}: see which of "
        "the two you need."
    )


def warn(report: Report, found: Separation) -> None:
    """Warn of perfect separation, which the likelihood alone cannot deal with."""
    if found.kind == COMPLETE:
        report.warn(
            "The fitted rows are perfectly separated: a weighted sum of the terms tells every "
            f"event from every other row.{alone(found)}",
            "How large the coefficients are, and how near to 0 and 1 the probabilities, is decided "
            "by the prior. A term that was only known after the outcome does this too.",
        )
    if found.kind == QUASI:
        report.warn(
            f"The terms set {found.apart:,} of the {found.rows:,} fitted rows apart without an "
            f"exception (quasi-complete separation).{alone(found)}",
            "For these rows and terms the prior decides how near to 0 and 1 the probabilities are.",
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
