"""Sentences about heavy tails: the answer, the rule, how far nu moved, what more rows tell."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reports.blocks.numbers import figure, number
from reports.page.page import Report
from reports.regression.terms import Phrases, hangs, told_twice
from workflow.quantities import Quantity
from workflow.regression.hanging import Hanging
from workflow.regression.tails import (
    FAR,
    GAUSSIAN,
    HARDLY,
    HEAVY,
    STUDENT,
    UNDECIDED,
    Fitted,
    Moved,
)
from workflow.scoring.elpd import ERRORS, LEAST_DIFFERENCE, MANY_ROWS, Difference, errors_needed

NO_RIVAL = "The two kinds of noise could not be compared, so nothing is said about the tails."
NOTHING = Hanging()
TOLD = 3  # terms in the answer


def rule(rows: int) -> str:
    """Say when one kind of noise is preferred."""
    few = (
        f", here {errors_needed(rows):.2g}, since with fewer than {MANY_ROWS} rows the standard "
        f"error may be too small ({ERRORS} times the fourth root of {MANY_ROWS} over their number)"
        if rows < MANY_ROWS
        else ""
    )
    return (
        "Rule: the noise with the higher elpd is preferred if the difference is "
        f"{LEAST_DIFFERENCE} or more, and at least {ERRORS} standard errors{few}. Otherwise the "
        "data cannot tell."
    )


def moved(found: Moved, rows: int) -> str:
    """Say whether nu moved from its prior, with the numbers and the rule."""
    (before, low, high), (after, low_after, high_after) = found.prior, found.posterior
    return (
        f"Given {rows:,} rows, nu {found.in_words} from its prior: median {figure(before)} before "
        f"(central 95% {figure(low)} to {figure(high)}), {figure(after)} after ("
        f"{figure(low_after)} to {figure(high_after)}). The probability that nu is below "
        f"{figure(found.where, 2)} changed most, by "
        f"{found.distance:.2f}; up to {HARDLY:g} is called hardly, from {FAR:g} on far."
    )


def warn_of_failures(report: Report, student: Fitted, gaussian: Fitted) -> None:
    """Warn where the rival cannot be trusted, or where rows could not be left out."""
    if not gaussian.elpd:
        report.warn(
            "The Gaussian rival failed its diagnosis, so the two kinds of noise are not compared: "
            f"{'; '.join(gaussian.diagnosis.reasons())}.",
            "Draw more (--draws).",
        )
    elif student.elpd and not np.isfinite(student.elpd.mcse):
        report.warn(
            "The two kinds of noise are not compared: what is known of some rows from the others "
            "hangs on a few draws, so that its error is not known.",
            "Draw more (--draws), and look at the rows that count least.",
        )
    failed = {*(student.elpd.failed if student.elpd else ())}
    failed |= {*(gaussian.elpd.failed if gaussian.elpd else ())}
    if failed:
        report.warn(
            f"Rows missing from the comparison of the two kinds of noise: {len(failed)}, because "
            "fits without them failed their diagnosis.",
            "See the lines below; a tighter prior (--slope-sd) helps where there are few rows.",
        )


def larger(said: str, failing: Sequence[str]) -> str:
    """Add to the verdict on the larger data set what may pass for heavy tails there."""
    if not failing:
        return f"{said} None of the checks below finds what the Student-t does not reproduce."
    return (
        f"{said} But the Student-t does not reproduce all of the data ({', '.join(failing)}): a "
        "spread that changes along the rows or with the predictors can pass for heavy tails, and "
        "the elpd does not tell the two apart."
    )


def answer(
    verdict: str,
    ranked: Sequence[str],
    found: tuple[Mapping[str, Quantity], Mapping[str, Quantity]],
    signs: tuple[Mapping[str, int], Mapping[str, int]],
    least: str,
    name: str,
    *,
    alone: bool,
    phrases: Phrases = {},  # noqa: B006  (nobody writes into it)
    hanging: Hanging = NOTHING,
) -> str:
    """Say which noise is preferred, and which slopes are known under both.

    Parameters
    ----------
    verdict, least
        Sentences about the noise and about the row that counts least.
    ranked
        Terms, the most important first.
    found, signs
        Summaries, and the known direction of each term, under Student-t and Gaussian noise.
    alone
        Whether there is no Gaussian fit to compare with.
    phrases, hanging
        How each term is spoken of, and what hangs on a row, and is not told as known.
    """
    student, gaussian = signs
    parts, ranked = [verdict], [term for term in ranked if term not in hanging.terms]
    if alone:
        known = [term for term in ranked if student[term]]
        under, rest = "Under Student-t noise alone", []
    else:
        known = [term for term in ranked if student[term] and student[term] == gaussian[term]]
        under = "Under both"
        rest = [t for t in ranked if t not in known and (student[t] or gaussian[t])]
    open_ = [term for term in ranked if term not in known and term not in rest]
    if known:
        told = "; by ".join(told_twice(term, found, phrases, alone=alone) for term in known[:TOLD])
        also = f"; also by {', '.join(known[TOLD:])}" if known[TOLD:] else ""
        parts.append(
            f"{under}, {name} is predicted, other terms being equal, by {told}{also} (medians and "
            "95% equal-tailed credible intervals)."
        )
    if rest:
        parts.append(f"The direction of {', '.join(rest)} hangs on the noise.")
    if open_:
        parts.append(f"The direction of {', '.join(open_)} is not known.")
    return " ".join(part for part in (*parts, hangs(hanging), least) if part)


def least_row(rows: pd.DataFrame, change: Moved) -> str:
    """Say how much the row that counts least counts, where that is not the prior's doing alone."""
    row = rows.iloc[0]
    if change.in_words == "hardly moved":
        return "How much less odd rows count is here the prior's doing: nu hardly moved from it."
    return (
        f"With Student-t noise the row that counts least, line {rows.index[0]} of the file, counts "
        f"{row['weight']:.2f} times as much as one on the line (95% equal-tailed credible "
        f"interval {row['lower']:.2f} to {row['upper']:.2f})."
    )


def verdict(decision: str, gap: Difference | None, rows: int, nu: Quantity) -> str:
    """Say which noise is preferred, or what it means that none is; `nu` is its posterior."""
    if gap is None or not np.isfinite(gap.mcse):
        return NO_RIVAL
    value = number(gap.value, max(gap.mcse, 0.05), sign=True)
    numbers = (
        "log predictive density of rows left out, Student-t minus Gaussian: "
        f"{value}, standard error {figure(gap.se, 2)}"
    )
    if decision != UNDECIDED:
        loser = GAUSSIAN if decision == STUDENT else STUDENT
        return f"{decision} noise predicts unseen rows better than {loser} ({numbers})."
    if rows < MANY_ROWS:
        said = f"{rows:,} rows cannot tell heavy tails from Gaussian noise ({numbers})."
    else:
        how = "about equally well" if abs(gap.value) < LEAST_DIFFERENCE else "too unsurely apart"
        said = (
            "The rows cannot tell which noise is better: both predict unseen rows "
            f"{how} ({numbers})."
        )
    return said + _tails_alone(nu)


def _tails_alone(nu: Quantity) -> str:
    """Say what is known of nu where the rule, which is about rows to come, prefers no noise."""
    if nu.lower > HEAVY:
        return f" The tails are not heavy: nu is above {nu.lower:.2g} with probability .975."
    if nu.upper < HEAVY:
        return (
            f" In these very rows the tails are heavy (nu is below {nu.upper:.2g} with probability "
            ".975, given Student-t noise), but few of them say so: whether others like those come "
            "again is not known."
        )
    return ""
