"""Words that come together in held-out messages, where the model takes them for independent."""

from collections.abc import Sequence

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import number
from reports.drawing import figures
from reports.page.page import Report
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Status
from workflow.words.word_numbers import Pair

HOW_PAIRS = (
    "One row a pair of words. Messages of the class that have both words, and how many would if "
    "the words came independently, as often as they do. The clearest pairs, by the G statistic of "
    "the 2 × 2 table. Numbers that are near one another are good; a pair that comes together far "
    "more often than expected is counted as two pieces of evidence and is nearly one."
)
HELD_OUT = (
    "The held-out messages can, since there it is seen which words come together. If words were "
    "independent within a class, the number of these words in a message would scatter no more than "
    "predicted; a larger sd says that they come together."
)
NOT_HELD_OUT = (
    "What could, which words come together, is not in them: there are no held-out messages "
    "(--heldout)."
)


def independence(numbers: Sequence[StatisticCheck], found: Sequence[Pair]) -> list[Block]:
    """Return the number of words a message against its prediction, and the clearest pairs."""
    if not numbers:
        return [pairs(found)]
    caption = "Number of these words in a held-out message: observed and predicted."
    return [
        figures.predictive("fit", numbers, label="words a message", caption=caption),
        pairs(found),
    ]


def warn(report: Report, numbers: Sequence[StatisticCheck]) -> None:
    """Warn of held-out messages whose number of words is not as predicted, and say how."""
    bad = [one for one in numbers if one.result is Status.WARN]
    means = [one.statistic for one in bad if one.statistic.endswith("mean")]
    spread = [one for one in bad if one.statistic.endswith("sd")]
    if means:
        report.warn(
            f"Held-out messages have more or fewer of these words ({', '.join(means)}) than the "
            "counted ones.",
            "Rates change from one collection to the next; count messages like those you filter.",
        )
    together = [one.statistic for one in spread if one.observed > one.upper]
    if together:
        report.warn(
            "In held-out messages words come together, and the model takes them for independent "
            f"({', '.join(together)}).",
            "A P(spam) near 0 or 1 may be too sure: see what that costs below.",
        )
    apart = [one.statistic for one in spread if one.observed < one.lower]
    if apart:
        report.warn(
            "In held-out messages words exclude one another, and the model takes them for "
            f"independent ({', '.join(apart)}).",
            "See below what that costs.",
        )


def pairs(found: Sequence[Pair]) -> Table:
    """Return the pairs of words that come together more, or less, than independent ones."""
    rows = tuple(
        (" + ".join(p.words), p.label, f"{p.together:,}", number(p.expected, 0.1)) for p in found
    )
    columns = ("words", "class", "together", "expected if independent")
    return Table("Held-out messages: words that are not independent", columns, rows, HOW_PAIRS)
