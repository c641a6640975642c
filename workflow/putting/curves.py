"""Two curves of the chance that a putt goes in: geometry, one angle; and logistic, two numbers."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import erf, expit

SURE = 1 - 1e-12  # as in models/golf_putting.py
QUARTILE = float(stats.norm.ppf(0.75))


def geometry_chance(sigma_degrees: np.ndarray, distance: np.ndarray, room: float) -> np.ndarray:
    """Return the chance that a putt goes in; the two arrays are broadcast.

    `room` is by how much the ball's middle may pass the hole's, in the unit of the distance.
    """
    allowed = np.degrees(np.arcsin(room / distance))
    return np.minimum(erf(allowed / (sigma_degrees * math.sqrt(2))), SURE)


def even(sigma_degrees: np.ndarray, room: float) -> np.ndarray:
    """Return from which distance on a putt is more likely missed than made."""
    return room / np.sin(np.radians(QUARTILE * sigma_degrees))


class Curve(Protocol):
    """A curve: its parameters on a scale without limits, their prior, and the chance of a putt."""

    @property
    def start(self) -> list[float]:
        """Parameters to begin with."""

    def chance(self, theta: np.ndarray, distance: np.ndarray) -> np.ndarray:
        """Return the chance; dims: those of theta but the last, then distance."""

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

    def chance(self, theta: np.ndarray, distance: np.ndarray) -> np.ndarray:
        """See `Curve`."""
        return geometry_chance(np.exp(theta), distance, self.room)

    def log_prior(self, theta: np.ndarray) -> np.ndarray:
        """See `Curve`."""
        u = theta[..., 0]
        return stats.gamma(2, scale=self.prior_degrees / 2).logpdf(np.exp(u)) + u


@dataclass(frozen=True)
class Logistic:
    """logit p = level + slope (distance - centre) / scale, each Normal(0, 2.5) beforehand."""

    centre: float
    scale: float

    @property
    def start(self) -> list[float]:
        """As likely made as missed from anywhere."""
        return [0.0, 0.0]

    @classmethod
    def of(cls, distance: pd.Series) -> "Logistic":
        """Return the curve for such distances."""
        return cls(float(distance.mean()), float(distance.std()))

    def chance(self, theta: np.ndarray, distance: np.ndarray) -> np.ndarray:
        """See `Curve`."""
        z = (distance - self.centre) / self.scale
        return np.clip(expit(theta[..., :1] + theta[..., 1:] * z), 1 - SURE, SURE)

    def log_prior(self, theta: np.ndarray) -> np.ndarray:
        """See `Curve`."""
        return stats.norm(0, 2.5).logpdf(theta).sum(axis=-1)

    def own_units(self, theta: np.ndarray) -> np.ndarray:
        """Return intercept and slope a foot; last dim: these two."""
        slope = theta[..., 1] / self.scale
        return np.stack([theta[..., 0] - slope * self.centre, slope], axis=-1)
