"""Readings of an instrument in words: the answer, the data, the prior, the rule, warnings."""

import math

import pandas as pd

from reports.blocks.numbers import apart, estimate, figure, number
from reports.page.page import Report
from workflow.measuring.gaussian import Instrument, Posterior
from workflow.measuring.target import CALIBRATE, DONE, MEASURE, Target
from workflow.quantities import INTERVAL, Quantity

FAR = 0.01  # chance, on either side, that an accepted value is as far out, if the priors are right
MICHELSON = (
    "Speeds are in air, in km/s less 299,000. The noise that is stated here, 80, is no account of "
    "Michelson's: it is the scatter of these readings, rounded, so that they are used twice. The "
    "sd of the bias, 50, is what his ± 51 for the result leaves for all that is not noise."
)
ACCEPTED = (
    "Michelson measured in air. His own result for a vacuum, 299,944 ± 51 km/s, is 92 above the "
    "mean of these readings, so that by his account the accepted speed in a vacuum, 299,792.458, "
    "is 700.458 on their scale (Stigler takes 734.5 for it). The comparison is no better than that "
    "account of the air."
)


def data(values: pd.Series, known: Instrument, *, shipped: bool, centred: bool) -> tuple[str, ...]:
    """Say what is in the data, and what was stated beside them."""
    n = len(values)
    scatter = f", sd {figure(float(values.std()), 4)}" if n > 1 else ""
    said = (
        f"{n:,} reading{'s' if n > 1 else ''} of {values.name}: mean "
        f"{figure(float(values.mean()), 5)}{scatter}. Stated, and not estimated, are the noise of "
        f"a single reading, sd {figure(known.noise_sd)} (--noise-sd), and what all readings are "
        f"off by together, sd {figure(known.bias_sd)} around 0 (--bias-sd)."
    )
    if known.n_before:
        said += (
            f" Before them there were {known.n_before:,.0f} with the mean "
            f"{figure(known.mean_before, 5)} (--before), taken as readings of the same quantity "
            "with the same bias."
        )
    if centred:
        said += (
            " No prior was stated: it lies around the mean of the readings, with ten times the sd "
            "that noise and bias give a single one, so that it says next to nothing."
        )
    return (said, MICHELSON) if shipped else (said,)


def prior(known: Instrument, name: str) -> str:
    """Say what the priors imply, and what earlier readings add."""
    low, high = known.prior_mean - 2 * known.prior_sd, known.prior_mean + 2 * known.prior_sd
    ends = " and ".join(apart(low, high))
    said = (
        f"Before any reading, {name} is between {ends} with a probability of 95% (--prior-mean, "
        f"--prior-sd). The readings are off by a common bias of up to "
        f"{figure(2 * known.bias_sd)} to either side with the same probability."
    )
    if known.n_before:
        said += " What is drawn and checked here has learnt from the earlier readings already."
    return said


def answer(
    decision: str | None, target: Target, exact: Posterior, n: int, q: Quantity, name: str
) -> str:
    """Say the decision in a sentence with its numbers."""
    known, total = target.known, int(target.known.n_before) + n
    sd, asked, floor = apart(exact.sds[0], target.sd, known.floor)
    readings = f"{total:,} reading{'s' if total > 1 else ''}"
    where = f"{name} is {estimate(q).replace('(', f'({INTERVAL} ', 1)}"
    if decision == DONE:
        return f"Done: after {readings} {where}; its sd, {sd}, is within the {asked} asked for."
    if decision == MEASURE:
        more = math.ceil(known.needed(target.sd) - n)
        return (
            f"Measure more: {where} after {readings}; its sd is {sd}, and {more:,} more bring it "
            f"to the {asked} asked for. No number of them brings it below {floor}."
        )
    if decision == CALIBRATE:
        return (
            f"Calibrate: {where} after {readings}; its sd is {sd}, where {asked} was asked for, "
            f"and no number of readings brings it below {floor}, since they share a bias that is "
            f"known to an sd of {figure(known.bias_sd)} only."
        )
    return f"After {readings} {where}."


def rule_in_words(target: Target) -> str:
    """Say by which rule one stops, goes on or calibrates."""
    return (
        f"Rule: done once the sd of the quantity is at most {figure(target.sd)} (--target-sd); "
        "measure more where some number of readings brings it there; calibrate where none does, "
        "since the bias alone is too much. What a reading and a calibration cost is not part of "
        "it: where very many readings are needed, a better calibration may cost less."
    )


def kinds(known: Instrument, exact: Posterior, n: int, name: str) -> str:
    """Say which part of the uncertainty is of which kind."""
    parts = known.noise_sd, float(known.reducible(n)), known.floor
    noise, left, stays = map(figure, parts)
    return (
        f"The next reading scatters by {noise} around the mean, however well that is known: that "
        "is chance (aleatoric), and no lack of knowledge. What is not known of "
        f"{name} (epistemic) has two parts: {left} that more readings take away, and {stays} that "
        "none takes away, since it is the bias of them all. Squared they add up to the square of "
        f"the sd, {figure(exact.sds[0])}. The mean of the readings itself is known to "
        f"{figure(exact.sds[2])}: an error that is computed from the scatter alone is that one, "
        "and says nothing of the bias."
    )


def reference(target: Target, exact: Posterior, *, shipped: bool) -> tuple[str, ...]:
    """Say how far an accepted value is from what was found."""
    away = away_in_sds(target, exact)
    side = "below" if away < 0 else "above"
    said = (
        f"The accepted value, {figure(float(target.reference or 0), 6)} (--reference), is "
        f"{figure(abs(away), 2)} posterior sds {side} the mean of the quantity. It is not used "
        "for anything else: had it been, the readings would tell the bias."
    )
    return (said, ACCEPTED) if shipped else (said,)


def away_in_sds(target: Target, exact: Posterior) -> float:
    """Return how far above the quantity's mean the accepted value is, in its sds."""
    return (float(target.reference or 0) - exact.means[0]) / exact.sds[0]


def warn_of_reference(report: Report, target: Target, tail: float) -> None:
    """Warn where an accepted value is too far from what was found; `tail` is its probability."""
    if tail < FAR / 2:
        report.warn(
            f"The accepted value, {figure(float(target.reference or 0), 6)}, is farther off than "
            "noise, bias and prior allow together (probability beyond it "
            f"{number(tail, tail / 9)}).",
            "The bias is larger than stated, or the accepted value is not of what was measured: "
            "widen --bias-sd, or correct the readings first.",
        )


def advi(exact: Posterior) -> str:
    """Say in which coordinates ADVI was tried, and what that does."""
    return (
        "ADVI was given the model as one writes it, in quantity and bias. Their posterior "
        f"correlation is {number(exact.correlation, 1e-5)}, nearer to −1 the more readings there "
        "are, and the mean-field family has none. NUTS is given the mean of the readings, and how "
        "it is divided: these are independent, and of them mean-field would be right. So what it "
        "is worth hangs on how a model is written."
    )


def misfit(values: pd.Series, noise_sd: float, *, otherwise: bool) -> str:
    """Say what to do where readings do not agree with the stated noise, or with one another.

    `otherwise` says that they scatter by another sd than stated.
    """
    sd = float(values.std()) if values.nunique() > 1 else 0.0
    both = f"{figure(sd, 4)}, stated is {figure(noise_sd)}"
    if otherwise:
        return (
            f"The readings scatter by {both}: state the noise of single readings as it is, in the "
            "unit of the column, or find what makes them differ. Until then the sds here are wrong."
        )
    return (
        "Find what makes them differ: a change of the instrument, a drift, another day. A bias "
        "that changes among the readings is in no sd here, and averages out only in part."
    )
