"""The sds of several series from one population: exactly, by quadrature.

Logarithms of an sd are normal about a typical one, with an sd between series; given these two, for
noise and for steps, series are independent. So four numbers are summed over, on a grid that
follows the posterior, and both sds of each series on one of its own: matrices are multiplied. Where
series after series is left out, what is left is the prior that the others make for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats
from scipy.interpolate import CubicSpline
from scipy.special import log_softmax, logsumexp

from workflow.checking.exact import Known
from workflow.quantities import TAILS
from workflow.series.plane import of_line
from workflow.series.seen import ROUNDS, Nodes, Seen, around, middles

SEARCH = 120  # typical log sds among which is looked for those that count
MIDDLES, SPREADS = 18, 32  # points of a population: of the typical log sd, and of the sd between
DEEP = 18.0  # logarithms below the highest point at which its grid ends
TWICE = 2  # times in which the grid of spreads is narrowed down to what counts
NONE = 1e-300  # instead of 0, of which there is no logarithm
ALONG = 4001  # typical log sds, of which quantiles are told
BEND = 0.02  # of a prior's reach: below it spreads are evenly apart, above it their logs
FAR = 5.0  # prior sds that hold all of a prior


@dataclass(frozen=True)
class Wide:
    """What is thought of a population beforehand: of typical noise and steps, and of spreads.

    A typical sd is log normal about `noise` (or `drift`) with the sd `typical`; the sd of the logs
    between series is half normal with scale `between`.
    """

    noise: float
    drift: float
    typical: float
    between: float


def _line(seen: Seen, i: int, reference: Nodes) -> np.ndarray:
    """Return the likelihood along one axis, the other sd as wide as the prior of populations."""
    weights = np.exp(reference.log_prior) @ seen.along(1 - i, reference)
    along = seen.likelihood @ weights if i == 0 else weights @ seen.likelihood
    return np.asarray(along)


def _grid(
    center: float, wide: Wide, spreads: tuple[float, float], ends: np.ndarray, points: int = MIDDLES
) -> Nodes:
    """Return points: spreads between two ends, and for each of them middles between its ends.

    Spreads have a long tail, and may be next to 0: they are evenly apart in their inverse
    hyperbolic sine (`spreads` are in that), which is as odd as they are, so that sums from 0 on are
    those over a whole line.
    """
    bend = BEND * FAR * wide.between
    u = middles(*spreads, SPREADS)
    t = bend * np.sinh(u)
    at = np.array([middles(low, high, points) for low, high in ends])
    width = np.log(at[:, 1] - at[:, 0]) + np.log((u[1] - u[0]) * bend * np.cosh(u))
    log_prior = stats.norm(center, wide.typical).logpdf(at)
    log_prior += (width + stats.halfnorm(0, wide.between).logpdf(t))[:, None]
    return Nodes(at.ravel(), np.repeat(t, points), log_prior.ravel(), u)


def nodes_of(seen: Sequence[Seen], i: int, wide: Wide) -> Nodes:
    """Return the points of the population of noise (0) or steps (1) that count."""
    centers = np.log([wide.noise, wide.drift])
    reach = np.array([-FAR, FAR]) * wide.typical
    whole = [np.tile(one + reach, (SPREADS, 1)) for one in centers]
    spreads = 0.0, float(np.arcsinh(1 / BEND))
    lines = [_line(one, i, _grid(centers[1 - i], wide, spreads, whole[1 - i])) for one in seen]
    for _ in range(TWICE):
        ends, points = whole[i], SEARCH
        for _ in range(ROUNDS):
            nodes = _grid(centers[i], wide, spreads, ends, points)
            by = _logs(seen, lines, i, nodes).reshape(SPREADS, points)
            axes = nodes.middle.reshape(SPREADS, points)
            ends = np.array(
                [around(axis, row > row.max() - DEEP) for axis, row in zip(axes, by, strict=True)]
            )
            points = MIDDLES
        each = logsumexp(by, axis=1)
        low, high = around(nodes.along, each > each.max() - DEEP)
        spreads = max(low, 0.0), high
    return nodes


def _logs(seen: Sequence[Seen], lines: Sequence[np.ndarray], i: int, nodes: Nodes) -> np.ndarray:
    """Return log posteriors of the points of one population, by likelihoods along one axis."""
    found = nodes.log_prior.copy()
    for one, line in zip(seen, lines, strict=True):
        found += np.log(np.maximum(one.along(i, nodes) @ line, NONE))
    return found


@dataclass(frozen=True)
class Population:
    """Both populations after the values of all series: points, and log posteriors of pairs."""

    seen: Mapping[str, Seen]
    nodes: tuple[Nodes, Nodes]

    @classmethod
    def of(cls, seen: Mapping[str, Seen], wide: Wide) -> "Population":
        """Return the populations under a prior."""
        every = list(seen.values())
        return cls(seen, (nodes_of(every, 0, wide), nodes_of(every, 1, wide)))

    @cached_property
    def by_series(self) -> dict[str, np.ndarray]:
        """Log evidence of each series (less its highest) at each pair of points."""
        found = {}
        for name, one in self.seen.items():
            noise, level = (one.along(i, nodes) for i, nodes in enumerate(self.nodes))
            found[name] = np.log(np.maximum(noise @ one.likelihood @ level.T, NONE))
        return found

    @cached_property
    def logs(self) -> np.ndarray:
        """Log posterior of each pair of points, not normalised (dims: noise, steps)."""
        noise, level = (one.log_prior for one in self.nodes)
        found: np.ndarray = np.add.outer(noise, level) + sum(self.by_series.values())
        return found

    @property
    def log_evidence(self) -> float:
        """Log evidence of all series together, if all levels drift."""
        return float(logsumexp(self.logs)) + sum(one.log_highest for one in self.seen.values())

    def without(self, name: str) -> np.ndarray:
        """Return the probability of each pair of points by all series but one."""
        logs = self.logs - self.by_series[name]
        found: np.ndarray = np.exp(log_softmax(logs.ravel())).reshape(logs.shape)
        return found

    def known(self) -> dict[str, Known]:
        """Return the exact posterior of the typical sds, and of the sds of logs between series."""
        weights = np.exp(log_softmax(self.logs.ravel())).reshape(self.logs.shape)
        found = {}
        for i, kind in enumerate(("observation", "level")):
            nodes, p = self.nodes[i], weights.sum(1 - i)
            spread = p.reshape(SPREADS, MIDDLES).sum(1)
            found[f"between_{kind}"] = _between(nodes, spread)
            found[f"typical_{kind}"] = _typical(nodes, p)
        return found


def _between(nodes: Nodes, weights: np.ndarray) -> Known:
    """Return the posterior of the sd of logs between series."""
    t = nodes.spread[::MIDDLES]
    bend = t[0] / np.sinh(nodes.along[0])
    along = of_line(nodes.along, weights)
    mean = float(weights @ t)
    sd = float(np.sqrt(weights @ (t - mean) ** 2))
    ends = bend * np.sinh([along.median, along.lower, along.upper])
    return Known(mean, sd, *map(float, ends))


def _typical(nodes: Nodes, weights: np.ndarray) -> Known:
    """Return the posterior of a typical sd, of points whose grid is another one for each spread."""
    at = nodes.middle.reshape(SPREADS, MIDDLES)
    share = weights.reshape(at.shape)
    step = at[:, 1] - at[:, 0]
    axis = np.linspace(at.min(), at.max(), ALONG)
    density = sum(
        np.maximum(CubicSpline(row, one / width)(axis), 0) * ((axis >= row[0]) & (axis <= row[-1]))
        for row, one, width in zip(at, share, step, strict=True)
    )
    p = density / density.sum()
    below = np.cumsum(p) - p / 2
    lower, median, upper = np.exp(np.interp([TAILS[0], 0.5, TAILS[1]], below, axis))
    mean = float(p @ np.exp(axis))
    sd = float(np.sqrt(p @ (np.exp(axis) - mean) ** 2))
    return Known(mean, sd, float(median), float(lower), float(upper))
