"""One rate under many priors in sentences: the decision, what would flip it, and a conflict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.blocks.numbers import percent, probability
from reports.page.page import Report
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Status
from workflow.deciding.threshold import NOT_SHOWN, Rule
from workflow.quantities import INTERVAL, Quantity, Scalar
from workflow.rates.agreement import WORST, Agreement
from workflow.rates.data_size import Size
from workflow.sensitivity.sensitivity import PowerScaling

Changes = Sequence[tuple[float, str]]  # from which prior strength on which decision

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
    low, high = (percent(x, q.mcse_interval) for x in (q.lower, q.upper))
    about = f"it is {percent(q.median, q.mcse_median)} ({INTERVAL} {low} to {high})"
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
        f"lies between {central[0]:.3g} and {central[1]:.3g}. It gives a rate below "
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


def flips(centred: Changes, rule: Rule, trials: float, words: Words) -> str:
    """Say at what strength a prior whose mean is the reference changes the decision."""
    first, *others = centred
    if not others:
        return (
            f"A prior centred on the reference, {rule.reference:g}, draws the {words.rate} towards "
            f"neither side: the decision is “{first[1]}” at every strength."
        )
    course = ", ".join(f"“{side}” from {strength(at)} {words.trials} on" for at, side in others)
    at = others[0][0]
    return (
        f"Under a prior centred on the reference, {rule.reference:g}, the decision is “{first[1]}” "
        f"for weak priors and {course}: such a prior has to weigh {at / trials:.2g} times as much "
        f"as the {trials:,} {words.trials} of the data."
    )


def agreement(found: Sequence[Agreement]) -> str:
    """Say how far NUTS is from the exact posterior at worst."""
    sound = [one for one in found if one.off == one.off]
    worst = max((one.off for one in sound), default=float("nan"))
    verdict = "chance explains that" if worst <= WORST else "that is more than chance"
    failed = f" {len(found) - len(sound)} fits gave no numbers." * (len(sound) < len(found))
    return (
        f"The largest of the {6 * len(sound)} differences between NUTS and the exact posterior is "
        f"{worst:.1f} Monte Carlo errors; {verdict}.{failed}"
    )


def enough(found: float | None, sizes: Sequence[Size], priors: int, words: Words) -> str:
    """Say from how much data on, at the observed rate, all priors lead to the same decision."""
    largest = sizes[-1]
    left = (
        f"One decision is not one posterior: at {largest.count.trials:,.0f} {words.trials} the "
        f"posterior means still span {(largest.highest - largest.lowest) / largest.sd:.2g} of a "
        "posterior sd."
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


def conflict(
    mean: float,
    check: StatisticCheck,
    decision: str,
    q: Quantity,
    diagnosis: Status,
    scaled: PowerScaling,
    after: StatisticCheck,
) -> str:
    """Say what a prior of this mean does to data it is in conflict with, and what sees it.

    `check` is the prior predictive check of the observed rate, `after` the posterior one.
    """
    low, high = (percent(x, q.mcse_interval) for x in (q.lower, q.upper))
    seen = [value for value in (check.observed, mean) if q.lower <= value <= q.upper]
    nowhere = "" if seen else ", where neither the data nor the prior had put the rate"
    named = "in plain conflict" if check.result is Status.WARN else "not in plain conflict"
    broken = (
        "Yet nothing breaks: the sampler's diagnosis is PASS, since the draws are those of the "
        "posterior."
        if diagnosis is Status.PASS
        else f"The sampler's diagnosis is {diagnosis.value}."
    )
    return (
        f"This prior and the data are {named}: it predicts a rate of {check.lower:.3g} to "
        f"{check.upper:.3g} (central 95%), and {check.observed:.3g} was observed. {broken} The "
        f"interval is {low} to {high} ({INTERVAL}){nowhere}; the decision would be “{decision}”. "
        f"{_seen(check, scaled, after)} The answer to a conflict is not an average: find out which "
        "of the two is wrong."
    )


def _seen(check: StatisticCheck, scaled: PowerScaling, after: StatisticCheck) -> str:
    """Say which of the checks see a conflict of prior and data."""
    said = scaled.reason if scaled.table is None else str(scaled.table["diagnosis"].iloc[0])
    sees = {
        "the prior predictive check": check.result is Status.WARN,
        "the posterior predictive check": after.result is Status.WARN,
        f"power-scaling (“{said}”)": "conflict" in said,
    }
    seeing = [name for name, does in sees.items() if does]
    blind = [name for name, does in sees.items() if not does]
    if not seeing:
        return "None of the checks sees a conflict: these data cannot show one."
    others = f"; what does not: {', '.join(blind)}" if blind else ""
    return f"What sees the conflict: {', '.join(seeing)}{others}."


def strength(value: float) -> str:
    """Format a prior strength with three digits."""
    return f"{float(f'{value:.3g}'):,g}" if value < 1e6 else f"{value:.2e}"
