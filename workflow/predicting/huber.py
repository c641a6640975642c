"""Noise whose minus log density is the loss of Huber: density, quantiles and variance.

A square near 0 and straight beyond the bend: Gaussian in the middle, with the tails of a Laplace
distribution. Source: Huber (1964), Robust estimation of a location parameter.
"""

from math import erf, exp, log, pi, sqrt

import numpy as np
from scipy.special import ndtr, ndtri

BEND = 1.345  # scales: the constant by which Gaussian rows cost 5% of what they tell
_TAIL = exp(-(BEND**2) / 2) / BEND  # of exp(-loss), beyond the bend on either side
_ROOT = sqrt(2 * pi)
_WHOLE = _ROOT * erf(BEND / sqrt(2)) + 2 * _TAIL
_MIDDLE = _ROOT * erf(BEND / sqrt(2)) - 2 * BEND * exp(-(BEND**2) / 2)
_ENDS = 2 * _TAIL * (BEND**2 + 2 + 2 / BEND**2)
VARIANCE = (_MIDDLE + _ENDS) / _WHOLE  # of scale 1


def loss(r: np.ndarray) -> np.ndarray:
    """Return the loss of an error of so many scales."""
    size = np.abs(r)
    return np.where(size <= BEND, size**2 / 2, BEND * size - BEND**2 / 2)


def log_density(r: np.ndarray) -> np.ndarray:
    """Return the log density of an error of so many scales, of scale 1."""
    return -loss(r) - log(_WHOLE)


def quantile(p: np.ndarray) -> np.ndarray:
    """Return the quantiles of scale 1."""
    side = np.minimum(p, 1 - p)
    beyond = _TAIL / _WHOLE
    far = -BEND + np.log(np.minimum(side / beyond, 1)) / BEND
    near = ndtri(ndtr(-BEND) + np.maximum(side - beyond, 0) * _WHOLE / _ROOT)
    found: np.ndarray = np.where(p < 0.5, 1, -1) * np.where(side < beyond, far, near)
    return found
