"""Several levels that move, each seen with noise; all levels are summed out at once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from pytensor import shared
from pytensor.compile.builders import OpFromGraph
from pytensor.tensor.linalg.solvers.tridiagonal import LUFactorTridiagonal

from models.river_level import SOLVE, drawn

EACH = "(s),(s),(s),(s),(n),(n)->(n)"


def levels_alone(
    values: pd.Series,
    times: np.ndarray,
    of: np.ndarray,
    names: Sequence[str],
    scale: np.ndarray,
    steps: np.ndarray,
    first: np.ndarray,
    first_sd: np.ndarray,
    *,
    noise: float = 1.0,
    drift: float = 1.0,
) -> pm.Model:
    """Each series has a level of its own, which moves at random, and values off it by noise.

        y[s, t] ~ Normal(level[s, t], sigma_observation[s])
        level[s, t] ~ Normal(level[s, t - 1], sigma_level[s])  for every step of time, seen or not
        level[s, 1] ~ Normal(first[s], first_sd[s])

        sigma_observation[s] ~ HalfNormal(noise * scale[s])
        sigma_level[s] ~ HalfNormal(drift * steps[s])

    No series knows of another: these are as many models of one series (`models/river_level.py`),
    side by side. The levels are summed out as there: in one vector of first values and differences
    no series is correlated with another, so that LAPACK factors three diagonals for all at once.

    Parameters
    ----------
    values, times, of
        What was observed, series after series, each in the order of time; whole steps from the
        first value of its series, which has 0; and the number of its series. Dims: row.
    names, scale, steps, first, first_sd
        What the series are called; prior scales of both sds, and mean and sd of the first level,
        in the unit of the values. Dims: series.
    noise, drift
        How many times these scales are those of the prior.

    Source: Durbin and Koopman (2012), Time Series Analysis by State Space Methods, 2nd ed., ch. 2.
    """
    with pm.Model(coords={"row": values.index.to_numpy(), "series": list(names)}) as model:
        factors = pm.Data("noise", float(noise)), pm.Data("drift", float(drift))
        sds = [
            pm.HalfNormal(name, factor * np.asarray(one, dtype=float), dims="series")
            for name, factor, one in zip(
                ("sigma_observation", "sigma_level"), factors, (scale, steps), strict=True
            )
        ]
        observe(values, times, of, first, first_sd, *sds)
    return model


def observe(
    values: pd.Series,
    times: np.ndarray,
    of: np.ndarray,
    first: np.ndarray,
    first_sd: np.ndarray,
    sigma_observation: Any,
    sigma_level: Any,
) -> None:
    """Add what was observed of all series to the model."""
    steps = np.diff(times, prepend=0).astype(float)
    steps[np.diff(of, prepend=-1) != 0] = 0.0  # a series begins
    given = [np.asarray(one, dtype=float) for one in (first, first_sd)]
    observed = pm.Data("y_data", values.to_numpy(dtype=float), dims="row")
    pm.CustomDist(
        "y",
        *(*given, sigma_observation, sigma_level, shared(steps, "steps"), shared(of, "of_row")),
        logp=log_density,
        random=drawn_each,
        signature=EACH,
        observed=observed,
        dims="row",
    )


def log_density(
    value: Any,
    start: Any,
    start_sd: Any,
    sigma_observation: Any,
    sigma_level: Any,
    steps: Any,
    of: Any,
) -> Any:
    """Return the log density of all values, the levels summed out."""
    begins = pt.eq(steps, 0)
    before = pt.concatenate([value[:1], value[:-1]])
    apart = value - pt.switch(begins, start[of], before)
    variances = (one[of] ** 2 for one in (sigma_observation, sigma_level, start_sd))
    given = apart, *variances, steps, pt.cast(begins, "float64")
    inside = [one.type() for one in map(pt.as_tensor, given)]
    return OpFromGraph(inside, [_density(*inside)], inline=True, pullback=pullback)(*given)


def _factored(noise: Any, level: Any, first: Any, steps: Any, begins: Any) -> tuple[Any, Any, Any]:
    """Return the factors of the covariance, its diagonal, and the diagonal beside it.

    Where a series begins, its first value stands, which no other series knows of.
    """
    diagonal = begins * first + (2 - begins) * noise + level * steps
    beside = -(noise * (1 - begins))[1:]
    factors: Any = LUFactorTridiagonal()(beside, diagonal, beside)
    return factors, diagonal, beside


def _density(apart: Any, *variances: Any) -> Any:
    """Return the log density of the first values and all differences."""
    factors, _, _ = _factored(*variances)
    solved: Any = SOLVE(*factors, apart)
    return -0.5 * (pt.log(2 * np.pi * factors[1]).sum() + (apart * solved).sum())


def pullback(inputs: list[Any], outputs: list[Any], slopes: list[Any]) -> list[Any]:
    """Return the slope by each input: a row's difference, variances, steps, and its beginning."""
    apart, noise, level, first, steps, begins = inputs
    factors, diagonal, beside = _factored(noise, level, first, steps, begins)
    x: Any = SOLVE(*factors, apart)
    from_the_end: Any = LUFactorTridiagonal()(beside[::-1], diagonal[::-1], beside[::-1])
    inverse = 1 / (factors[1] + from_the_end[1][::-1] - diagonal)
    next_to = -beside / factors[1][:-1] * inverse[1:]
    each, both = x**2 - inverse, x[1:] * x[:-1] - next_to
    with_next = pt.concatenate([pt.zeros(1), 2 * both * (1 - begins[1:])])
    of_noise = (2 - begins) * each - with_next
    found = -2 * x, of_noise, steps * each, begins * each, level * each
    return [*(slopes[0] * one / 2 for one in found), pt.zeros_like(begins)]


def drawn_each(
    start: np.ndarray,
    start_sd: np.ndarray,
    sigma_observation: np.ndarray,
    sigma_level: np.ndarray,
    steps: np.ndarray,
    of: np.ndarray,
    rng: np.random.Generator,
    size: tuple[int, ...] | None = None,
) -> np.ndarray:
    """Draw values of all series about levels that are drawn anew each time."""
    given = np.asarray(start), np.asarray(start_sd), np.asarray(sigma_observation)
    moved = np.asarray(sigma_level)
    ends = np.flatnonzero(np.diff(of, append=-1)) + 1
    each = np.split(np.asarray(steps), ends[:-1])
    parts = []
    for i, own in enumerate(each):
        first, first_sd, noise = (one[..., i] for one in given)
        parts.append(drawn(first, first_sd, noise, moved[..., i], own, rng, size))
    return np.concatenate(parts, axis=-1)
