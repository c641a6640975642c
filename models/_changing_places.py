"""A smooth curve of many places, and noise whose size is one too: both as waves.

The heights of the curve's waves are summed out, those of the noise's are sampled. Sums of products
of two sines are differences of sums of cosines, so that noise of another size at every place costs
as many sums as there are waves, twice, and not their square.
"""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

from models._many_places import columns, halves
from models._noise_waves import coords, sizes
from models._threads import one_thread
from models.smooth_curve import normal


def changing_places(
    rows: pd.DataFrame,
    count: int,
    reach: float,
    count_noise: int,
    reach_noise: float,
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
        f[i]      = a + sum_j b_f[j] * sin(w_f[j] * (x[i] - c + reach * h)) / sqrt(reach)
        a         ~ Normal(m, s * level_sd)  summed out, as b_f is
        b_f[j]    ~ Normal(0, sigma_f * sqrt(v_f[j]))
        v_f[j]    = sqrt(2 * pi) * length / h * exp(-length**2 * w_f[j]**2 / 2)
        w_f[j]    = pi * j / (2 * reach * h)
        g[i]      = log(sigma) + sum_j b[j] * sin(w[j] * (x[i] - c + reach_noise))
        b[j]      ~ Normal(0, sigma_noise * sqrt(v[j]))
        v[j]      = sqrt(2 * pi) * length_noise / reach_noise * exp(-length_noise**2 * w[j]**2 / 2)
        w[j]      = pi * j / (2 * reach_noise)

        length       ~ LogNormal(log(typical_length), length_spread)
        sigma_f      ~ HalfNormal(s * amplitude)
        sigma        ~ HalfNormal(s * noise)
        length_noise ~ LogNormal(log(typical_length_noise), length_noise_spread)
        sigma_noise  ~ HalfNormal(change)

    f[i] is the curve at x[i], of as many waves as `count`, as in the model of many places with
    noise of one size; exp(g[i]) is the sd of a row there, as in the model of few places with noise
    that changes. c is the middle of all x and h half their range. m and s are mean and sd of the
    outcome.

    Parameters
    ----------
    rows
        Two columns of numbers: x, which may repeat and needs no order, and y. Dims: row.
    count, reach
        The waves of the curve: how many, and how many times as far as the rows they reach.
    count_noise, reach_noise
        Those of the noise: how many, and how far they reach from c, in the unit of x.
    typical_length, length_spread, amplitude, noise, level_sd
        As in the models with noise of one size; sigma is the middle of the noise's sizes.
    typical_length_noise, length_noise_spread, change
        As in the model of few places.

    Sources: Solin and Särkkä (2020), Hilbert space methods for reduced-rank Gaussian process
    regression; Viset, Kok and Solin (2023), Exploiting Hankel-Toeplitz structures for fast
    computation of kernel precision matrices.
    """
    one_thread()
    where, at = np.unique(rows.iloc[:, 0].to_numpy(dtype=float), return_inverse=True)
    y, of = rows.iloc[:, 1], about(where, count, reach)
    of_rows = {"row": rows.index.to_numpy(), "place": np.arange(len(where))}
    with pm.Model(coords=of_rows | coords(count_noise)) as model:
        m, s = pm.Data("outcome_mean", float(y.mean())), pm.Data("outcome_sd", float(y.std()))
        middle = pm.math.log(pm.Data("typical_length", float(typical_length)))
        length = pm.LogNormal("length", middle, pm.Data("length_spread", float(length_spread)))
        sigma_f = pm.HalfNormal("sigma_f", s * pm.Data("amplitude", float(amplitude)))
        sigma = pm.HalfNormal("sigma", s * pm.Data("noise", float(noise)))
        size = sizes(
            *(where, np.bincount(at), count_noise, reach_noise, sigma),
            typical_length=typical_length_noise,
            length_spread=length_noise_spread,
            change=change,
        )
        level, unit = s * pm.Data("level_sd", float(level_sd)), length / (np.ptp(where) / 2)
        pm.CustomDist(
            "y",
            *(m, halves(level, sigma_f, unit, pm.Data("turns", of["turns"])), size),
            pm.Data("curve_waves", of["waves"], dims=("place", "curve_wave")),
            pm.Data("cosines", of["cosines"], dims=("place", "turn")),
            pm.Data("at", at, dims="row"),
            logp=log_density,
            random=drawn,
            signature="(),(k),(u),(u,k),(u,c),(n)->(n)",
            observed=pm.Data("y_data", y.to_numpy(dtype=float), dims="row"),
            dims="row",
        )
    return model


def about(where: np.ndarray, count: int, reach: float) -> dict[str, np.ndarray]:
    """Return the `pm.Data` of so many waves of the curve.

    `cosines` are those of 0, 1, 2 ... 2 * count times the angle that the first wave is the sine
    of, over twice the reach.
    """
    turns = np.arange(1, count + 1) * np.pi / (2 * reach)  # w_f times h
    half = np.ptp(where) / 2
    angle = ((where - (where[0] + where[-1]) / 2) / half + reach) * turns[0]
    cosines = np.cos(angle[:, None] * np.arange(2 * count + 1)) / (2 * reach)
    return {"turns": turns, "waves": columns(where, turns, reach), "cosines": cosines}


def products(weight: Any, waves: Any, cosines: Any) -> Any:
    """Return sums over places of products of any two columns of `waves`, each so often.

    sin(i * t) * sin(j * t) is half of cos((i - j) * t) - cos((i + j) * t).
    """
    along, sums = weight @ waves, weight @ cosines
    each = pt.arange(1, waves.shape[1])
    apart, together = pt.abs(each[:, None] - each), each[:, None] + each
    inner = sums[apart.ravel()] - sums[together.ravel()]
    below = pt.concatenate([along[1:][:, None], inner.reshape(apart.shape)], axis=1)
    return pt.concatenate([along[None, :], below], axis=0)


def log_density(y: Any, m: Any, half: Any, sigma: Any, waves: Any, cosines: Any, at: Any) -> Any:
    """Return the log density of all rows, as in the model with noise of one size.

    Rows at one place have the same sd, `sigma` by place, and count as their number over its square.
    """
    left = y - m
    none = pt.zeros_like(sigma)[at]
    many, sums = (pt.inc_subtensor(none, one) for one in (1.0, left))
    gram = products(many / sigma**2, waves, cosines)
    factor = pt.linalg.cholesky(pt.eye(half.shape[0]) + half[:, None] * gram * half, lower=True)
    z = pt.linalg.solve_triangular(factor, half * ((sums / sigma**2) @ waves), lower=True)
    squares = ((left / sigma[at]) ** 2).sum() - (z**2).sum()
    return normal(squares, factor, pt.log(sigma[at]).sum(), y.shape[0])


def drawn(
    m: np.ndarray,
    half: np.ndarray,
    sigma: np.ndarray,
    waves: np.ndarray,
    cosines: np.ndarray,
    at: np.ndarray,
    rng: np.random.Generator,
    size: tuple[int, ...] | None = None,
) -> np.ndarray:
    """Draw the outcomes of all rows, about a curve of their own; `sigma` is that of a place."""
    shape = size or ()
    curves = m + (half * rng.standard_normal((*shape, len(half)))) @ waves.T
    return np.asarray(curves[..., at] + sigma[at] * rng.standard_normal((*shape, len(at))))
