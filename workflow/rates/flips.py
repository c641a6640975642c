"""Which prior makes the decision about one rate flip? From the exact posterior, without draws."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from workflow.deciding.threshold import Rule
from workflow.rates.beta_binomial import MOST, Count, exact_side, moved, posterior, usual_strength

WEAK = 1.0  # trials that a weak prior at the reference weighs, where these are half an event


def changes(
    count: Count, rule: Rule, prior_mean: float, *, least: float = 1
) -> list[tuple[float, str]]:
    """Return the decisions as the prior at this mean grows stronger: (from which strength, which).

    Looks from a prior of `least` trials to one of a thousand million; the first entry is at
    `least`.
    """

    def below(log_strength: ArrayLike) -> Any:
        return posterior(count, prior_mean, np.exp(log_strength)).cdf(rule.reference)

    grid = np.linspace(math.log(least), math.log(MOST), 3000)
    p = below(grid)
    found = [(least, rule.side(p[0]))]
    for i in range(len(grid) - 1):
        limits = sorted((rule.sure, 1 - rule.sure), reverse=bool(p[i] > p[i + 1]))
        for limit in limits:
            if (p[i] >= limit) != (p[i + 1] >= limit):
                at = brentq(lambda s, limit=limit: below(s) - limit, grid[i], grid[i + 1])
                after = limit + math.copysign(1e-9, p[i + 1] - p[i])
                found.append((math.exp(at), rule.side(after)))
    return found


@dataclass(frozen=True)
class Flips:
    """Where the exact decision changes: the `changes` by prior mean, the reference among them."""

    course: dict[float, list[tuple[float, str]]]
    reference: float
    flat: str  # the decision under the flat prior
    weak: tuple[float, str]  # strength of a weak prior centred on the reference; the decision

    @property
    def centred(self) -> list[tuple[float, str]]:
        """The changes under priors whose mean is the reference."""
        return self.course[self.reference]

    @property
    def at(self) -> float | None:
        """The strength at which a prior centred on the reference changes the decision, if any."""
        return self.centred[1][0] if len(self.centred) > 1 else None

    @property
    def either_side(self) -> list[dict[str, float]]:
        """Priors centred on the reference at half the strength of the flip, at it, at twice."""
        return self.at_reference([times * self.at for times in (0.5, 1, 2) if self.at])

    def grid(self, strengths: Sequence[float]) -> dict[str, tuple[float, ...]]:
        """Return the priors of a sweep by knob: these strengths, and others until it flips."""
        return {"prior_mean": tuple(self.course), "prior_strength": extended(strengths, self.until)}

    def at_reference(self, strengths: Sequence[float]) -> list[dict[str, float]]:
        """Return priors of these strengths whose mean is the reference."""
        return [{"prior_mean": self.reference, "prior_strength": one} for one in strengths]

    @property
    def until(self) -> float:
        """The strength at which the decision changes for the reference, or else for any mean."""
        others = (course[1][0] for course in self.course.values() if len(course) > 1)
        return self.at or min(others, default=0)


def find_flips(count: Count, rule: Rule, log_odds: Sequence[float]) -> Flips:
    """Look for changes at prior means so far from the reference in log-odds, 0 among them."""
    means = [moved(rule.reference, by) for by in log_odds]
    course = {mean: changes(count, rule, mean) for mean in means}
    least = usual_strength(rule.reference, WEAK)
    weak = least, exact_side(count, rule, rule.reference, least)
    return Flips(course, rule.reference, exact_side(count, rule, 0.5, 2), weak)


def extended(strengths: Sequence[float], until: float, *, most: int = 6) -> tuple[float, ...]:
    """Return strengths with others behind them (1, 2, 5, 10, ...), the last at least `until`.

    Where that takes more than `most`, only every third is kept.
    """
    series = [digit * 10.0**power for power in range(10) for digit in (1, 2, 5)]
    more = [one for one in series if one > strengths[-1]]
    enough = next((i for i, one in enumerate(more) if one >= until), len(more) - 1)
    more = more[: enough + 1] if until > strengths[-1] else []
    return (*strengths, *(more if len(more) <= most else more[::-1][::3][::-1]))
