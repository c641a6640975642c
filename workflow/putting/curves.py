"""Two curves of the chance that a putt goes in: geometry, one angle; and logistic, two numbers."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import erf, log_expit, log_ndtr

QUARTILE = float(stats.norm.ppf(0.75))


def geometry_chance(sigma_degrees: np.ndarray, distance: np.ndarray, room: float) -> np.ndarray:
    """Return the chance that a putt goes in; the two arrays are broadcast.

    `room` is by how much the ball's middle may pass the hole's, in the unit of the distance.
    """
    found: np.ndarray = erf(_sds(sigma_degrees, distance, room) / math.sqrt(2))
    return found


def _sds(sigma_degrees: np.ndarray, distance: np.ndarray, room: float) -> np.ndarray:
    """Return the angle that the hole allows, in sds."""
    found: np.ndarray = np.degrees(np.arcsin(room / distance)) / sigma_degrees
    return found


def even(sigma_degrees: np.ndarray, room: float) -> np.ndarray:
    """Return from which distance on a putt is more likely missed than made."""
    return room / np.sin(np.radians(QUARTILE * sigma_degrees))


class Curve(Protocol):
    """A curve: its parameters on a scale without limits, their prior, and the chance of a putt."""

    @property
    def start(self) -> list[float]:
        """Parameters to begin with."""

    def logs(self, theta: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the logs of the chances to make and to miss a putt.

        Dims: those of theta but the last, which is the parameter; then distance.
        """

    def log_prior(self, theta: np.ndarray) -> np.ndarray:
        """Return the log density of the prior, with its Jacobian."""


@dataclass(frozen=True)
class Geometry:
    """The model of `models/golf_putting.py`; its parameter here is the log of sigma_degrees."""

    room: float
    prior_degrees: float

    @property
    def start(self) -> list[float]:
        """The prior mean."""
        return [math.log(self.prior_degrees)]

    def logs(self, theta: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Curve`."""
        sds = _sds(np.exp(theta), distance, self.room)
        return np.log(erf(sds / math.sqrt(2))), math.log(2) + log_ndtr(-sds)

    def log_prior(self, theta: np.ndarray) -> np.ndarray:
        """See `Curve`."""
        u = theta[..., 0]
        return stats.gamma(2, scale=self.prior_degrees / 2).logpdf(np.exp(u)) + u


@dataclass(frozen=True)
class Logistic:
    """logit p = level + slope (distance - centre) / scale, each Normal(0, 2.5) beforehand."""

    centre: float
    scale: float

    @classmethod
    def of(cls, distance: pd.Series) -> "Logistic":
        """Return the curve for such distances."""
        return cls(float(distance.mean()), float(distance.std()))

    @property
    def start(self) -> list[float]:
        """As likely made as missed from anywhere."""
        return [0.0, 0.0]

    def logs(self, theta: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Curve`."""
        eta = theta[..., :1] + theta[..., 1:] * (distance - self.centre) / self.scale
        return log_expit(eta), log_expit(-eta)

    def log_prior(self, theta: np.ndarray) -> np.ndarray:
        """See `Curve`."""
        return stats.norm(0, 2.5).logpdf(theta).sum(axis=-1)

    def own_units(self, theta: np.ndarray) -> np.ndarray:
        """Return intercept and slope a foot; last dim: these two."""
        slope = theta[..., 1] / self.scale
        return np.stack([theta[..., 0] - slope * self.centre, slope], axis=-1)
