"""Do kinds stand in an expected ratio? The answer in a sentence, its rule, warnings, data."""

from collections.abc import Mapping

import numpy as np
from scipy import stats

from reports.blocks.numbers import figure, interval, percent, probability
from reports.page.page import Report
from reports.rates.updating import bayes_factor
from workflow.quantities import INTERVAL, TAILS, Quantity, Scalar
from workflow.rates.looking import Looks
from workflow.rates.ratio import ALL, HOLDS, NEARLY, NOT, Ratio
from workflow.rates.squares import TOO_NEAR, Squares

LATE = 0.9  # a rule first met later than this share of the observations may be why they end


def data(counts: np.ndarray, before: np.ndarray, ratio: Ratio) -> str:
    """Say what is in the data."""
    said = f"{int(counts.sum()):,} observations of {len(ratio.kinds):,} kinds."
    if before.any():
        said += (
            f" Before them there were {int(before.sum()):,} (--before), known as counts alone: "
            "they count for the shares and for the Bayes factor."
        )
    return said


def prior(concentration: float, before: np.ndarray) -> str:
    """Say what the prior weighs and implies, and what was counted earlier adds."""
    kinds = len(before)
    low, high = stats.beta.ppf(TAILS, concentration, concentration * (kinds - 1))
    said = (
        f"The prior, Dirichlet with {concentration:g} for each of {kinds} kinds, weighs as much as "
        f"{concentration * kinds:g} observations; any one share has 95% of its mass between "
        f"{figure(low)} and {figure(high)}."
    )
    if before.any():
        said += f" The {int(before.sum()):,} earlier observations are added to it."
    return said


def answer(
    decision: str | None,
    ratio: Ratio,
    stand: str,
    n: int,
    log_factor: float,
    measured: Mapping[str, Scalar],
    found: Mapping[str, Quantity],
) -> str:
    """Say the decision in a sentence with its numbers, and which share is furthest off."""
    kinds, far = f"the {len(ratio.kinds):,} kinds", farthest(ratio, found)
    q, e = found[f"share[{far}]"], float(ratio.expected[ratio.kinds.index(far)])
    within = f"all shares are practically as expected with probability {_least(measured)}"
    if decision == HOLDS:
        said = f"Holds: {kinds} {stand}, as far as {n:,} observations tell"
    elif decision == NEARLY:
        said = f"Holds nearly: {kinds} do not {stand} exactly, but practically they do"
    elif decision == NOT:
        out = min(ratio.kinds, key=lambda kind: measured[f"prob_as_expected[{kind}]"].value)
        p = measured[f"prob_as_expected[{out}]"]
        within = (
            f"the share of {out} is not practically as expected with probability "
            f"{probability(Scalar(1 - p.value, p.mcse))}"
        )
        said = f"Does not hold: {kinds} do not {stand}"
    else:
        said = f"Cannot tell: {n:,} observations do not settle whether {kinds} {stand}"
    return (
        f"{said}. The counts speak {for_or_against(log_factor)} exactly these shares (Bayes "
        f"factor; {ratio.evidence:g} to 1 asked for), and {within} ({ratio.sure:g} asked for). "
        f"Furthest off is {far}: {percent(q.median, q.mcse_median)} ({INTERVAL} "
        f"{interval(q, 100, unit='%')}), expected {100 * e:.4g}%."
    )


def farthest(ratio: Ratio, found: Mapping[str, Quantity]) -> str:
    """Return the kind whose share is furthest from the expected one, in its posterior sds."""
    off = {
        kind: abs((found[f"share[{kind}]"].mean or 0) - e) / (found[f"share[{kind}]"].sd or 1)
        for kind, e in zip(ratio.kinds, ratio.expected, strict=True)
    }
    return max(off, key=lambda kind: off[kind])


def for_or_against(log_factor: float) -> str:
    """Say how strongly counts speak, and for which side: “12 to 1 against”."""
    return f"{bayes_factor(abs(log_factor))} to 1 {'for' if log_factor >= 0 else 'against'}"


def _least(measured: Mapping[str, Scalar]) -> str:
    """Format the probability that all are inside, which is known as a lower bound."""
    told = probability(measured[ALL])
    return told if told.startswith((">", "<")) else f"{told} or more"


def rule_in_words(ratio: Ratio, concentration: float) -> str:
    """Say by which rule the ratio holds, or does not."""
    limit = f"{ratio.evidence:g} to 1 (--evidence)"
    return (
        f"Rule: a share is practically the expected one if it is within {ratio.rope:g} of it "
        "(--rope), and off by no more than half of it, which is less for small shares. The ratio "
        f"holds if all shares are that with probability {ratio.sure:g} (--sure), and the Bayes "
        f"factor speaks {limit} or more for exactly the expected shares, against any shares "
        f"(Dirichlet with {concentration:g} each). It does not hold if some share is not, with "
        "that probability, and the Bayes factor speaks as strongly against. It holds nearly if "
        "all are practically as expected and the Bayes factor is against exactly these: so it is "
        "where small differences are seen in many observations. Else one cannot tell. The "
        "probability of all shares together is 1 less the sum of those of each to be outside, "
        "which is the least that it can be."
    )


def too_near(found: Squares) -> str:
    """Say whether the counts agree with the expected ones better than chance would have them."""
    low, high = found.nearer.interval
    said = (
        f"Under exactly the expected shares chi-square is as small as here, {figure(found.value)}, "
        f"with probability {found.nearer.value:.3g} ({low:.3g} to {high:.3g}, of "
        f"{found.nearer.of:,} simulated counts), and as large with probability "
        f"{found.farther.value:.3g}."
    )
    if found.too_near:
        return f"{said} That is nearer than chance would have them."
    return f"{said} So the counts are not too near to the expected ones (below {TOO_NEAR:g})."


def warn_of_too_near(report: Report, found: Squares) -> None:
    """Warn of counts that are nearer to the expected ones than chance would have them."""
    if found.too_near:
        report.warn(
            "The counts are too good: only "
            f"{found.nearer.value:.2g} of counts under exactly the expected shares are as near.",
            "Ask how they were counted: whether each observation stands by itself, whether counts "
            "were computed from shares, chosen, or stopped when they looked right.",
        )


def watched(found: Mapping[str, Looks]) -> str:
    """Say what looking after every observation does to the errors of the rule."""
    exact, drawn = found.values()
    return (
        "Under shares that are exactly the expected ones, looking after every observation decides "
        f"against them in {percent(exact.wrong.value, 5e-4)} of {exact.wrong.of:,} simulated "
        f"sequences, looking once at the end in {percent(exact.wrong_at_end.value, 5e-4)}. Under "
        "shares drawn from the posterior the first decision is wrong in "
        f"{percent(drawn.wrong.value, 5e-4)}, that of one look in "
        f"{percent(drawn.wrong_at_end.value, 5e-4)}."
    )


def first_met(met: tuple[int, str] | None, n: int) -> str:
    """Say when the rule first decided."""
    if met is None:
        return f"In {n:,} observations the rule was never met."
    return f"The rule was first met after {met[0]:,} of {n:,} observations: {met[1]}."


def warn_of_looking(
    report: Report, decision: str | None, met: tuple[int, str] | None, n: int, earlier: int
) -> None:
    """Warn where the data end as soon as the rule is met, or where it was met otherwise.

    What `earlier` observations decided, these have not ended for.
    """
    if met is None or decision is None:
        return
    after, first = met
    if first != decision:
        report.warn(
            f"After {after:,} observations the rule said “{first}”, and that is no longer so.",
            "Whoever stops at the first decision errs more often: see what looking so often does.",
        )
    elif after > max(earlier, LATE * n):
        report.warn(
            f"The data end soon after the rule was met, after {after:,} observations of {n:,}.",
            "If they were stopped for that reason, such decisions are wrong more often than those "
            "of one look: go on for as long again, or ask for more (--sure, --evidence).",
        )
