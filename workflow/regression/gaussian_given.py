"""A regression with Gaussian noise given tau, and given the sd between groups, if there are any.

    y = level + z beta + offset + tau e,  level ~ Normal(0, 1),  beta ~ Normal(0, C)
    tau ~ Gamma(2, 2 / noise),  offset ~ Normal(0, group_tau),  group_tau ~ HalfNormal(between)

All is Gaussian, so that what is to be integrated over has one dim, or two with groups.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import stats
from scipy.optimize import minimize_scalar

from workflow.regression.within import log_within

COARSE = 0.25  # step of the first lattice of log tau
LATTICE = np.arange(-20, 20 + COARSE, COARSE)
ROUNDING = 1e-12  # of 1, and of the outcome's length: what is less is 0


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
        return np.asarray(log_y + self._log_prior(log_tau))

    def _log_prior(self, log_tau: np.ndarray) -> np.ndarray:
        """Return the log density of log tau before the data: Gamma(2, 2 / noise), of tau."""
        rate = 2 / self.noise
        return np.asarray(2 * (np.log(rate) + log_tau) - rate * np.exp(log_tau))

    def likeliest(self) -> np.ndarray:
        """Return the mode of log tau, as an array of one."""
        rough = LATTICE[self.log_joint(LATTICE).argmax()]
        bounds = rough - COARSE, rough + COARSE
        return np.array([minimize_scalar(self._less_likely, bounds=bounds).x])

    def _less_likely(self, log_tau: float) -> float:
        return -float(self.log_joint(np.array([log_tau]))[0])

    def log_rows(self, at: np.ndarray, log_tau: np.ndarray) -> np.ndarray:
        """Return log p(y[i] | the other rows, tau); dims: row of `at`, tau."""
        free, residual = self.left(at, log_tau)
        t2 = np.exp(2 * log_tau)
        found: np.ndarray = 0.5 * (np.log(free / (2 * np.pi * t2)) - residual**2 / (free * t2))
        return found

    def log_around(self, at: np.ndarray, log_tau: np.ndarray) -> np.ndarray:
        """Return log P(within `half` of y[i] | the other rows, tau); dims: row of `at`, tau."""
        free, residual = self.left(at, log_tau)
        root = np.sqrt(free)
        return log_within(residual / root * np.exp(-log_tau), self.half * root * np.exp(-log_tau))

    def left(self, at: np.ndarray, log_tau: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return 1 less the leverage, and the residual, of rows; dims: row of `at`, tau."""
        t2 = np.exp(2 * log_tau)
        u = self.u[at]
        kept = t2 / (self.s[:, None] ** 2 + t2)  # of a direction, by the prior
        beyond = 1 - (u**2).sum(1)
        beyond[beyond < ROUNDING] = 0  # or the smallest tau would be likely, where rows are few
        return beyond[:, None] + u**2 @ kept, self.rest[at][:, None] + (u * self.uy) @ kept


def given_of(
    z: np.ndarray, y: np.ndarray, covariance: np.ndarray, noise: float, half: float = 0.0
) -> Given:
    """Return a regression, of standardised terms and outcome; `covariance` is that of beta."""
    u, s, _ = np.linalg.svd(design_of(z, covariance), full_matrices=False)
    return Given(u, s, u.T @ y, left_over(u, y), noise, half)


def left_over(u: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return what the directions of `u` do not reach of y: exactly 0 where that is rounding."""
    rest = y - u @ (u.T @ y)
    return rest if np.linalg.norm(rest) > ROUNDING * np.linalg.norm(y) else np.zeros_like(rest)


def design_of(z: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Return a column of 1 and the terms along the directions of the prior, each of sd 1."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    return np.column_stack([np.ones(len(z)), z @ root])


@dataclass(frozen=True)
class Grouped(Given):
    """The same with groups, given how many times tau the sd between them is: `ratio`.

    With D = I + ratio^2 for two rows of a group, and the others as in `Given` of D^-1/2 times the
    design, `d` (row) is the diagonal of D^-1, `dy` (row) D^-1 y, `inner` is y' D^-1 y, and `u`
    (row, direction) is D^-1 times the design along the directions. `between` is the prior scale.
    """

    d: np.ndarray = field(default_factory=lambda: np.empty(0))
    dy: np.ndarray = field(default_factory=lambda: np.empty(0))
    inner: float = 0.0
    log_det: float = 0.0
    ratio: float = 1.0
    between: float = 1.0

    def log_joint(self, log_tau: np.ndarray) -> np.ndarray:
        """Return log p(y, log tau, log ratio), but for a constant."""
        tau, n = np.exp(log_tau), len(self.d)
        variance = tau[:, None] ** 2 + self.s**2
        reached = (self.uy**2 / variance).sum(1)
        log_y = -0.5 * (
            (n - len(self.s)) * 2 * log_tau
            + self.log_det
            + np.log(variance).sum(1)
            + (self.inner - reached) / tau**2
        )
        sd = self.ratio * tau
        prior = self._log_prior(log_tau)
        prior += stats.halfnorm(scale=self.between).logpdf(sd) + np.log(sd)
        return np.asarray(log_y + prior)

    def log_rows(self, at: np.ndarray, log_tau: np.ndarray) -> np.ndarray:
        """Return log p(y[i] | the other rows, tau, ratio); dims: row of `at`, tau.

        By the inverse of the covariance of all rows, W: the residual without a row is (W y)[i] /
        W[i, i], and its variance 1 / W[i, i].
        """
        t2, u = np.exp(2 * log_tau), self.u[at]
        shares = 1 / (self.s[:, None] ** 2 + t2)
        precision = (self.d[at][:, None] - u**2 @ shares) / t2
        pulled = (self.dy[at][:, None] - (u * self.uy) @ shares) / t2
        return np.asarray(0.5 * (np.log(precision / (2 * np.pi)) - pulled**2 / precision))


def grouped_of(
    design: np.ndarray, y: np.ndarray, codes: np.ndarray, ratio: float, noise: float, between: float
) -> Grouped:
    """Return a regression whose rows have groups (`codes`); the prior of `design` has sd 1."""
    shrunk = ratio**2 / (1 + ratio**2 * np.bincount(codes))

    def inverse(x: np.ndarray) -> np.ndarray:
        sums = np.zeros((len(shrunk), *x.shape[1:]))
        np.add.at(sums, codes, x)
        return np.asarray(x - (shrunk[codes] * sums[codes].T).T)

    dx, dy = inverse(design), inverse(y)
    values, basis = np.linalg.eigh(design.T @ dx)
    u, s = dx @ basis, np.sqrt(np.clip(values, 0, None))
    log_det = float(np.log1p(ratio**2 * np.bincount(codes)).sum())
    own = 1 - shrunk[codes], dy, float(y @ dy), log_det, ratio, between
    return Grouped(u, s, u.T @ y, y, noise, 0.0, *own)
