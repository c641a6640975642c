"""What a page says of gaps that were filled: where, how well they are known, what it changed."""

from collections.abc import Mapping, Sequence
from typing import Literal

from reports.blocks.blocks import NONE, Block, Table
from reports.blocks.numbers import figure, number, percent
from reports.blocks.text import listed
from reports.page.page import Report
from workflow.quantities import Quantity
from workflow.regression.imputed import Filled

CLEAR = 2.6  # t statistic from which on gaps go with the outcome: 1% by chance
MOVED = 1.0  # sds of a slope of complete rows, from which on the difference is told in words
HOW_FILLED = (
    "A row a term with gaps. Mean and sd of the values in the file, and of those that were filled "
    "in, over gaps and draws: they may differ, where rows with a gap differ in what is known of "
    "them. Known to: posterior sd of a single gap (root mean square); near the sd of the values in "
    "the file, the row says next to nothing of what is missing. Beyond: share of the filled values "
    "below the least or above the greatest of the file; a few percent are good. Skewness: of the "
    "values in the file, given the other terms; 0 for the normal distribution that fills the gaps. "
    "Gap and outcome: t statistic of rows with a gap against rows alike in the other terms; above "
    "2.6 or below −2.6 it is no chance, and complete rows alone would mislead."
)
HOW_BESIDE = (
    "A row a term: posterior mean (sd) of its slope in own units, with all rows and the gaps "
    "filled, and from the rows without a gap alone, under the same prior. The last column is the "
    "difference in posterior sds of the latter. Near 0 is what gaps by lot would give, with a "
    "smaller sd where all rows are used; more than 1 or 2 says that rows with gaps are others."
)
ASSUMED = (
    "That is right where values are missing at random: whether one is there may depend on all "
    "that the file has of the row, the outcome included, and not on the missing value itself "
    "beyond that. No data can show whether it is so, since what it is about is missing: people "
    "of high income who keep it to themselves because it is high are the usual counterexample."
)
CHECKED = (
    "Gaps are unknowns of the model, so every interval of a slope allows for them. What is shown "
    "or checked row by row needs a number in each: predictive checks, and weights of rows where "
    "they have some, take those of each draw, pictures, residuals and averages over rows those of "
    "one draw, as if they had been seen. "
)
OF_GROUPS = (
    "Whether slopes differ between groups is looked at for the terms without gaps alone, since the "
    "values of the others within a group are not known."
)
type Scored = Literal["complete", "all", "none"]

HELD_BACK = (
    "Whether the prior holds the terms back is not looked at: that compares the posterior with the "
    "greatest likelihood of rows that are all complete."
)
SCORED: Mapping[Scored, str] = {
    "complete": "How well rows that were left out are predicted is computed of rows without gaps. "
    "Whether the prior holds the terms back is not looked at, and no other method stands beside "
    "the posterior: with gaps neither has an answer in closed form.",
    "all": "How well rows that were left out are predicted is computed of all rows: a row with a "
    "gap is predicted from the terms that it has, as a mean over what may stand in the gap, and "
    "its outcome has no say in that. That compares models: where gaps go with the outcome, it is "
    "not how well new rows would be predicted. " + HELD_BACK,
    "none": HELD_BACK,
}


def blocks(
    found: Sequence[Filled], incomplete: int, rows: int, *, scored: Scored = "complete"
) -> list[Block]:
    """Return how many gaps there were, of which terms, and how they were filled.

    `incomplete` is how many of the rows have a gap, `scored` which rows the page leaves out to see
    how well they are predicted.
    """
    gaps = sum(one.gaps for one in found)
    share = percent(gaps / (rows * len(found)), 0.01)
    rest = f"{gaps:,} gaps in {incomplete:,} of {rows:,} rows were filled: {_where(found)}"
    return [
        f"{rest}. Each is an unknown of the model, estimated jointly with the slopes from the "
        f"other terms and from the outcome of its row: {share} of the values of these terms. What "
        "is missing of them stays unknown, and a row with a gap says less of its slope than one "
        "without.",
        ASSUMED,
        CHECKED + SCORED[scored],
        Table("The gaps, and what fills them", _COLUMNS, tuple(map(_row, found)), HOW_FILLED),
        *_goes_along(found),
    ]


_COLUMNS = (
    *("term", "gaps", "in the file: mean (sd)", "filled in: mean (sd)"),
    *("known to", "beyond", "skewness", "gap and outcome"),
)


def _row(one: Filled) -> tuple[str, ...]:
    return (
        one.term,
        f"{one.gaps:,}",
        f"{figure(one.mean, 4)} ({figure(one.sd)})",
        f"{figure(one.mean_filled, 4)} ({figure(one.sd_filled)})",
        figure(one.sd_each),
        percent(one.outside, 0.001),
        number(one.skewness, 0.05, sign=True),
        number(one.z, 0.05, sign=True),
    )


def _where(found: Sequence[Filled]) -> str:
    return listed(f"{one.gaps:,} of {one.term}" for one in found)


def _goes_along(found: Sequence[Filled]) -> list[str]:
    """Say of which terms gaps go with the outcome."""
    clear = [one for one in found if abs(one.z) > CLEAR]
    if not clear:
        return ["Rows with a gap have no clearly other outcome than rows alike in the other terms."]
    told = listed(f"{'higher' if one.z > 0 else 'lower'} of {one.term}" for one in clear)
    return [
        f"In rows with a gap the outcome is another than in rows alike in the other terms ({told}):"
        " rows without gaps are a selection by the outcome, and their slopes alone would be off. "
        "Here they are not, if what was said of missing at random holds."
    ]


def beside(
    ours: Mapping[str, Quantity], whole: Mapping[str, Quantity], rows: int, why: str
) -> list[Block]:
    """Return the slopes of rows without gaps beside ours; `why` there are none, if so."""
    if not whole:
        return [f"The rows without gaps alone cannot stand beside: {why}."]
    moved: dict[str, float] = {}
    table: list[tuple[str, ...]] = []
    for name, mine in ours.items():
        other, term = whole.get(name), name.removeprefix("slope[").removesuffix("]")
        if other is None or not other.sd or mine.mean is None or other.mean is None:
            table.append((term, _cell(mine), NONE, NONE))
            continue
        moved[term] = (mine.mean - other.mean) / other.sd
        table.append((term, _cell(mine), _cell(other), number(moved[term], 0.05, sign=True)))
    columns = ("term", "all rows, gaps filled", f"{rows:,} rows without gaps", "difference (sds)")
    return [
        _most(moved),
        Table("Slopes with and without the rows that have gaps", columns, tuple(table), HOW_BESIDE),
    ]


def _cell(q: Quantity) -> str:
    error = q.mcse_mean
    return f"{number(q.mean, error)} ({number(q.sd, error)})"


def _most(moved: Mapping[str, float]) -> str:
    term = max(moved, key=lambda name: abs(moved[name]))
    size = number(abs(moved[term]), 0.05)
    told = f"The slope of {term} differs most from that of rows without gaps, by {size} of its sds"
    if abs(moved[term]) < MOVED:
        return f"{told} there: filling the gaps changes what is said of no term by much."
    return (
        f"{told} there: rows with gaps tell something else, or the model of the gaps is wrong. "
        "Look at both columns."
    )


def warn(report: Report, found: Sequence[Filled]) -> None:
    """Warn where the normal distribution is plainly none for a term that has gaps."""
    bent = [one.term for one in found if one.bent or one.beyond]
    if bent:
        are = "is" if len(bent) == 1 else "are"
        report.warn(
            f"Gaps of {listed(bent)} are filled by a normal distribution, and what the file has of "
            f"{'it' if len(bent) == 1 else 'them'} {are} none, given the other terms, or does not "
            "reach as far: filled values may be such as never come, and slopes off by that.",
            "Add the logarithm, or another form that is more even, as a column of the file, and "
            "use it instead; or compare with --drop-missing.",
        )
