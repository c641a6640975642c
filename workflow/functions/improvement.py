"""By how much a setting is expected to improve on the best so far, and how likely it does.

Source: Jones, Schonlau and Welch (1998), Efficient global optimization of expensive black-box
functions, equation 15. Greater is better here; to minimise, turn the signs.
"""

import numpy as np
from scipy.special import ndtr


def expected_improvement(mean: np.ndarray, sd: np.ndarray, best: np.ndarray | float) -> np.ndarray:
    """Return E max(f - best, 0) of normal f; where the sd is 0, what is there for certain."""
    gain = np.asarray(mean - best, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = gain / sd
        found = gain * ndtr(z) + sd * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(sd > 0, np.maximum(found, 0), np.maximum(gain, 0))


def prob_better(mean: np.ndarray, sd: np.ndarray, best: np.ndarray | float) -> np.ndarray:
    """Return P(f > best) of normal f."""
    gain = np.asarray(mean - best, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sd > 0, ndtr(gain / sd), gain > 0)
