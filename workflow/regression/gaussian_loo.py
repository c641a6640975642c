"""Leave-one-out of a regression with Gaussian noise, exactly: no draws and no refits.

    y = level + z beta + tau e,  level ~ Normal(0, 1),  beta ~ Normal(0, C)
    tau ~ Gamma(2, 2 / noise)

Given tau, coefficients and data are Gaussian, and a row's density given the others follows from its
residual and its leverage (Rasmussen and Williams, 2006, section 5.4.2). By Bayes' rule that of tau
given the others is that given all rows over that of the row, so one quadrature over log tau does
for each row. Of counts what is scored is the probability of the interval around each (`width`),
which can be held against that of a count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import minimize_scalar
from scipy.special import log_ndtr, logsumexp

from workflow.scoring.elpd import QUADRATURE, Elpd, Looked

WHOLE = slice(None)
AT_ONCE = 1000  # rows of which the densities are in memory at every tau
COARSE = 0.25  # step of the first lattice of log tau
LATTICE = np.arange(-20, 20 + COARSE, COARSE)
MATTERS = 50.0  # nats below the greatest density: what lies lower adds nothing
CLOSE = 1e-7  # nats that half the step changes, at the end
NARROW = 1e-5  # of an interval, in sds: its probability is then the density times the width
SEEN, HALVINGS = 16, 20  # places that matter of each row, at least; and steps, at most


@dataclass(frozen=True)
class _Given:
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


def log_densities(z: np.ndarray, y: np.ndarray, covariance: np.ndarray, noise: float) -> np.ndarray:
    """Return log p(y[i] | the other rows) of every row.

    Parameters
    ----------
    z, y
        Standardised terms (row, term) and outcome (row).
    covariance
        Of the prior of beta (term, term); it may be singular.
    noise
        Prior mean of tau.
    """
    return _at(_given(z, y, covariance, noise), np.arange(len(y)))


def _given(
    z: np.ndarray, y: np.ndarray, covariance: np.ndarray, noise: float, half: float = 0.0
) -> _Given:
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    u, s, _ = np.linalg.svd(np.column_stack([np.ones(len(z)), z @ root]), full_matrices=False)
    return _Given(u, s, u.T @ y, y - u @ (u.T @ y), noise, half)


def _at(given: _Given, rows: np.ndarray) -> np.ndarray:
    parts = np.split(rows, range(AT_ONCE, len(rows), AT_ONCE))
    return np.concatenate([_integrated(given, part) for part in parts])


def _integrated(given: _Given, at: np.ndarray) -> np.ndarray:
    """Integrate over log tau, on a lattice that is refined, where it matters, until it is enough.

    A row far off has a tau without it that is far from that with it: there may be several places.
    """
    step, places = COARSE, LATTICE / COARSE
    before = np.full(len(at), np.inf)
    for _ in range(HALVINGS):
        whole = given.log_joint(step * places)
        rest = whole - given.log_rows(at, step * places)
        scored = rest + given.log_around(at, step * places) if given.half else whole[None]
        found = logsumexp(scored, axis=1) - logsumexp(rest, axis=1)
        both = np.vstack([rest, scored])
        high = both > both.max(1, keepdims=True) - MATTERS
        if np.all(np.abs(found - before) < CLOSE) and high.sum(1).min() >= SEEN:
            break
        near = places[high.any(0)] + np.array([[-1], [0], [1]])
        places = np.unique(2 * near + np.array([[[-1]], [[0]], [[1]]]))
        before, step = found, step / 2
    return np.asarray(found)


def elpd(
    data: Mapping[str, ArrayLike],
    lines: Sequence[int],
    at: slice | np.ndarray = WHOLE,
    *,
    width: float = 0.0,
) -> Elpd:
    """Return the elpd of `models.linear_regression.gaussian` with these `pm.Data`, without error.

    `lines` are the names of all rows, `at` the positions of those that are looked at. For the
    others stands in what they have given the likeliest tau. With a `width` it is that of the
    probability of the interval of that width around each outcome: of counts 1, in place of the
    density, which may be above 1 and is no probability of a count.
    """
    of = {name: np.asarray(value, dtype=float) for name, value in data.items()}
    z = (of["terms"] - of["centre"]) / of["scale"]
    y = (of["y_data"] - of["outcome_mean"]) / of["outcome_sd"]
    half = width / 2 / float(of["outcome_sd"])
    given = _given(z, y, prior_covariance(of), float(of["noise"]), half)
    every, unit = np.arange(len(y)), 0.0 if width else np.log(of["outcome_sd"])
    pointwise = _at(given, every[at]) - unit
    looked = None
    if not isinstance(at, slice):
        scored = given.log_around if width else given.log_rows
        looked = Looked(at, scored(every, given.likeliest()).ravel() - unit)
    rows, known = tuple(int(lines[i]) for i in every[at]), np.zeros(len(pointwise))
    k = np.full_like(known, np.nan)
    return Elpd(QUADRATURE, rows, pointwise, known, k, np.inf, looked=looked)


def prior_covariance(data: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the prior covariance of beta, the coefficients of standardised terms."""
    if "slope_sd" in data:
        return np.asarray(data["slope_sd"] ** 2 * np.eye(data["terms"].shape[1]))
    share, axes = data["r2"], data["axes"]
    return np.asarray(share / (1 - share) * axes.T @ axes)
