"""The size of the noise along x, where it changes: its logarithm is a sum of waves.

As in `models/_changing_noise.py`: how many waves the lengths need that the noise may change within,
and the size that heights of them make.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import xarray as xr

from workflow.functions.basis import Basis
from workflow.quantities import SAMPLE

FARTHEST = 13.8  # of the logarithm of a size from that of its middle, as in the model
REACH = 2.5  # times as far as the rows, so that their ends do not feel those of the waves
TURNED = 3.0  # radians a length, beyond which .3% of the variance of the logarithm is
FEWEST, MOST = 8, 80  # waves
SIDE = 1.96  # sds: the central 95% of a prior


class Change(Protocol):
    """By how much the logarithm of the noise's sd differs from its middle."""

    def at(self, x: np.ndarray) -> np.ndarray:
        """Return it at each x."""
        ...


@dataclass(frozen=True)
class Heights:
    """One draw: the heights of the waves of a basis, which reaches as far as these do."""

    basis: Basis
    heights: np.ndarray

    def at(self, x: np.ndarray) -> np.ndarray:
        """Return their sum at each x; beyond the ends of the waves it is 0."""
        found: np.ndarray = self.basis.at(np.clip(x, *self.basis.ends))[:, 1:] @ self.heights
        return np.clip(found, -FARTHEST, FARTHEST)


@dataclass(frozen=True)
class Between:
    """Values at some x, and straight lines between them."""

    x: np.ndarray
    values: np.ndarray

    def at(self, x: np.ndarray) -> np.ndarray:
        """Return the value on the line at each x."""
        found: np.ndarray = np.interp(x, self.x, self.values)
        return found


def waves(where: np.ndarray, typical: float, spread: float) -> Basis:
    """Return the waves for noise that changes within lengths of a log-normal prior.

    Half of the basis is how far they reach, from the middle of `where` to either end of the waves.
    Where the prior has shorter lengths than the most waves can tell, see `least_typical`.
    """
    reach = so_many(where, FEWEST).half
    needed = int(np.ceil(TURNED * 2 * reach / (np.pi * _short(typical, spread))))
    return so_many(where, int(np.clip(needed, FEWEST, MOST)))


def so_many(where: np.ndarray, count: int) -> Basis:
    """Return so many waves, for noise at the places `where`."""
    middle, half = float(where[0] + where[-1]) / 2, float(where[-1] - where[0]) / 2
    return Basis(count, 1.0, middle, REACH * half)


def least_typical(basis: Basis, typical: float, spread: float) -> float | None:
    """Return the least prior median that the most waves can tell, where `typical` is below it."""
    shortest = TURNED / float(basis.frequencies[-1])
    short = _short(typical, spread)
    return None if short >= shortest else typical * shortest / short


def _short(typical: float, spread: float) -> float:
    return typical * float(np.exp(-SIDE * spread))


def changes(posterior: xr.Dataset, at: np.ndarray, where: np.ndarray) -> Sequence[Change | None]:
    """Return the change of each draw at the positions `at`; None where the noise has one size.

    `where` are the places of the fit, whose ends say how far its waves reach.
    """
    if "b" not in posterior:
        return [None] * len(at)
    basis = so_many(where, posterior.sizes["wave"])
    b = posterior["b"].transpose(*SAMPLE, "wave").to_numpy().reshape(-1, basis.count)
    return [Heights(basis, b[i]) for i in at]
