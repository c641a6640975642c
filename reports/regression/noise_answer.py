"""What the first screen says of losses: which predicts best, or that the rows cannot tell."""

from collections.abc import Sequence

import numpy as np

from reports.blocks.blocks import Cell, Figure, Table
from reports.blocks.numbers import figure, number, percent
from reports.blocks.text import listed
from reports.drawing import figures
from reports.regression.noises import TABLE
from workflow.quantities import Scalar
from workflow.regression import noises
from workflow.regression.assessed import Fitted, gap
from workflow.regression.noise_rivals import UNDECIDED
from workflow.scoring.elpd import LEAST_DIFFERENCE, Difference, errors_needed, whisker

TENTHS = 0.5  # Monte Carlo error of an elpd up to which it is told to tenths
HOW_RESULT = {
    "predicts": "What the loss would be least for if all rows were alike.",
    "beside the best": "The elpd (how well rows are predicted that were left out, higher is "
    "better) less that of the best loss, ± its standard error from row to row.",
    "verdict": "Worse, from a difference of 4 on that is as many standard errors away from 0 as "
    "the number of rows asks for; else the rows cannot tell. Highest is not best, unless all "
    "others are worse.",
}


def result(fits: Sequence[Fitted], decision: str | None, out: Scalar | None) -> list[Table]:
    """Return a row a loss, the best first: what it predicts, its elpd, the verdict."""
    best = highest(fits)
    order = sorted(fits, key=lambda one: one.elpd.total if one.known and one.elpd else -np.inf)
    rows: list[tuple[Cell, ...]] = []
    for fit in reversed(order):
        loss, _, predicted = TABLE[fit.name]
        away = gap(fit, best) if best and fit.known and fit is not best else None
        said = f"{_elpd(away, sign=True)} ± {figure(away.se, 2)}" if away else "not known"
        of_gaussian = out is not None and fit.name == noises.GAUSSIAN
        more = [] if out is None else [percent(out.value, out.mcse) if of_gaussian else "0%"]
        told = _verdict(fit, best, decision)
        rows.append((loss, predicted, "0" if fit is best else said, *more, told))
    more = [] if out is None else ["impossible"]
    columns = ("minimise", "predicts", "beside the best", *more, "verdict")
    how = HOW_RESULT | ({"impossible": HOW_OUT} if out is not None else {})
    return [Table("Losses, by how well they predict rows left out", columns, tuple(rows), how)]


HOW_OUT = (
    "Of the values that the fitted noise predicts for these rows, the share that no such outcome "
    "can have: counts below 0, shares below 0 or above 1."
)


def picture(fits: Sequence[Fitted]) -> Figure:
    """Draw how far the elpd of each loss is from the highest, with two standard errors."""
    best = highest(fits)
    gaps = {one.name: gap(one, best) for one in fits if best and one.known and one is not best}
    drawn = {f"{TABLE[name][0]} ({name})": {"": whisker(one)} for name, one in gaps.items() if one}
    said = f"{TABLE[best.name][0]} ({best.name} noise)" if best else "none"
    return figures.intervals(
        "answer",
        drawn,
        label=f"log predictive density (elpd) less that of the highest, {said}",
        caption="Differences of the elpd, each with two standard errors from row to row to either "
        "side. Left of 0 is worse than the highest.",
    )


def _verdict(fit: Fitted, best: Fitted | None, decision: str | None) -> str:
    tenable = names(decision)
    if decision is None:
        return "not known"
    if fit.name not in tenable:
        return "worse" if fit.known else "not known"
    if fit is best:
        return "best" if len(tenable) == 1 else "highest"
    return "cannot tell" if fit.known else "not known"


def names(decision: str | None) -> list[str]:
    """Return the noises of a decision: one, or those among which the rows cannot tell."""
    return (decision or "").removeprefix(UNDECIDED).split(", ")


def highest(fits: Sequence[Fitted]) -> Fitted | None:
    """Return the fit with the highest elpd of those that are known."""
    known = [one for one in fits if one.known]
    return max(known, key=lambda one: one.elpd.total if one.elpd else 0.0) if known else None


def answer(
    fits: Sequence[Fitted],
    decision: str | None,
    rows: int,
    name: str,
    out: Scalar | None,
    more: str = "",
) -> str:
    """Say which loss predicts best, or that the rows cannot tell, what cannot be, and `more`."""
    last = " ".join(one for one in (impossible(out, name), more) if one)
    best, tenable = highest(fits), names(decision)
    if decision is None or best is None:
        return f"Which loss predicts {name} best is not known."
    said = {one.name: _away(one, best) for one in fits if one is not best}
    worse = [said[one.name] for one in fits if one.name not in tenable and one.name in said]
    alike = [said[one] for one in tenable if one in said]
    loss, _, predicted = TABLE[best.name]
    if len(tenable) == 1:
        return (
            f"Minimise {the(loss)} ({best.name} noise; it predicts the {predicted}): of these "
            f"losses it predicts unseen {name} best. Below its log predictive density (elpd) come "
            f"{listed(worse)}. {last}".strip()
        )
    below = f" Clearly worse: {listed(worse)}." if worse else ""
    return (
        f"These {rows:,} rows cannot tell which of {len(tenable)} losses predicts unseen {name} "
        f"best. Highest is {the(loss)} ({best.name} noise); below its log predictive density "
        f"(elpd) come {listed(alike)}.{below} {_so(tenable)} {last}"
    ).strip()


def the(loss: str) -> str:
    """Return a loss with its article, where it takes one."""
    return loss if loss.startswith("Huber") else f"the {loss}"


def _away(one: Fitted, best: Fitted) -> str:
    away, loss = gap(one, best), TABLE[one.name][0]
    if away is None or not one.known:
        return f"{the(loss)}, by how much is not known"
    return f"{the(loss)} by {_elpd(away).lstrip('−')} (standard error {figure(away.se, 2)})"


def _elpd(away: Difference, *, sign: bool = False) -> str:
    """Format a difference to tenths, or to units where its Monte Carlo error is no small part."""
    return number(away.value, 0.1 if away.mcse < TENTHS else 1.0, sign=sign)


def _so(tenable: Sequence[str]) -> str:
    """Say what to choose by, where rows cannot tell."""
    what: dict[str, list[str]] = {}
    for one in tenable:
        what.setdefault(TABLE[one][2], []).append(the(TABLE[one][0]))
    if len(what) == 1:
        return (
            f"All of these predict the {next(iter(what))}; they differ in how far single rows "
            "scatter about it."
        )
    told = listed(f"{' or '.join(losses)} for the {value}" for value, losses in what.items())
    return f"So choose by what is to be predicted: {told}."


def impossible(out: Scalar | None, name: str) -> str:
    """Say which share of what Gaussian noise predicts cannot be; nothing of real numbers."""
    if out is None:
        return ""
    return (
        f"Of the values of {name} that the squared error (Gaussian noise) predicts, "
        f"{percent(out.value, out.mcse)} are ones that {name} cannot have."
    )


def scalars(out: Scalar | None) -> dict[str, Scalar]:
    """Return that share for the summary."""
    return {} if out is None else {"prob_impossible_under_gaussian": out}


def line(fits: Sequence[Fitted], decision: str | None) -> str:
    """Say in a line which loss predicts best."""
    best, tenable = highest(fits), names(decision)
    if decision is None or best is None:
        return "Which loss predicts best is not known."
    if len(tenable) == 1:
        return f"Best is {the(TABLE[tenable[0]][0])}: all others are worse."
    others = listed(the(TABLE[one][0]) for one in tenable if one != best.name)
    return f"The highest elpd has {the(TABLE[best.name][0])}; not clearly worse: {others}."


def rule(rows: int) -> str:
    """Say by which rule a loss is better than another."""
    return (
        "Rule: a loss is worse than that with the highest elpd if its own is lower by "
        f"{LEAST_DIFFERENCE} or more and by {errors_needed(rows):.2g} standard errors of the "
        f"paired difference or more (with {rows:,} rows; 2 from 100 rows on). Minimise the one "
        "that all others are worse than; else the rows cannot tell, and what one wants to predict "
        "decides: a mean if amounts are added up, a median if being off by twice as much is twice "
        "as bad."
    )
