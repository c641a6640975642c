"""What each of several series says of its sds: likelihoods on a grid of logarithms, and weights."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from workflow.series.accounts import Series
from workflow.series.plane import log_likelihood

FINE = 160  # points of a grid of log sds of one series, in each direction
DEPTH = 28.0  # logarithms below the highest point at which such a grid ends
ROUNDS = 4  # in which a grid is narrowed down to what counts
LEAST, MOST = 1e-3, 1e2  # times the scale: beyond, an sd is as good as none, or out of question


@dataclass(frozen=True)
class Nodes:
    """Points of one population: typical log sd, sd between series, and log prior with width.

    `along` are the different spreads on the scale on which they are evenly apart.
    """

    middle: np.ndarray
    spread: np.ndarray
    log_prior: np.ndarray
    along: np.ndarray

    def masses(self, axis: np.ndarray) -> np.ndarray:
        """Return weights of log sds evenly apart (dims: point of these, log sd).

        So that sums are integrals of what is linear from one log sd to the next, and below the
        first is as there: no sd there can be told from none.
        """
        step = axis[1] - axis[0]
        at = np.append(axis, axis[-1] + step) - self.middle[:, None]
        z = at / self.spread[:, None]
        below = at * ndtr(z) + self.spread[:, None] * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        first, *_ = slopes = np.diff(below, axis=1).T / step
        found: np.ndarray = np.maximum(np.vstack([first, np.diff(slopes, axis=0)]).T, 0)
        return found


def edges_of(middles: np.ndarray) -> np.ndarray:
    """Return the ends of equal stretches, of which these are the middles."""
    step = middles[1] - middles[0]
    return np.append(middles, middles[-1] + step) - step / 2


@dataclass(frozen=True)
class Seen:
    """Likelihood of one series at log sds (of noise: rows; of steps: columns), its highest 1."""

    axes: tuple[np.ndarray, np.ndarray]
    likelihood: np.ndarray
    log_highest: float

    @classmethod
    def of(cls, series: Series, scale: float) -> "Seen":
        """Return the likelihood where it counts, at sds of `LEAST` to `MOST` times a scale."""
        ends = np.log(scale * np.array([[LEAST, MOST]] * 2))
        for _ in range(ROUNDS):
            axes = [middles(low, high, FINE) for low, high in ends]
            noise, level = np.exp(2 * np.array(np.meshgrid(*axes, indexing="ij")))
            logs = log_likelihood(series.y, series.steps, series.prior, noise, level)
            counts = logs > logs.max() - DEPTH
            ends = np.array([around(axis, counts.any(1 - i)) for i, axis in enumerate(axes)])
        top = float(logs.max())
        return cls((axes[0], axes[1]), np.exp(logs - top), top)

    def along(self, i: int, nodes: Nodes) -> np.ndarray:
        """Return the weights of the log sds of one axis, by points of a population."""
        return nodes.masses(self.axes[i])


def middles(low: float, high: float, points: int) -> np.ndarray:
    """Return the middles of so many equal stretches."""
    found: np.ndarray = low + (high - low) * (np.arange(points) + 0.5) / points
    return found


def around(axis: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    """Return the ends of what counts on an axis, a stretch further out, and not beyond its own."""
    there, edges = np.flatnonzero(counts), edges_of(axis)
    return edges[max(there[0] - 1, 0)], edges[min(there[-1] + 2, len(axis))]
