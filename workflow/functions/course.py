"""The curve over a grid, averaged over what is not known of length and sds: sides and shares.

At each x the posterior of the curve is a mixture of normal distributions, one for each draw of
length, sigma_f and sigma: probabilities are means over the draws of exact ones.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import xarray as xr
from scipy import stats

from workflow.functions.points import Points, Solved, Theta, drawn
from workflow.functions.sizes import changes

GRID = 81  # places from the first x to the last
FEW, MANY = 120, 400  # draws that are looked at: for a decision, and for the page
GRANTED = 2  # Monte Carlo errors
RISES, FALLS = "rises", "falls"
ABOVE, BELOW = "is above", "is below"
NOWHERE = "nowhere sure"


def thetas(posterior: xr.Dataset, most: int, where: np.ndarray) -> list[Theta]:
    """Return so many draws at most, evenly from all; `where` are the places of the fit."""
    names = ("length", "sigma_f", "sigma")
    columns = [posterior[one].transpose("chain", "draw").to_numpy().ravel() for one in names]
    n = len(columns[0])
    at = np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(int))
    rows = zip(np.stack(columns, 1)[at], changes(posterior, at, where), strict=True)
    return [Theta(float(a), float(b), float(c), change) for (a, b, c), change in rows]


@dataclass(frozen=True)
class Course:
    """Means and sds of curve and slope at each x of `grid` (dims draw, x), and each draw's noise.

    `solved` has the draws themselves, `level` what sides are asked about; None: the slope's sign.
    """

    grid: np.ndarray
    solved: tuple[Solved, ...]
    level: float | None = None

    @cached_property
    def noise(self) -> np.ndarray:
        """Sd of the noise by draw and x."""
        return np.array([one.theta.size(self.grid) for one in self.solved])

    @cached_property
    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and sd of the curve by draw and x."""
        return self._moments(slope=False)

    @cached_property
    def slope(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and sd of its slope by draw and x."""
        return self._moments(slope=True)

    def _moments(self, *, slope: bool) -> tuple[np.ndarray, np.ndarray]:
        found = [one.curve(self.grid, slope=slope) for one in self.solved]
        variances = np.array([np.diag(covariance) for _, covariance in found])
        return np.array([mean for mean, _ in found]), np.sqrt(np.maximum(variances, 0))

    @property
    def mean(self) -> np.ndarray:
        """The posterior mean of the curve."""
        found: np.ndarray = self.curve[0].mean(0)
        return found

    @property
    def curve_variance(self) -> np.ndarray:
        """The posterior variance of the curve: within draws, and between them."""
        means, sds = self.curve
        found: np.ndarray = np.square(sds).mean(0) + means.var(0)
        return found

    @property
    def noise_variance(self) -> np.ndarray:
        """What a new row scatters about the curve at each x."""
        found: np.ndarray = np.square(self.noise).mean(0)
        return found

    @cached_property
    def upwards(self) -> tuple[np.ndarray, np.ndarray]:
        """Probability at each x that the curve rises (is above the level), with its error."""
        mean, sd = self.slope if self.level is None else self.curve
        z = (mean - (self.level or 0.0)) / np.maximum(sd, np.finfo(float).tiny)
        each = stats.norm.cdf(z)
        return each.mean(0), each.std(0) / np.sqrt(len(each))

    @property
    def sides(self) -> tuple[str, str]:
        """What the curve does where that probability is low, and where it is high."""
        return (FALLS, RISES) if self.level is None else (BELOW, ABOVE)

    def joint(self, seed: int) -> np.ndarray:
        """Draw slopes (or curves less the level) on the whole grid, one for each draw of theta."""
        rng = np.random.default_rng(seed)
        slope = self.level is None
        found = [drawn(*one.curve(self.grid, slope=slope), rng) for one in self.solved]
        return np.array(found) - (self.level or 0.0)

    def curves(self, seed: int) -> np.ndarray:
        """Draw curves on the whole grid, one for each draw of theta."""
        rng = np.random.default_rng(seed)
        return np.array([drawn(*one.curve(self.grid), rng) for one in self.solved])


def course(
    points: Points,
    posterior: xr.Dataset,
    level: float | None = None,
    *,
    most: int = MANY,
    grid: np.ndarray | None = None,
) -> Course:
    """Return the curve by a posterior of length, sigma_f and sigma."""
    every = np.linspace(points.where[0], points.where[-1], GRID) if grid is None else grid
    some = thetas(posterior, most, points.where)
    return Course(every, tuple(map(points.solved, some)), level)


@dataclass(frozen=True)
class Stretch:
    """Neighbouring places of the grid, first and last included, at each of which a side is sure."""

    first: int
    last: int
    side: str


def stretches(up: np.ndarray, sure: float, sides: tuple[str, str]) -> list[Stretch]:
    """Return where a side has the probability `sure` at least, at each x by itself."""
    codes = np.where(up >= sure, 1, np.where(up <= 1 - sure, 0, -1))
    found, at = [], 0
    for code, run in itertools.groupby(codes):
        length = len(list(run))
        if code >= 0:
            found.append(Stretch(at, at + length - 1, sides[code]))
        at += length
    return found


def in_turn(found: Sequence[Stretch]) -> str:
    """Say which sides follow one another, such as "falls, then rises"."""
    names = [name for name, _ in itertools.groupby(one.side for one in found)]
    return ", then ".join(names) or NOWHERE


@dataclass(frozen=True)
class Rule:
    """What the curve surely does, in turn: at each x a side is sure from the probability `sure`.

    `under` makes the points for the prior of a posterior, which may have another level.
    """

    points: Points
    sure: float
    level: float | None

    def decide(self, posterior: xr.Dataset, errors: float = GRANTED) -> tuple[str, ...]:
        """Return the decision, and behind it those that Monte Carlo error cannot tell from it."""
        found = course(self.points, posterior, self.level, most=FEW)
        up, error = found.upwards
        least, most = np.clip((up - errors * error, up + errors * error), 0, 1)
        unsure = np.where(up > 0.5, np.minimum(up, least), np.maximum(up, most))
        surer = np.where(up > 0.5, most, least)
        told: Callable[[np.ndarray], list[Stretch]] = partial(
            stretches, sure=self.sure, sides=found.sides
        )
        return tuple(dict.fromkeys(in_turn(told(one)) for one in (up, unsure, surer)))
