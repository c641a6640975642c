"""The highest point of a posterior of many rows, and the Gaussian there, of any model.

A part of the rows is searched first, from several places, since a posterior need not be concave:
where they do not end at one point there may be two hills, and no Gaussian stands for both. From
there Newton's method goes on with all rows. The curvature is that of the slope a posterior sd away,
which a likelihood with kinks (absolute errors) has, too. Nothing here has to be exact: what the
Gaussian is worth, the weights of its draws say (`certified`).
"""

from collections.abc import Iterator

import numpy as np
from scipy import optimize

from workflow.variational.certified import Mode, NotFoundError
from workflow.variational.rows import RowsOfModel

SOME = 10_000  # rows that are searched first
STARTS = 4  # places from which, the first being the model's own start
JITTER = 1.0  # how far the others are, at most, in the space without limits
APART = 1.0  # sds between two points of the part's posterior that are not the same
STILL, NEAR = 0.05, 0.5  # sds from the mode: where the search stops, and where it may get stuck
ROUNDS, STEPS, HALVINGS = 6, 10, 12
FLAT = 1e-3  # of a curvature that was expected to be 1
MOST = 2000  # iterations of the search in a part


def searched(rows: RowsOfModel, *, seed: int) -> Mode:
    """Return the mode of a posterior and a root of the covariance there, by way of a part of it.

    Raises
    ------
    NotFoundError
        The search did not arrive, or at several points.
    """
    some = rows.some(SOME, seed=seed)
    found = _of_part(some, seed)
    share = np.sqrt(some.weights.sum() / rows.weights.sum())
    return settled(rows, Mode(found.at, share * found.root))


def settled(rows: RowsOfModel, near: Mode) -> Mode:
    """Return the mode of all rows, and a root of the covariance there, from one that is near."""
    for _ in range(ROUNDS):
        about = Mode(near.at, _root(rows, near))
        at, left = _newton(rows, about)
        moved = np.linalg.norm(np.linalg.solve(about.root, at - about.at))
        near = Mode(at, about.root)
        if moved < 1 and left < NEAR:
            return near
    raise NotFoundError("the search for the highest point of the posterior did not arrive")


def _of_part(some: RowsOfModel, seed: int) -> Mode:
    """Return where searches from all starts ended, in a part of the rows."""
    found = [one for start in _starts(some, seed) if (one := _climbed(some, start)) is not None]
    if len(found) < 2:
        raise NotFoundError("the search for the highest point of the posterior did not arrive")
    best = max(found, key=lambda one: some.height(one.at))
    for one in found:
        away = np.linalg.norm(np.linalg.solve(best.root, one.at - best.at))
        if not away < APART:
            raise NotFoundError("searches from several places ended at different points")
    return best


def _starts(rows: RowsOfModel, seed: int) -> Iterator[np.ndarray]:
    rng, first = np.random.default_rng(seed), rows.says.of.start
    yield first
    for _ in range(STARTS - 1):
        yield first + rng.uniform(-JITTER, JITTER, len(first))


def _climbed(rows: RowsOfModel, start: np.ndarray) -> Mode | None:
    """Return the mode to which the slope leads from a start; None where that does not arrive."""

    def down(z: np.ndarray) -> tuple[float, np.ndarray]:
        return -rows.height(z), -rows.slope(z)

    with np.errstate(all="ignore"):
        found = optimize.minimize(down, start, jac=True, method="BFGS", options={"maxiter": MOST})
    spread = np.sqrt(np.clip(np.diag(found.hess_inv), 1e-8, 1.0))
    try:
        return settled(rows, Mode(found.x, np.diag(spread)))
    except NotFoundError:
        return None


def _root(rows: RowsOfModel, near: Mode) -> np.ndarray:
    """Return a root of the covariance by differences of slopes along the root of one that is near.

    Raises
    ------
    NotFoundError
        The density is not curved downwards in all directions.
    """
    sides = [(rows.slope(near.at - s), rows.slope(near.at + s)) for s in near.root.T]
    curved = np.array([(left - right) @ near.root / 2 for left, right in sides])
    if not np.isfinite(curved).all():
        raise NotFoundError("the posterior has no slope somewhere about its highest point")
    sizes, directions = np.linalg.eigh((curved + curved.T) / 2)
    if sizes[0] < FLAT:
        raise NotFoundError("where the search ends the posterior has no top")
    found: np.ndarray = near.root @ (directions / np.sqrt(sizes))
    return found


def _newton(rows: RowsOfModel, about: Mode) -> tuple[np.ndarray, float]:
    """Return where steps with one curvature lead, halved until they lead up, and how far is left.

    The second is in posterior sds, as the curvature has them.
    """
    at, up = about.at, about.root.T @ rows.slope(about.at)
    now = rows.height(at)
    for _ in range(STEPS):
        if np.linalg.norm(up) < STILL:
            break
        step = about.root @ up
        tried = (at + 2.0**-i * step for i in range(HALVINGS))
        better = next((one for one in tried if rows.height(one) > now), None)
        if better is None:
            break
        at, now = better, rows.height(better)
        up = about.root.T @ rows.slope(at)
    return at, float(np.linalg.norm(up))
