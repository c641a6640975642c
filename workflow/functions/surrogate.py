"""A Gaussian process given what was tried: mean and sd anywhere, exactly, for each draw.

Only the lengths, the function's sd and the noise are drawn; given these the function is normal.
Source: Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, sections 2.2 and
5.4.2 (rows left out).
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.spatial.distance import cdist

from workflow.quantities import SAMPLE

RIDGE, ROUNDED = 1e-8, 1e-12  # of the variances of function and level, so that it can be drawn


@dataclass(frozen=True)
class Tried:
    """What was tried: settings (row, column), results, and what the prior takes as known.

    `level` is the prior's sd of the level about which the function goes up and down, `jitter` a
    variance that is added to that of the noise.
    """

    x: np.ndarray
    y: np.ndarray
    mean: float
    level: float
    jitter: float

    def given(self, length: np.ndarray, sigma_f: float, sigma: float) -> "Surrogate":
        """Return the function given the results, at one draw of the unknowns."""
        variance = sigma**2 + self.jitter
        own = np.asarray(length, dtype=float)
        k = covariance(self.x / own, self.x / own, sigma_f, self.level)
        factor = cholesky(k + variance * np.eye(len(self.y)), lower=True)
        weights = cho_solve((factor, True), self.y - self.mean)
        return Surrogate(self, own, sigma_f, variance, factor, weights)


@dataclass(frozen=True)
class Surrogate:
    """The function given the results at one draw of the unknowns (`Tried.given`)."""

    tried: Tried
    length: np.ndarray
    sigma_f: float
    variance: float  # of the noise
    factor: np.ndarray  # of the covariance of the results, lower triangular
    weights: np.ndarray

    def at(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return mean and variance of the function at settings z (row, column), without noise.

        Third comes what is known of them (tried, row): covariances follow from its products.
        """
        one, other = self.tried.x / self.length, z / self.length
        k = covariance(one, other, self.sigma_f, self.tried.level)
        known = solve_triangular(self.factor, k, lower=True)
        before = self.sigma_f**2 + self.tried.level**2
        return self.tried.mean + k.T @ self.weights, before - (known**2).sum(axis=0), known

    def drawn(self, z: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return one function at settings z (row, column), drawn jointly from what is known."""
        mean, _, known = self.at(z)
        own = z / self.length
        cov = covariance(own, own, self.sigma_f, self.tried.level) - known.T @ known
        little = RIDGE * self.sigma_f**2 + ROUNDED * self.tried.level**2
        factor = cholesky(cov + little * np.eye(len(z)), lower=True)
        return np.asarray(mean + factor @ rng.normal(size=len(z)))

    @property
    def log_evidence(self) -> float:
        """Log density of the results, the function summed out."""
        left = self.tried.y - self.tried.mean
        n, halves = len(left), np.log(np.diag(self.factor)).sum()
        return float(-left @ self.weights / 2 - halves - n / 2 * np.log(2 * np.pi))

    @property
    def left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and sd that every result would be predicted with by all the others."""
        inverse = cho_solve((self.factor, True), np.eye(len(self.factor)))
        spread = 1 / np.diag(inverse)
        return self.tried.y - self.weights * spread, np.sqrt(spread)


def covariance(one: np.ndarray, other: np.ndarray, sigma_f: float, level: float) -> np.ndarray:
    """Return prior covariances of the function: settings in lengths, dims row and column.

    Matérn with 5/2, about an unknown level.
    """
    apart = np.sqrt(5) * cdist(one, other)
    return level**2 + sigma_f**2 * (1 + apart + apart**2 / 3) * np.exp(-apart)


def some_of(posterior: xr.Dataset, most: int) -> list[tuple[np.ndarray, float, float]]:
    """Return evenly spaced draws of the unknowns, about `most`: lengths, sigma_f, sigma.

    One of each chain at least; the draws of a chain stand together.
    """
    draws = posterior.sizes["draw"]
    step = min(-(-posterior.sizes["chain"] * draws // most), draws)
    some = posterior.isel(draw=slice(step // 2, None, step)).stack(sample=SAMPLE)
    lengths = np.exp(some["log_length"].transpose("sample", "column").to_numpy())
    return list(zip(lengths, some["sigma_f"].to_numpy(), some["sigma"].to_numpy(), strict=True))
