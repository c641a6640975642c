"""What a page says of probabilities on held-out rows: reliability, scores, are they too sure."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import number
from reports.page.page import Report
from reports.scoring import calibration, honesty
from workflow.checking.alike import Alike
from workflow.regression.held_out import BINS, Evaluation
from workflow.scoring.calibration import Mean

HOW_SPLIT = (
    "The rows are split once: the model sees those that are fitted, and is judged on those that "
    "are held out. The columns count them by outcome, which should have the same shares in both. "
    "With few held-out rows of either outcome every score is unsure."
)

HOW_PAIRED = (
    "One row a score: that of the posterior predictive probabilities less that of the others, on "
    "the same rows. Below 0 the posterior predictive probabilities are better, but for "
    "discrimination, where more is better. “±” is one standard error over the held-out rows: in "
    "closed form for log loss and Brier score, of 500 bootstrap samples of the rows for the "
    "others. A difference within two errors could as well be the other way round on other rows."
)


def counts(found: pd.DataFrame) -> Table:
    """Return how many rows are fitted and held out."""
    rows = tuple((str(part), *(f"{n:,}" for n in row)) for part, row in found.iterrows())
    return Table("The split", ("rows", *map(str, found.columns)), rows, HOW_SPLIT)


def split(outcomes: Mapping[str, pd.Series], name: str, share: float, seed: int) -> list[Block]:
    """Say which rows are held out, and count them by outcome; `outcomes` has 0 or 1 by row."""
    rows = {
        part: {"all": len(y), name: int(y.sum()), "others": int((y == 0).sum())}
        for part, y in outcomes.items()
    }
    return [
        f"{100 * share:g}% of the rows of each class, drawn with seed {seed}, are held "
        "out (--held-out, --split-seed): the terms are standardised and the model is fitted on the "
        "other rows alone, and judged on these.",
        counts(pd.DataFrame(rows).T),
    ]


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
        paired(found.paired, *found.names),
    ]


def paired(found: Mapping[str, Mean], one_set: str, other: str) -> Table:
    """Return paired differences of scores, with standard errors."""
    rows = tuple(
        (name, number(one.value, 9e-5, sign=True), f"± {number(one.error, 9e-5)}", _told(one))
        for name, one in found.items()
    )
    columns = ("score", "difference", "standard error", "can the rows tell?")
    return Table(f"Differences on the same rows: {one_set} less {other}", columns, rows, HOW_PAIRED)


def _told(one: Mean) -> str:
    return "yes" if abs(one.value) > 2 * one.error else "no: less than two errors"


def warn(report: Report, found: Evaluation) -> None:
    """Warn where the probabilities are clearly too sure."""
    if honesty.too_sure(found.own, found.honest):
        report.warn(
            "The probabilities are too sure on held-out rows.",
            "Take those near 0 and 1 for less, or recalibrate: see the reliability diagram.",
        )


def warn_of_both_sides(report: Report, alike: Sequence[Alike], both: Sequence[str]) -> None:
    """Warn where rows are alike that belong together, and some are fitted and others held out."""
    known = [one.column for one in alike if one.found and one.column in both]
    if known:
        report.warn(
            f"Rows with the same {known[0]} are alike, and stand on both sides of the split: the "
            "held-out rows are no new ones, and the scores, costs and errors on them too good.",
            f"Hold out all rows of a {known[0]} together: --group {known[0]}.",
        )
