"""Mixtures of normal distributions: what is known exactly of a level, summed up over settings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from workflow.checking.exact import Known
from workflow.quantities import TAILS

HALVINGS = 60  # of the interval that holds a quantile
FAR = 9.0  # sds beyond which a normal distribution has nothing
LEAST = 1e-10  # weight of a setting, beside the others, that is left out


@dataclass(frozen=True)
class Mixture:
    """Normal distributions by weight; an sd of 0 is a value by itself. One dim, of settings."""

    weights: np.ndarray
    means: np.ndarray
    variances: np.ndarray

    @property
    def mean(self) -> float:
        """The mean."""
        return float(self.weights @ self.means)

    @property
    def sd(self) -> float:
        """The sd."""
        return float(np.sqrt(self.weights @ (self.variances + (self.means - self.mean) ** 2)))

    def below(self, x: float) -> float:
        """Return the probability of a value below x; half of that of x itself."""
        return float(self.weights @ prob_below(x, self.means, self.variances))

    def sd_below(self, x: float) -> float:
        """Return the sd, over the settings, of the probability of a value below x."""
        p = prob_below(x, self.means, self.variances)
        return float(np.sqrt(self.weights @ (p - self.weights @ p) ** 2))

    def quantile(self, p: float) -> float:
        """Return the quantile p, by halving an interval that holds it."""
        sds = np.sqrt(self.variances)
        low, high = float(np.min(self.means - FAR * sds)), float(np.max(self.means + FAR * sds))
        for _ in range(HALVINGS):
            middle = low / 2 + high / 2
            low, high = (middle, high) if self.below(middle) < p else (low, middle)
        return low / 2 + high / 2

    def known(self) -> Known:
        """Return mean, sd, median and the central 95%."""
        lower, median, upper = (self.quantile(p) for p in (TAILS[0], 0.5, TAILS[1]))
        return Known(self.mean, self.sd, median, lower, upper)


def prob_below(x: float, means: np.ndarray, variances: np.ndarray) -> np.ndarray:
    """Return for each normal distribution the probability below x, and half of that of x."""
    sds = np.sqrt(variances)
    alone = (1 + np.sign(x - means)) / 2
    away = np.divide(x - means, sds, out=np.zeros_like(means, dtype=float), where=sds > 0)
    found: np.ndarray = np.where(sds > 0, ndtr(away), alone)
    return found


def of_several(mixtures: Sequence[Mixture], weights: Sequence[float]) -> Mixture:
    """Return the mixture of mixtures, each with its weight."""
    told = [w * one.weights for w, one in zip(weights, mixtures, strict=True)]
    means, variances = (
        np.concatenate([getattr(one, name) for one in mixtures]) for name in ("means", "variances")
    )
    return Mixture(np.concatenate(told), means, variances)
