"""A smooth curve and noise of one size: a Gaussian process, of which the curve is summed out."""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

from models._threads import one_thread

JITTER = 1e-9  # of a curve's prior variance: else it could not be drawn at neighbours


def smooth(
    rows: pd.DataFrame,
    *,
    typical_length: float = 5.0,
    length_spread: float = 1.1,
    amplitude: float = 1.0,
    noise: float = 1.0,
    level_sd: float = 1.0,
) -> pm.Model:
    """The outcome is a smooth curve of x, and noise that is as large everywhere.

        y[i]      ~ Normal(f[i], sigma)
        f         ~ MvNormal(m, k)  summed out: y is jointly normal given the three below
        k[i, j]   = (s * level_sd)**2 + sigma_f**2 * exp(-(x[i] - x[j])**2 / (2 * length**2))

        length    ~ LogNormal(log(typical_length), length_spread)
        sigma_f   ~ HalfNormal(s * amplitude)
        sigma     ~ HalfNormal(s * noise)

    f[i] is the curve at x[i], k its covariance, at any two x. Given length, sigma_f and sigma the
    curve is known exactly, as a normal distribution: the sampler moves in these three numbers, and
    the curve is drawn afterwards. m and s are mean and sd of the outcome: the data's own, computed
    once and then fixed.

    Parameters
    ----------
    rows
        Two columns of numbers: x, which may repeat and needs no order, and y. Dims: row.
    typical_length, length_spread
        Prior median of `length`, in the unit of x, and the sd of its logarithm, both above 0. Over
        one length the curve keeps its direction, over three it forgets where it was. Data tell no
        length below the distance of neighbours, and none far above their range: with the median
        between the two (geometrically) and 98% from the one to the other, little is ruled out that
        could be seen. The defaults are those of the shipped data.
    amplitude
        Prior scale of `sigma_f`, by which the curve goes up and down, in sds of the outcome.
    noise
        Prior scale of `sigma`, the noise of a row, in sds of the outcome.
    level_sd
        Prior sd of the level about which the curve goes up and down, in sds of the outcome.

    Source: Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, chapter 2 and
    section 3.4.3, for the form of the density.
    """
    one_thread()
    where, at = np.unique(rows.iloc[:, 0].to_numpy(dtype=float), return_inverse=True)
    y = rows.iloc[:, 1]
    with pm.Model(coords={"row": rows.index.to_numpy(), "place": np.arange(len(where))}) as model:
        m, s = pm.Data("outcome_mean", float(y.mean())), pm.Data("outcome_sd", float(y.std()))
        middle = pm.math.log(pm.Data("typical_length", float(typical_length)))
        length = pm.LogNormal("length", middle, pm.Data("length_spread", float(length_spread)))
        sigma_f = pm.HalfNormal("sigma_f", s * pm.Data("amplitude", float(amplitude)))
        sigma = pm.HalfNormal("sigma", s * pm.Data("noise", float(noise)))
        pm.CustomDist(
            "y",
            *(m, s * pm.Data("level_sd", float(level_sd)), length, sigma_f, sigma),
            *(pm.Data("where", where, dims="place"), pm.Data("at", at, dims="row")),
            logp=log_density,
            random=drawn,
            signature="(),(),(),(),(),(u),(n)->(n)",
            observed=pm.Data("y_data", y.to_numpy(dtype=float), dims="row"),
            dims="row",
        )
    return model


def log_density(
    y: Any, m: Any, level: Any, length: Any, sigma_f: Any, sigma: Any, where: Any, at: Any
) -> Any:
    """Return the log density of all rows: of the means at each place, and of what scatters there.

    One matrix of places is factorised, whatever the number of rows: 1 + (root of rows) times the
    curve's covariance over the noise's, which is never near singular.
    """
    left = y - m
    many = pt.inc_subtensor(pt.zeros_like(where)[at], 1.0)
    sums = pt.inc_subtensor(pt.zeros_like(where)[at], left)
    root = pt.sqrt(many)
    apart = (where[:, None] - where[None, :]) / length
    curve = level**2 + sigma_f**2 * pt.exp(-(apart**2) / 2)
    factor = pt.linalg.cholesky(
        pt.eye(where.shape[0]) + root[:, None] * curve * root / sigma**2, lower=True
    )
    u = sums / pt.maximum(root, 1)
    z = pt.linalg.solve_triangular(factor, u, lower=True)
    squares = (left**2).sum() - (u**2).sum() + (z**2).sum()
    return normal(squares / sigma**2, factor, y.shape[0] * pt.log(sigma), y.shape[0])


def normal(squares: Any, factor: Any, log_scale: Any, n: Any) -> Any:
    """Return the log density of n values of a normal by the factor of their covariance."""
    return -squares / 2 - pt.log(pt.diag(factor)).sum() - log_scale - n * np.log(2 * np.pi) / 2


def drawn(
    m: np.ndarray,
    level: np.ndarray,
    length: np.ndarray,
    sigma_f: np.ndarray,
    sigma: np.ndarray,
    where: np.ndarray,
    at: np.ndarray,
    rng: np.random.Generator,
    size: tuple[int, ...] | None = None,
) -> np.ndarray:
    """Draw the outcomes of all rows, about a curve of their own."""
    apart = (where[:, None] - where) / length
    curve = sigma_f**2 * np.exp(-(apart**2) / 2)
    factor = np.linalg.cholesky(curve + JITTER * sigma_f**2 * np.eye(len(where)))
    shape = size or ()
    levels = m + level * rng.standard_normal((*shape, 1))
    curves = levels + rng.standard_normal((*shape, len(where))) @ factor.T
    return np.asarray(curves[..., at] + sigma * rng.standard_normal((*shape, len(at))))
