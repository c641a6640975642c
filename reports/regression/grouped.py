"""What a page says of groups of rows, (1 | group): how much they differ, and each of them."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import estimate, interval, number
from reports.page.page import Report
from workflow.checking.checks import StatisticCheck
from workflow.checking.status import Status
from workflow.quantities import Quantity, label

SHOWN = 30  # groups of the table, those of the largest offsets
COLUMNS = ("median", "95% interval")
FEW = 5  # groups, below which the sd between them is little more than its prior
HOW = (
    "A row a group: how many rows it has, and by how much the outcome of its rows differs from a "
    "group in the middle, the terms being equal: median and 95% equal-tailed credible interval. "
    "The offsets are drawn to the middle, those of groups with few rows most (partial pooling), so "
    "the largest of many is not an exaggeration. Those that the sd between groups expects are "
    "good; one far from all others is a group to look at."
)
HOW_SPREAD = (
    "The sd between groups says how far the offset of a group is from the middle, in two of three "
    "groups; the share is what of the variance that the terms leave is between groups (the "
    "intraclass correlation): 0 where rows of a group are no more alike than others."
)


def blocks(
    column: str,
    sizes: Mapping[str, int],
    offsets: Mapping[str, Quantity],
    spread: Mapping[str, Quantity],
    unit: str,
    between: float,
    sd: float,
) -> list[Block]:
    """Return how much groups differ, and the offset of each.

    `spread` has `group_sd` and perhaps `noise` and `intraclass`; `sd` is the unit of `between`, the
    prior scale of the first.
    """
    q = spread["group_sd"]
    told = {"group_sd": "sd between groups", "noise": "sd within a group"}
    rows = [(told[name], *_cells(one)) for name, one in spread.items() if name in told]
    rows += [
        ("share between groups (ICC)", *_cells(one))
        for name, one in spread.items()
        if name == "intraclass"
    ]
    order = (
        f"{between:g} {unit}" if sd == 1 else f"{between * sd:.3g} {unit} ({between:g} of its sds)"
    )
    return [
        f"Rows of the same {column} have an intercept of their own, (1 | {column}). The sd between "
        f"groups is {number(q.median, q.mcse_median)} {unit} (95% equal-tailed credible interval "
        f"{interval(q)}); before the data it was expected to be of the order of {order}, "
        "half-normal (--between). What is said of a term compares rows with the terms of others, "
        "groups being equal; a term that is the same in all rows of a group is known from as many "
        "values as there are groups. Where this page leaves rows out, the others of their group "
        "stay.",
        Table("How much groups differ", ("quantity", *COLUMNS), tuple(rows), HOW_SPREAD),
        _each(sizes, offsets, unit),
    ]


def _cells(q: Quantity) -> tuple[str, str]:
    return number(q.median, q.mcse_median), interval(q)


def _each(sizes: Mapping[str, int], offsets: Mapping[str, Quantity], unit: str) -> Table:
    ranked = sorted(offsets, key=lambda name: -abs(offsets[name].median))[:SHOWN]
    ranked.sort(key=lambda name: -offsets[name].median)
    rows = tuple(
        (label(name), f"{sizes[label(name)]:,}", estimate(offsets[name], sign=True))
        for name in ranked
    )
    more = f", the {SHOWN} that differ most of {len(offsets):,}" if len(offsets) > SHOWN else ""
    title = f"The groups{more}: {unit} above or below the middle"
    return Table(title, ("group", "rows", "median (95% interval)"), rows, HOW)


def warn_of_few(report: Report, column: str, groups: int) -> None:
    """Warn where there are so few groups that the sd between them is hardly known."""
    if groups < FEW:
        report.warn(
            f"{column} has {groups} groups: how much groups differ is known from so few values, "
            "and is mostly what its prior says (--between).",
            f"Look at other values of --between, or write C({column}), a level for each group, if "
            "no other group is of interest.",
        )


def warn_of_slopes(
    report: Report, checks: Sequence[StatisticCheck], column: str, term: str
) -> None:
    """Warn where slopes differ between groups more than noise makes them."""
    if any(one.result is Status.WARN for one in checks):
        report.warn(
            f"The slope of {term} differs between groups of {column} by more than chance: the "
            "model has one slope for all, so its interval is too narrow for what groups have in "
            "common, and single groups are predicted badly.",
            f"Make one row of each {column}, with its own slope of {term} as the outcome, or add "
            "as a term what tells the groups apart, in a product with it.",
        )


def slopes(checks: Sequence[StatisticCheck], term: str, *, looked: bool) -> list[Block]:
    """Say whether slopes differ between groups, as far as was looked at."""
    if not looked:
        return ["Whether slopes differ between groups is not looked at here: one is for all."]
    if not checks:
        return [
            "No term varies within groups, so whether slopes differ between them cannot be told."
        ]
    (one,) = checks
    verdict = (
        f"That of {term} does, by more than chance."
        if one.result is Status.WARN
        else f"They do not, by more than chance (that of {term} does most)."
    )
    return [
        "Do slopes differ between groups? The residuals tell: the variance that slopes of single "
        "groups explain of them, for each slope beyond one for all, is "
        f"{one.observed:.3g} in the data and {one.median:.3g} ({one.lower:.3g} to {one.upper:.3g}) "
        f"in data predicted from the fit (p = {one.p:.3f}). {verdict}"
    ]
