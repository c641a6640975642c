"""What a page says of heavy tails: weights of rows, leave-one-out, how far nu moved."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reports.blocks import Block, Table
from reports.numbers import number
from reports.tail_figures import figure_of_weights
from workflow.loo import EXACT, Difference, Elpd
from workflow.quantities import Quantity
from workflow.tails import (
    ERRORS,
    FAR,
    GAUSSIAN,
    HARDLY,
    LEAST_DIFFERENCE,
    LEAST_ROWS,
    LOW,
    STUDENT,
    UNDECIDED,
    Moved,
)

NO_RIVAL = "The Gaussian rival could not be fitted, so nothing is said about the tails."
TOLD = 3  # terms in the answer
SHOWN = 8  # rows in the table of weights
HOW_WEIGHTS = (
    "The weight of a row is what it counts in the fit beside a row on the line, which has 1: "
    "nu / (nu + z²), with z the residual in units of scale. A Gaussian gives 1 to every row. It is "
    "averaged over the posterior, that of nu among it."
)
HOW_LOO = (
    "elpd: the sum over the rows of the log probability density of a row, predicted from all the "
    "others. Higher is better. The standard error is from row to row, the Monte Carlo error from "
    "draw to draw."
)
HOW_SIDES = (
    "Medians and 95% equal-tailed credible intervals. The scale of a Student-t is not its sd, "
    "which is greater; a Gaussian's are the same."
)


def side_by_side(student: Mapping[str, Quantity], gaussian: Mapping[str, Quantity]) -> Table:
    """Return slopes, intercept and noise under both models."""
    pairs = {name: (name, name) for name in student if name.partition("[")[0] == "slope"}
    pairs |= {
        "intercept": ("intercept", "intercept"),
        "scale of the noise": ("scale", "sigma"),
        "sd of the noise": ("sd", "sigma"),
    }
    rows = tuple(
        (name, _estimate(student[one]), _estimate(gaussian[other]))
        for name, (one, other) in pairs.items()
    )
    columns = ("quantity", "Student-t noise", "Gaussian noise")
    return Table("Both models side by side (own units)", columns, rows, HOW_SIDES)


def _estimate(q: Quantity) -> str:
    low, high = (number(x, q.mcse_interval) for x in (q.lower, q.upper))
    return f"{number(q.median, q.mcse_mean or q.mcse_interval)} ({low} to {high})"


def weights(found: pd.DataFrame, name: str, *, in_table: int = SHOWN) -> list[Block]:
    """Return which rows count for less: a sentence, the least in a table, all in a figure."""
    low = found[found["weight"] < LOW]
    if low.empty:
        least = found.iloc[0]
        said = (
            f"No row has a weight below {LOW:g}, averaged over the posterior; the least is "
            f"{number(least['weight'], least['mcse'])}, in line {found.index[0]} of the file."
        )
    else:
        lines = ", ".join(map(str, sorted(low.index[:20])))
        more = " (the 20 least)" if len(low) > 20 else ""
        said = (
            f"{len(low)} of {len(found):,} rows have a weight below {LOW:g}: lines {lines}{more}."
        )
    rows = tuple(
        (
            str(line),
            f"{row['observed']:.4g}",
            f"{row['predicted']:.4g}",
            number(row["residual"], 0.05, sign=True),
            number(row["weight"], max(row["mcse"], 0.005)),
            f"{number(row['lower'], 0.01)} to {number(row['upper'], 0.01)}",
        )
        for line, row in found.head(in_table).iterrows()
    )
    columns = (
        *("line in the file", f"{name}, observed", "predicted", "residual / scale"),
        *("weight", "95% interval"),
    )
    table = Table("The rows that count least", columns, rows, HOW_WEIGHTS)
    return [said, table, figure_of_weights(found)]


def leave_one_out(found: Mapping[str, Elpd], gap: Difference) -> list[Block]:
    """Return the elpd of both models and their difference, how it was found, and what failed."""
    one = next(iter(found.values()))
    rows = tuple(
        (name, number(elpd.total, max(elpd.mcse, 0.01)), "–", f"{elpd.mcse:.1g}")
        for name, elpd in found.items()
    )
    last = (
        f"difference ({' − '.join(found)})",
        number(gap.value, max(gap.mcse, 0.01), sign=True),
        f"{gap.se:.2g}",
        f"{gap.mcse:.1g}",
    )
    columns = ("noise", "elpd", "standard error", "Monte Carlo error")
    table = Table(f"Leave-one-out, {one.method}", columns, (*rows, last), HOW_LOO)
    return [" ".join(_how_found(name, elpd) for name, elpd in found.items()), table]


def _how_found(name: str, elpd: Elpd) -> str:
    """Say how the elpd of a model was found, and what of it cannot be trusted."""
    n = len(elpd.rows)
    missing = (
        f" {len(elpd.failed)} of these failed their diagnosis and are left out: lines "
        f"{', '.join(map(str, elpd.failed[:20]))}."
        if elpd.failed
        else ""
    )
    if elpd.method == EXACT:
        return f"{name}: {n} fits, each without one row.{missing or ' All passed their diagnosis.'}"
    k = elpd.k[np.isfinite(elpd.k)]
    worst = f"the largest of the others is {k.max():.2f}" if k.size else "there are no others"
    return (
        f"{name}: PSIS; {elpd.refitted} of {n:,} rows had a Pareto k above {elpd.good_k:.2f} and "
        f"were left out by a fit of their own; {worst}.{missing}"
    )


def rule() -> str:
    """Say when one kind of noise is preferred."""
    return (
        "Rule: the noise with the higher elpd is preferred if the difference is "
        f"{LEAST_DIFFERENCE} or more, at least {ERRORS} standard errors, and there are "
        f"{LEAST_ROWS} rows or more. Otherwise the data cannot tell: with fewer rows the standard "
        "error itself cannot be trusted."
    )


def moved(found: Moved, rows: int) -> str:
    """Say whether nu moved from its prior, with the numbers and the rule."""
    (before, low, high), (after, low_after, high_after) = found.prior, found.posterior
    return (
        f"Given {rows:,} rows, nu {found.in_words} from its prior: median {before:.3g} before "
        f"(central 95% {low:.3g} to {high:.3g}), {after:.3g} after ({low_after:.3g} to "
        f"{high_after:.3g}). The probability that nu is below {found.where:.2g} changed most, by "
        f"{found.distance:.2f}; up to {HARDLY:g} is called hardly, from {FAR:g} on far."
    )


def larger(decision: str, gap: Difference | None, rows: int, failing: Sequence[str]) -> str:
    """Say what the larger data set tells of its tails, and what may pass for heavy tails there."""
    said = NO_RIVAL if gap is None else _verdict(decision, gap, rows)
    if not failing:
        return f"{said} None of the checks below finds what the Student-t does not reproduce."
    return (
        f"{said} But the Student-t does not reproduce all of the data ({', '.join(failing)}): a "
        "spread that changes along the rows or with the predictors can pass for heavy tails, and "
        "the elpd does not tell the two apart."
    )


def answer(
    decision: str,
    gap: Difference | None,
    rows: int,
    ranked: Sequence[str],
    found: tuple[Mapping[str, Quantity], Mapping[str, Quantity]],
    signs: tuple[Mapping[str, int], Mapping[str, int]],
    name: str,
) -> str:
    """Say which noise is preferred, and which slopes are known under both.

    Parameters
    ----------
    ranked
        Terms, the most important first.
    found, signs
        Summaries, and the known direction of each term, under Student-t and Gaussian noise.
    """
    student, gaussian = signs
    if gap is None:
        parts, known = [NO_RIVAL], [term for term in ranked if student[term]]
        under, rest = "Under Student-t noise alone", []
    else:
        parts = [_verdict(decision, gap, rows)]
        known = [term for term in ranked if student[term] and student[term] == gaussian[term]]
        under = "Under both"
        rest = [t for t in ranked if t not in known and (student[t] or gaussian[t])]
    open_ = [term for term in ranked if term not in known and term not in rest]
    if known:
        told = "; ".join(_slopes(term, found, alone=gap is None) for term in known[:TOLD])
        also = f"; also by {', '.join(known[TOLD:])}" if known[TOLD:] else ""
        parts.append(
            f"{under}, {name} is predicted, other terms being equal, by {told}{also} (medians and "
            "95% equal-tailed credible intervals)."
        )
    if rest:
        parts.append(f"The direction of {', '.join(rest)} hangs on the noise.")
    if open_:
        parts.append(f"The direction of {', '.join(open_)} is not known.")
    return " ".join(parts)


def _slopes(
    term: str, found: tuple[Mapping[str, Quantity], Mapping[str, Quantity]], *, alone: bool
) -> str:
    student, gaussian = (_slope(one, term) for one in found)
    if alone:
        return f"{student} per unit of {term}"
    return f"{student} per unit of {term} with Student-t noise, {gaussian} with Gaussian"


def _slope(found: Mapping[str, Quantity], term: str) -> str:
    q = found[f"slope[{term}]"]
    low, high = (number(x, q.mcse_interval, sign=True) for x in (q.lower, q.upper))
    return f"{number(q.median, q.mcse_mean, sign=True)} ({low} to {high})"


def _verdict(decision: str, gap: Difference, rows: int) -> str:
    value = number(gap.value, max(gap.mcse, 0.05), sign=True)
    numbers = f"difference of elpd {value}, standard error {gap.se:.2g}"
    if decision == UNDECIDED:
        return f"{rows:,} rows cannot tell heavy tails from Gaussian noise ({numbers})."
    loser = GAUSSIAN if decision == STUDENT else STUDENT
    return f"{decision} noise predicts unseen rows better than {loser} ({numbers})."
