"""A rate that changes bit by bit: the rival of one step, its evidence and its posterior."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import optimize
from scipy.special import gammaln, log_softmax, logsumexp

from workflow.quantities import TAILS
from workflow.rates.step import Step

REACH, NODES = 4.5, 301  # of the quadrature: as far as sinh of that, in sds at the mode


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


def _quantiles(at: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return median and central 95% of weighted values."""
    order = np.argsort(at)
    below = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp([0.5, *TAILS], below, at[order])
