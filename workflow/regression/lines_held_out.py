"""Rows held out of a regression, by draws and by folds: beside leave-one-out without error.

Draws are exact and independent, so that k-hat is what any good sampler would find. Folds are a
quadrature over the noise of the other rows.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from scipy.special import logsumexp

from workflow.regression.gaussian_given import Given, left_over
from workflow.regression.lines_apart import Line, Prior


def drawn(
    line: Line, prior: Prior, at: slice | np.ndarray, *, draws: int, chains: int, seed: int
) -> xr.DataArray:
    """Return log p(y[row] | draw) of independent draws of the posterior; dims: chain, draw, row.

    The draws are exact: tau by the inverse of its distribution function, and the coefficients along
    the directions, which are Gaussian given tau. So k-hat is what NUTS would find, but for chance.
    """
    given, rows = line.given(prior), np.arange(len(line.y))[at]
    rng = np.random.default_rng(seed)
    size, log_tau = chains * draws, _lattice(given)
    log_p = given.log_joint(log_tau)
    below = np.cumsum(np.exp(log_p - log_p.max()))
    tau = np.exp(np.interp(rng.random(size), below / below[-1], log_tau))[:, None]
    variance = given.s**2 + tau**2
    along = given.s**2 * given.uy / variance
    along = along + given.s * tau / np.sqrt(variance) * rng.standard_normal(along.shape)
    off = line.standardised[rows] - along @ given.u[rows].T
    log_lik = -0.5 * (off / tau) ** 2 - np.log(tau) - 0.5 * np.log(2 * np.pi)
    shaped = (log_lik + line.log_slope[rows]).reshape(chains, draws, len(rows))
    names = [line.lines[i] for i in rows]
    return xr.DataArray(shaped, dims=("chain", "draw", "row"), coords={"row": names})


def k_fold(
    line: Line, prior: Prior, folds: Sequence[np.ndarray], at: slice | np.ndarray = slice(None)
) -> np.ndarray:
    """Return log p(y[i] | the rows of other folds) of every row, or of those at `at`.

    `folds` are positions, each once. By quadrature over the tau of the others, without error.
    """
    design, y = line.design(prior), line.standardised
    found = np.full(len(y), np.nan)
    wanted = np.zeros(len(y), dtype=bool)
    wanted[at] = True
    for fold in folds:
        rest = np.delete(np.arange(len(y)), fold)
        held = fold[wanted[fold]]
        found[held] = _held(design, y, rest, held, prior.noise)
    return (found + line.log_slope)[at]


def _held(
    design: np.ndarray, y: np.ndarray, rest: np.ndarray, held: np.ndarray, noise: float
) -> np.ndarray:
    """Return log p(y[i] | y[rest]) of the rows that are held out."""
    u, s, basis = np.linalg.svd(design[rest], full_matrices=False)
    given = Given(u, s, u.T @ y[rest], left_over(u, y[rest]), noise)
    log_tau = _lattice(given)
    log_p = given.log_joint(log_tau)
    t2 = np.exp(2 * log_tau)
    x = design[held] @ basis.T
    beyond = np.clip((design[held] ** 2).sum(1) - (x**2).sum(1), 0, None)  # no row has told of it
    shrunk = t2 + s[:, None] ** 2
    variance = t2 + beyond[:, None] + x**2 @ (t2 / shrunk)
    off = y[held][:, None] - x @ ((s * given.uy)[:, None] / shrunk)
    scored = -0.5 * (off**2 / variance + np.log(2 * np.pi * variance))
    return np.asarray(logsumexp(scored + log_p, axis=1) - logsumexp(log_p))


def _lattice(given: Given) -> np.ndarray:
    """Return places of log tau that cover its posterior, a twentieth of its width apart."""
    (mode,) = given.likeliest()
    low, middle, high = given.log_joint(mode + np.array([-0.02, 0.0, 0.02]))
    width = 1 / np.sqrt(max((2 * middle - low - high) / 0.02**2, 1.0))
    return np.asarray(mode + width * np.arange(-12, 25, 0.05))


def folds_of(rows: int, folds: int, *, seed: int) -> list[np.ndarray]:
    """Return the positions of rows in so many parts, as near to one size as can be, at random."""
    return np.array_split(np.random.default_rng(seed).permutation(rows), folds)
