"""The posterior of length, sigma_f and sigma without draws: by quadrature over all three.

For a length the matrix over places is taken apart once (its eigenvalues), after which every pair
of sds costs a few sums. The logarithms are spaced evenly, where a smooth density needs few nodes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import optimize, stats
from scipy.interpolate import CubicSpline
from scipy.special import logsumexp

from workflow.checking.exact import Known
from workflow.functions.points import Points
from workflow.quantities import SAMPLE, TAILS

NODES = 48  # along each logarithm
NEGLIGIBLE = 18.0  # of the log density, below its maximum: what lies beyond is left out
COARSE = 25
NAMES = ("length", "sigma_f", "sigma")


@dataclass(frozen=True)
class Prior:
    """Prior of length, sigma_f and sigma, in the units of the data (`models.smooth_curve`)."""

    typical_length: float
    length_spread: float
    of_curve: float
    of_noise: float

    def log_density(self, logs: Sequence[np.ndarray]) -> np.ndarray:
        """Return the log density of the logarithms of the three."""
        length, sigma_f, sigma = logs
        found = stats.norm(np.log(self.typical_length), self.length_spread).logpdf(length)
        found = found + stats.halfnorm(scale=self.of_curve).logpdf(np.exp(sigma_f)) + sigma_f
        whole: np.ndarray = (
            found + stats.halfnorm(scale=self.of_noise).logpdf(np.exp(sigma)) + sigma
        )
        return whole


def log_likelihoods(
    points: Points, length: float, sigma_f: np.ndarray, sigma: np.ndarray
) -> np.ndarray:
    """Return the log density of the values for a length and many sds (which broadcast)."""
    values, u, one, rest = points.rotated(length)
    sds = np.broadcast_arrays(sigma_f, sigma)
    ratio, noise = (sds[0] / sds[1]) ** 2, sds[1] ** 2
    whole = 1 + ratio[..., None] * np.maximum(values, 0)
    level = points.level**2 / noise
    of_u, both, ones = (
        (1 / whole) @ two + left for two, left in zip((u**2, u * one, one**2), rest, strict=True)
    )
    squares = points.within + of_u - level * both**2 / (1 + level * ones)
    logs = np.log(whole).sum(-1) / 2 + np.log1p(level * ones) / 2
    found: np.ndarray = (
        -squares / (2 * noise) - logs - len(points.y) * (np.log(noise) + np.log(2 * np.pi)) / 2
    )
    return found


def known(points: Points, prior: Prior) -> dict[str, Known]:
    """Return the posterior of the three: mean, sd, median and ends, exactly."""
    logs, weights = _mass(points, prior)
    return {name: _marginal(logs, weights, axis) for axis, name in enumerate(NAMES)}


def some(points: Points, prior: Prior, shape: tuple[int, int], *, seed: int) -> xr.Dataset:
    """Draw the three independently: nodes by their mass, each moved evenly within its cell.

    `shape` is chains and draws.
    """
    logs, weights = _mass(points, prior)
    rng = np.random.default_rng(seed)
    at = rng.choice(weights.size, size=shape, p=weights.ravel() / weights.sum())
    nodes = np.unravel_index(at, weights.shape)
    drawn = zip(NAMES, logs, nodes, strict=True)
    return xr.Dataset(
        {
            name: (SAMPLE, np.exp(axis[i] + (axis[1] - axis[0]) * (rng.random(shape) - 0.5)))
            for name, axis, i in drawn
        }
    )


def _mass(points: Points, prior: Prior) -> tuple[list[np.ndarray], np.ndarray]:
    """Return the nodes along each logarithm and the mass at each: where nearly all of it is."""
    limits = _widest(points, prior)
    for nodes in (COARSE, COARSE, NODES):
        axes = [np.linspace(low, high, nodes) for low, high in limits]
        log_p = _on_grid(points, prior, axes)
        limits = [_within(log_p, axis, one) for axis, one in enumerate(axes)]
    return axes, np.exp(log_p - logsumexp(log_p))


def _on_grid(points: Points, prior: Prior, axes: list[np.ndarray]) -> np.ndarray:
    length, sigma_f, sigma = axes
    pair = np.exp(sigma_f)[:, None], np.exp(sigma)[None, :]
    likelihood = np.array([log_likelihoods(points, float(np.exp(one)), *pair) for one in length])
    grids = np.meshgrid(*axes, indexing="ij")
    return likelihood + prior.log_density(grids)


def _widest(points: Points, prior: Prior) -> list[tuple[float, float]]:
    """Return ends of the logarithms beyond which nothing is, by the prior and the data."""
    spread = 6.5 * prior.length_spread
    middle = np.log(prior.typical_length)
    sd = float(np.std(points.y))
    ends = [(np.log(1e-4 * min(sd, one)), np.log(6.5 * one)) for one in _scales(prior)]
    return [(middle - spread, middle + spread), *ends]


def _scales(prior: Prior) -> tuple[float, float]:
    return prior.of_curve, prior.of_noise


def _within(log_p: np.ndarray, axis: int, nodes: np.ndarray) -> tuple[float, float]:
    """Return the ends along an axis of what is not negligible, with a node to spare."""
    others = tuple(one for one in range(3) if one != axis)
    there = np.flatnonzero(log_p.max(axis=others) > log_p.max() - NEGLIGIBLE)
    return float(nodes[max(there[0] - 1, 0)]), float(nodes[min(there[-1] + 1, len(nodes) - 1)])


def _marginal(axes: list[np.ndarray], weights: np.ndarray, axis: int) -> Known:
    """Return mean, sd and quantiles of one of the three."""
    others = tuple(one for one in range(3) if one != axis)
    p, log_x = weights.sum(axis=others), axes[axis]
    x = np.exp(log_x)
    mean = float(p @ x)
    sd = float(np.sqrt(p @ np.square(x - mean)))
    density = CubicSpline(log_x, p)
    below = density.antiderivative()
    whole = float(below(log_x[-1]))

    def quantile(share: float) -> float:
        at = optimize.brentq(lambda t: float(below(t)) / whole - share, log_x[0], log_x[-1])
        return float(np.exp(at))

    lower, median, upper = (quantile(share) for share in (TAILS[0], 0.5, TAILS[1]))
    return Known(mean, sd, median, lower, upper)


def prior_of(knobs: Mapping[str, float], sd: float) -> Prior:
    """Return the prior by its knobs; `sd` is that of the outcome."""
    return Prior(
        knobs["typical_length"],
        knobs["length_spread"],
        sd * knobs["amplitude"],
        sd * knobs["noise"],
    )
