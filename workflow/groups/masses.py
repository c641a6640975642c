"""A quantity of which the density is known at the points of a grid: finer points, its numbers."""

from collections.abc import Callable

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from workflow.checking.exact import Known
from workflow.quantities import TAILS

FINE = 16  # points of a step, where what is averaged has a kink at 0


def finer(at: np.ndarray, density: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return more points, in the middle of their cells, with what a spline has there.

    tau itself is odd where all else is even: the rule of the grid does not do for its mean.
    """
    edges = np.linspace(at[0], at[-1], FINE * (len(at) - 1) + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    start = (1, 0.0) if at[0] == 0 else "not-a-knot"  # even in v: level at 0
    through = CubicSpline(at, density, bc_type=(start, "not-a-knot"))
    return middles, np.maximum(through(middles), 0)


def of_masses(
    at: np.ndarray, mass: np.ndarray, value: Callable[[np.ndarray | float], np.ndarray]
) -> Known:
    """Return mean, sd and quantiles of an increasing `value` of points with these masses."""
    values, p = value(at), mass / mass.sum()
    mean = float(p @ values)
    sd = float(np.sqrt(p @ (values - mean) ** 2))
    below = CubicSpline(at, mass).antiderivative()
    whole = float(below(at[-1]))

    def quantile(tail: float) -> float:
        found = brentq(lambda u: float(below(u)) / whole - tail, at[0], at[-1], xtol=1e-12)
        return float(value(found))

    lower, median, upper = map(quantile, (TAILS[0], 0.5, TAILS[1]))
    return Known(mean, sd, median, lower, upper)
