"""Did a rate change at once? Against one step: bit by bit, and two steps; all exact.

All courses have the prior of `workflow.rates.step`, each rate ~ Gamma(shape, shape / mean), so that
the evidence compares courses and not priors. Log evidence is without the factorials of the counts,
as there.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from scipy.special import logsumexp

from workflow.rates.step import Step
from workflow.rates.trend import Trend

AT_ONCE, BIT_BY_BIT, TWICE, OPEN = "at once", "bit by bit", "twice", "not told"
MOST = 2000  # boundaries of two steps; of more periods that many, evenly spaced


@dataclass(frozen=True)
class Two:
    """A rate that changes at two boundaries, every pair of them alike beforehand."""

    step: Step

    @cached_property
    def found(self) -> tuple[float, tuple[int, int]]:
        """Log evidence, and the most probable boundaries, as periods before each."""
        n = len(self.step.counts)
        k = np.unique(np.linspace(1, n - 1, min(n - 1, MOST)).round().astype(int))
        if len(k) < 2:
            return -math.inf, (1, 1)
        before = np.concatenate([[0.0], np.cumsum(self.step.counts, dtype=float)])
        start = self._evidence(before[k], k)
        end = self._evidence(before[n] - before[k], n - k)
        sums, best = [], (-math.inf, 1, 1)
        for i in range(len(k) - 1):
            middle = self._evidence(before[k[i + 1 :]] - before[k[i]], k[i + 1 :] - k[i])
            each = start[i] + middle + end[i + 1 :]
            sums.append(logsumexp(each))
            top = int(each.argmax())
            best = max(best, (float(each[top]), int(k[i]), int(k[i + 1 + top])))
        pairs = len(k) * (len(k) - 1) / 2
        return float(logsumexp(sums) - np.log(pairs)), (best[1], best[2])

    def rates(self) -> list[float]:
        """Return the posterior mean of the three rates, given the most probable boundaries."""
        step = self.step
        parts = np.split(step.counts, self.found[1])
        inverse = step.shape / step.mean
        return [float((step.shape + one.sum()) / (inverse + len(one))) for one in parts]

    def _evidence(self, events: np.ndarray, periods: np.ndarray) -> np.ndarray:
        inverse = self.step.shape / self.step.mean
        return self.step.evidence_of(self.step.shape + events, inverse + periods)


@dataclass(frozen=True)
class Courses:
    """One step against the others; a course is told where it is `asked` times more probable."""

    step: Step
    asked: float

    @cached_property
    def trend(self) -> Trend:
        """The rate that changes bit by bit."""
        return Trend(self.step)

    @cached_property
    def two(self) -> Two:
        """The rate that changes twice."""
        return Two(self.step)

    @cached_property
    def log_factors(self) -> dict[str, float]:
        """Log Bayes factors of the other courses against one step."""
        one = float(logsumexp(self.step.log_evidence) - np.log(len(self.step.counts) - 1))
        return {BIT_BY_BIT: self.trend.log_evidence - one, TWICE: self.two.found[0] - one}

    @property
    def best(self) -> str:
        """The better one of the other courses."""
        return max(self.log_factors, key=lambda name: self.log_factors[name])

    def against_none(self) -> float:
        """Return the log Bayes factor of the better other course against a constant rate."""
        return self.log_factors[self.best] + self.step.log_bayes_factor

    def told(self) -> str:
        """Say which course the counts tell; a second step is never excluded, but has to show."""
        if self.log_factors[self.best] >= math.log(self.asked):
            return self.best
        once = self.log_factors[BIT_BY_BIT] <= -math.log(self.asked)
        return AT_ONCE if once else OPEN

    @property
    def has_date(self) -> bool:
        """Whether the counts tell that it was at once, so that there is a date to be known."""
        return self.told() == AT_ONCE

    def reach(
        self, *, prior_mean: Iterable[float], prior_shape: Iterable[float]
    ) -> dict[str, tuple[float, float]]:
        """Return the smallest and largest log Bayes factors over all priors of these knobs."""
        every = [
            Courses(self.step.under(prior_mean=mean, prior_shape=shape), self.asked).log_factors
            for mean, shape in product(prior_mean, prior_shape)
        ]
        of = {name: [one[name] for one in every] for name in self.log_factors}
        return {name: (min(each), max(each)) for name, each in of.items()}
