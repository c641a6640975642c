"""Leave-one-out of a regression with Gaussian noise, exactly: no draws and no refits.

    y = level + z beta + tau e,  level ~ Normal(0, 1),  beta ~ Normal(0, C)
    tau ~ Gamma(2, 2 / noise)

Given tau, coefficients and data are Gaussian, and a row's density given the others follows from its
residual and its leverage (Rasmussen and Williams, 2006, section 5.4.2). By Bayes' rule that of tau
given the others is that given all rows over that of the row, so one quadrature over log tau does
for each row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from workflow.scoring.elpd import QUADRATURE, Elpd, Looked

WHOLE = slice(None)
AT_ONCE = 1000  # rows of which the densities are in memory at every tau
COARSE = 0.25  # step of the first lattice of log tau
LATTICE = np.arange(-20, 20 + COARSE, COARSE)
MATTERS = 50.0  # nats below the greatest density: what lies lower adds nothing
CLOSE = 1e-7  # nats that half the step changes, at the end
SEEN, HALVINGS = 16, 20  # places that matter of each row, at least; and steps, at most


@dataclass(frozen=True)
class _Given:
    """The regression given tau in the basis of its singular vectors, where all is diagonal.

    `u` (row, direction), `s` and `uy` (direction) are of the design times the root of the prior
    covariance; `rest` is what no direction reaches of y, by row.
    """

    u: np.ndarray
    s: np.ndarray
    uy: np.ndarray
    rest: np.ndarray
    noise: float

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
        t2 = np.exp(2 * log_tau)
        u = self.u[at]
        kept = t2 / (self.s[:, None] ** 2 + t2)  # of a direction, by the prior
        beyond = np.clip(1 - (u**2).sum(1), 0, None)
        free = beyond[:, None] + u**2 @ kept  # 1 - the leverage
        residual = self.rest[at][:, None] + (u * self.uy) @ kept
        found: np.ndarray = 0.5 * (np.log(free / (2 * np.pi * t2)) - residual**2 / (free * t2))
        return found


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


def _given(z: np.ndarray, y: np.ndarray, covariance: np.ndarray, noise: float) -> _Given:
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    u, s, _ = np.linalg.svd(np.column_stack([np.ones(len(z)), z @ root]), full_matrices=False)
    return _Given(u, s, u.T @ y, y - u @ (u.T @ y), noise)


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
        found = logsumexp(whole) - logsumexp(rest, axis=1)
        both = np.vstack([rest, whole])
        high = both > both.max(1, keepdims=True) - MATTERS
        if np.all(np.abs(found - before) < CLOSE) and high.sum(1).min() >= SEEN:
            break
        near = places[high.any(0)] + np.array([[-1], [0], [1]])
        places = np.unique(2 * near + np.array([[[-1]], [[0]], [[1]]]))
        before, step = found, step / 2
    return np.asarray(found)


def elpd(
    data: Mapping[str, ArrayLike], lines: Sequence[int], at: slice | np.ndarray = WHOLE
) -> Elpd:
    """Return the elpd of `models.linear_regression.gaussian` with these `pm.Data`, without error.

    `lines` are the names of all rows, `at` the positions of those that are looked at. For the
    others stands in what they have given the likeliest tau.
    """
    of = {name: np.asarray(value, dtype=float) for name, value in data.items()}
    z = (of["terms"] - of["centre"]) / of["scale"]
    y = (of["y_data"] - of["outcome_mean"]) / of["outcome_sd"]
    given = _given(z, y, prior_covariance(of), float(of["noise"]))
    every, unit = np.arange(len(y)), np.log(of["outcome_sd"])
    pointwise = _at(given, every[at]) - unit
    looked = None
    if not isinstance(at, slice):
        looked = Looked(at, given.log_rows(every, given.likeliest()).ravel() - unit)
    rows, known = tuple(int(lines[i]) for i in every[at]), np.zeros(len(pointwise))
    k = np.full_like(known, np.nan)
    return Elpd(QUADRATURE, rows, pointwise, known, k, np.inf, looked=looked)


def prior_covariance(data: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the prior covariance of beta, the coefficients of standardised terms."""
    if "slope_sd" in data:
        return np.asarray(data["slope_sd"] ** 2 * np.eye(data["terms"].shape[1]))
    share, axes = data["r2"], data["axes"]
    return np.asarray(share / (1 - share) * axes.T @ axes)
