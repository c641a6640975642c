"""What a page says of probabilities on held-out rows: reliability, scores, are they too sure."""

from reports.blocks.blocks import Block
from reports.page.page import Report
from reports.regression import logistic
from reports.scoring import calibration, honesty
from workflow.regression.held_out import BINS, Evaluation


def evaluation(found: Evaluation, event: str, rows: int) -> list[Block]:
    """Return diagram and scores of both sets, and how far they can be told apart."""
    first = found.names[0]
    return [
        f"On the {rows:,} held-out rows, two sets of probabilities: averaged over the "
        "posterior (posterior predictive), and those of the most probable coefficients alone "
        "(plug-in MAP), which leave out how unsure the coefficients are.",
        calibration.reliability(
            "reliability", found.diagrams, event=event, caption="Reliability on the held-out rows."
        ),
        calibration.scores("Scores on the held-out rows", found.scored),
        f"Of the posterior predictive: {honesty.verdict(found.own, found.honest)} In the diagram, "
        f"{calibration.in_words(found.diagrams[first])}.",
        f"ECE with {BINS} bins of equally many rows. Many more rows than these would be needed to "
        "find a small fault of calibration: inside the band is not proof. Another split gives "
        "other scores (--split-seed), and farther apart than the standard errors say: these are "
        "about other held-out rows for this very fit, and another split fits other rows as well.",
        logistic.paired(found.paired, *found.names),
    ]


def warn(report: Report, found: Evaluation) -> None:
    """Warn where the probabilities are clearly too sure."""
    if honesty.too_sure(found.own, found.honest):
        report.warn(
            "The probabilities are too sure on held-out rows.",
            "Take those near 0 and 1 for less, or recalibrate: see the reliability diagram.",
        )
