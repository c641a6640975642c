"""Densities of draws as short curves, for a page to draw."""

from dataclasses import dataclass

import numpy as np
from arviz_stats.base import array_stats

from workflow.quantities import TAILS

CENTRAL = (0.005, 0.995)  # of the draws, whose density is estimated: far tails would flatten it
STEPS = 100


@dataclass(frozen=True)
class Curve:
    """A density estimate: `heights`, the highest 1, at even steps from `start` to `end`.

    `lower` and `upper` are the central 95% of all draws.
    """

    start: float
    end: float
    heights: tuple[float, ...]
    lower: float
    upper: float


def curve(draws: np.ndarray) -> Curve | None:
    """Return the density of the central 99% of `draws` (any shape); None where there is none."""
    values = np.asarray(draws, dtype=float).ravel()
    if not np.isfinite(values).all() or np.ptp(values) == 0:
        return None
    low, high = np.quantile(values, CENTRAL)
    inside = values[(values >= low) & (values <= high)]
    if np.ptp(inside) == 0:
        return None
    with np.errstate(all="ignore"):  # a bandwidth may not exist, where draws are nearly all equal
        grid, density, _ = array_stats.kde(inside, grid_len=STEPS)
    if not (np.isfinite(density).all() and density.max() > 0):
        return None
    lower, upper = np.quantile(values, TAILS)
    heights = tuple((density / density.max()).tolist())
    return Curve(float(grid[0]), float(grid[-1]), heights, float(lower), float(upper))
