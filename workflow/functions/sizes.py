"""The size of the noise along x, where it changes: a Gaussian process of its logarithm, by knots.

As in `models/_changing_noise.py`: between the knots it is the mean that those at the knots imply.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import xarray as xr
from scipy.linalg import cholesky, solve_triangular

from workflow.quantities import SAMPLE

NEAR = 1e-6  # that the model adds to a variance of 1, so that knots differ
FARTHEST = 13.8  # of the logarithm of a size from that of its middle, as in the model
NAMES = ("length_noise", "sigma_noise")


class Change(Protocol):
    """By how much the logarithm of the noise's sd differs from its middle."""

    def at(self, x: np.ndarray) -> np.ndarray:
        """Return it at each x."""
        ...


@dataclass(frozen=True)
class Knots:
    """One draw: the knots' x, the length, the sd of the logarithm, and z (`models`)."""

    knots: np.ndarray
    length: float
    sd: float
    z: np.ndarray

    def at(self, x: np.ndarray) -> np.ndarray:
        """Return h(x) times sigma_noise."""
        own = self._same(self.knots) + NEAR * np.eye(len(self.knots))
        told = solve_triangular(cholesky(own, lower=True), self._same(x), lower=True)
        found: np.ndarray = np.clip(self.sd * (told.T @ self.z), -FARTHEST, FARTHEST)
        return found

    def _same(self, x: np.ndarray) -> np.ndarray:
        apart = (self.knots[:, None] - x) / self.length
        found: np.ndarray = np.exp(-np.square(apart) / 2)
        return found


@dataclass(frozen=True)
class Between:
    """Values at some x, and straight lines between them."""

    x: np.ndarray
    values: np.ndarray

    def at(self, x: np.ndarray) -> np.ndarray:
        """Return the value on the line at each x."""
        found: np.ndarray = np.interp(x, self.x, self.values)
        return found


def changes(posterior: xr.Dataset, at: np.ndarray) -> Sequence[Change | None]:
    """Return the change of each draw at the positions `at`; None where the noise has one size."""
    if "z" not in posterior:
        return [None] * len(at)
    knots = posterior["z"]["knot"].to_numpy().astype(float)
    z = posterior["z"].transpose(*SAMPLE, "knot").to_numpy().reshape(-1, len(knots))
    length, sd = (posterior[name].transpose(*SAMPLE).to_numpy().ravel() for name in NAMES)
    return [Knots(knots, float(length[i]), float(sd[i]), z[i]) for i in at]
