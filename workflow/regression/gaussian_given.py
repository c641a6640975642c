"""A regression with Gaussian noise given tau, and given the sd between groups, if there are any.

    y = level + z beta + offset + tau e,  level ~ Normal(0, 1),  beta ~ Normal(0, C)
    tau ~ Gamma(2, 2 / noise),  offset ~ Normal(0, group_tau),  group_tau ~ HalfNormal(between)

All is Gaussian, so that what is to be integrated over has one dim, or two with groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.linalg import block_diag
from scipy.optimize import minimize_scalar
from scipy.special import log_ndtr

from workflow.sampling.members import OF_ROW

NARROW = 1e-5  # of an interval, in sds: its probability is then the density times the width
COARSE = 0.25  # step of the first lattice of log tau
LATTICE = np.arange(-20, 20 + COARSE, COARSE)
STEP, PLACES = 0.5, 41  # of the log sd between groups: of the first lattice, and of the last
BETWEEN = np.arange(-8, 2.1, STEP)  # of it, less that of its prior scale
DEEP = 12.0  # nats below the likeliest sd between groups, at which the last lattice ends


@dataclass(frozen=True)
class Given:
    """The regression given tau in the basis of its singular vectors, where all is diagonal.

    `u` (row, direction), `s` and `uy` (direction) are of the design times the root of the prior
    covariance; `rest` is what no direction reaches of y, by row; `half` the half of the interval
    around y whose probability is scored, 0 for the density.
    """

    u: np.ndarray
    s: np.ndarray
    uy: np.ndarray
    rest: np.ndarray
    noise: float
    half: float = 0.0

    def log_joint(self, log_tau: np.ndarray) -> np.ndarray:
        """Return log p(y, log tau), but for a constant."""
        tau, n = np.exp(log_tau), len(self.rest)
        variance = tau[:, None] ** 2 + self.s**2
        log_y = -0.5 * (
            (n - len(self.s)) * 2 * log_tau
            + np.log(variance).sum(1)
            + self.rest @ self.rest / tau**2
            + (self.uy**2 / variance).sum(1)
        )
        found: np.ndarray = log_y + stats.gamma(2, scale=self.noise / 2).logpdf(tau) + log_tau
        return found

    def likeliest(self) -> np.ndarray:
        """Return the mode of log tau, as an array of one."""
        rough = LATTICE[self.log_joint(LATTICE).argmax()]
        bounds = rough - COARSE, rough + COARSE
        return np.array([minimize_scalar(self._less_likely, bounds=bounds).x])

    def _less_likely(self, log_tau: float) -> float:
        return -float(self.log_joint(np.array([log_tau]))[0])

    def log_rows(self, at: np.ndarray, log_tau: np.ndarray) -> np.ndarray:
        """Return log p(y[i] | the other rows, tau); dims: row of `at`, tau."""
        free, residual = self._left(at, log_tau)
        t2 = np.exp(2 * log_tau)
        found: np.ndarray = 0.5 * (np.log(free / (2 * np.pi * t2)) - residual**2 / (free * t2))
        return found

    def log_around(self, at: np.ndarray, log_tau: np.ndarray) -> np.ndarray:
        """Return log P(within `half` of y[i] | the other rows, tau); dims: row of `at`, tau."""
        free, residual = self._left(at, log_tau)
        root = np.sqrt(free)
        return log_within(residual / root * np.exp(-log_tau), self.half * root * np.exp(-log_tau))

    def _left(self, at: np.ndarray, log_tau: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return 1 less the leverage, and the residual, of rows; dims: row of `at`, tau."""
        t2 = np.exp(2 * log_tau)
        u = self.u[at]
        kept = t2 / (self.s[:, None] ** 2 + t2)  # of a direction, by the prior
        beyond = np.clip(1 - (u**2).sum(1), 0, None)
        return beyond[:, None] + u**2 @ kept, self.rest[at][:, None] + (u * self.uy) @ kept


def log_within(z: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Return the log probability that a standard normal is within `half` of z.

    By its tails, on the side where these are small; of a narrow interval by density times width.
    """
    z = np.abs(z)
    near, far = log_ndtr(half - z), log_ndtr(-half - z)
    with np.errstate(divide="ignore"):
        wide = near + np.log1p(-np.exp(np.minimum(far - near, 0.0)))
        narrow = stats.norm.logpdf(z) + np.log(2 * half)
    return np.where(half * np.maximum(z, 1) < NARROW, narrow, wide)


def given_of(
    z: np.ndarray, y: np.ndarray, covariance: np.ndarray, noise: float, half: float = 0.0
) -> Given:
    """Return a regression, of standardised terms and outcome; `covariance` is that of beta."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    u, s, _ = np.linalg.svd(np.column_stack([np.ones(len(z)), z @ root]), full_matrices=False)
    return Given(u, s, u.T @ y, y - u @ (u.T @ y), noise, half)


def several(of: Mapping[str, np.ndarray], half: float = 0.0) -> list[tuple[float, Given]]:
    """Return the regression with a log weight of 0; with groups one for each sd between them.

    The logarithm of that sd is on a lattice, as far as it matters, and the weight is its log prior
    density.
    """
    z = (of["terms"] - of["centre"]) / of["scale"]
    y = (of["y_data"] - of["outcome_mean"]) / of["outcome_sd"]
    covariance, noise = prior_covariance(of), float(of["noise"])
    if OF_ROW not in of:
        return [(0.0, given_of(z, y, covariance, noise, half))]
    groups = of[OF_ROW].astype(int)
    wide = np.column_stack([z, groups[:, None] == np.arange(groups.max() + 1)])

    def at(log_sd: float) -> tuple[float, Given]:
        sds = np.full(groups.max() + 1, np.exp(2 * log_sd))
        prior = stats.halfnorm(scale=float(of["between"])).logpdf(np.exp(log_sd)) + log_sd
        return float(prior), given_of(wide, y, block_diag(covariance, np.diag(sds)), noise, half)

    rough = np.log(float(of["between"])) + BETWEEN
    found = [(place, at(place)) for place in rough]
    likely = np.array([prior + likely_of(given) for _, (prior, given) in found])
    kept = rough[likely > likely.max() - DEEP]
    low, high = kept.min() - STEP, kept.max() + STEP
    return [at(place) for place in np.linspace(low, high, PLACES)]


def likely_of(given: Given) -> float:
    """Return log p(y) of a regression, about: by the height at its mode and its width there."""
    at = given.likeliest() + np.array([-0.05, 0.0, 0.05])
    low, middle, high = given.log_joint(at)
    curved = max((2 * middle - low - high) / 0.05**2, 1e-6)
    return float(middle - 0.5 * np.log(curved))


def prior_covariance(data: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the prior covariance of beta, the coefficients of standardised terms."""
    if "slope_sd" in data:
        return np.asarray(data["slope_sd"] ** 2 * np.eye(data["terms"].shape[1]))
    share, axes = data["r2"], data["axes"]
    return np.asarray(share / (1 - share) * axes.T @ axes)
