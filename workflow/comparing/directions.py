"""The decision of regressions under each of several models, and under their average.

In the average a term goes up with the probability sum_k w[k] P(up | model k). A model without the
term has it neither up nor down.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.comparing.saved import Saved
from workflow.quantities import Scalar, label, named

NONE_KNOWN = "no direction is known"
UP = "prob_positive"


@dataclass(frozen=True)
class Term:
    """A term: the sign that is known under each model (0: not known; None: without the term).

    `up` and `down` are the probabilities of the two directions under the average of the models, and
    `sign` what is known under it.
    """

    name: str
    signs: Mapping[str, int | None]
    up: Scalar
    down: Scalar
    sign: int


def sure_of(fits: Sequence[Saved]) -> float | None:
    """Return the probability that a direction needs in all of them; None if they have no such rule.

    Also None where the probabilities that were asked for differ.
    """
    asked = {fit.settings.get("sure") for fit in fits}
    by_direction = all(fit.decision and named(fit.scalars, UP) for fit in fits)
    (one, *more) = asked
    return float(one) if one and not more and by_direction else None


def average(
    fits: Sequence[Saved], weights: Mapping[str, float], rising: Mapping[str, bool], sure: float
) -> list[Term]:
    """Return the directions of all terms under each model and under the average.

    Parameters
    ----------
    weights
        Of each model; together 1.
    rising
        Whether the outcome of the model rises with the outcome itself.

    What a decision leaves out although its probability would do (a term that hangs on one row of
    the file) is not known under the average either. Terms that are `entangled` are left out.
    """
    every = dict.fromkeys(label(name) for fit in fits for name in named(fit.scalars, UP))
    without = entangled(fits)
    terms = [term for term in every if term not in without]
    told = {fit.name: known(fit, sure) for fit in fits}
    return [_term(term, fits, weights, rising, sure, told) for term in terms]


def entangled(fits: Sequence[Saved]) -> set[str]:
    """Return the terms whose columns are in other terms of a model, as squares or products.

    The slope of such a term is one at 0, or at the reference, of the other terms: another quantity
    than in a model without these.
    """
    return {
        one["name"]
        for fit in fits
        for one in fit.design.get("terms", ())
        for other in fit.design["terms"]
        if _shares(one, other, fit.design["columns"])
    }


def _shares(one: Mapping[str, Any], other: Mapping[str, Any], columns: Collection[str]) -> bool:
    """Say whether the other term multiplies this one, or has another function of its column."""
    mine, its = ({*term["numbers"], *(c for c, _ in term["levels"])} for term in (one, other))
    if mine < its:
        return True
    read = [
        {
            name
            for name in columns
            for part in parts
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", part)
        }
        for parts in (mine - its, its - mine)
    ]
    return bool(read[0] & read[1])


def _term(
    term: str,
    fits: Sequence[Saved],
    weights: Mapping[str, float],
    rising: Mapping[str, bool],
    sure: float,
    told: Mapping[str, Mapping[str, int]],
) -> Term:
    signs: dict[str, int | None] = {}
    up = down = variance = 0.0
    hangs = False
    for fit in fits:
        p = fit.scalars.get(f"{UP}[{term}]")
        if p is None:
            signs[fit.name] = None
            continue
        w, way = weights[fit.name], 1 if rising[fit.name] else -1
        signs[fit.name] = way * told[fit.name][term]
        rises = p.value if way > 0 else 1 - p.value
        up, down = up + w * rises, down + w * (1 - rises)
        variance += (w * p.mcse) ** 2
        hangs |= not told[fit.name][term] and max(p.value, 1 - p.value) >= sure
    error = math.sqrt(variance)
    sign = 0 if hangs else int(up >= sure) - int(down >= sure)
    return Term(term, signs, Scalar(up, error), Scalar(down, error), sign)


def known(fit: Saved, sure: float) -> dict[str, int]:
    """Return the direction of each term that the decision of a fit names: 1, −1, or 0 for none."""
    every = {label(name): p.value for name, p in named(fit.scalars, UP).items()}
    found = dict.fromkeys(every, 0)
    for word, sign in (("up: ", 1), ("down: ", -1)):
        sides = [term for term, p in every.items() if (p if sign > 0 else 1 - p) >= sure]
        found |= dict.fromkeys(_told(fit.decision or "", word, sides), sign)
    return found


def _told(decision: str, word: str, terms: Sequence[str]) -> list[str]:
    """Return which of `terms` stand behind `word`, in their order and with commas between."""
    behind = f"; {decision}".partition(f"; {word}")[2]
    found = []
    for term in terms:
        if behind.startswith(term) and behind[len(term) : len(term) + 2] in {"", ", ", "; "}:
            found.append(term)
            behind = behind[len(term) :].removeprefix(", ")
    return found


def in_words(terms: Sequence[Term]) -> str:
    """Return the decision under the average, as the decisions of regressions are written."""
    up = ", ".join(term.name for term in terms if term.sign > 0)
    down = ", ".join(term.name for term in terms if term.sign < 0)
    parts = [f"{word}: {names}" for word, names in (("up", up), ("down", down)) if names]
    return "; ".join(parts) or NONE_KNOWN


def differing(terms: Sequence[Term]) -> list[Term]:
    """Return the terms whose known direction is not the same in all models that have them."""
    return [
        term
        for term in terms
        if len({sign for sign in term.signs.values() if sign is not None}) > 1
    ]
