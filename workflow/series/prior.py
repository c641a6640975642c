"""What is thought of a series beforehand, and the points of sds over which is summed.

Densities are smooth functions of variances, so even ones of sds: the midpoint rule from 0 on is as
exact as over a whole line, where nothing is cut off.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

DEPTH = 28.0  # logarithms below the highest point at which a grid ends
ROUNDS = 16  # at most, in which a grid is narrowed down, or widened, to what counts
WIDE = 7.5  # prior scales of an sd, before that: a half normal has hardly anything beyond
SETTLED = 0.8, 1.25  # of its width: between them a grid is hardly worth changing
ENOUGH = 20  # points of each direction that count: they are less than .8 sd apart


@dataclass(frozen=True)
class Prior:
    """Scales of the two sds (half normal), sd of a jump's height, and the first level's prior."""

    noise: float
    drift: float
    jump: float
    start: float
    start_sd: float


def usual(y: np.ndarray) -> float:
    """Return the root mean square of the differences of neighbours, to one digit."""
    return float(f"{np.sqrt(np.mean(np.square(np.diff(y)))):.0e}")


def log_prior(sd: np.ndarray, scale: float) -> np.ndarray:
    """Return the log density of an sd that is half normal."""
    found: np.ndarray = stats.halfnorm(0, scale).logpdf(sd)
    return found


def narrowed(
    scales: tuple[float, ...], points: int, logs: Callable[..., np.ndarray]
) -> tuple[np.ndarray, ...]:
    """Return for each scale the points of an sd, from where to where the posterior counts.

    `logs` finds log posteriors at points (one dim for each scale), perhaps several (last dim).
    There are more `points` where each of several has hardly any of its own, far from the others'.
    """
    ends = [(0.0, WIDE * scale) for scale in scales]
    for _ in range(ROUNDS):
        axes = tuple(_middles(*one, points) for one in ends)
        found = logs(*np.meshgrid(*axes, indexing="ij"))
        highest = found.max(tuple(range(len(axes))))
        counts, others = found > highest - DEPTH, range(len(axes))
        each = [counts.any(tuple(j for j in others if j != i)) for i in others]
        wanted = [_around(axis, one.any(-1)) for axis, one in zip(axes, each, strict=True)]
        widths = np.diff(wanted).ravel() / np.diff(ends).ravel()
        if (widths < SETTLED[0]).any() or (widths > SETTLED[1]).any():
            ends = wanted
        elif min(one.sum(0).min() for one in each) < ENOUGH:
            points *= 2
        else:
            break
    return axes


def _middles(low: float, high: float, points: int) -> np.ndarray:
    """Return the middles of so many stretches between two ends."""
    found: np.ndarray = low + (high - low) * (np.arange(points) + 0.5) / points
    return found


def _around(axis: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    """Return the ends of what counts on an axis, a stretch further out on either side.

    What counts at an end of the axis may go on there: then it is as much wider.
    """
    there, step = np.flatnonzero(counts), axis[1] - axis[0]
    wide = len(axis) * step
    below = wide if there[0] == 0 else 1.5 * step
    above = wide if there[-1] == len(axis) - 1 else 1.5 * step
    return max(float(axis[there[0]] - below), 0.0), float(axis[there[-1]] + above)


def log_width(axes: tuple[np.ndarray, ...]) -> float:
    """Return the logarithm of what a point of the axes stands for."""
    return float(sum(np.log(axis[1] - axis[0]) for axis in axes))
