"""One rate under many priors in sentences: the decision, and what would flip it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.blocks.numbers import figure, interval, percent, probability
from reports.page.exact import warn_of_off
from reports.page.page import Report
from workflow.checking.exact import WORST
from workflow.deciding.threshold import NOT_SHOWN, Rule
from workflow.quantities import INTERVAL, Quantity, Scalar
from workflow.rates.agreement import Agreement
from workflow.rates.data_size import Size
from workflow.rates.flips import Flips

Changes = Sequence[tuple[float, str]]  # from which prior strength on which decision

FAMILIES = "With one parameter both families are the same: a Gaussian distribution of the log-odds."
EVEN = 0.05  # how far from .5 a prior may hold a side for probable and speak for neither


@dataclass(frozen=True)
class Words:
    """What is counted, among what, the rate's name, and whose rate it is."""

    events: str
    trials: str
    rate: str
    group: str


def words_of(events: str, trials: str, *, shipped: bool) -> Words:
    """Return the words for columns of these names."""
    if events != "girls":
        return Words(events, trials, f"rate of {events}", f"the {trials}")
    group = "births with placenta previa" if shipped else "the births"
    return Words(events, trials, "share of girls", group)


def answer(
    decision: str | None, rule: Rule, p: Scalar, q: Quantity, words: Words, centred: Changes
) -> str:
    """Say the decision in a sentence with its numbers, and what prior would change it.

    `centred` are the changes of the decision under priors whose mean is the reference.
    """
    about = f"it is {percent(q.median, q.mcse_median)} ({INTERVAL} {interval(q, 100, unit='%')})"
    subject = f"the {words.rate} among {words.group}"
    if decision == NOT_SHOWN:
        return (
            f"Not shown: {subject} is below {rule.reference:g} with probability {probability(p)}, "
            f"where {rule.sure:g} was asked for on either side; {about}."
        )
    side = p if decision == rule.below else Scalar(1 - p.value, p.mcse)
    said = (
        f"{'Yes' if decision == rule.below else 'No'}: {subject} is {decision} with probability "
        f"{probability(side)}, where {rule.sure:g} was asked for; {about}."
    )
    if len(centred) < 2 or centred[0][1] != decision:
        return said
    return (
        f"{said} A prior centred on {rule.reference:g} would have to weigh about "
        f"{strength(centred[1][0])} {words.trials} to change that."
    )


def prior(
    own: tuple[float, float], central: Sequence[float], below: float, rule: Rule, words: Words
) -> str:
    """Say what a prior of this mean and strength implies.

    `central` are the ends of its 95%, `below` its probability of a rate below the reference.
    """
    mean, weight = own
    side = "below" if below > 0.5 else "above"
    which = "neither side" if abs(below - 0.5) <= EVEN else f"“{side}”"
    return (
        f"The prior has mean {mean:g} and weighs as much as {weight:g} {words.trials}: 95% of it "
        f"lies between {figure(central[0])} and {figure(central[1])}. It gives a rate below "
        f"{rule.reference:g} the probability {below:.2f}, and so speaks for {which} before the "
        "data do."
    )


def warn_of_prior(report: Report, others: Mapping[str, str], tenable: Sequence[str]) -> None:
    """Warn where a weak prior (by its name) leads to a decision that is not tenable here."""
    for name, decision in others.items():
        if decision not in tenable:
            report.warn(
                f"The prior decides: under {name} the decision would be “{decision}”.",
                "Say why your prior should count, or weaken it with --prior-strength.",
            )


def warn_of_borrowed(report: Report, rule: Rule, words: Words) -> None:
    """Warn where the reference is that of births, and the events are others."""
    if words.events != "girls":
        report.warn(
            f"For want of another rate, yours is compared with {rule.reference:g}, the share of "
            "girls among births.",
            "Set --reference to the rate that your question is about.",
        )


def warn_of_weak(
    report: Report, found: Flips, tenable: Sequence[str], rule: Rule, words: Words
) -> None:
    """Warn where a prior that weighs a trial or two, or half an event, decides otherwise."""
    weight, centred = found.weak
    weak = {
        f"a prior centred on {rule.reference:g} that weighs {strength(weight)} {words.trials}, "
        "about half an event,": centred,
        f"the flat prior, which weighs two {words.trials},": found.flat,
    }
    warn_of_prior(report, weak, tenable)


def decision(rule: Rule) -> str:
    """Say by which rule a side is shown, and what its limit means."""
    return (
        f"Rule: a side of {rule.reference:g} is shown once its posterior probability reaches "
        f"{rule.sure:g} (--sure); until then neither is. What a wrong statement would cost should "
        f"set that limit: at {rule.sure:g}, up to {figure(100 * (1 - rule.sure))} in a hundred "
        "statements of this strength are wrong, if prior and model are right."
    )


def warn_of_limit(report: Report, tenable: Sequence[str], sure: float) -> None:
    """Warn where Monte Carlo error leaves more than one decision."""
    if len(tenable) > 1:
        report.warn(
            f"The probability is within Monte Carlo error of the limit, {sure:g}: "
            f"{' and '.join(tenable)} cannot be told apart.",
            "Raise --draws.",
        )


def book(rule: Rule, left_out: int = 0) -> str:
    """Say which priors the table of the book has, and how many cannot be drawn from."""
    more = (
        f" {left_out} of them weigh so little of an event that much of the posterior is nearer 0 "
        "than a number can be: for these nothing is drawn, and the exact posterior alone counts."
    )
    return (
        "The priors are those of the table in Bayesian Data Analysis, section 2.4: the flat one "
        f"(mean 0.5, strength 2), and six strengths with the reference, {rule.reference:g}, as "
        f"their mean. The exact posterior is the judge.{more if left_out else ''}"
    )


def warn_of_disagreement(report: Report, found: Sequence[Agreement]) -> None:
    """Warn where NUTS is farther from the exact posterior than chance explains."""
    warn_of_off(report, _worst(found))


def _worst(found: Sequence[Agreement]) -> float:
    """Return the largest difference of the fits that gave numbers; NaN where there are none."""
    return max((one.off for one in found if one.off == one.off), default=float("nan"))


def agreement(found: Sequence[Agreement]) -> str:
    """Say how far NUTS is from the exact posterior at worst."""
    sound, worst = [one for one in found if one.off == one.off], _worst(found)
    verdict = "chance explains that" if worst <= WORST else "that is more than chance"
    failed = f" {len(found) - len(sound)} fits gave no numbers." * (len(sound) < len(found))
    return (
        f"The largest of the {6 * len(sound)} differences between NUTS and the exact posterior is "
        f"{worst:.1f} Monte Carlo errors; {verdict}.{failed}"
    )


def enough(found: float | None, sizes: Sequence[Size], priors: int, words: Words) -> str:
    """Say from how much data on, at the observed rate, all priors lead to the same decision."""
    largest = sizes[-1]
    range_of = (largest.highest - largest.lowest) / largest.sd
    left = (
        f"One decision is not one posterior: at {largest.count.trials:,.0f} {words.trials} the "
        f"posterior means still span {figure(range_of, 2)} of a posterior sd."
    )
    if found is None:
        return (
            f"The {priors} priors do not come to one decision at this rate, however many "
            f"{words.trials} there are up to a thousand million. {left}"
        )
    return (
        f"The sweep's prior means, each at the strengths up to 200, are {priors} priors. At the "
        f"observed rate they all lead to the same decision from about {strength(found)} "
        f"{words.trials} on. {left}"
    )


def strength(value: float) -> str:
    """Format a prior strength with three digits."""
    return figure(value)
