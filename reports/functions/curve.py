"""A curve in words: the answer, what the prior says, what is not known, warnings."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reports.blocks.numbers import figure, percent
from reports.page.page import Report
from workflow.checking.checks import StatisticCheck
from workflow.checking.status import Status
from workflow.functions.course import FALLS, NOWHERE, RISES, Course, Rule
from workflow.functions.quadrature import Prior
from workflow.functions.spacing import Spacing
from workflow.functions.told import Gap, Sure
from workflow.quantities import Quantity

MISFIT = "The rows are not those of one smooth curve with noise of one size"
MISFIT_CHANGING = "The rows are not those of one smooth curve with noise that changes smoothly"
FIT = (
    "The curve follows the rows, so the checks look at what is left over: each row's value less "
    "what all others predict, in sds of that prediction. Under the model these scatter alike "
    "everywhere, have no tails beyond the normal ones, no jumps and no waves."
)
FEW = 3  # stretches that a sentence names
SHORT = 2.0  # median distances of neighbours: curves that turn within less are not told from noise


def data(rows: pd.DataFrame, spacing: Spacing) -> str:
    """Say what is in the data."""
    x, y = rows.columns
    low, high = rows[x].min(), rows[x].max()
    return (
        f"{len(rows):,} values of {y} at {rows[x].nunique():,} different {x} from {figure(low)} to "
        f"{figure(high)}, half of the neighbours less than {figure(spacing.apart)} apart. "
        f"Mean {figure(rows[y].mean())}, sd {figure(rows[y].std())}."
    )


def prior(known: Prior, spacing: Spacing, names: Sequence[str], *, given: bool) -> str:
    """Say what lengths and sds are expected before the rows, and where that comes from."""
    low, high = (known.typical_length * np.exp(k * 1.96 * known.length_spread) for k in (-1, 1))
    x, y = names
    said = f"The length of the curve's bends is expected at {figure(known.typical_length)} {x}, "
    said += f"95% from {figure(low)} to {figure(high)}. "
    if not given:
        said += (
            f"That comes from the spacing: {_apart(spacing)} and all "
            f"lie within {figure(spacing.range)}; a bend shorter than the one cannot be seen, and "
            "one longer than the other looks straight. "
        )
    return said + (
        f"By how much the curve goes up and down has a half-normal prior of scale "
        f"{figure(known.of_curve)}, the noise one of {figure(known.of_noise)}, in the unit of {y}."
    )


def _apart(spacing: Spacing) -> str:
    if spacing.finest:
        return f"the {spacing.finest}th part of the range is {figure(spacing.apart)}"
    return f"neighbours are {figure(spacing.apart)} apart"


def answer(
    found: Sequence[Sure],
    unknown: tuple[float, list[tuple[float, float]]],
    wanted: float,
    rule: Rule,
    names: Sequence[str],
    *,
    fits: bool,
    misfit: str = MISFIT,
) -> str:
    """Say what the curve surely does, and on how much of the range it is not known."""
    x, y = names
    sure = percent(rule.sure, 1e-3)
    if not found:
        what = (
            "whether it rises or falls"
            if rule.level is None
            else f"on which side of {rule.level:g} it is"
        )
        first = (
            f"Nowhere do the rows tell {what}: no x has a probability of {sure} for one of the two."
        )
    else:
        told = ", then ".join(
            f"{side(one, rule)} {_span(one.first, one.last)}" for one in found[:FEW]
        )
        more = f" and {len(found) - FEW} stretches more" if len(found) > FEW else ""
        first = (
            f"The curve of {y} surely {told} ({x}){more}: at each x there, by itself, with a "
            f"probability of {sure} or more; of the rest the rows do not tell it."
        )
    if not fits:
        first = f"{misfit} (see the warning). If they were: {first[0].lower()}{first[1:]}"
    share, where = unknown
    spans = ", ".join(_span(*one) for one in where[:FEW])
    if not share:
        return (
            f"{first} Everywhere in the range the curve is known to within {figure(wanted)} either "
            "way (95%, at each x)."
        )
    return (
        f"{first} On {percent(share, 0.01)} of the range the curve is not known to within "
        f"{figure(wanted)} either way (95%, at each x): {spans}."
    )


def side(one: Sure, rule: Rule) -> str:
    """Say what the curve does on a stretch."""
    return one.side if rule.level is None else f"{one.side} {rule.level:g}"


def _span(low: float, high: float) -> str:
    return f"at {figure(low)}" if low == high else f"from {figure(low)} to {figure(high)}"


def rule_in_words(rule: Rule, wanted: float, usual: str = "the sd of a row") -> str:
    """Say by which rule a stretch is sure, and what that does not say."""
    what = (
        f"the slope is above 0 ({RISES}) or below it ({FALLS})"
        if rule.level is None
        else f"the curve is above or below {rule.level:g} (--level)"
    )
    return (
        f"Rule: at each x by itself, {what} with a probability of at least {rule.sure:g} (--sure). "
        f"The decision is what follows one another along x; “{NOWHERE}” where there is none. "
        "Such a probability is pointwise: it does not say that all of a stretch is so at once; "
        "“P(throughout)” does, from draws of whole curves. Nor is a band of intervals "
        "at each x one that holds the whole curve with 95%. The curve counts as not known where "
        "its 95% interval goes more "
        f"than {figure(wanted)} either way (--wanted; by default {usual})."
    )


def split(course: Course, names: Sequence[str]) -> str:
    """Say how the uncertainty of a new row splits, and what more rows change."""
    curve, noise = course.curve_variance, course.noise_variance
    share = curve / (curve + noise)
    at, least = int(share.argmax()), int(share.argmin())
    return (
        "By the law of total variance, the variance of a new row at an x is that of the noise, "
        "which stays however many rows there are, and that of the curve, which more rows near x "
        f"take away. The curve's share is {percent(share[least], 0.001)} at {names[0]} "
        f"{figure(course.grid[least])}, and {percent(share[at], 0.001)} at "
        f"{figure(course.grid[at])}."
    )


def of_gap(found: Gap, ends: tuple[float, float], names: Sequence[str]) -> str:
    """Say what the gap does to the curve and to the noise."""
    x, y = names
    noise = (
        f"The sd of the noise, {figure(found.noise)}, is the same in the gap "
        "as elsewhere: only what is not known of the curve grows."
    )
    if found.factor > 1:
        noise = (
            f"The noise has a size of its own there, and no row tells it: its sd is "
            f"{figure(found.noise)}, known to within a factor of {figure(found.factor)} (95%)."
        )
    return (
        f"{found.rows:,} rows with {x} from {figure(ends[0])} to {figure(ends[1])} were left out "
        f"(--gap). In the middle of the gap, at {figure(found.x)}, the curve has the sd "
        f"{figure(found.without)}; with the rows it would have {figure(found.beside)}, with the "
        f"same length and sds. {noise} Of the rows left out "
        f"{found.covered:,} of {found.rows:,} lie inside the 95% interval of a new {y}."
    )


def not_fitting(found: Sequence[StatisticCheck]) -> bool:
    """Say whether any check warns."""
    return any(one.result is Status.WARN for one in found)


def warn_of_length(
    report: Report, length: Quantity, spacing: Spacing, names: Sequence[str]
) -> None:
    """Warn of a curve that bends within the distance of neighbours, and of one that never bends."""
    if length.lower < SHORT * spacing.apart and spacing.finest:
        report.warn(
            f"The curve may bend within {figure(length.lower)} {names[0]}, and bends within less "
            f"than {figure(spacing.apart)}, a {spacing.finest}th of the range, are not looked for.",
            "Fit parts of the range by themselves: shorter bends are looked for there.",
        )
    elif length.lower < SHORT * spacing.apart:
        report.warn(
            f"The curve may bend within {figure(length.lower)} {names[0]}, and neighbours are "
            f"{figure(spacing.apart)} apart: bends and noise are then hardly told apart.",
            "Measure more closely where it matters, or say what is known of the length "
            "(--typical-length, --length-spread).",
        )
