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
from scipy import optimize
from scipy.special import gammaln, log_softmax, logsumexp

from workflow.quantities import TAILS
from workflow.rates.step import Step

AT_ONCE, BIT_BY_BIT, TWICE, OPEN = "at once", "bit by bit", "twice", "not told"
REACH, NODES = 4.5, 301  # of the quadrature: as far as sinh of that, in sds at the mode
MOST = 2000  # boundaries of two steps; of more periods that many, evenly spaced


@dataclass(frozen=True)
class Trend:
    """A rate that goes from that of the first period to that of the last by one factor a period.

    Both have the prior of the rates of a step, and between them log(rate) is a line.
    """

    step: Step

    def log_density(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Return the log density of counts and of both logarithms of rates, but for a constant.

        Two sums tell all of the counts, and the rates of all periods sum to a geometric series.
        """
        step, n = self.step, len(self.step.counts)
        tilt = float(step.counts @ np.linspace(0, 1, n))
        each = -np.abs(last - first) / (n - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            series = np.expm1(n * each) / np.expm1(each)
        expected = np.exp(np.maximum(first, last)) * np.where(each > -1e-9, n, series)
        events = step.counts.sum() * first + tilt * (last - first)
        both = np.exp(first) + np.exp(last)
        prior = step.shape * (first + last) - step.shape / step.mean * both
        found: np.ndarray = events - expected + prior
        return found

    @cached_property
    def mode(self) -> tuple[np.ndarray, np.ndarray]:
        """The most probable logarithms of both rates, and a root of their covariance there."""
        step, inverse = self.step, self.step.shape / self.step.mean
        late = np.linspace(0, 1, len(step.counts))
        parts = np.column_stack([1 - late, late])  # of both logarithms, in that of each period

        def slope(at: np.ndarray) -> np.ndarray:
            left = parts.T @ (np.exp(parts @ at) - step.counts)
            return np.asarray(left + inverse * np.exp(at) - step.shape)

        def curvature(at: np.ndarray) -> np.ndarray:
            weighted = parts.T * np.exp(parts @ at)
            return np.asarray(weighted @ parts + np.diag(inverse * np.exp(at)))

        usual = np.log((step.shape + step.counts.sum()) / (inverse + len(step.counts)))
        found = optimize.minimize(
            lambda at: -float(self.log_density(*at)),
            *([usual, usual], (), "trust-exact", slope, curvature),
        )
        return found.x, np.linalg.cholesky(np.linalg.inv(curvature(found.x)))

    @cached_property
    def nodes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Log rates of the first and the last period, and log weights, that sum to the evidence.

        By the trapezoidal rule about the mode, with nodes that reach far: a tail falls off as
        slowly as an exponential where hardly an event was seen.
        """
        step, (mode, root) = self.step, self.mode
        at = np.linspace(-REACH, REACH, NODES)
        along = np.log(np.cosh(at) * (at[1] - at[0]))
        x = np.stack(np.meshgrid(np.sinh(at), np.sinh(at), indexing="ij"))
        first, last = mode[:, None, None] + np.tensordot(root, x, 1)
        logs = self.log_density(first, last) + along[:, None] + along
        logs += np.log(np.diag(root)).sum() + 2 * step.shape * np.log(step.shape / step.mean)
        return first.ravel(), last.ravel(), logs.ravel() - 2 * gammaln(step.shape)

    @property
    def log_evidence(self) -> float:
        """Log evidence of this course."""
        return float(logsumexp(self.nodes[2]))

    def prob_fallen(self) -> float:
        """Return the posterior probability that the last rate is below the first."""
        first, last, logs = self.nodes
        return float(np.exp(log_softmax(logs)) @ (last < first))

    def quantiles(self) -> dict[str, np.ndarray]:
        """Return median and central 95% of the first rate, of the last, and of last over first."""
        first, last, logs = self.nodes
        weights = np.exp(log_softmax(logs))
        kinds = {"first": first, "last": last, "ratio": last - first}
        return {name: np.exp(_quantiles(one, weights)) for name, one in kinds.items()}


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


def _quantiles(at: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return median and central 95% of weighted values."""
    order = np.argsort(at)
    below = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp([0.5, *TAILS], below, at[order])
