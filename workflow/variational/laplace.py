"""Laplace's approximation: a Gaussian at the mode, with the curvature there.

Source: Tierney and Kadane (1986), Accurate approximations for posterior moments and marginal
densities, JASA 81; in the unconstrained space, as Stan's and PyMC's have it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from workflow.variational.unconstrained import Unconstrained

STEP = 1e-4  # of differences of the slope, where a parameter is about 1
STILL = 1e-3  # sds: how far from the mode the search may end
FARTHEST = 50.0  # from the start, on the logarithmic scales: beyond there is nothing to find
MOST = 2000  # iterations
FLAT = 1e-10  # of the largest curvature: below that a direction is flat


class NoModeError(ValueError):
    """There is no mode, or none that a Gaussian can stand on; the message says which."""


@dataclass(frozen=True)
class Gaussian:
    """A Gaussian in the unconstrained space, and how many slopes of the density it took."""

    mean: np.ndarray
    cov: np.ndarray
    gradients: int


def laplace(target: Unconstrained) -> Gaussian:
    """Return the Gaussian that has the mode as its mean and the inverse curvature as covariance.

    Raises
    ------
    NoModeError
        The density grows as far as one looks, or it is not curved downwards in all directions.
    """
    count = 0

    def height(z: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal count
        count += 1
        value, slope = target.value_and_slope(z)
        return -float(value), -np.asarray(slope)

    with np.errstate(all="ignore"):
        found = optimize.minimize(
            height, target.start, jac=True, method="BFGS", options={"maxiter": MOST, "gtol": 1e-8}
        )
        curved = _curvature(height, found.x)
    away = np.abs(found.x - target.start).max()
    if not np.isfinite(curved).all() or away > FARTHEST:
        raise NoModeError("the density grows as far as one looks: there is no mode")
    curvatures, directions = np.linalg.eigh(curved)
    if curvatures[0] <= FLAT * curvatures[-1]:
        raise NoModeError("where the search ends the density has no top: no mode")
    if np.linalg.norm(height(found.x)[1] @ directions / np.sqrt(curvatures)) > STILL:
        raise NoModeError("the search for the mode did not arrive")
    return Gaussian(found.x, directions / curvatures @ directions.T, count)


def _curvature(
    height: Callable[[np.ndarray], tuple[float, np.ndarray]], z: np.ndarray
) -> np.ndarray:
    """Return the second derivatives, by central differences of the slope."""
    steps = STEP * np.diag(1 + np.abs(z))
    rows = [(height(z + s)[1] - height(z - s)[1]) / (2 * s.max()) for s in steps]
    return (np.array(rows) + np.array(rows).T) / 2
