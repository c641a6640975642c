"""What straight lines leave over, in numbers: along columns, in bends, from row to row.

Residuals have rows as their last axis, columns as their first.
"""

import numpy as np


def scaled(x: np.ndarray) -> np.ndarray:
    """Return columns less their mean, in sds."""
    found: np.ndarray = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    return found


def basis(z: np.ndarray) -> np.ndarray:
    """Return an orthonormal basis of what an intercept and the columns explain."""
    return np.linalg.qr(np.column_stack([np.ones(len(z)), z]))[0]


def share(left: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return the share of residuals that the columns still explain."""
    found: np.ndarray = ((left @ basis(z)) ** 2).sum(-1) / left.shape[-1]
    return found


def size_along(left: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return the largest correlation of the size of residuals with a column."""
    return most_along(left, unit(z), size=True)


def bent(left: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return the largest correlation of residuals with the bend of a column."""
    return most_along(left, bends(z, basis(z)))


def most_along(left: np.ndarray, columns: np.ndarray, *, size: bool = False) -> np.ndarray:
    """Return the largest correlation, in size, with any of the columns, which have length 1."""
    looked = np.abs(left) if size else left
    looked = looked - looked.mean(-1, keepdims=True)
    found: np.ndarray = np.abs(looked @ columns).max(-1) / np.linalg.norm(looked, axis=-1)
    return found


def unit(z: np.ndarray) -> np.ndarray:
    """Return centred columns of length 1."""
    centred = z - z.mean(axis=0)
    found: np.ndarray = centred / np.linalg.norm(centred, axis=0)
    return found


def bends(z: np.ndarray, explained: np.ndarray, *, keep: bool = False) -> np.ndarray:
    """Return the part of each term's square that the terms do not explain, of length 1.

    Of a term with two values there is none; it is left out, or 0 (`keep`).
    """
    square = z**2
    bent = square - explained @ (explained.T @ square)
    length = np.linalg.norm(bent, axis=0)
    some = length > 1e-6 * np.linalg.norm(square - square.mean(axis=0) + 1e-300, axis=0)
    some &= np.ptp(square, axis=0) > 1e-9
    scaled = np.where(some, bent / np.where(length > 0, length, 1), 0)
    return scaled if keep else scaled[:, some]


def lopsided(left: np.ndarray) -> np.ndarray:
    """Return the skewness by the octiles, from -1 to 1, which a few odd rows do not move.

    Where tails are heavy the third moment is whatever the farthest row makes of it. Source: Hinkley
    (1975), On power transformations to symmetry.
    """
    low, middle, high = np.quantile(left, [0.125, 0.5, 0.875], axis=-1)
    found: np.ndarray = (high + low - 2 * middle) / (high - low)
    return found


def neighbours(left: np.ndarray) -> np.ndarray:
    """Return the correlation of residuals with those of the row before."""
    return correlation(left[..., 1:], left[..., :-1])


def bursts(left: np.ndarray) -> np.ndarray:
    """Return the same of their sizes."""
    return correlation(np.abs(left[..., 1:]), np.abs(left[..., :-1]))


def correlation(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return correlations along the last axis."""
    a, b = a - a.mean(-1, keepdims=True), b - b.mean(-1, keepdims=True)
    found: np.ndarray = (a * b).sum(-1) / np.sqrt((a**2).sum(-1) * (b**2).sum(-1))
    return found
