"""How unusual a new row is beside the fitted ones, all its terms together: its leverage.

A row may lie inside the range of every column and still be unlike any that was fitted: small and
heavy at once. Its leverage, 1 / n plus the squared distance from the mean in the metric of the
fitted terms' covariance, is what the uncertainty of a prediction grows with. Beyond the greatest
leverage of the fitted rows, a prediction is an extrapolation: no fitted row was as far out. (The
converse does not hold: between two clusters of rows there may be none.) Source: Cook and Weisberg
(1982), Residuals and Influence in Regression, section 2.2.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

SEEN = 1e-10  # of the largest sd of a direction: below it the fitted rows do not have it
OUTSIDE = 1e-6  # sds of a term that a row may be off the directions of the fitted rows: rounding


@dataclass(frozen=True)
class Hull:
    """Means and steps of the terms, their directions in steps, and the greatest leverage.

    `directions` (term, direction) takes a row less the mean, in steps, to coordinates whose sum of
    squares is its leverage less 1 / n; `span` (term, direction) has the orthonormal directions.
    """

    n: int
    mean: list[float]
    step: list[float]
    directions: list[list[float]]
    span: list[list[float]]
    greatest: float

    def leverage(self, terms: ArrayLike) -> np.ndarray:
        """Return the leverage of new rows; infinite off the directions of the fitted rows."""
        z = (np.asarray(terms, dtype=float) - self.mean) / self.step
        span = np.asarray(self.span)
        off = np.abs(z - (z @ span) @ span.T).max(axis=1, initial=0.0)
        found = 1 / self.n + np.square(z @ np.asarray(self.directions)).sum(axis=1)
        return np.where(off > OUTSIDE * np.maximum(np.abs(z).max(axis=1), 1), np.inf, found)


def hull_of(terms: ArrayLike) -> Hull:
    """Return the hull of fitted rows; dims: row, term. No term is constant."""
    x = np.asarray(terms, dtype=float)
    n, mean, step = len(x), x.mean(axis=0), x.std(axis=0)
    z = (x - mean) / step
    _, size, basis = np.linalg.svd(np.linalg.qr(z, mode="r"))
    seen = np.flatnonzero(size > SEEN * size.max())
    span = basis[seen].T
    directions = span / size[seen]
    greatest = float(1 / n + np.square(z @ directions).sum(axis=1).max())
    metric = directions.tolist(), span.tolist()
    return Hull(n, mean.tolist(), step.tolist(), *metric, greatest)
