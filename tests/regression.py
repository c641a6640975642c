"""What the regressions' tests share: standardised terms and own units, without PyMC."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr


@dataclass(frozen=True)
class Scales:
    """Centres and sds of the terms, and of the outcome (0 and 1 where it has no unit)."""

    centre: np.ndarray
    scale: np.ndarray
    m: float = 0.0
    s: float = 1.0

    def z(self, terms: pd.DataFrame) -> np.ndarray:
        """Return standardised terms (row, term)."""
        return (terms.to_numpy() - self.centre) / self.scale


def scales(terms: pd.DataFrame, outcome: pd.Series | None = None) -> Scales:
    """Return the scales of data, 1 of 0 and 1; without an outcome for one that has no unit."""
    of_two = [{*column} <= {0, 1} for column in terms.to_numpy().T]  # a yes or no, or a level
    centre, scale = terms.mean().to_numpy(), np.where(of_two, 1.0, terms.std().to_numpy())
    if outcome is None:
        return Scales(centre, scale)
    return Scales(centre, scale, float(outcome.mean()), float(outcome.std()))


def own_units(frozen: Scales, terms: pd.DataFrame, level: np.ndarray, beta: np.ndarray) -> dict:
    """Return draws of every slope and the intercept, from those of level and beta (draw, term)."""
    slope = frozen.s * beta / frozen.scale
    found = {f"slope[{name}]": slope[:, k] for k, name in enumerate(terms)}
    return found | {"intercept": frozen.m + frozen.s * level - slope @ frozen.centre}


def mean_of(
    posterior: xr.Dataset, terms: pd.DataFrame, of: Callable[[np.ndarray], np.ndarray] = np.asarray
) -> np.ndarray:
    """Return by row the mean over the draws of a function of intercept + terms @ slope."""
    line = posterior["slope"].to_numpy() @ terms.to_numpy(dtype=float).T
    line = line + posterior["intercept"].to_numpy()[..., None]
    found: np.ndarray = of(line).mean(axis=(0, 1))
    return found


def axes_by_hand(z: np.ndarray) -> np.ndarray:
    """Return the directions of the prior (direction, term) from the correlations' eigenvectors.

    The greatest variance first; of the weights of each that are more than half as large as the
    largest, the first is positive. theta @ axes then has the covariance (Z'Z / (n - 1))^-1 / k.
    """
    n, k = z.shape
    variance, basis = np.linalg.eigh(z.T @ z / (n - 1))
    basis = basis.T[::-1]
    large = np.abs(basis) > np.abs(basis).max(axis=1)[:, None] / 2
    signs = np.array([np.sign(row[at][0]) for row, at in zip(basis, large, strict=True)])
    found: np.ndarray = signs[:, None] * basis / np.sqrt(k * variance[::-1])[:, None]
    return found


def twelve_rows(outcome: float = 1, predictor: float = 1) -> tuple[pd.DataFrame, pd.Series]:
    """Return two terms and an outcome, in units that many times as large."""
    rng = np.random.default_rng(4)
    terms = pd.DataFrame({"a": rng.normal(size=12), "b": rng.normal(size=12)})
    y = pd.Series(3 + terms["a"] - terms["b"] + rng.standard_t(3, size=12), name="y")
    return terms * [predictor, 1], outcome * y


def assert_the_prior_scales_with_the_data(build: Callable, point: dict) -> None:
    """In other units the density at the same standardised point differs by the units alone."""
    terms, y = twelve_rows()
    here = float(build(terms, y).compile_logp()(point))
    for outcome, predictor in ((2e4, 1e-3), (1e-6, 1e8)):
        there = float(build(*twelve_rows(outcome, predictor)).compile_logp()(point))
        assert abs(there - (here - len(y) * np.log(outcome))) < 1e-6
