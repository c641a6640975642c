"""Sides of what a curve leaves of the rows, `e` in sds at `x` (last dim: row): pure numbers."""

import numpy as np

PARTS, EACH = 6, 5  # of the rows in the order of x, and rows in each at least
OFTEN, WAVES = 2.0, 1000  # waves a distance of neighbours that are tried, and how many at most


def uneven(e: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return how much more, in logs of sds, one part scatters than another."""
    parts = np.array_split(e, int(np.clip(e.shape[-1] // EACH, 2, PARTS)), axis=-1)
    each = [np.square(part).mean(-1) for part in parts]
    found: np.ndarray = np.log(np.max(each, 0) / np.maximum(np.min(each, 0), 1e-12)) / 2
    return found


def grows(e: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the correlation of the size with x."""
    return _correlation(np.abs(e), x)


def farthest(e: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the largest size."""
    found: np.ndarray = np.abs(e).max(-1)
    return found


def heavy(e: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the excess kurtosis."""
    z = (e - e.mean(-1, keepdims=True)) / e.std(-1, keepdims=True)
    found: np.ndarray = (z**4).mean(-1) - 3
    return found


def neighbours(e: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the correlation of neighbours in x."""
    found: np.ndarray = (e[..., 1:] * e[..., :-1]).sum(-1) / np.square(e).sum(-1)
    return found


def waves(e: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The greatest share of the squares that a wave takes; none are tried as long as the range."""
    apart = np.diff(np.unique(x))
    most = OFTEN / np.median(apart) if len(apart) else 1.0
    reach = x[-1] - x[0]
    waves = np.linspace(2 / reach, most, int(np.clip(2 * most * reach, 2, WAVES)))
    angle = 2 * np.pi * (x[:, None] - x[0]) * waves
    power = np.square(e @ np.cos(angle)) + np.square(e @ np.sin(angle))
    found: np.ndarray = power.max(-1) / (np.square(e).sum(-1) * len(x) / 2)
    return found


def rough(y: np.ndarray) -> np.ndarray:
    """Return the share of the variance that neighbours have between them."""
    found: np.ndarray = np.square(np.diff(y)).mean(-1) / 2 / np.maximum(y.var(-1), 1e-300)
    return found


def _correlation(a: np.ndarray, x: np.ndarray) -> np.ndarray:
    z, a = (x - x.mean()) / x.std(), a - a.mean(-1, keepdims=True)
    found: np.ndarray = (a * z).mean(-1) / a.std(-1)
    return found
