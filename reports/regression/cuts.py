"""What a page says of proportional odds: is a slope the same at every cut between ratings?"""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import Block, Cell, Table
from reports.blocks.numbers import figure, number
from reports.blocks.text import listed, shortened
from reports.page.page import Report
from workflow.checking.checks import StatisticCheck
from workflow.checking.status import Status
from workflow.regression.proportional import PROPORTIONAL

SHOWN, LONGEST = 12, 60  # terms, and characters of one
ADVICE = (
    "Where a slope differs between cuts, one number for it is an average over the cuts: see the "
    "table of slopes by cut, and fit the cut that matters by itself (a column that says whether "
    "the rating is above it, logistic_regression). Else try a square or a product in --formula."
)
HOW_CUTS = (
    "A row a term, a column a cut: the slope (log-odds of a rating above the cut, per unit of the "
    "term) that this cut asks for by itself, one Newton step from the common slope, ± its standard "
    "error; – where fewer than five rows are expected on one side. Good are numbers that differ by "
    "no more than their errors. The verdict is that of the check above, which compares all "
    "cuts at once; – where it was not looked at."
)


def slopes(
    found: Mapping[str, Sequence[tuple[float, float]]],
    cuts: Sequence[int],
    ratings: Sequence[str],
    checks: Sequence[StatisticCheck],
) -> Table:
    """Return each term's slope at each cut, with the verdict on whether they differ."""
    verdict: dict[str, Cell] = {
        one.statistic.rpartition(": how far")[0]: one.result
        for one in checks
        if PROPORTIONAL in one.statistic and isinstance(one.result, Status)
    }
    rows: list[tuple[Cell, ...]] = []
    for term, each in list(found.items())[:SHOWN]:
        by = dict(zip(cuts, each, strict=True))
        told = [
            f"{number(by[j][0], by[j][1] / 10, sign=True)} ± {figure(by[j][1], 2)}"
            if j in by
            else "–"
            for j in range(1, len(ratings))
        ]
        rows.append((shortened(term, LONGEST), *told, verdict.get(term, "–")))
    last = len(ratings) - 1
    columns = [f"{ratings[j]}{'' if j == last else ' or more'}" for j in range(1, last + 1)]
    title = "Is a term's slope the same at every cut?"
    return Table(title, ("term", *columns, "verdict"), tuple(rows), HOW_CUTS)


def warned(report: Report, checks: Sequence[StatisticCheck]) -> list[Block]:
    """Say whether proportional odds hold, and warn, on the first screen, of terms where not."""
    bad = [
        one.statistic.rpartition(": how far")[0]
        for one in checks
        if PROPORTIONAL in one.statistic and one.result is Status.WARN and one.p < 0.5
    ]
    looked = any(PROPORTIONAL in one.statistic for one in checks)
    if not looked:
        return ["There are too few rows at the cuts to compare slopes between them."]
    if bad:
        report.warn(
            f"Proportional odds do not hold: the slope of {listed(bad)} is not the same at every "
            "cut, so one number for all cuts, and a probability told from it, is an average.",
            ADVICE,
        )
        return [f"Proportional odds do not hold for {listed(bad)}."]
    return [
        "The slopes differ no more between cuts than predicted data do: nothing speaks against "
        "proportional odds. Few rows would not show it if they did not hold."
    ]
