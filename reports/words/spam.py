"""Words and messages on a page: tables and sentences of the case spam_words."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks.blocks import Block, Cell, Table
from reports.blocks.numbers import figure, probability
from workflow.quantities import INTERVAL, Quantity, Scalar, label
from workflow.words.chosen import MOST

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
CHOSEN = (
    "The words of a table are the frequent ones among more, or those that tell most, by these very "
    "counts. Choosing them changes nothing in what is learnt of their rates, but the prior speaks "
    "of any word, and so does the prediction below. What is far out there is a conflict only if it "
    "would be one for the most frequent, and for the most telling, of up to "
    f"{MOST:,} words as well; its tail probability is the greatest of all these."
)
ARTEFACT = (
    "“lt” and “gt” are two halves of one mark, and the model takes them for two pieces of evidence."
)


def data(words: pd.DataFrame, split_of: object | None, *, shipped: bool) -> list[Block]:
    """Say what was counted, and which words one class never had; `split_of`: see `split`."""
    totals = words[["spam_total", "ham_total"]].iloc[0].to_numpy()
    return [
        f"{totals.sum():,} messages were counted, {totals[0]:,} of them spam "
        f"({totals[0] / totals.sum():.1%}); a word counts once a message.",
        *([split(**vars(split_of))] if split_of else []),
        *([SHIPPED] if shipped else []),
        never_seen(words),
        counts(words),
    ]


def share(of: float, *, stated: bool) -> str:
    """Say which share of the messages is spam, and whether somebody said so."""
    told = (
        " (--spam-share)."
        if stated
        else ", as among the counted ones; if that is not so where you filter, say so by "
        "--spam-share."
    )
    return f"Spam is a share of {figure(of)} of the messages{told}"


def prior_words(alpha: float, beta: float, ratio: float, words: int) -> list[Block]:
    """Say what the prior holds for likely; `ratio` of a word's rates has probability .975 below."""
    mean = alpha / (alpha + beta)
    return [
        f"Before counting, a word is in a message with probability {figure(mean, 2)} on average: "
        f"of these {words} words a message is expected to have {figure(words * mean, 2)}. The "
        f"prior weighs as much as {alpha + beta:g} messages a class. By default that is about two "
        "of 25 words: a text message has some fifteen words, most of them not among the chosen.",
        "alpha says how unlike the classes may be. Here the ratio of a word's two rates lies "
        f"within a factor of {figure(ratio, 2)} either way "
        "with probability .95. A filter's words are chosen for being unlike, so that a factor of "
        "ten must be easy; but alpha = .1 would have half of all words differ by a factor of a "
        "thousand or more. The flat Beta(1, 1) is no ignorance here: on average it has a word in "
        "half of all messages.",
        CHOSEN,
    ]


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
        limits = sorted(((sign * q.lower, q.mcse_lower), (sign * q.upper, q.mcse_upper)))
        middle = figure(math.exp(sign * q.median), 2)
        # On the log scale an error of .05 is 5% of the ratio: a second digit would be noise.
        ends = " to ".join(figure(math.exp(x), 1 if error > 0.05 else 2) for x, error in limits)
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


def _share(rate: float) -> str:
    return f"{figure(100 * rate, 2)}%"
