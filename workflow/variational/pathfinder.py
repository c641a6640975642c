"""Pathfinder: of the Gaussians along the way to the mode, the one with the highest ELBO.

One path, with matrices written out: for a few hundred parameters at most. Source: Zhang, Carpenter,
Gelman and Vehtari (2022), Pathfinder: parallel quasi-Newton variational inference, JMLR 23,
algorithms 1 to 4.
"""

import numpy as np
from scipy import optimize

from workflow.variational.khat import bound, of_gaussian
from workflow.variational.laplace import Gaussian
from workflow.variational.unconstrained import Unconstrained

HISTORY = 6  # pairs of steps that an estimate of the curvature remembers
MOST = 1000  # iterations
DRAWS = 100  # at which each ELBO along the path is computed
CURVED = 1e-12  # the least curvature along a step, beside the slope's change, that is used
SPREAD = 2.0  # the path begins uniformly so far from where NUTS begins, to either side

type Pair = tuple[np.ndarray, np.ndarray]  # a step, and the change of the slope of -log p along it


class NoPathError(ValueError):
    """No point of the path has a Gaussian with an ELBO that is a number."""


def pathfinder(target: Unconstrained, *, seed: int) -> Gaussian:
    """Return the Gaussian of the path with the highest ELBO.

    Raises
    ------
    NoPathError
        No Gaussian along the path can be used.
    """
    rng = np.random.default_rng(seed)
    start = target.start + rng.uniform(-SPREAD, SPREAD, target.start.size)
    points, slopes, gradients = _path(target, start)
    best: tuple[float, Gaussian] | None = None
    for mean, cov in estimates(points, slopes):
        ratios = of_gaussian(mean, cov, target.log_density, DRAWS, seed=int(rng.integers(2**31)))
        elbo = bound(ratios)["elbo"]
        if np.isfinite(elbo) and (best is None or elbo > best[0]):
            best = elbo, Gaussian(mean, cov, gradients)
    if best is None:
        raise NoPathError("no Gaussian along the path has an ELBO")
    return best[1]


def estimates(points: np.ndarray, slopes: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return mean and covariance of the Gaussian at each point of a path but the first.

    `slopes` are those of -log p. The covariance is the inverse curvature that L-BFGS has learnt so
    far, and the mean where it expects the mode.
    """
    found, pairs = [], list[Pair]()
    diagonal = np.ones(points.shape[1])
    for i in range(1, len(points)):
        s, y = points[i] - points[i - 1], slopes[i] - slopes[i - 1]
        if s @ y > CURVED * (y @ y):
            diagonal = scaled(diagonal, s, y)
            pairs = [*pairs, (s, y)][-HISTORY:]
        cov = inverse(diagonal, pairs)
        found.append((points[i] - cov @ slopes[i], cov))
    return found


def scaled(diagonal: np.ndarray, s: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the diagonal of the inverse curvature, after one more pair.

    Source: Gilbert and Lemaréchal (1989), as in algorithm 3 of the paper.
    """
    a, b, c = y @ (diagonal * y), y @ s, s @ (s / diagonal)
    return 1 / (a / (b * diagonal) + y**2 / b - a * (s / diagonal) ** 2 / (b * c))


def inverse(diagonal: np.ndarray, pairs: list[Pair]) -> np.ndarray:
    """Return the inverse curvature by BFGS from its diagonal and the pairs, the oldest first."""
    found = np.diag(diagonal)
    for s, y in pairs:
        along = np.eye(s.size) - np.outer(s, y) / (s @ y)
        found = along @ found @ along.T + np.outer(s, s) / (s @ y)
    return found


def _path(target: Unconstrained, start: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Return the points to which L-BFGS goes, slopes of -log p there, and the number of slopes."""
    points, seen = [start], dict[bytes, np.ndarray]()

    def height(z: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = target.value_and_slope(z)
        seen[z.tobytes()] = -np.asarray(slope)
        return -float(value), seen[z.tobytes()]

    with np.errstate(all="ignore"):
        optimize.minimize(
            height,
            start,
            jac=True,
            method="L-BFGS-B",
            callback=lambda z: points.append(z.copy()),
            options={"maxcor": HISTORY, "maxiter": MOST},
        )
        slopes = [seen[z.tobytes()] if z.tobytes() in seen else height(z)[1] for z in points]
    usable = [np.isfinite(slope).all() for slope in slopes]
    return np.array(points)[usable], np.array(slopes)[usable], len(seen)
