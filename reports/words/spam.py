"""Words and messages on a page: tables and sentences of the case spam_words."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks.blocks import Block, Cell, Table
from reports.blocks.numbers import number, probability
from reports.drawing import figures
from reports.page.page import Report
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Status
from workflow.quantities import INTERVAL, Quantity, Scalar, label
from workflow.words.word_numbers import Pair

HOW_COUNTS = (
    "One row a word: how many messages of each class have it at least once, and which share of the "
    "class that is. Words with very different shares tell the classes apart; of a word with few "
    "messages in either class the share itself is unsure."
)
HOW_WORDS = (
    "One row a word. How many times as frequent the word is in the class that has it more often: "
    f"median and {INTERVAL}; a ratio has no mean. Below 1 the other class has it more often. A "
    "probability near 0 or 1 is given as the bound that the draws support. Short intervals away "
    "from 1 are words to rely on."
)
HOW_PAIRS = (
    "One row a pair of words. Messages of the class that have both words, and how many would if "
    "the words came independently, as often as they do. The clearest pairs, by the G statistic of "
    "the 2 × 2 table. Numbers that are near one another are good; a pair that comes together far "
    "more often than expected is counted as two pieces of evidence and is nearly one."
)


SHIPPED = (
    "The SMS Spam Collection (Almeida, Gómez Hidalgo and Yamakami 2011, CC BY 4.0): text messages "
    "in English. “lt” and “gt” are no words but an artefact: what is left of marks that the "
    "collectors put in place of numbers, in ham only. Here they speak for ham; in messages that "
    "nobody edited they say nothing."
)
SETTLED = (
    "The default was settled among a few after a look at checks like the one below, on these very "
    "counts. That it passes is therefore no independent evidence for it."
)
ARTEFACT = (
    "“lt” and “gt” are two halves of one mark, and the model takes them for two pieces of evidence."
)

COMING_TOGETHER = (
    "The held-out messages can, since there it is seen which words come together. If words were "
    "independent within a class, the number of these words in a message would scatter no more than "
    "predicted; a larger sd says that they come together."
)
NOT_HELD_OUT = (
    "What could, which words come together, is not in them: there are no held-out messages "
    "(--heldout)."
)


def split(messages: int, kept: int, counted: int, held_out: int) -> str:
    """Say how a file of messages was split."""
    return (
        f"The file has {messages:,} messages, {kept:,} of them different; every fourth of these "
        f"was held out ({held_out:,}), and the words were chosen on the {counted:,} others alone: "
        "those with the greatest mutual information with the class, up to 15 more frequent in "
        "spam and 10 more frequent in ham."
    )


def counts(words: pd.DataFrame) -> Table:
    """Return the word counts: messages with each word, in words and percent of the class."""
    rows: list[tuple[Cell, ...]] = []
    for row in words.itertuples():
        spam, ham = row.spam_with / row.spam_total, row.ham_with / row.ham_total
        cells = f"{row.spam_with:,}", _share(spam), f"{row.ham_with:,}", _share(ham)
        rows.append((row.word, *cells))
    totals = f"{words['spam_total'].iloc[0]:,}", f"{words['ham_total'].iloc[0]:,}"
    columns = ("word", f"of {totals[0]} spam", "share", f"of {totals[1]} ham", "share")
    return Table("Messages that have each word", columns, tuple(rows), HOW_COUNTS)


def never_seen(words: pd.DataFrame) -> str:
    """Name the words that one class never had, and what that does to the plug-in estimate."""
    found = {label: list(words["word"][words[f"{label}_with"] == 0]) for label in ("spam", "ham")}
    if not any(found.values()):
        return "Every word was seen in both classes, so that no plug-in rate is zero."
    parts = [f"never in {label}: {', '.join(names)}" for label, names in found.items() if names]
    return (
        f"Words that one class never had are {'; '.join(parts)}. The plug-in estimate of such a "
        "rate is zero: one such word settles a message against that class, whatever else it says, "
        "and two of them, one for each class, leave no answer at all (0/0)."
    )


def ratios(
    found: Mapping[str, Quantity], more: Mapping[str, Scalar], words: Sequence[str]
) -> Table:
    """Return how often a word is in the class that has it more, against the other, and how surely.

    `found` has the log rate ratios.
    """
    rows = []
    for word in words:
        q = found[f"log_rate_ratio[{word}]"]
        sign = 1 if q.median > 0 else -1
        low, high = sorted((sign * q.lower, sign * q.upper))
        # On the log scale an error of .05 is 5% of the ratio: a second digit would be noise.
        digits = 1 if q.mcse_interval > 0.05 else 2
        middle = two_digits(math.exp(sign * q.median))
        ends = " to ".join(two_digits(math.exp(x), digits) for x in (low, high))
        sure = probability(more[f"prob_more_in_spam[{word}]"])
        rows.append((word, "spam" if sign > 0 else "ham", middle, ends, sure))
    columns = ("word", "speaks for", "times as frequent there", "95% interval", "P(more in spam)")
    return Table("Which words speak for spam, and how surely", columns, tuple(rows), HOW_WORDS)


def in_words(more: Mapping[str, Scalar]) -> str:
    """Say for how many words the side they speak for is settled."""
    spam = [n for n, p in more.items() if p.value > 0.975]
    ham = [n for n, p in more.items() if p.value < 0.025]
    open_ = [label(n) for n in more if n not in {*spam, *ham}]
    rest = f"; which side {', '.join(open_)} {'is' if len(open_) == 1 else 'are'} on is not settled"
    return (
        f"With probability above .975 each, {len(spam)} of the {len(more)} words are more frequent "
        f"in spam and {len(ham)} in ham{rest if open_ else ''}."
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


def warn_of_numbers(report: Report, numbers: Sequence[StatisticCheck]) -> None:
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


def strongest(found: Mapping[str, Quantity], most: int) -> dict[str, dict[str, Quantity]]:
    """Return the words with the largest log ratios either way, for a figure, in their order."""
    order = sorted(found, key=lambda name: abs(found[name].median), reverse=True)[:most]
    return {label(name): {"NUTS": q} for name, q in found.items() if name in order}


def two_digits(x: float, digits: int = 2) -> str:
    """Format a factor to two significant digits, or one, without an exponent."""
    return f"{float(f'{x:.{digits}g}'):,.10g}" if 1e-4 < x < 1e9 else f"{x:.1g}"


def _share(rate: float) -> str:
    return f"{100 * rate:.2g}%"
