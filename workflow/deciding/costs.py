"""Deciding by the costs of two errors: act on everyone, on no one, or on whom a model points out.

Missing an event costs `miss`, acting on somebody without it `false_alarm`; the least expected cost
is to act from the probability false_alarm / (false_alarm + miss) on. Costs are counted on held-out
rows, which are weighted so that the event is as common as where one decides. Sources: Elkan (2001),
The foundations of cost-sensitive learning; Vickers and Elkin (2006), Decision curve analysis.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit


@dataclass(frozen=True)
class Stakes:
    """Costs of the two errors, and how common the event is.

    `prevalence` is that of the people to decide on, `fitted` that of the rows the probabilities
    were fitted to. Between the two only the share of the event may differ: among those with it, and
    among those without it, the terms have to be distributed alike.
    """

    miss: float
    false_alarm: float
    prevalence: float
    fitted: float

    @property
    def threshold(self) -> float:
        """The probability, at this prevalence, from which on acting costs less than not acting."""
        return self.false_alarm / (self.false_alarm + self.miss)

    @property
    def cut(self) -> float:
        """The same threshold for probabilities as they were fitted."""
        return float(expit(logit(self.threshold) + logit(self.fitted) - logit(self.prevalence)))

    def adjusted(self, p: ArrayLike) -> np.ndarray:
        """Return fitted probabilities for this prevalence: the prior odds are exchanged."""
        return np.asarray(expit(logit(p) + logit(self.prevalence) - logit(self.fitted)))


@dataclass(frozen=True)
class Errors:
    """How the rows of held-out people were decided: events missed, others acted on."""

    events: int
    missed: int
    others: int
    false_alarms: int

    @property
    def acted(self) -> int:
        """How many were acted on."""
        return self.events - self.missed + self.false_alarms

    @property
    def alike(self) -> int | None:
        """Which option does the same to all of these rows: 1 everyone, 2 no one, None neither."""
        return {0: 2, self.events + self.others: 1}.get(self.acted)


@dataclass(frozen=True)
class Cost:
    """Cost per person: its standard error over held-out rows, and its Monte Carlo error.

    The standard error treats each rate of error as Beta(1/2, 1/2) a priori (Jeffreys), so that none
    seen in a few rows does not pass for none at all.
    """

    value: float
    error: float
    mcse: float


def errors_of(outcome: ArrayLike, acted: ArrayLike) -> Errors:
    """Count the errors of acting on some of the rows."""
    y, act = np.asarray(outcome) == 1, np.asarray(acted, dtype=bool)
    return Errors(int(y.sum()), int((y & ~act).sum()), int((~y).sum()), int((~y & act).sum()))


def costs(
    outcome: ArrayLike,
    p: ArrayLike,
    above: ArrayLike,
    stakes: Stakes,
    options: Sequence[str],
    *,
    draws: int,
) -> dict[str, Cost]:
    """Return the cost of each option per person, on held-out rows at the prevalence of `stakes`.

    Parameters
    ----------
    outcome, p
        What happened (0 and 1, both present) and the fitted probabilities.
    above
        For each row the probability that Monte Carlo error puts p above the cut.
    options
        What to call acting as the model says, on everyone, on no one.
    draws
        How many made p, for a Monte Carlo error where no row is near the cut: as if the dearest
        row had crossed it in 1.5 of them (see `quantities.expectations`).
    """
    y, chance = np.asarray(outcome) == 1, np.asarray(above, dtype=float)
    a_miss = stakes.miss * stakes.prevalence / y.sum()
    an_alarm = stakes.false_alarm * (1 - stakes.prevalence) / (~y).sum()
    found = errors_of(y, np.asarray(p) >= stakes.cut)
    at_stake = np.where(y, a_miss, an_alarm)
    # All near rows may err together, so their standard deviations add up.
    noise = float(at_stake @ np.sqrt(chance * (1 - chance)))
    follow = Cost(
        float(a_miss * found.missed + an_alarm * found.false_alarms),
        float(
            np.hypot(
                a_miss * found.events * _error(found.missed, found.events),
                an_alarm * found.others * _error(found.false_alarms, found.others),
            )
        ),
        max(noise, float(at_stake.max()) * 1.5 / draws),
    )
    everyone = Cost(stakes.false_alarm * (1 - stakes.prevalence), 0, 0)
    no_one = Cost(stakes.miss * stakes.prevalence, 0, 0)
    return dict(zip(options, (follow, everyone, no_one), strict=True))


def least(found: Mapping[str, Cost], *, errors: float = 2) -> tuple[str, ...]:
    """Return the option of least cost, and those that Monte Carlo error cannot tell from it.

    Of options that cost the same, one that needs no model comes first: a model that points out
    nobody is to act on no one.
    """
    best, *others = by_cost(found)
    near = [
        option
        for option in others
        if found[option].value - found[best].value
        <= errors * np.hypot(found[option].mcse, found[best].mcse)
    ]
    return (best, *near)


def by_cost(found: Mapping[str, Cost]) -> list[str]:
    """Return the options, the cheapest first; of equal ones those that need no model (error 0)."""
    return sorted(found, key=lambda one: (float(f"{found[one].value:.12g}"), found[one].error > 0))


def within_error(
    found: Mapping[str, Cost], errors: Errors, decision: str, *, times: float = 2
) -> list[str]:
    """Return the options that so many standard errors do not tell from the decision.

    `found` has the costs of following the model, and of acting on everyone and on no one. Where
    the model does the same as one of these (`errors.alike`), rows cannot tell them, and need not.
    """
    best, options = found[decision], list(found)
    same = set() if errors.alike is None else {options[0], options[errors.alike]}
    return [
        option
        for option, cost in found.items()
        if option != decision
        and not {option, decision} <= same
        and cost.value - best.value <= times * math.hypot(cost.error, best.error)
    ]


def cost_curve(
    outcome: ArrayLike, p: ArrayLike, stakes: Stakes, options: Sequence[str]
) -> dict[str, dict[float, Cost]]:
    """Return each option's cost per person by prevalence, the threshold moving along.

    From .1% to 95% evenly on the log-odds, the prevalence of `stakes` among them.
    """
    low, high = logit([min(0.001, stakes.prevalence), max(0.95, stakes.prevalence)])
    at = [*expit(np.linspace(float(low), float(high), 60)), stakes.prevalence]
    surely = np.zeros(np.size(p))
    rows = {
        float(x): costs(outcome, p, surely, replace(stakes, prevalence=float(x)), options, draws=1)
        for x in sorted(set(at))
    }
    return {option: {x: row[option] for x, row in rows.items()} for option in options}


def _error(k: int, n: int) -> float:
    """Return the sd of a rate of which k in n were seen, under Beta(1/2, 1/2)."""
    a, b = k + 0.5, n - k + 0.5
    return float(np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))))
