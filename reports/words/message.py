"""One message on a page: its probability three ways and under every prior, and the answer."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import Table
from reports.blocks.numbers import figure, number, probability
from reports.blocks.text import words
from reports.page.exact import warn_of_off as warn_of_off
from reports.page.page import Report
from workflow.quantities import Scalar
from workflow.sensitivity.sensitivity import Sweep

LONGEST = 200  # characters of a message that are shown


HOW_THREE_WAYS = (
    "One row a way to compute the same probability; near 1 the message is spam, near 0 it is not. "
    "Integrated out: the message's probability in each class, averaged over the posterior, goes "
    "into Bayes' theorem. The mean over the posterior averages P(spam | rates) instead and leaves "
    "out that the message itself speaks about the rates. The plug-in takes the observed rates for "
    "the true ones: of 0 and 1 it is never in doubt, and they should not be believed."
)
HOW_BY_PRIOR = (
    "One row a prior mean of a word's rate, one column a prior strength (in messages a class). "
    "Numbers that agree are good: then the counts decide. Where they differ the prior does; least "
    "of all can be said where a weak and a strong prior are on different sides of the threshold."
)
HOW_OPTIONS = (
    "One row an option. A ham message that is lost counts as many times as much as a spam message "
    "that passes, as the threshold says; the expected cost is that weight times the probability of "
    "the mistake. The least one is right."
)


def has(message: str, words: Sequence[str], present: Sequence[str]) -> str:
    """Say which of the words a message has."""
    named = f": {', '.join(present)}. " if len(present) else ". "
    return (
        f"“{shown(message)}” has {len(present)} of the {len(words)} words{named}"
        "A word that it repeats counts once. The words that it lacks count as well; its other "
        "words were not counted and say nothing here."
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
    return Table("One message, three ways", columns, rows, HOW_THREE_WAYS)


def difference(integrated: Scalar, averaged: Scalar) -> str:
    """Say why the mean over the posterior is another number, where it is."""
    said = (
        "Integrating out is the answer to what was asked, and it never says 0 or 1. Since the "
        "rates are independent, it equals Bayes' theorem with their posterior means, which is how "
        "the held-out messages are scored under many priors below."
    )
    if abs(integrated.value - averaged.value) <= 0.01:
        return said
    return said + (
        " The mean over the posterior is clearly another number: under the smallest of the rates "
        "that are possible the message would hardly exist in one class, but since the message does "
        "exist, it is itself evidence against such rates, and only integrating out weighs that in."
    )


def least_prior(alpha: float, beta: float, p: float) -> str:
    """Say what P(spam) is, exactly, under the prior of the sweep with the least weight."""
    return (
        "Less prior weight takes P(spam) towards the plug-in's. Under the weakest prior here, "
        f"Beta({alpha:g}, {beta:g}), it is {number(p, 1e-3)} by the exact formula. That prior "
        "expects absurd ratios (above) and rates so near zero that NUTS may not reach them: where "
        "its fit fails, the exact number still stands."
    )


def by_prior(found: Sweep) -> Table:
    """Return P(spam) of the message under every prior: one row a mean, one column a strength."""
    first, last = found.knobs
    rows = []
    for value in found.knobs[first]:
        points = [p for p in found.points if p.knobs[first] == value]
        rows.append((f"{value:g}", *(probability(p.scalars["prob_spam"]) for p in points)))
    columns = (words(first), *(f"strength {value:g}" for value in found.knobs[last]))
    return Table("P(spam) of the message under every prior", columns, tuple(rows), HOW_BY_PRIOR)


def shown(message: str) -> str:
    """Return a message as it stands on the page: in one line, and not too long."""
    text = " ".join(message.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def rule(threshold: float) -> str:
    """Say when a message is quarantined, and what the threshold takes the two mistakes to cost."""
    return (
        f"Rule: quarantine a message if P(spam) is {threshold:g} (--threshold) or more, else "
        "deliver it. That is right where losing a ham message is "
        f"{figure(threshold / (1 - threshold))} times as bad as passing a spam message: at the "
        "threshold both mistakes are expected to cost the same."
    )


def options(decision: str | None, p: Scalar, threshold: float) -> Table:
    """Return what each option may do wrong, how probable that is, and what it is expected to cost.

    The unit of cost is one spam message that passes.
    """
    weight, ham = threshold / (1 - threshold), Scalar(1 - p.value, p.mcse)
    wrong = {
        "quarantine": ("a ham message is lost", ham, weight),
        "deliver": ("a spam message passes", p, 1.0),
    }
    rows = [
        (
            f"{option} (chosen)" if option == decision else option,
            mistake,
            probability(chance),
            figure(times),
            number(times * chance.value, times * chance.mcse),
        )
        for option, (mistake, chance, times) in wrong.items()
    ]
    columns = ("option", "mistake it can make", "its probability", "weight", "expected cost")
    return Table("Options for this message", columns, tuple(rows), HOW_OPTIONS)


def answer(
    decision: str | None, message: str, p: Scalar, threshold: float, speaking: Mapping[str, float]
) -> str:
    """Say the decision in a sentence, with the words of the message that say most.

    `speaking` has, by word of the message, the posterior median of its log rate ratio.
    """
    told = "reaches" if decision == "quarantine" else "is below"
    chance = probability(p).replace("> ", "more than ").replace("< ", "less than ")
    said = (
        f"{(decision or '').capitalize()} “{shown(message)}”: it is spam with probability "
        f"{chance} by the words it has and lacks, which {told} the threshold of "
        f"{threshold:g}."
    )
    order = sorted(speaking, key=lambda word: speaking[word])
    if not order:
        return said + " It has none of the words that were counted."
    most, least = order[-1], order[0]
    for_spam = f"“{most}” speaks most for spam" if speaking[most] > 0 else ""
    verb = "" if for_spam else "speaks "
    for_ham = f"“{least}” {verb}most for ham" if speaking[least] < 0 else ""
    return f"{said} Of its words, {', '.join(filter(None, (for_spam, for_ham)))}."


def warn(report: Report, decisions: Sequence[str], present: Sequence[str]) -> None:
    """Warn where Monte Carlo error leaves the decision open, or the message has no counted word."""
    if len(decisions) > 1:
        report.warn("P(spam) is within Monte Carlo error of the threshold.", "Raise --draws.")
    if not len(present):
        report.warn(
            "The message has none of the counted words.",
            "P(spam) says only what it means to lack them.",
        )


def warn_of_weak_prior(
    report: Report, prior: tuple[float, float], p: float, rare: Sequence[str]
) -> None:
    """Warn that a weaker prior would decide otherwise: exactly, by what `p` it gives.

    `rare` are the message's words that one class never had.
    """
    known = f" The message has words that one class never had: {', '.join(rare)}." if rare else ""
    report.warn(
        f"A weaker prior, Beta({prior[0]:g}, {prior[1]:g}), would decide otherwise: P(spam) "
        f"would be {number(p, 1e-3)} (exact).{known}",
        "Count more messages.",
    )
