"""What the pages of the regressions say of terms that the data know only together."""

import itertools
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import MINUS, number
from reports.regression import how
from reports.regression.terms import more_of
from workflow.quantities import Quantity, Scalar, label


def known_together(
    joint: Mapping[str, Quantity], alone: Mapping[str, Quantity], per: str = "one sd of the term"
) -> list[Block]:
    """Return the contrasts that are known better than their terms alone, or that there are none."""
    if not joint:
        return ["No two coefficients are so correlated that the data know them only together."]
    terms = [label(name) for name in alone]
    sd = {label(name): f"{q.sd:.2g}" for name, q in alone.items()}
    rows = []
    for name, q in joint.items():
        one, _, other = _parts(label(name), terms)
        interval = " to ".join(number(x, q.mcse_interval) for x in (q.lower, q.upper))
        middle = number(q.median, q.mcse_median)
        rows.append((label(name), middle, interval, f"{q.sd:.2g}", sd[one], sd[other]))
    columns = ("contrast", "median", "95% interval", "its sd", "sd of the first", "sd of the other")
    return [
        "Some terms go together, so the data cannot well share out what they explain: the sum or "
        "difference of two coefficients is known better than either of them. (In sds of the "
        f"outcome for {per}.)",
        Table("Known together", columns, tuple(rows), how.JOINT),
    ]


def only_together(
    joint: Mapping[str, Quantity],
    prob: Mapping[str, Scalar],
    alone: Mapping[str, Scalar],
    sure: float,
    name: str,
    terms: pd.DataFrame | None = None,
    hanging: Collection[str] = (),
) -> list[str]:
    """Say which sums or differences of two terms are known where the terms themselves are not.

    `joint` and `prob` are of the contrasts, `alone` are the terms' probabilities. Nothing is said
    of terms that are `hanging` on a row.
    """

    def known(p: Scalar) -> bool:
        return not 1 - sure < p.value < sure

    unknown = {label(key) for key, p in alone.items() if not known(p)}
    said = []
    for key, q in joint.items():
        one, sign, other = _parts(label(key), [label(term) for term in alone])
        if not known(prob[f"prob_positive[{label(key)}]"]) or not {one, other} <= unknown:
            continue
        if {one, other} & {*hanging}:
            continue
        low, high = (number(x, q.mcse_interval, sign=True) for x in (q.lower, q.upper))
        middle = number(q.median, q.mcse_median, sign=True)
        said.append(
            f"Known only together: for {_way(one, sign, other, terms)}, {name} differs by {middle} "
            f"of its sds ({low} to {high})."
        )
    return said


def _way(one: str, sign: str, other: str, terms: pd.DataFrame | None) -> str:
    """Say what is more, and what is more or less, of two terms."""
    steps = [term if terms is None else more_of(term, terms) for term in (one, other)]
    if terms is None or not {*steps} & {one, other}:
        more = f"both {one} and {other}" if sign == "+" else f"{one} and one less of {other}"
        return f"one sd more of {more}"
    return f"{steps[0]}, {'together with' if sign == '+' else 'against'} {steps[1]}"


def _parts(contrast: str, terms: Sequence[str]) -> tuple[str, str, str]:
    """Return the terms of a contrast and the sign between them."""
    return next(
        (one, sign, other)
        for one, other in itertools.combinations(terms, 2)
        for sign in ("+", MINUS)
        if contrast == f"{one} {sign} {other}"
    )
