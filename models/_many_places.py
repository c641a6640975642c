"""A smooth curve of many places, and noise of one size: the process as a sum of waves.

The heights of the waves are summed out, as the curve is in the model of few places; the cost is
that of the waves, and hardly that of the rows.
"""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

from models._threads import one_thread
from models.smooth_curve import normal


def many_places(
    rows: pd.DataFrame,
    count: int,
    reach: float,
    *,
    typical_length: float = 5.0,
    length_spread: float = 1.1,
    amplitude: float = 1.0,
    noise: float = 1.0,
    level_sd: float = 1.0,
) -> pm.Model:
    """The outcome is a smooth curve of x, and noise that is as large everywhere.

        y[i]      ~ Normal(f[i], sigma)
        f[i]      = a + sum_j b[j] * sin(w[j] * (x[i] - c + reach * h)) / sqrt(reach)
        a         ~ Normal(m, s * level_sd)  summed out, as b is
        b[j]      ~ Normal(0, sigma_f * sqrt(v[j]))
        v[j]      = sqrt(2 * pi) * length / h * exp(-length**2 * w[j]**2 / 2)
        w[j]      = pi * j / (2 * reach * h)

        length    ~ LogNormal(log(typical_length), length_spread)
        sigma_f   ~ HalfNormal(s * amplitude)
        sigma     ~ HalfNormal(s * noise)

    f[i] is the curve at x[i], of as many waves as `count`; c is the middle of all x and h half
    their range. With many waves that reach far this is the Gaussian process with covariance
    sigma_f**2 * exp(-(x[i] - x[j])**2 / (2 * length**2)) about a level a. Given length, sigma_f
    and sigma the curve is known exactly, as a normal distribution: the sampler moves in these
    three numbers, and the curve is drawn afterwards. m and s are mean and sd of the outcome: the
    data's own, computed once and then fixed.

    Parameters
    ----------
    rows
        Two columns of numbers: x, which may repeat and needs no order, and y. Dims: row.
    count, reach
        How many waves, and how many times as far as the rows they reach from the middle of x,
        above 1. By the lengths that the rows do not rule out: the last wave turns by 4.5 radians
        or more within the shortest, and to the ends of the waves it is farther than the longest.
    typical_length, length_spread, amplitude, noise, level_sd
        As in the model of few places.

    Source: Solin and Särkkä (2020), Hilbert space methods for reduced-rank Gaussian process
    regression; Riutort-Mayol and others (2023), for the number of waves.
    """
    one_thread()
    where, at = np.unique(rows.iloc[:, 0].to_numpy(dtype=float), return_inverse=True)
    y, many = rows.iloc[:, 1], np.bincount(at).astype(float)
    of = about(where, many, count, reach)
    coords = {"row": rows.index.to_numpy(), "place": np.arange(len(where))}
    with pm.Model(coords=coords | {"wave": np.arange(count + 1)}) as model:
        m, s = pm.Data("outcome_mean", float(y.mean())), pm.Data("outcome_sd", float(y.std()))
        middle = pm.math.log(pm.Data("typical_length", float(typical_length)))
        length = pm.LogNormal("length", middle, pm.Data("length_spread", float(length_spread)))
        sigma_f = pm.HalfNormal("sigma_f", s * pm.Data("amplitude", float(amplitude)))
        sigma = pm.HalfNormal("sigma", s * pm.Data("noise", float(noise)))
        unit, turns = length / float(np.ptp(where) / 2), pm.Data("turns", of["turns"])
        half = halves(s * pm.Data("level_sd", float(level_sd)), sigma_f, unit, turns)
        pm.CustomDist(
            "y",
            *(m, half, sigma, pm.Data("waves", of["waves"], dims=("place", "wave"))),
            pm.Data("gram", of["gram"], dims=("wave", "wave_too")),
            pm.Data("at", at, dims="row"),
            logp=log_density,
            random=drawn,
            signature="(),(k),(),(u,k),(k,k),(n)->(n)",
            observed=pm.Data("y_data", y.to_numpy(dtype=float), dims="row"),
            dims="row",
        )
    return model


def about(where: np.ndarray, many: np.ndarray, count: int, reach: float) -> dict[str, np.ndarray]:
    """Return the `pm.Data` of so many waves, for places that have so many rows each."""
    turns = np.arange(1, count + 1) * np.pi / (2 * reach)  # w times h
    waves = columns(where, turns, reach)
    return {"turns": turns, "waves": waves, "gram": waves.T @ (many[:, None] * waves)}


def halves(level: Any, sigma_f: Any, unit: Any, turns: Any) -> Any:
    """Return the prior sds of the level and of each wave; `unit` is the length over h.

    The root of v comes at once: where v is 0 to rounding, the slope of its root is no number.
    """
    root = (2 * np.pi) ** 0.25 * pt.sqrt(unit) * pt.exp(-((unit * turns) ** 2) / 4)
    return pt.concatenate([level[None], sigma_f * root])


def columns(where: np.ndarray, turns: np.ndarray, reach: float) -> np.ndarray:
    """Return ones and the waves at each place; dims place, 1 + wave."""
    half = np.ptp(where) / 2
    t = (where - (where[0] + where[-1]) / 2) / half
    return np.hstack([np.ones((len(t), 1)), np.sin((t[:, None] + reach) * turns) / np.sqrt(reach)])


def log_density(y: Any, m: Any, half: Any, sigma: Any, waves: Any, gram: Any, at: Any) -> Any:
    """Return the log density of all rows, by sums over them that no parameter changes.

    One matrix of level and waves is factorised: 1 + their sums of products times their prior sds
    over the noise's, which is never near singular.
    """
    left = y - m
    sums = waves.T @ pt.inc_subtensor(pt.zeros_like(waves[:, 0])[at], left)
    scale = half / sigma
    factor = pt.linalg.cholesky(pt.eye(half.shape[0]) + scale[:, None] * gram * scale, lower=True)
    z = pt.linalg.solve_triangular(factor, scale * sums, lower=True)
    squares = (left**2).sum() - (z**2).sum()
    return normal(squares / sigma**2, factor, y.shape[0] * pt.log(sigma), y.shape[0])


def drawn(
    m: np.ndarray,
    half: np.ndarray,
    sigma: np.ndarray,
    waves: np.ndarray,
    gram: np.ndarray,
    at: np.ndarray,
    rng: np.random.Generator,
    size: tuple[int, ...] | None = None,
) -> np.ndarray:
    """Draw the outcomes of all rows, about a curve of their own."""
    shape = size or ()
    curves = m + (half * rng.standard_normal((*shape, len(half)))) @ waves.T
    return np.asarray(curves[..., at] + sigma * rng.standard_normal((*shape, len(at))))
