"""Words and messages on a page: tables and sentences of the case spam_words."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reports import figures
from reports.blocks import Block, Cell, Table
from reports.numbers import number, percent, probability
from workflow.checks import StatisticCheck
from workflow.quantities import INTERVAL, Quantity, Scalar, label
from workflow.sensitivity import Sweep
from workflow.word_numbers import Pair

LONGEST = 200  # characters of a message that are shown
HOW_WORDS = (
    "Ratio: the rate among spam over the rate among ham; above 1 the word speaks for spam. Median "
    f"and {INTERVAL}; a ratio has no mean. A probability near 0 or 1 is given as the bound that "
    "the draws support."
)
HOW_PAIRS = (
    "Messages of the class that have both words, and how many would if the words came "
    "independently, as often as they do. The clearest pairs, by the G statistic of the 2 × 2 table."
)


SHIPPED = (
    "The SMS Spam Collection (Almeida, Gómez Hidalgo and Yamakami 2011, CC BY 4.0): text messages "
    "in English. “lt” and “gt” are no words but an artefact: what is left of marks that the "
    "collectors put in place of numbers, in ham only. Here they speak for ham; in messages that "
    "nobody edited they say nothing."
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
        cells = f"{row.spam_with:,}", percent(spam, 1e-3), f"{row.ham_with:,}", percent(ham, 1e-3)
        rows.append((row.word, *cells))
    totals = f"{words['spam_total'].iloc[0]:,}", f"{words['ham_total'].iloc[0]:,}"
    columns = ("word", f"of {totals[0]} spam", "share", f"of {totals[1]} ham", "share")
    return Table("Messages that have each word", columns, tuple(rows))


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
    """Return for each word the ratio of its rates and the probability that it speaks for spam."""
    rows = []
    for word in words:
        q = found[f"rate_ratio[{word}]"]
        middle, low, high = (_ratio(x) for x in (q.median, q.lower, q.upper))
        sure = probability(more[f"prob_more_in_spam[{word}]"])
        rows.append((word, middle, f"{low} to {high}", sure))
    columns = ("word", "ratio, spam / ham", "95% interval", "P(more frequent in spam)")
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


def three_ways(integrated: Scalar, averaged: Scalar, plug_in: float) -> Table:
    """Return P(spam) of the message with rates integrated out, averaged over, and plugged in."""
    exact = {0.0: "0 exactly", 1.0: "1 exactly"}.get(plug_in, number(plug_in, 1e-4))
    if plug_in != plug_in:
        exact = "no answer: 0/0"
    rows = (
        ("rates integrated out (used here)", probability(integrated), f"{integrated.mcse:.1g}"),
        ("mean over the posterior of the rates", probability(averaged), f"{averaged.mcse:.1g}"),
        ("plug-in: the observed rates", exact, "–"),
    )
    columns = ("P(spam) of the message", "value", "Monte Carlo error")
    how = (
        "Integrated out: the message's probability in each class, averaged over the posterior, "
        "goes into Bayes' theorem. The mean over the posterior averages P(spam | rates) instead "
        "and leaves out that the message itself speaks about the rates. The plug-in takes the "
        "observed rates for the true ones."
    )
    return Table("One message, three ways", columns, rows, how)


def by_prior(found: Sweep) -> Table:
    """Return P(spam) of the message under every prior: one row a mean, one column a strength."""
    first, last = found.knobs
    rows = []
    for value in found.knobs[first]:
        points = [p for p in found.points if p.knobs[first] == value]
        rows.append((f"{value:g}", *(probability(p.scalars["prob_spam"]) for p in points)))
    columns = (first.replace("_", " "), *(f"strength {value:g}" for value in found.knobs[last]))
    return Table("P(spam) of the message under every prior", columns, tuple(rows))


def independence(numbers: Sequence[StatisticCheck], found: Sequence[Pair]) -> list[Block]:
    """Return the number of words a message against its prediction, and the clearest pairs."""
    if not numbers:
        return [pairs(found)]
    caption = "Number of these words in a held-out message: observed and predicted."
    return [
        figures.predictive("fit", numbers, label="words a message", caption=caption),
        pairs(found),
    ]


def pairs(found: Sequence[Pair]) -> Table:
    """Return the pairs of words that come together more, or less, than independent ones."""
    rows = tuple(
        (" + ".join(p.words), p.label, f"{p.together:,}", number(p.expected, 0.1)) for p in found
    )
    columns = ("words", "class", "together", "expected if independent")
    return Table("Held-out messages: words that are not independent", columns, rows, HOW_PAIRS)


def shown(message: str) -> str:
    """Return a message as it stands on the page: in one line, and not too long."""
    text = " ".join(message.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def answer(
    decision: str | None, message: str, p: Scalar, threshold: float, speaking: Mapping[str, float]
) -> str:
    """Say the decision in a sentence, with the words of the message that say most.

    `speaking` has, by word of the message, the posterior median of its log rate ratio.
    """
    told = "reaches" if decision == "quarantine" else "is below"
    said = (
        f"{(decision or '').capitalize()} “{shown(message)}”: it is spam with probability "
        f"{probability(p)} by the words it has and lacks, which {told} the threshold of "
        f"{threshold:g}."
    )
    order = sorted(speaking, key=lambda word: speaking[word])
    if not order:
        return said + " It has none of the words that were counted."
    most, least = order[-1], order[0]
    for_spam = f"“{most}” speaks most for spam" if speaking[most] > 0 else ""
    for_ham = f"“{least}” most for ham" if speaking[least] < 0 else ""
    return f"{said} Of its words, {', '.join(filter(None, (for_spam, for_ham)))}."


def strongest(found: Mapping[str, Quantity], most: int) -> dict[str, dict[str, Quantity]]:
    """Return the words with the largest log ratios either way, for a figure, in their order."""
    order = sorted(found, key=lambda name: abs(found[name].median), reverse=True)[:most]
    return {label(name): {"NUTS": q} for name, q in found.items() if name in order}


def _ratio(x: float) -> str:
    """Format a ratio to two digits."""
    return f"{float(f'{x:.2g}'):,.10g}"
