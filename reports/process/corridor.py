"""Is a process inside its limits? The answer in a sentence, the words around it, warnings."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from reports.blocks.numbers import figure, interval, number, percent, probability
from reports.page.page import Report
from reports.process import named
from workflow.checking.checks import StatisticCheck
from workflow.checking.status import Status
from workflow.process.capability import above
from workflow.process.conjugate import Known, Summary
from workflow.process.limits import Limits
from workflow.process.stakes import ADJUST, MEASURE, RUN_ON, Stakes
from workflow.process.stretches import Stretch
from workflow.quantities import INTERVAL, Quantity, Scalar

MOSTLY = 0.5  # of the pieces outside remain after adjusting: then the spread is what to work on
TINY = 0.001  # pieces, or costs
NOT_NORMAL = "These pieces are not of one normal distribution (see the warning); if they were"
COARSE = 1.0  # sds between neighbouring values, from which on rounding hides the spread


def data(values: pd.Series, limits: Limits, before: Summary | None) -> str:
    """Say what is in the data."""
    n, out = len(values), int(limits.beyond(values).sum())
    middle, spread = figure(values.mean(), 5), figure(values.std(), 4)
    said = f"{n:,} values of {values.name}, mean {middle}, sd {spread}; "
    said += f"{out:,} of them {named.outside(limits)}."
    if before:
        said += (
            f" Before them there were {before.n:,} (--before) with mean {figure(before.mean, 5)} "
            f"and sd {figure(before.sd, 4)}: they count for mean and sd, and nothing is known of "
            "their shape and their order."
        )
    return said


def counted(values: pd.Series, limits: Limits, posterior_outside: np.ndarray) -> str:
    """Say what counting the pieces outside would prove, and why that is little."""
    n, out = len(values), int(limits.beyond(values).sum())
    high = stats.beta.ppf(0.975, out + 1, n - out) if out < n else 1.0
    low = stats.beta.ppf(0.025, out, n - out + 1) if out else 0.0
    said = (
        f"Counting alone, {out:,} of {n:,} outside says that the share is between "
        f"{percent(low, 5e-4)} and {percent(high, 5e-4)} (95% confidence, Clopper and Pearson)."
    )
    if out:
        return f"{said} Mean and sd say more, as far as the pieces are normal."
    none = float(((1 - posterior_outside) ** n).mean())
    return (
        f"{said} That none was outside proves little: under the model none of {n:,} is outside "
        f"with probability {figure(none, 2)}, although pieces outside are to be expected. Mean and "
        "sd say more, as far as the pieces are normal."
    )


def prior(known: Known, limits: Limits) -> str:
    """Say what is expected before the pieces, and what that is worth."""
    low, high = known.mu.ppf((0.025, 0.975))
    small, large = known.sigma.ppf((0.025, 0.975))
    return (
        f"The mean is expected at {figure(known.center, 5)}, which is worth {known.pieces:g} "
        f"pieces (95% from {figure(low)} to {figure(high)}); the sd about {figure(known.spread)}, "
        f"which is worth {known.spread_pieces:g} (95% from {figure(small)} to {figure(large)}). "
        f"Without --before and --usual-sd that is {named.meant(limits)}, with which the process "
        "would be just capable."
    )


def answer(
    decision: str | None,
    stakes: Stakes,
    costs: Mapping[str, float],
    measured: Mapping[str, Scalar],
    exact: Mapping[str, float],
    cpk: Quantity,
    *,
    normal: bool,
) -> str:
    """Say what to do in a sentence with its numbers; that it rests on normality, where it fails."""
    outside, centred = exact["prob_next_outside"], costs[ADJUST] - stakes.adjust
    many = (stakes.ahead * outside, centred / stakes.outside)
    as_is, after = map(count, many)
    cost_as_is, cost_after = (count(costs[one]) for one in (RUN_ON, ADJUST))
    told = decision or MEASURE
    first = f"{told.capitalize()}: of" if normal else f"{NOT_NORMAL}: {told}. Of"
    spread = measured[above(1)].value < MOSTLY and centred > MOSTLY * costs[RUN_ON]
    return (
        f"{first} the next {stakes.ahead:,} pieces {as_is} are "
        f"expected {named.outside(stakes.limits)} as things are, {after} with the mean "
        f"{named.placed(stakes.limits)}; that costs {cost_as_is}, or {cost_after} with the "
        f"adjustment. Cpk is {number(cpk.median, cpk.mcse_median)} ({INTERVAL} {interval(cpk)}), "
        f"above 1 with probability {probability(measured[above(1)])}."
        + (" Most of them come from the spread, which adjusting leaves as it is." if spread else "")
    )


def count(value: float) -> str:
    """Format a number of pieces that is expected, or its cost; a tiny one as a bound."""
    return figure(value) if value >= TINY else f"less than {TINY:g}"


def rule_in_words(stakes: Stakes, costs: Mapping[str, float]) -> str:
    """Say by which costs it is decided, and what of them does not go away."""
    said = (
        f"Rule: the least expected cost of the next {stakes.ahead:,} pieces (--ahead), where a "
        f"piece outside costs {stakes.outside:g} (--cost-outside), to stop and put the mean "
        f"{named.placed(stakes.limits)} costs {stakes.adjust:g} (--cost-adjust) and to measure "
        f"more costs {stakes.measure:g} (--cost-measure). Measuring more is worth its price where "
        "knowing mean and sd would save more than that; a finite sample saves less. That adjusting "
        "brings the mean there, and leaves the spread as it is, is an assumption."
    )
    left = costs[ADJUST] - stakes.adjust
    if costs[RUN_ON] > 0 and left > MOSTLY * costs[RUN_ON]:
        said += (
            f" With the mean {named.placed(stakes.limits)} "
            f"{percent(left / costs[RUN_ON], 0.01)} of the cost of pieces outside would remain: it "
            "is the spread that makes them, and no adjustment changes that."
        )
    return said


def misfit(values: pd.Series, limits: Limits, outside: float) -> str:
    """Say what to do where the pieces are not normal: what is outside, by model and by count."""
    n, out = len(values), int(limits.beyond(values).sum())
    return (
        f"Do not believe the probability of a piece outside: the model says {figure(outside)}, and "
        f"{out:,} of {n:,} were ({figure(out / n)}). Look for pieces of two machines or batches, "
        "single odd pieces, a mean that moves (--ordered), or a quantity whose logarithm is normal."
    )


def not_normal(found: Sequence[StatisticCheck]) -> bool:
    """Say whether any check of the shape warns."""
    return any(one.result is Status.WARN for one in found)


def warn_of_data(report: Report, values: pd.Series, limits: Limits) -> None:
    """Warn of limits in another unit than the values, and of values that are too coarse."""
    if limits.beyond(values).all():
        report.warn(
            f"Every value is {named.outside(limits)}.",
            "Are the limits in the unit of the column, and is it the right column?",
        )
    steps = np.diff(np.unique(values.to_numpy()))
    if steps.size and steps.min() > COARSE * values.std():
        report.warn(
            f"The values are coarse: they differ by {figure(steps.min())} at least, and their sd "
            f"is {figure(values.std())}.",
            "What lies between is rounded away, and with it much of the spread: measure more "
            "finely.",
        )


def warn_of_prior(
    report: Report, decision: str | None, prior: Known, after: Known, without: tuple[Known, str]
) -> None:
    """Warn where the prior decides, or holds the sd away from what the pieces alone say.

    `without` is what is known, and decided, under p(mu, sigma) ~ 1 / sigma.
    """
    alone, other = without
    low, high = alone.sigma.interval(0.95)
    if decision is not None and decision != other:
        report.warn(
            f"The prior decides: under p(mu, sigma) ~ 1 / sigma, which knows nothing, one would "
            f"{other}.",
            f"The prior of the sd is worth {prior.spread_pieces:g} pieces; measure more, or say "
            "what is known already: --usual-sd, --before.",
        )
    if not low <= after.sigma.median() <= high:
        report.warn(
            f"The prior holds the sd at {figure(after.sigma.median())}, where the pieces alone say "
            f"{figure(low)} to {figure(high)} (95%).",
            "Name the sd that is usual for such a process (--usual-sd), or let the prior weigh "
            "less (--sd-pieces, --mean-pieces).",
        )


def warn_of_drift(
    report: Report, found: Sequence[Stretch], checks: Sequence[StatisticCheck]
) -> None:
    """Warn that Cpk is not that of now, where a check of the order warns."""
    if not found or not any(one.result is Status.WARN for one in checks):
        return
    last = found[-1]
    report.warn(
        f"The process moves, so that Cpk over all is not that of now: pieces {last.label} alone "
        f"have {figure(last.cpk.median)} (95% {figure(last.cpk.lower)} to "
        f"{figure(last.cpk.upper)}), and the next piece is outside with probability "
        f"{figure(last.outside)}.",
        "Find out what moved it, and run the study on the pieces since; do not decide by all.",
    )
