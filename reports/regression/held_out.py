"""What a page says of probabilities of unseen rows: reliability, scores, are they too sure."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import number
from reports.page.page import Report
from reports.regression.costs import HELD, LEFT, Words
from reports.scoring import calibration, honesty
from workflow.checking.alike import Alike
from workflow.regression.held_out import BINS, Evaluation
from workflow.scoring.by_chance import LIMIT, Chance
from workflow.scoring.calibration import Mean
from workflow.scoring.elpd import Elpd

__all__ = ["HELD", "LEFT"]  # of costs, for the analyses
ALL = (
    "All rows are fitted. Probabilities are judged on the same rows, each left out in turn: its "
    "probability is the one that the fit to all other rows gives it. --hold-out .3 keeps so large "
    "a share of the rows from the fit and judges on these instead."
)
ANOTHER = (
    "Another split gives other scores (--split-seed), and farther apart than the standard errors "
    "say: these are about other held-out rows for this very fit, and another split fits other rows "
    "as well."
)
ONE_FIT = (
    "The standard errors are about other rows like these, as if each row were judged independently "
    "of the others; the fits of which each leaves out one row have nearly all rows in common, so "
    "the errors are a little too small where rows are few."
)

HOW_SPLIT = (
    "The rows are split once: the model sees those that are fitted, and is judged on those that "
    "are held out. The columns count them by outcome, which should have the same shares in both. "
    "With few held-out rows of either outcome every score is unsure."
)

HOW_PAIRED = (
    "One row a score: that of the posterior predictive probabilities less that of the others, on "
    "the same rows. Below 0 the posterior predictive probabilities are better, but for "
    "discrimination, where more is better. “±” is one standard error over the rows judged: in "
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
        "out (--hold-out, --split-seed): the terms are standardised and the model is fitted on the "
        "other rows alone, and judged on these.",
        counts(pd.DataFrame(rows).T),
    ]


def left_out(found: Elpd, rows: int) -> str:
    """Say how the probabilities of rows left out one at a time came about; `rows` are all."""
    n, some = len(found.rows), ""
    if n < rows:
        some = f" Of the {rows:,} rows {n:,}, drawn at random, are looked at."
    return (
        "Rows are left out by weights on the draws (Pareto-smoothed importance sampling, PSIS). "
        "These are then draws of the fit without the row, if its k-hat says so. Refitted, because "
        f"their k-hat is above {found.good_k:.2g}: {found.refitted:,} of {n:,}.{some}"
    )


def evaluation(found: Evaluation, words: Words, rows: int, *, own: bool) -> list[Block]:
    """Return diagram and scores of both sets, and how far they can be told apart.

    `own` says that sets of outcomes by chance were judged by fits of their own.
    """
    first = found.names[0]
    return [
        f"On the {rows:,} {words.rows}, two sets of probabilities: averaged over the "
        "posterior (posterior predictive), and those of the most probable coefficients alone "
        "(plug-in MAP), which leave out how unsure the coefficients are.",
        calibration.reliability(
            "reliability",
            found.diagrams,
            event=words.event,
            caption=f"Reliability on the {words.rows}.",
        ),
        calibration.scores(f"Scores on the {words.rows}", found.scored),
        f"Of the posterior predictive: {honesty.verdict(found.own, found.honest)} In the diagram, "
        f"{calibration.in_words(found.diagrams[first])}.",
        chance(found.chance, own=own),
        f"ECE with {BINS} bins of equally many rows. Many more rows than these would be needed to "
        "find a small fault of calibration: inside the band is not proof. "
        f"{ANOTHER if words.rows == HELD else ONE_FIT}",
        paired(found.paired, *found.names),
    ]


def chance(found: Chance, *, own: bool) -> str:
    """Say how often outcomes of the model's own make the probabilities look as much too sure."""
    judged = "judged by the same probabilities"
    if own:
        judged = (
            "each judged by the fits to its own other rows (in one step from the fit to all, as "
            "the data are for this)"
        )
    p = number(found.p(found.surer), 9e-4)
    return (
        "These errors take the coefficients for known. So the model itself made "
        f"{found.sets:,} sets of outcomes of {found.cases:,} rows, with coefficients drawn from "
        f"the posterior, {judged}: {found.surer:,} of them look at least as much too sure as the "
        "data do (by the slope, whatever the share of events). It is more than chance, and a "
        f"warning, where the probability of that is below {LIMIT:g}; here it is {p}."
    )


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


def warn(report: Report, found: Evaluation, words: Words) -> None:
    """Warn where the probabilities are too sure, and that by more than chance."""
    if found.chance.too_sure:
        report.warn(
            f"The probabilities are too sure on {words.rows}.",
            "Take those near 0 and 1 for less, or recalibrate: see the reliability diagram.",
        )


def warn_of_unsure(report: Report, found: Elpd) -> None:
    """Warn where probabilities of rows left out are not sure, since not all could be refitted."""
    n = int((found.k > found.good_k).sum())
    if n:
        report.warn(
            f"Of {n:,} rows of {len(found.rows):,} it is not sure what the fit without them says: "
            f"their k-hat is above {found.good_k:.2g}, and they were not refitted"
            + (" or the refit failed its diagnosis." if found.failed else "."),
            "Scores, costs and errors may be off by what these rows add: judge on rows that are "
            "held out, --hold-out .3, or take fewer terms (--formula).",
        )


def warn_of_both_sides(
    report: Report, alike: Sequence[Alike], both: Sequence[str], words: Words
) -> None:
    """Warn where rows are alike that belong together, and some are fitted and others judge."""
    known = [one.column for one in alike if one.found and one.column in both]
    if known and words.rows == HELD:
        report.warn(
            f"Rows with the same {known[0]} are alike, and stand on both sides of the split: the "
            "held-out rows are no new ones, and the scores, costs and errors on them too good.",
            f"Hold out all rows of a {known[0]} together: --group {known[0]}.",
        )
    elif known:
        report.warn(
            f"Rows with the same {known[0]} are alike, and where one is left out the others are "
            "fitted: it is no new one, and scores, costs and errors are too good.",
            f"Hold out all rows of a {known[0]} together: --hold-out .3 --group {known[0]}.",
        )
