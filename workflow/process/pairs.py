"""A measurement and a setting together: axes of their covariance, corridors, rows outside them."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from scipy.stats import binom, chi2

from workflow.quantities import SAMPLE

CORRIDOR = 0.99  # of pieces lie inside it
SHARES = (0.5, 0.9, CORRIDOR)
DRAWS = 400  # that distances of rows are averaged over
TOO_MANY = 0.001  # chance of so many rows outside, below which the shape is not normal


@dataclass(frozen=True)
class Axes:
    """Along which directions two columns spread: variances, the largest first, and unit vectors."""

    variances: np.ndarray
    directions: np.ndarray  # (axis, column)

    @property
    def share(self) -> float:
        """The share of the variance that is along the first axis."""
        return float(self.variances[0] / self.variances.sum())


def axes(covariance: ArrayLike) -> Axes:
    """Return the eigenvalues and eigenvectors of a covariance matrix, the largest first."""
    values, vectors = np.linalg.eigh(np.asarray(covariance, float))
    return Axes(values[::-1], vectors.T[::-1])


def covariances(posterior: xr.Dataset) -> np.ndarray:
    """Return the covariance matrix of (y, x) in every draw; shape (draw, 2, 2)."""
    y, x = (posterior["sd"].sel(column=name).to_numpy().ravel() for name in ("y", "x"))
    both = posterior["correlation"].to_numpy().ravel() * y * x
    found: np.ndarray = np.stack([np.stack([y**2, both], -1), np.stack([both, x**2], -1)], -2)
    return found


def improbable(posterior: xr.Dataset, y: ArrayLike, x: ArrayLike) -> np.ndarray:
    """Return for each row the probability of a piece that lies farther out, averaged over draws.

    For a bivariate normal the squared distance is chi-squared of two degrees of freedom.
    """
    rows = np.stack([np.asarray(y, float), np.asarray(x, float)], axis=1)
    mean = posterior["mean"].transpose(*SAMPLE, "column").sel(column=["y", "x"])
    centers, spreads = mean.to_numpy().reshape(-1, 2), covariances(posterior)
    some = slice(None, None, max(1, len(centers) // DRAWS))
    total = np.zeros(len(rows))
    for center, spread in zip(centers[some], spreads[some], strict=True):
        z = np.linalg.solve(np.linalg.cholesky(spread), (rows - center).T)
        total += np.exp(-0.5 * (z**2).sum(axis=0))
    found: np.ndarray = total / len(centers[some])
    return found


def too_many(outside: int, rows: int) -> bool:
    """Say whether more rows are outside the corridor than chance explains."""
    return bool(binom.sf(outside - 1, rows, 1 - CORRIDOR) < TOO_MANY)


def contour(mean: ArrayLike, covariance: ArrayLike, share: float, steps: int = 200) -> np.ndarray:
    """Return the ellipse inside which a share of the pieces lies; shape (column, step)."""
    angle = np.linspace(0, 2 * np.pi, steps)
    circle = np.sqrt(chi2.ppf(share, 2)) * np.stack([np.cos(angle), np.sin(angle)])
    found: np.ndarray = (
        np.asarray(mean)[:, None] + np.linalg.cholesky(np.asarray(covariance, float)) @ circle
    )
    return found
