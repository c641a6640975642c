"""What values tell of a curve under one theta, as linear maps of their sums by place."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workflow.functions.points import Solved
from workflow.functions.waves import SolvedWaves

SIDE = 2  # places on either side of a jump, at least
NOTHING = 1e-12  # of what a step is known by: rounding


@dataclass(frozen=True)
class Maps:
    """From sums of values less the mean, by place, over the root of their number (..., place)."""

    solved: Solved

    @cached_property
    def smoother(self) -> np.ndarray:
        """To the curve at each place."""
        one = self.solved
        places = np.eye(len(one.points.where))
        half = np.linalg.solve(one.factor, places)
        curve = one.points.same(one.points.where, one.points.where, one.theta)
        found: np.ndarray = (curve * one.weight) @ half.T @ half / one.size
        return found

    @cached_property
    def steps(self) -> np.ndarray:
        """To how far up the values go at each place, in sds of the curve's own.

        By generalised least squares: a step beside the curve, given all of its covariance.
        """
        points, one = self.solved.points, self.solved
        places = len(points.where)
        after = np.tri(places, places, -1, dtype=bool).T[SIDE - 1 : places - SIDE] * one.weight
        half = np.linalg.solve(one.factor, after.T)
        back = np.linalg.solve(one.factor.T, half) / one.size[:, None]
        size = np.sqrt(np.square(half).sum(0))
        found: np.ndarray = (back / np.maximum(size, np.finfo(float).tiny)).T
        return found

    def smoothed(self, sums: np.ndarray) -> np.ndarray:
        """Return the curve less the mean at each place."""
        found: np.ndarray = sums @ self.smoother.T
        return found

    def jumps(self, sums: np.ndarray) -> np.ndarray:
        """Return how far up the values go at each place, in sds of the curve's own."""
        found: np.ndarray = sums @ self.steps.T
        return found


@dataclass(frozen=True)
class MapsOfWaves(Maps):
    """The same of a curve of waves, without a matrix of places by places."""

    solved: SolvedWaves

    @cached_property
    def _heights(self) -> np.ndarray:
        return self.solved.heights(self.solved.points.where) * self.solved.weight

    def smoothed(self, sums: np.ndarray) -> np.ndarray:
        """Return the curve less the mean at each place."""
        one = self.solved
        told = (sums / one.size) @ self._heights.T
        found: np.ndarray = told @ one.heights(one.points.where)
        return found

    def jumps(self, sums: np.ndarray) -> np.ndarray:
        """Return how far up the values go at each place: sums over all places behind it."""
        one = self.solved
        values, weight = sums / one.size, one.weight
        left = values - values @ self._heights.T @ self._heights
        alone = _behind(np.square(weight))
        spread = alone - np.square(_behind(self._heights * weight)).sum(0)
        size = np.sqrt(np.maximum(spread, NOTHING * alone[0]))
        found: np.ndarray = _behind(left * weight) / size
        return found


def _behind(values: np.ndarray) -> np.ndarray:
    """Return sums over the places behind each, of those that have enough on either side."""
    n = values.shape[-1]
    found: np.ndarray = np.cumsum(values[..., ::-1], -1)[..., ::-1][..., SIDE : n - SIDE + 1]
    return found


def maps(solved: Solved) -> Maps:
    """Return the maps of what was solved."""
    return MapsOfWaves(solved) if isinstance(solved, SolvedWaves) else Maps(solved)
