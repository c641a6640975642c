"""What each criterion says of several formulas, and which question it answers: tables."""

from collections.abc import Sequence
from math import exp, inf

import numpy as np

from reports.blocks.blocks import NONE, Table
from reports.blocks.numbers import apart, figure, number, percent
from reports.blocks.text import listed
from workflow.regression.criteria import Compared, Scored

HUGE, ALIKE = np.log(1e9), 1e-6
LINES = 5  # rows that are named
HOW_LEFT_OUT = (
    "One row a formula. elpd: the sum over the rows of the log density of the outcome itself, "
    "predicted from all other rows, without Monte Carlo error; higher is better. ± is the standard "
    "error from row to row. p_loo: how many parameters that is worth. k-hat: how much draws of the "
    "fit to all rows would depend on the one row that matters most; above the limit PSIS, which "
    "predicts from such draws, cannot be trusted, and what it would say stands beside the exact "
    "number. 10-fold: the same predicted from nine tenths of the rows, averaged over ways to part "
    "them, ± what these differ. Weight: of the average (stacking) that predicts rows best."
)
HOW_EVIDENCE = (
    "One row a formula. Log evidence: the log density of all rows together before any is seen, "
    "under formula and prior. Bayes factor: by how much that density is below the highest. "
    "Probability: were one of these formulas true, and all as likely before. JZS: the Bayes factor "
    "under the prior of Jeffreys, Zellner and Siow (scale .7071), which many programs print, by "
    "how much it is less than the highest; it is there for what the best formula predicts (the "
    "outcome, or its logarithm). AIC and BIC: of the outcome itself, from least squares; lower is "
    "better. None of them says how well a formula predicts but AIC, and that for many rows."
)
HOW_CRITERIA = (
    "One row a criterion: the question it answers, the formula it has highest, and the next one "
    "with its distance in nats (differences of elpd, of log evidence, and half of those of AIC and "
    "BIC). They need not agree, for their questions are not the same. Good is where all name one "
    "formula; where they differ, the question at hand says which to look at."
)
HOW_MATTER = (
    "One row a formula, in units of the outcome, of what is predicted of each row from all the "
    "others (the median; of the average by the weights). Missed: by how much the prediction of a "
    "row is off, the middle row and the one that nine of ten are below. Apart: how far the "
    "prediction is from that of the formula with the highest elpd, in the middle row and in the "
    "row where it is farthest. Where these are small beside what is missed, the choice matters "
    "little for predictions."
)


def left_out(found: Compared) -> Table:
    """Return what rows that are left out say of each formula, the highest elpd first."""
    rows = tuple(
        (
            one.name,
            f"{number(one.elpd.total, 0.1)} ± {figure(one.se, 2)}",
            figure(one.p_loo, 2),
            f"{one.k_hat:.2f}{_above(one)}",
            number(one.by_draws, 0.1),
            NONE if one.folds is None else _folded(one.folds),
            f"{found.weights[one.name]:.2f}",
        )
        for one in found.ranked
    )
    columns = ("formula", "elpd", "p_loo", "largest k-hat", "by PSIS", "10-fold", "weight")
    return Table("Rows left out", columns, rows, HOW_LEFT_OUT)


def _above(one: Scored) -> str:
    many = len(one.above)
    return f" ({many:,} {'row' if many == 1 else 'rows'} above {one.good_k:.2f})" if many else ""


def _folded(folds: np.ndarray) -> str:
    told = number(float(folds.mean()), 0.1)
    if len(folds) < 2 or np.ptp(folds) < ALIKE:  # as many parts as rows
        return told
    return f"{told} ± {figure(float(folds.std(ddof=1)), 2)}"


def evidence(found: Compared) -> Table:
    """Return evidence and information criteria of each formula, the highest evidence first."""
    best = max(one.evidence for one in found.scored)
    like = {one.name: one.jzs for one in found.scored if one.line.form is found.best.line.form}
    rows = tuple(
        (
            one.name,
            number(one.evidence, 0.01),
            odds(best - one.evidence),
            percent(found.probabilities[one.name], 0.001),
            odds(max(like.values()) - one.jzs) if one.name in like else NONE,
            *(map(number, one.information, (0.1, 0.1)) if one.information else (NONE, NONE)),
        )
        for one in sorted(found.scored, key=lambda one: -one.evidence)
    )
    columns = ("formula", "log evidence", "Bayes factor", "probability", "JZS")
    return Table("Evidence, and AIC and BIC", (*columns, "AIC", "BIC"), rows, HOW_EVIDENCE)


def odds(log_against: float) -> str:
    """Say how many to 1 stand against something, or for it."""
    if abs(log_against) > HUGE:
        many = "over a billion"
    else:
        size = exp(abs(log_against))
        many = f"{size:,.0f}" if size >= 100 else figure(size, 4)
    if many == "1":
        return "1 to 1"
    return f"1 to {many}" if log_against > 0 else f"{many} to 1"


def criteria(found: Compared) -> Table:
    """Return each criterion with its question, what it has highest, and the next."""
    asked = {
        "leave-one-out": (
            "Which predicts a new row best, after all of these?",
            {one.name: one.elpd.total for one in found.scored},
        ),
        "10-fold": (
            "The same, after nine tenths of them?",
            {one.name: -inf if one.folds is None else one.folds.mean() for one in found.scored},
        ),
        "AIC": (
            "The same, by a count of parameters (for many rows, no prior)?",
            _information(found, 0),
        ),
        "Bayes factor": (
            "Under which were these rows likeliest before any was seen, prior included?",
            {one.name: one.evidence for one in found.scored},
        ),
        "BIC": ("The same, under a prior worth one row?", _information(found, 1)),
    }
    rows = []
    for name, (question, scores) in asked.items():
        order = sorted(scores, key=lambda one: -scores[one])
        if scores[order[0]] == -inf:
            continue
        behind = scores[order[0]] - scores[order[1]]
        told = f"{order[1]}, by {figure(behind, 2)}" if np.isfinite(behind) else NONE
        rows.append((name, question, order[0], told))
    columns = ("criterion", "which question it answers", "highest", "then")
    return Table("Which criterion answers which question", columns, tuple(rows), HOW_CRITERIA)


def _information(found: Compared, which: int) -> dict[str, float]:
    return {
        one.name: -one.information[which] / 2 if one.information else -inf for one in found.scored
    }


def matter(found: Compared, name: str) -> Table:
    """Return how far predictions miss under each formula, and how far they are apart."""
    best = found.best
    predicted = {one.name: one.median for one in found.ranked}
    if len(found.scored) > 1:
        predicted["average by the weights"] = found.averaged
    rows = []
    for one, median in predicted.items():
        miss = np.abs(found.y - median)
        gap = np.abs(median - best.median)
        far = int(np.nanargmax(gap)) if np.isfinite(gap).any() else 0
        some = apart(*(float(np.nanquantile(miss, q)) for q in (0.5, 0.9)), digits=3)
        line = best.elpd.rows[far]
        told = (NONE, NONE)
        if gap[far] > 0:
            largest = f"{figure(float(gap[far]))} (line {line})"
            told = (figure(float(np.nanmedian(gap))), largest)
        rows.append((one, *some, *told))
    columns = ("formula", "missed, middle", "nine of ten below", "apart, middle", "apart, most")
    caption = f"Predictions of {name} from all other rows"
    return Table(caption, columns, tuple(rows), HOW_MATTER)


def trusted(found: Compared) -> str:
    """Say of which formulas k-hat is too large, and what is done about that."""
    bad = [one for one in found.ranked if one.above]
    if not bad:
        return (
            "By draws of the fits to all rows (PSIS) each row could be left out here: no k-hat is "
            "above its limit. The numbers are exact all the same, by quadrature."
        )
    told = listed(
        f"{one.name}, {_lines(one.above)}: PSIS would say {number(one.by_draws, 0.1)}, and it is "
        f"{number(one.elpd.total, 0.1)}"
        for one in bad
    )
    return (
        f"By draws of the fits to all rows (PSIS) not every row can be left out: {told}. So each "
        "row is left out exactly, by quadrature of the model without it, and K-fold stands beside."
    )


def _lines(rows: Sequence[int]) -> str:
    more = f" and {len(rows) - LINES:,} more" if len(rows) > LINES else ""
    return f"{'line' if len(rows) == 1 else 'lines'} {', '.join(map(str, rows[:LINES]))}{more}"


def formulas(told: Sequence[tuple[str, str]]) -> Table:
    """Return the formulas by their names."""
    how = "One row a formula, as it was given; its name stands before it, and on this page."
    return Table("Formulas", ("name", "formula"), tuple(told), how)
