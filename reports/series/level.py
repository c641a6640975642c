"""Has a level changed, and what comes next? The answer in sentences, and warnings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports.blocks.numbers import MILLION, apart, figure, probability, times
from workflow.checking.exact import Known
from workflow.quantities import Scalar
from workflow.series.accounts import Series
from workflow.series.changed import CHANGED, FALLEN, RISEN, SAME, Rule
from workflow.series.left_out import Scores

MOSTLY = 0.95  # probability at which one account is told as the one
WIDE = 5  # scales of the noise: a first level that is known no better is told by its own value
SHARE = 0.025  # of the probability of a boundary, left out at either end


@dataclass(frozen=True)
class Words:
    """What the values are, what a step of time is called, and the names of times.

    `seen` are times with a value, `missing` those between them without; levels leave out `aside`,
    and `then` is when a level that stays on its trend is told (where there is one).
    """

    name: str
    unit: str
    seen: Sequence[str]
    missing: Sequence[str]
    ahead: Sequence[str]
    aside: str = ""
    then: str = ""

    @property
    def span(self) -> str:
        """From which time to which."""
        return f"{self.seen[0]} to {self.seen[-1]}"


def between(found: Known, *, down: bool = False) -> str:
    """Return the median and the central 95%; `down` tells by how much it goes down."""
    numbers = found.median, found.lower, found.upper
    if down:
        numbers = -found.median, -found.upper, -found.lower
    middle, low, high = apart(*numbers, digits=3)
    return f"{middle} (95% {low} to {high})"


def data(series: Series, words: Words) -> str:
    """Say what is in the data."""
    y, n = series.y, len(series.y)
    gaps = (
        f"{len(words.missing):,} times between them have no value, such as {words.missing[0]}: "
        "the level there is told from the neighbours."
        if words.missing
        else "None between them is missing."
    )
    return (
        f"{n:,} values of {words.name}, {words.span}, a step of time being a {words.unit}. {gaps} "
        f"They lie between {figure(float(y.min()), 4)} and {figure(float(y.max()), 4)}, with the "
        f"mean {figure(float(y.mean()), 4)}."
    )


def prior(series: Series, *, given: bool, season: int = 1) -> str:
    """Say what the prior expects, and where its scales come from."""
    one = series.prior
    beside = ": hardly anything beside its own value" if one.start_sd >= WIDE * one.noise else ""
    said = (
        f"The sd of a value about its level is half normal with scale {figure(one.noise)}, that of "
        f"a step of the level half normal with scale {figure(one.drift)}; a jump, if there is one, "
        f"has the sd {figure(one.jump)}. The first level is expected at {figure(one.start, 4)}, "
        f"give or take {figure(one.start_sd)}{beside}."
    )
    if given:
        return said
    by = "" if season == 1 else ", at each place of a period about their own mean"
    return (
        f"{said} The scales are the root mean square of the differences of neighbours{by}, "
        "to one digit: noise or level alone could make such differences. This uses the data twice; "
        "if you know, say it with --noise, --drift and --jump."
    )


def answer(decision: str | None, rule: Rule, words: Words) -> str:
    """Say the decision in a sentence with its numbers, and what comes next."""
    verdict, log = rule.verdict, rule.verdict.log_bayes_factor
    more = "more than a million" if abs(log) > math.log(MILLION) else times(abs(log))
    ahead = verdict.ahead(1).known()
    following = f"Expected for {words.ahead[0]}: {between(ahead)}, if things go on as they were."
    with_one = f"The values are {more} times more probable with a change of the level than without"
    change, level = verdict.change.known(), f"level of {words.name}{words.aside}"
    if decision in (FALLEN, RISEN):
        return (
            f"The {level} has {decision}, from {words.seen[0]} to {words.seen[-1]} "
            f"by {between(change, down=decision == FALLEN)}, {how(rule, words)}. {following} "
            f"{with_one}."
        )
    if decision == CHANGED:
        return (
            f"The {level} has moved, but whether it ended higher or lower is not sure: "
            f"{words.seen[-1]} less {words.seen[0]} is {between(change)}. {following} {with_one}."
        )
    if decision == SAME:
        return (
            f"No change: the values of {words.name}{words.aside} are {more} times more probable "
            f"with a level that stays, at {between(verdict.accounts[0].now.known())}{words.then}, "
            f"than with one that moves. {following}"
        )
    side = "a change of the level than without" if log > 0 else "a level that stays"
    return (
        f"Not decided whether the {level} has changed: the values are only {more} "
        f"times more probable with {side}, and {rule.evidence:g} was asked for. {following}"
    )


def how(rule: Rule, words: Words) -> str:
    """Say whether the level changed at once or bit by bit, if it changed."""
    p, (least, largest) = rule.verdict.at_once, rule.at_once()
    then = when(rule.series, words)
    if least >= MOSTLY:
        return f"at once, most probably {then}"
    if 1 - largest >= MOSTLY:
        return "bit by bit"
    other = f"{chance(least)} to {chance(largest)} under other priors"
    if p >= MOSTLY:
        return f"probably at once (probability {chance(p)}; {other}), then {then}"
    if 1 - p >= MOSTLY:
        return f"probably bit by bit (at once with probability {chance(p)}; {other})"
    return (
        "whether at once or bit by bit the values do not tell (at once with probability "
        f"{chance(p)}; {other}; then {then})"
    )


def chance(p: float) -> str:
    """Return an exact probability; near 0 or 1 with more digits, and then as a bound in words."""
    said = f"{p:.2f}" if 0.01 <= p <= 0.99 else probability(Scalar(float(p), 0.0))
    return said.replace("< ", "below ").replace("> ", "above ")


def when(series: Series, words: Words) -> str:
    """Say from when on the level is another one, if it jumped once."""
    weights, after = series.when, words.seen[1:]
    to = np.cumsum(weights)
    low, high = (min(int(np.searchsorted(to, p)), len(after) - 1) for p in (SHARE, 1 - SHARE))
    return f"from {after[int(weights.argmax())]} on (95%: {after[low]} to {after[high]})"


def accounts(rule: Rule, words: Words) -> str:
    """Say which account of the series is how probable, in a line."""
    stays, jumps, drifts = map(chance, rule.verdict.weights)
    return (
        f"The level jumped once with probability {jumps}, most probably "
        f"{when(rule.series, words)}; it drifts with probability {drifts}, and stays with {stays}."
    )


def rule_in_words(rule: Rule) -> str:
    """Say by which rule the level is called changed."""
    return (
        "Rule: a level that stays has the probability one half beforehand, one that jumps once and "
        "one that drifts a quarter each. Call the level changed once the values are "
        f"{rule.evidence:g} times more probable with a change than without (--evidence), and "
        "fallen or risen once the last level is below, or above, the first one with probability "
        f"{rule.sure:g} (--sure); call it unchanged once they are {rule.evidence:g} times less "
        "probable; else nothing is decided. What is expected next is averaged over the three, "
        "each with its probability. A change in time is no cause: what else changed then is "
        "another question."
    )


def scores_in_words(scores: Scores) -> str:
    """Say which account predicts best, in a line."""
    near = [name for name in scores.of if name != scores.best and not scores.told(name)]
    beside = f"; “{'” and “'.join(near)}” cannot be told from it" if near else ""
    return f"“{scores.best}” predicts the last {scores.values:,} values best{beside}."
