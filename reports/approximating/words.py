"""Methods and posteriors in sentences: the answer, the rule, why, and what each example shows."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reports.approximating.texts import OTHERS, SHIPPED
from reports.blocks.numbers import estimate, figure, probability
from workflow.approximating.judged import FLAGGED, REFUSED, Judged, Target
from workflow.deciding.threshold import NOT_SHOWN
from workflow.quantities import Quantity, Scalar
from workflow.variational.verdict import DO_NOT, GOOD, MEANS

type Table = Mapping[str, Mapping[str, Judged]]  # by posterior and method


def data(
    schools: pd.DataFrame, knobs: Mapping[str, float], *, shipped: bool, made: Sequence[str]
) -> tuple[str, ...]:
    """Say what is in the file, and what the prior is; `made` are knobs made from the data."""
    low, high = (figure(float(x)) for x in (schools["effect"].min(), schools["effect"].max()))
    errors = [figure(float(x)) for x in schools["standard_error"].quantile([0, 1])]
    said = (
        f"{len(schools):,} groups: effects from {low} to {high}, standard errors from {errors[0]} "
        f"to {errors[1]}, taken as known."
    )
    if made:
        told = " and ".join(f"{name.replace('_', ' ')} {knobs[name]:g}" for name in made)
        said += (
            f" No prior was stated for all of it: {told} is made from the size of effects and "
            "errors, which is so wide that it says little."
        )
    return (said, SHIPPED, OTHERS) if shipped else (said, OTHERS)


def prior(mu_sd: float, tau_scale: float) -> str:
    """Say what the priors imply."""
    return (
        f"Before any data, the mean effect is between −{2 * mu_sd:g} and {2 * mu_sd:g} with a "
        f"probability of 95% (--mu-sd {mu_sd:g}), and the effects of groups have an sd that is as "
        f"likely above as below {tau_scale:g} (--tau-scale), with a long tail."
    )


def answer(
    target: Target, found: Table, effect: Quantity, below: Scalar, decision: str | None, *, own: str
) -> str:
    """Say which methods are good enough on one's own posterior, and on how many others."""
    here = found[target.name]
    good, flagged, means = (_with(here, word) for word in (GOOD, FLAGGED, MEANS))
    bad = [*_with(here, DO_NOT), *_with(here, REFUSED)]
    if good:
        parts = [f"{_and(good)} {_is(good)} good enough (in {_seconds(here, good)} s)"]
    else:
        parts = [] if flagged else ["no method that was tried is good enough"]
    parts += [f"{_and(flagged)} is right, but its own gate warns"] if flagged else []
    parts += [f"{_and(means)} {_is(means)} for means only"] if means else []
    parts += [f"do not use {' or '.join(map(_name, bad))}"] if bad else []
    first = f"On the posterior of {own} {'; '.join(parts)}."
    reference = f"{target.rule.reference:g}"
    shown = decision and decision != NOT_SHOWN
    side = decision if shown else f"not shown to be on either side of {reference}"
    p = probability(Scalar(1 - below.value, below.mcse))
    return (
        f"{first}{_elsewhere(target, found)} The mean effect, {estimate(effect)}, is {side} "
        f"(P(above {reference}) {p if p[0] in '<>' else f'= {p}'}, asked for "
        f"{target.rule.sure:g})."
    )


def _seconds(here: Mapping[str, Judged], methods: Sequence[str]) -> str:
    """Say what methods took, in their order."""
    return " and ".join(figure(here[one].run.seconds, 2) for one in methods)


def _with(here: Mapping[str, Judged], word: str) -> list[str]:
    found = [method for method, one in here.items() if one.word == word]
    return sorted(found, key=lambda method: here[method].run.seconds)


def _elsewhere(target: Target, found: Table) -> str:
    """Say on how many of all posteriors each method is good enough, the most first."""
    if len(found) == 1:
        return ""
    methods = list(found[target.name])
    count = {m: _times(found, m, GOOD) for m in methods}
    told = [
        f"{_and([m for m in methods if count[m] == n])} on {n or 'none'}"
        for n in sorted({*count.values()}, reverse=True)
    ]
    also = {m: n for m in methods if (n := _times(found, m, FLAGGED))}
    told += [f"{_name(m)} right, though flagged, on {n} more" for m, n in also.items()]
    return f" Good enough of all {len(found)} posteriors here: {', '.join(told)}."


def _times(found: Table, method: str, word: str) -> int:
    """Return on how many posteriors a method has this verdict."""
    return sum(method in of and of[method].word == word for of in found.values())


def _and(names: Sequence[str]) -> str:
    said = list(map(_name, names))
    return " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))


def _name(method: str) -> str:
    """Return what a method is called in a sentence: mean-field ADVI."""
    return f"{method.removeprefix('ADVI, ')} ADVI" if method.startswith("ADVI, ") else method


def _is(names: Sequence[str]) -> str:
    return "are" if len(names) > 1 else "is"


def rule(target: Target, others: int) -> str:
    """Say by which rule the question of one's own posterior, and each other, is decided."""
    reference, sure = f"{target.rule.reference:g}", f"{target.rule.sure:g}"
    more = (
        f" The {others} other posteriors have a question each, with the same rule."
        if others
        else ""
    )
    return (
        f"Rule: the mean effect is shown to be above {reference} (--reference), or below, once "
        f"that has a probability of at least {sure} (--sure); else it is not shown. Which method "
        "is "
        "good enough is no such rule but the verdict below, which asks for the same decision "
        f"among other things.{more}"
    )
