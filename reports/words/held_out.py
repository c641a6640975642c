"""Held-out messages on a page: scores, reliability, bands, and what they say in words."""

import math

from reports.blocks.blocks import Block
from reports.blocks.numbers import figure
from reports.page.page import Report
from reports.scoring import calibration, honesty
from workflow.scoring.by_chance import LIMIT, Chance
from workflow.words.held_out import OWN, PLUG_IN, Evaluation

NONE = (
    "There are no held-out messages, so nothing here says how well P(spam) is calibrated, "
    "or what it costs to take words for independent. Word counts of your own need a second "
    "file for that (--heldout); a file of messages is split by itself."
)


def evaluation(
    found: Evaluation | None, threshold: float, share: float, counted: float
) -> list[Block]:
    """Return the scores under every prior, what the plug-in's zeros did, and the reliability.

    `share` is the share of spam that the message is judged by, `counted` that of the counted
    messages, by which the scores are. Without held-out messages it says that there are none.
    """
    if found is None:
        return [NONE]
    n = found.mistakes.ham + found.mistakes.spam
    return [
        f"The {n:,} held-out messages ({found.mistakes.spam:,} spam) were not counted. Each got "
        "its P(spam) under this prior, others of the same mean and another strength (in messages a "
        f"class), the flat one, and by the plug-in rates, with spam a share of {figure(counted)} "
        f"as among the counted messages; among these it is {figure(found.mistakes.spam / n)}.",
        calibration.scores("Scores on the held-out messages", found.scored),
        priors(found),
        plug_in(found),
        f"{honesty.verdict(found.own, found.honest)} Words that come together count as separate "
        "evidence; what it costs to take them for independent is seen where P(spam) is near 0 or "
        "1, which the log-odds scale spreads. In the diagram, "
        f"{calibration.in_words(found.diagrams[OWN])}.",
        chance(found.chance),
        calibration.reliability(
            "reliability",
            found.diagrams,
            event="spam",
            caption="Reliability on held-out messages (log-odds scale; 0 and 1 at the edges).",
            scale="logit",
        ),
        honesty.bands("Held-out messages by P(spam)", found.bands, event="spam", cases="messages"),
        mistakes(found, threshold, share),
    ]


def chance(found: Chance) -> str:
    """Say how often the model's own messages would look as dishonest."""
    return (
        "These errors take the rates for known, and few messages leave them unsure. So the model "
        f"itself made {found.sets:,} sets of {found.cases:,} messages, with rates and share of "
        "spam drawn from the posterior: words are independent in them, and the mix is the same. "
        f"{found.surer:,} of them look at least as much too sure as the held-out messages do (by "
        f"the slope, whatever the mix); in {found.more:,} spam is at least as much more common "
        f"than P(spam) says, and in {found.less:,} as much less. It is more than chance, and a "
        f"warning, where so few are as far off: the first with a probability below {LIMIT:g}, or "
        f"one of the others below {LIMIT / 2:g}."
    )


def priors(found: Evaluation) -> str:
    """Say which priors predict the held-out messages clearly better or worse."""
    worse, better = (", ".join(found.clearly(sign)) or "none" for sign in (1, -1))
    return (
        "By two standard errors of the paired difference, clearly worse than this prior: "
        f"{worse}; clearly better: {better}."
    )


def plug_in(found: Evaluation) -> str:
    """Say what the zeros of the plug-in rates did to the held-out messages."""
    ham, spam = found.certain
    plugged = found.scored[PLUG_IN]
    said = (
        f"The plug-in called {ham:,} messages certainly ham and {spam:,} certainly spam, and had "
        f"no answer for {found.unanswered:,} (0/0; scored as the share of spam). "
    )
    if math.isinf(plugged.log_loss.value):
        return said + "A certainty that was wrong costs everything: its log loss is infinite."
    clear = abs(plugged.against.value) > 2 * plugged.against.error
    return said + (
        f"None of these certainties was wrong here, and its log loss is {'' if clear else 'not '}"
        "clearly another than that of the first row. What zeros do to a single message is seen "
        "above."
    )


def mistakes(found: Evaluation, threshold: float, share: float) -> str:
    """Say which mistakes the threshold makes where spam has this share."""
    m = found.mistakes
    return (
        f"At the threshold of {threshold:g}, and by a share of spam of {figure(share)}, {m.lost:,} "
        f"of the {m.ham:,} held-out ham messages would be quarantined, and {m.passed:,} of the "
        f"{m.spam:,} spam messages delivered."
    )


def warn(report: Report, found: Evaluation | None) -> None:
    """Warn of another mix of classes, and of probabilities that are too sure."""
    if found is None:
        return
    if found.chance.too_sure:
        report.warn(
            "The probabilities are too sure on held-out messages.",
            "Raise --threshold, or recalibrate: see the reliability diagram.",
        )
    else:
        warn_of_other_mix(report, found)


def warn_of_other_mix(report: Report, found: Evaluation) -> None:
    """Warn where events are clearly more, or less, common than the probabilities say."""
    if found.chance.other_mix:
        report.warn(
            f"Spam is clearly {found.chance.other_mix} common among the held-out messages than "
            "P(spam) says.",
            "Are they from elsewhere, or chosen? The share of spam where you filter goes in "
            "--spam-share.",
        )
