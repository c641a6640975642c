"""A smooth curve, and noise whose size is one too: Gaussian processes, the curve summed out.

The size of the noise is no matter of algebra: its values at some x, the knots, are sampled.
"""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

from models._threads import one_thread
from models.smooth_curve import drawn as of_one_size, normal

KNOTS, NEAR = 20, 1e-6  # at most; what is added to a variance of 1, so that neighbours differ
FARTHEST = 13.8  # of the logarithm of a size from that of sigma: a factor of a million


def changing(
    rows: pd.DataFrame,
    *,
    typical_length: float = 5.0,
    length_spread: float = 1.1,
    amplitude: float = 1.0,
    noise: float = 1.0,
    level_sd: float = 1.0,
    typical_length_noise: float = 10.0,
    length_noise_spread: float = 0.7,
    change: float = 1.0,
) -> pm.Model:
    """The outcome is a smooth curve of x, and noise whose size is a smooth curve of x, too.

        y[i]      ~ Normal(f[i], exp(g[i]))
        f         ~ MvNormal(m, k)  summed out: y is jointly normal given what stands below
        k[i, j]   = (s * level_sd)**2 + sigma_f**2 * exp(-(x[i] - x[j])**2 / (2 * length**2))
        g[i]      = log(sigma) + sigma_noise * h[i]
        h         ~ MvNormal(0, r)  at the knots; between them its mean given these
        r[i, j]   = exp(-(x[i] - x[j])**2 / (2 * length_noise**2))

        length       ~ LogNormal(log(typical_length), length_spread)
        sigma_f      ~ HalfNormal(s * amplitude)
        sigma        ~ HalfNormal(s * noise)
        length_noise ~ LogNormal(log(typical_length_noise), length_noise_spread)
        sigma_noise  ~ HalfNormal(change)

    f[i] is the curve at x[i], and exp(g[i]) the sd of a row there. With a `sigma_noise` of 0 this
    is the curve with noise of one size, sigma. h is sampled as z, of independent standard normals:
    h at the knots is the Cholesky factor of r times z. m and s are mean and sd of the outcome.
    A size that differs from sigma by a factor of more than a million counts as that: no computer
    could tell what such rows say of the others.

    Parameters
    ----------
    rows
        Two columns of numbers: x, which may repeat and needs no order, and y. Dims: row. Knots
        are 20 evenly spaced x from the first to the last; of fewer places as many as these.
    typical_length, length_spread, amplitude, noise, level_sd
        As in the model with noise of one size; sigma is now the middle of the noise's sizes.
    typical_length_noise, length_noise_spread
        Prior median of the length over which the size of the noise changes, in the unit of x, and
        the sd of its logarithm. No fewer than some five rows tell a size.
    change
        Prior scale of the sd of the logarithm of the noise's size: with 1, sizes that differ by a
        factor of three from their middle are usual.

    Source: Goldberg, Williams and Bishop (1997), Regression with input-dependent noise.
    """
    one_thread()
    where, at = np.unique(rows.iloc[:, 0].to_numpy(dtype=float), return_inverse=True)
    y, knots = rows.iloc[:, 1], knots_of(where)
    coords = {"row": rows.index.to_numpy(), "place": np.arange(len(where))}
    with pm.Model(coords=coords | {"knot": knots}) as model:
        m, s = pm.Data("outcome_mean", float(y.mean())), pm.Data("outcome_sd", float(y.std()))
        middle = pm.math.log(pm.Data("typical_length", float(typical_length)))
        length = pm.LogNormal("length", middle, pm.Data("length_spread", float(length_spread)))
        sigma_f = pm.HalfNormal("sigma_f", s * pm.Data("amplitude", float(amplitude)))
        sigma = pm.HalfNormal("sigma", s * pm.Data("noise", float(noise)))
        slow = pm.math.log(pm.Data("typical_length_noise", float(typical_length_noise)))
        spread = pm.Data("length_noise_spread", float(length_noise_spread))
        length_noise = pm.LogNormal("length_noise", slow, spread)
        sigma_noise = pm.HalfNormal("sigma_noise", pm.Data("change", float(change)))
        z = pm.Normal("z", 0, 1, dims="knot")
        x = pm.Data("where", where, dims="place")
        h = sizes(x, pm.Data("knots", knots, dims="knot"), length_noise, z)
        size = sigma * pt.exp(pt.clip(sigma_noise * h, -FARTHEST, FARTHEST))
        pm.CustomDist(
            "y",
            *(m, s * pm.Data("level_sd", float(level_sd)), length, sigma_f, size),
            *(x, pm.Data("at", at, dims="row")),
            logp=log_density,
            random=drawn,
            signature="(),(),(),(),(u),(u),(n)->(n)",
            observed=pm.Data("y_data", y.to_numpy(dtype=float), dims="row"),
            dims="row",
        )
    return model


def knots_of(where: np.ndarray) -> np.ndarray:
    """Return the x at which the size of the noise is sampled."""
    return np.linspace(where[0], where[-1], min(KNOTS, len(where)))


def sizes(x: Any, knots: Any, length: Any, z: Any) -> Any:
    """Return h at x: K(x, knots) times the inverse of the transposed factor of K(knots, knots)."""
    own = pt.exp(-(((knots[:, None] - knots) / length) ** 2) / 2) + NEAR * pt.eye(knots.shape[0])
    to = pt.exp(-(((knots[:, None] - x) / length) ** 2) / 2)
    factor = pt.linalg.cholesky(own, lower=True)
    return pt.linalg.solve_triangular(factor, to, lower=True).T @ z


def log_density(
    y: Any, m: Any, level: Any, length: Any, sigma_f: Any, sigma: Any, where: Any, at: Any
) -> Any:
    """Return the log density of all rows, as in the model with noise of one size.

    Rows at one place have the same sd, `sigma` by place, and count as their number over its square.
    """
    left = (y - m) / sigma[at]
    many = pt.inc_subtensor(pt.zeros_like(where)[at], 1.0)
    sums = pt.inc_subtensor(pt.zeros_like(where)[at], left)
    root = pt.sqrt(many)
    apart = (where[:, None] - where[None, :]) / length
    curve = level**2 + sigma_f**2 * pt.exp(-(apart**2) / 2)
    weight = root / sigma
    factor = pt.linalg.cholesky(
        pt.eye(where.shape[0]) + weight[:, None] * curve * weight, lower=True
    )
    u = sums / pt.maximum(root, 1)
    v = pt.linalg.solve_triangular(factor, u, lower=True)
    squares = (left**2).sum() - (u**2).sum() + (v**2).sum()
    return normal(squares, factor, pt.log(sigma[at]).sum(), y.shape[0])


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
    """Draw the outcomes of all rows, about a curve of their own; `sigma` is that of a place."""
    return of_one_size(m, level, length, sigma_f, sigma[at], where, at, rng, size)
