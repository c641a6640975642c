"""A smooth curve, and noise whose size is one too: Gaussian processes, the curve summed out.

The logarithm of the noise's size is a sum of waves. Their heights are sampled, turned and stretched
by what the rows tell of them, which hardly depends on what they are.
"""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

from models._noise_waves import coords, sizes
from models._threads import one_thread
from models.smooth_curve import drawn as of_one_size, normal


def changing(
    rows: pd.DataFrame,
    count: int,
    reach: float,
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
        g[i]      = log(sigma) + sum_j b[j] * sin(w[j] * (x[i] - c + reach))
        b[j]      ~ Normal(0, sigma_noise * sqrt(v[j]))
        v[j]      = sqrt(2 * pi) * length_noise / reach * exp(-length_noise**2 * w[j]**2 / 2)
        w[j]      = pi * j / (2 * reach)

        length       ~ LogNormal(log(typical_length), length_spread)
        sigma_f      ~ HalfNormal(s * amplitude)
        sigma        ~ HalfNormal(s * noise)
        length_noise ~ LogNormal(log(typical_length_noise), length_noise_spread)
        sigma_noise  ~ HalfNormal(change)

    f[i] is the curve at x[i], and exp(g[i]) the sd of a row there. With a `sigma_noise` of 0 this
    is the curve with noise of one size, sigma. With many waves that reach far g is a Gaussian
    process about log(sigma), with covariance
    sigma_noise**2 * exp(-(x[i] - x[j])**2 / (2 * length_noise**2)). c is the middle of all x, m and
    s are mean and sd of the outcome. A size that differs from sigma by a factor of more than a
    million counts as that: no computer could tell what such rows say of the others.

    Parameters
    ----------
    rows
        Two columns of numbers: x, which may repeat and needs no order, and y. Dims: row.
    count, reach
        How many waves, two at least, and how far they reach from the middle of x, in its unit. By
        the lengths that the noise may change within: the last wave turns by 3 radians or more
        within the shortest, and the waves reach 2.5 times as far as the rows.
    typical_length, length_spread, amplitude, noise, level_sd
        As in the model with noise of one size; sigma is now the middle of the noise's sizes.
    typical_length_noise, length_noise_spread
        Prior median of the length over which the size of the noise changes, in the unit of x, and
        the sd of its logarithm. No fewer than some five rows tell a size.
    change
        Prior scale of the sd of the logarithm of the noise's size: with 1, sizes that differ by a
        factor of three from their middle are usual.

    Sources: Goldberg, Williams and Bishop (1997), Regression with input-dependent noise; Solin and
    Särkkä (2020), Hilbert space methods for reduced-rank Gaussian process regression.
    """
    one_thread()
    where, at = np.unique(rows.iloc[:, 0].to_numpy(dtype=float), return_inverse=True)
    y = rows.iloc[:, 1]
    of_rows = {"row": rows.index.to_numpy(), "place": np.arange(len(where))}
    with pm.Model(coords=of_rows | coords(count)) as model:
        m, s = pm.Data("outcome_mean", float(y.mean())), pm.Data("outcome_sd", float(y.std()))
        middle = pm.math.log(pm.Data("typical_length", float(typical_length)))
        length = pm.LogNormal("length", middle, pm.Data("length_spread", float(length_spread)))
        sigma_f = pm.HalfNormal("sigma_f", s * pm.Data("amplitude", float(amplitude)))
        sigma = pm.HalfNormal("sigma", s * pm.Data("noise", float(noise)))
        size = sizes(
            *(where, np.bincount(at), count, reach, sigma),
            typical_length=typical_length_noise,
            length_spread=length_noise_spread,
            change=change,
        )
        pm.CustomDist(
            "y",
            *(m, s * pm.Data("level_sd", float(level_sd)), length, sigma_f),
            *(size, pm.Data("where", where, dims="place"), pm.Data("at", at, dims="row")),
            logp=log_density,
            random=drawn,
            signature="(),(),(),(),(u),(u),(n)->(n)",
            observed=pm.Data("y_data", y.to_numpy(dtype=float), dims="row"),
            dims="row",
        )
    return model


def log_density(
    y: Any, m: Any, level: Any, length: Any, sigma_f: Any, sigma: Any, where: Any, at: Any
) -> Any:
    """Return the log density of all rows, as in the model with noise of one size.

    Rows at one place have the same sd, `sigma` by place, and count as their number over its square.
    """
    left = (y - m) / sigma[at]
    many, sums = (pt.inc_subtensor(pt.zeros_like(where)[at], one) for one in (1.0, left))
    root, apart = pt.sqrt(many), (where[:, None] - where[None, :]) / length
    curve, weight = level**2 + sigma_f**2 * pt.exp(-(apart**2) / 2), root / sigma
    whole = pt.eye(where.shape[0]) + weight[:, None] * curve * weight
    factor = pt.linalg.cholesky(whole, lower=True)
    u = sums / pt.maximum(root, 1)
    reached = (u**2).sum() - (pt.linalg.solve_triangular(factor, u, lower=True) ** 2).sum()
    squares = (left**2).sum() - reached
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
