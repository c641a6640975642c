"""What a page says of rows that may not be independent: what was looked at, what was found."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from reports.blocks.blocks import Block, Table
from reports.page.page import Report
from workflow.checking.alike import IN_FILE, LEVEL, Alike
from workflow.checking.status import Status

HOW = (
    "One row a column of the file that says to what a row belongs (a person, a site, a day), or an "
    "order of the rows. The correlation is that of what the model leaves of two rows with the same "
    "value (intraclass correlation), or of neighbours in an order; 0 is what independent rows "
    "have. Beside it stand its standard error and p, how probable as much agreement is when the "
    "rows change places at random; “needed” is such that all tests of the page together are "
    f"wrong in {100 * LEVEL:g} of 100 data sets whose rows are independent. The factor says by how "
    "much the interval of the estimate that suffers most is too narrow; 1 is good, below 1 it is "
    "too wide."
)
ADVICE = {
    "cluster": "Run the study again with --cluster {column}, which counts by {column}.",
    "group": "Give each {column} an intercept of its own (partial pooling): --formula {formula}",
    "mean": "Make one row of each {column} (its means), or use a model with a level for every "
    "{column}; until then take intervals for that much wider.",
    "time": "Make one row of each longer stretch of time, or add what changed in time as a term; "
    "until then take intervals for that much wider.",
    "file": "Lines in the order of time: make one row of each longer stretch, or add what changed. "
    "Sorted lines: add what sorted them.",
}
NO_FORMULAS: Mapping[str, str] = MappingProxyType({})
TITLE = "Do the rows know of one another?"


def blocks(found: Sequence[Alike], formulas: Mapping[str, str] = NO_FORMULAS) -> list[Block]:
    """Return what was looked at, and what was found."""
    return [
        "The model takes the rows as independent. Columns whose values come again, and look as if "
        "they said to what a row belongs or when it was, can tell otherwise, and so can the order "
        "of the lines where no column says when (sorted by a term, they show its bends, too); that "
        "none does is no proof.",
        _table(found),
        *(_harmless(one, formulas) for one in found if one.found and not one.matters),
    ]


def warn(
    report: Report,
    found: Sequence[Alike],
    *,
    clusters: bool,
    formulas: Mapping[str, str] = NO_FORMULAS,
) -> None:
    """Add the section, where anything was looked at; warn of the column that matters most.

    `clusters` says that the study can count by cluster (--cluster); `formulas` has, by column, the
    formula with an intercept for each of its groups, where that is possible.
    """
    if not found:
        return
    report.section(TITLE, *blocks(found, formulas))
    bad = [one for one in found if one.matters]
    if bad:
        worst, *others = bad
        kind = "cluster" if clusters else "group" if worst.column in formulas else "mean"
        kind = "file" if IN_FILE in worst.column else "time" if worst.ordered else kind
        formula = formulas.get(worst.column)
        also = ", ".join(
            one.column for one in others if kind != "file" or IN_FILE not in one.column
        )
        report.warn(
            f"Rows are not independent: {_said(worst)}, and the interval of {worst.most} "
            f"should be {worst.factor:.2g} times as wide."
            + (f" (Others that tell: {also}.)" if also else ""),
            ADVICE[kind].format(column=worst.column, formula=formula),
        )


def _said(one: Alike) -> str:
    """Say which rows are alike, and how much."""
    which = (
        f"neighbours by {one.column} are alike (correlation"
        if one.ordered and one.groups == one.rows
        else f"those of the same stretch ({one.column}) are alike (intraclass correlation"
        if one.ordered
        else f"those with the same {one.column} are alike (intraclass correlation"
    )
    return f"{which} {one.icc:.2g} ± {one.error:.1g})"


def _harmless(one: Alike, formulas: Mapping[str, str]) -> str:
    """Say that rows are alike, and that this does not make an interval too narrow."""
    formula = "" if one.ordered else formulas.get(one.column)
    instead = f" {ADVICE['group'].format(column=one.column, formula=formula)}." if formula else ""
    unless = ", unless the lines were just sorted" if IN_FILE in one.column else ""
    return (
        f"Rows are alike, {_said(one)}, yet the interval of {one.most} is not narrower for it: "
        "what they share is on both sides of the comparison. Intervals of what is not compared, "
        f"such as a rate by itself, are too narrow{unless}.{instead}"
    )


def _table(found: Sequence[Alike]) -> Table:
    rows = tuple(
        (
            one.column,
            f"{one.groups:,} in {one.rows:,}",
            f"{one.icc:.2f} ± {one.error:.1g}",
            f"{one.p:.2g} (needed: {one.limit:.2g})",
            f"{one.factor:.2f} ({one.most})",
            Status.WARN if one.matters else Status.PASS,
        )
        for one in found
    )
    columns = ("column", "values in rows", "correlation", "p", "interval too narrow by", "result")
    return Table("Rows that share something", columns, rows, HOW)
