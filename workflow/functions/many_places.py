"""How many waves a curve of many places needs, and how far they are from the process itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from workflow.functions.basis import basis
from workflow.functions.course import Course
from workflow.functions.points import Points, Theta
from workflow.functions.quadrature import Prior, known
from workflow.functions.spacing import Spacing, spacing
from workflow.functions.waves import Waves, about, exactly

EXACT = 200  # places, of which the process itself is computed
FINEST = 150  # bends within less than this share of the range are not looked for
FIRST = (150, 60)  # shares of the range that the first waves are for: the shortest bends
LONGEST = 1.5  # of the range: curves of longer lengths look alike
SPARE = 1.3  # times as many waves as are enough cost too much
TRIES, FARTHER = 5, 2.0  # times as far from the median as the ends of the central 95%
ROWS, THETAS, GRID = 400, 60, 81  # that are looked at, by the process itself as well
SMALL, LARGE = 0.15, 0.5  # of an sd


def looked_for(found: Spacing) -> Spacing:
    """Return the lengths that are looked for: at many places not down to the nearest neighbours."""
    finest = found.range / FINEST
    return found if found.apart >= finest else Spacing(finest, found.range, FINEST)


def too_short(points: Points, prior: Prior) -> float | None:
    """Return the length of bends that are surely too short for the most waves, if they are so.

    As many neighbours as the process itself takes, in the middle of all, are looked at by it: the
    waves would see nothing of such bends, and take them for noise.
    """
    first = (len(points.where) - EXACT) // 2
    there = (points.at >= first) & (points.at < first + EXACT)
    where = points.where[first : first + EXACT]
    some = Points(where, points.at[there] - first, points.y[there], points.mean, points.level)
    found = spacing(where)
    of = replace(prior, typical_length=found.typical, length_spread=found.spread)
    length, reach = known(some, of)["length"], float(np.ptp(points.where))
    return length.median if length.upper < reach / FINEST else None


def waves_of(points: Points, prior: Prior) -> Waves:
    """Return rows about as many waves as the lengths need that these rows do not rule out.

    The posterior of the length is found by quadrature with some waves, from it how many are
    needed and how far they reach, and so on until these hold what they find.
    """
    reach = float(np.ptp(points.where))
    found = about(points, basis(points.where, *(reach / one for one in FIRST)))
    for _ in range(TRIES):
        low, high = _ends(found, prior, reach)
        enough = basis(points.where, low, high)
        holds = found.basis.shortest() <= low and found.basis.longest() >= high
        if holds and found.basis.count <= SPARE * enough.count:
            break
        found = about(points, enough)
    return found


def _ends(points: Waves, prior: Prior, reach: float) -> tuple[float, float]:
    """Return between which lengths nearly all of the posterior is, so far as they differ."""
    length = known(points, prior)["length"]
    low, high = (
        length.median * (one / length.median) ** FARTHER for one in (length.lower, length.upper)
    )
    low, high = np.clip([low, high], reach / FINEST, LONGEST * reach)
    return float(low), float(high)


@dataclass(frozen=True)
class Error:
    """The waves beside the process itself, of `rows` rows, over the range.

    `mean` is the largest difference of the means, in sds of the curve of all rows; `sd` the largest
    share by which the sds differ.
    """

    mean: float
    sd: float
    rows: int

    @property
    def large(self) -> bool:
        """Whether the curve of the waves may not be told."""
        return max(self.mean, self.sd) > LARGE

    @property
    def small(self) -> bool:
        """Whether nobody would see the difference."""
        return max(self.mean, self.sd) <= SMALL


def error(points: Waves, of: Sequence[Theta]) -> Error:
    """Compare waves with the process itself, of the same rows, evenly from all in the order of x.

    Both are averaged over the same thetas, evenly from the shortest length to the longest.
    """
    order = np.argsort(points.at, kind="stable")
    n = min(ROWS, len(order))
    rows = order[np.unique(np.linspace(0, len(order) - 1, n).round().astype(int))]
    itself, waves = exactly(points, rows)
    by_length = sorted(of, key=lambda theta: theta.length)
    at = np.unique(np.linspace(0, len(of) - 1, min(len(of), THETAS)).round().astype(int))
    grid, some = np.linspace(*points.basis.ends, GRID), [by_length[i] for i in at]
    (exact, sd), (mean, ours), (_, own) = (
        _moments(one, some, grid) for one in (itself, waves, points)
    )
    differ, wider = np.abs(mean - exact) / own, np.abs(ours / sd - 1)
    return Error(float(differ.max()), float(wider.max()), len(rows))


def _moments(
    points: Points, of: Sequence[Theta], grid: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and sd of the curve on a grid, averaged over thetas."""
    found = Course(grid, tuple(points.solved(one) for one in of))
    return found.mean, np.sqrt(found.curve_variance)
