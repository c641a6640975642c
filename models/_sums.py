"""What many rows come to in a Gaussian likelihood: a triangle of a few numbers, and their count."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pymc as pm
from pytensor.tensor.variable import TensorVariable

from models._regression import axes, coordinates, steps

BLOCK = 100_000  # rows that are looked at together


@dataclass(frozen=True)
class Sums:
    """Rows of terms and outcome as far as a Gaussian likelihood knows them.

    `root` is the triangle of a QR decomposition of the rows (1, z, (y - mean) / sd), z the
    standardised terms: root.T @ root are their sums of squares and products, n among them, but the
    triangle keeps the digits that squares would lose where terms are nearly collinear. It is exact:
    |root @ c| is the length of what the columns leave with the weights c.
    """

    root: np.ndarray  # dims: 2 + terms, both
    rows: int
    mean: float
    sd: float
    centre: np.ndarray
    scale: np.ndarray
    axes: np.ndarray
    coords: dict[str, list]

    @classmethod
    def of(cls, terms: pd.DataFrame, outcome: pd.Series) -> "Sums":
        """Return the sums of all rows, which are read once, in blocks."""
        mean, sd = float(outcome.mean()), float(outcome.std())
        centre, scale = terms.mean().to_numpy(), steps(terms)
        root = np.empty((0, terms.shape[1] + 2))
        for at in range(0, len(outcome), BLOCK):
            z = (terms.iloc[at : at + BLOCK].to_numpy(dtype=float) - centre) / scale
            y = (outcome.iloc[at : at + BLOCK].to_numpy(dtype=float) - mean) / sd
            rows = np.column_stack([np.ones(len(y)), z, y])
            root = np.linalg.qr(np.vstack([root, rows]), mode="r")
        found = coordinates(terms.iloc[:0])
        return cls(root, len(outcome), mean, sd, centre, scale, axes(terms), found)


def observed_sums(
    sums: Sums,
    level: TensorVariable,
    beta: TensorVariable,
    tau: TensorVariable,
    sigma: TensorVariable,
) -> None:
    """Add the log density of all rows, given the line and the noise, to the model of the context.

    `tau` is the noise in sds of the outcome, `sigma` in its own unit.
    """
    root = pm.Data("root", sums.root)
    left = root @ pm.math.concatenate([level[None], beta, [-1.0]])
    n = pm.Data("rows", float(sums.rows))
    squares = (left**2).sum() / (2 * tau**2)
    pm.Potential("y", -n * (pm.math.log(sigma) + np.log(2 * np.pi) / 2) - squares)
