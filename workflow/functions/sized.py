"""Waves of a curve whose noise may change: how many it needs, before there are draws.

Where a part is quiet its rows tell of bends that noise of one size would hide. So a size of the
noise is looked for at each place, from what the curve leaves of the rows near it, and weighs them
when the lengths that rows do not rule out are found by quadrature.
"""

from dataclasses import dataclass, replace

import numpy as np

from workflow.functions import quadrature
from workflow.functions.course import MANY, thetas
from workflow.functions.many_places import waves_of
from workflow.functions.points import Points, Theta
from workflow.functions.quadrature import Prior
from workflow.functions.sizes import Between
from workflow.functions.waves import Waves, about

ROWS, SHARE = 20, 30  # whose squares are averaged: at least, and one in so many
TRIES, SAME = 6, 1.1  # times the shortest length that was held before
LEAST = 1e-6  # of the greatest size: a part without any noise


@dataclass(frozen=True)
class Sized:
    """Rows about waves, and the size of the noise at each place, in that of its middle."""

    waves: Waves
    size: np.ndarray
    prior: Prior

    def thetas(self, shape: tuple[int, int], *, seed: int) -> list[Theta]:
        """Draw length and sds given these sizes; `shape` is chains and draws."""
        drawn = quadrature.some(weighed(self.waves, self.size), self.prior, shape, seed=seed)
        change = Between(self.waves.where, np.log(self.size))
        return [replace(one, change=change) for one in thetas(drawn, MANY, self.waves.where)]


def waves_by_size(points: Points, prior: Prior) -> Sized:
    """Return rows about as many waves as the lengths need that they do not rule out.

    From one size of the noise on, until other sizes no longer make the waves shorter.
    """
    size, before = np.ones(len(points.where)), np.inf
    for _ in range(TRIES):
        found = waves_of(weighed(points, size), prior)
        if found.basis.shortest() * SAME > before:
            break
        before = found.basis.shortest()
        lengths = quadrature.known(found, prior)
        length, sigma_f, sigma = (lengths[name].median for name in quadrature.NAMES)
        theta = Theta(length, sigma_f, sigma, Between(points.where, np.log(size)))
        size = left_sizes(about(points, found.basis), theta)
    return Sized(about(points, found.basis), size, prior)


def weighed(points: Points, size: np.ndarray) -> Points:
    """Return the values as quadrature takes them where noise has so many times `sigma` as its sd.

    Only what is told of length and sds: rows weigh as their number over the square of the size.
    """
    left = (points.y - points.mean) / size[points.at]
    sums = np.bincount(points.at, left, minlength=len(size)) / size
    root = points.root / size
    u = sums / np.where(root > 0, root, 1)
    found = replace(points)
    within = float(np.square(left).sum() - np.square(u).sum())
    vars(found).update(many=np.square(root), root=root, u=u, within=within)
    return found


def left_sizes(points: Points, theta: Theta) -> np.ndarray:
    """Return the size of the noise at each place, in their middle.

    From the squares of what others predict wrongly, of the rows that are next in x.
    """
    order = np.argsort(points.at, kind="stable")
    square = np.square(points.y - points.solved(theta).left_out[0])[order]
    n = len(square)
    half = max(ROWS, n // SHARE) // 2
    sums, each = np.r_[0.0, np.cumsum(square)], np.arange(n)
    low, high = np.maximum(each - half, 0), np.minimum(each + half + 1, n)
    by_row = (sums[high] - sums[low]) / (high - low)
    there = np.unique(points.at[order], return_index=True)[1]
    logs = np.log(np.maximum(by_row[there], LEAST**2 * by_row.max())) / 2
    found: np.ndarray = np.exp(logs - np.median(logs))
    return found
