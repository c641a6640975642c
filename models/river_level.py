"""A level that moves from one time to the next, seen with noise; the level is summed out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from pytensor import shared
from pytensor.compile.builders import OpFromGraph
from pytensor.tensor.linalg.solvers.tridiagonal import LUFactorTridiagonal, SolveLUFactorTridiagonal

SOLVE = SolveLUFactorTridiagonal(b_ndim=1, transposed=False)


def local_level(
    values: pd.Series,
    times: np.ndarray,
    *,
    noise: float = 200.0,
    drift: float = 200.0,
    start: float = 1200.0,
    start_sd: float = 2000.0,
    phases: Sequence[str] = (),
    pattern: float = 200.0,
    slope_sd: float = 0.0,
) -> pm.Model:
    """A level moves at random from each time to the next, and every value is off it by noise.

        y[t] ~ Normal(level[t], sigma_observation)
        level[t] ~ Normal(level[t - 1], sigma_level)  for every step of time, seen or not
        level[1] ~ Normal(start, start_sd)

        sigma_observation ~ HalfNormal(noise)
        sigma_level ~ HalfNormal(drift)

        y[t] ~ Normal(level[t] + season[place[t]], sigma_observation)  with --season
        season[k] = u[k] - sum_j u[j] / K  for the K places of a period
        u[k] ~ Normal(0, pattern)

        y[t] ~ Normal(level[t] + slope * t, sigma_observation)  with --trend
        slope ~ Normal(0, slope_sd)

    The level is summed out, so that two sds are unknown to the sampler and not a level for each
    time. The first value and the differences of neighbours are normal, and their covariance has
    three diagonals: each holds a move of the level and the noise of two values. LAPACK factors
    it in as many steps as there are values, and its slopes need no more than the three diagonals of
    its inverse, which a factor from either end gives (`pullback`). That is the same density as a
    Kalman filter's, without a loop: a scan of PyTensor compiles 30 times as long and is slower, and
    eigenvectors take the square of the number of values. Times without a value are no rows: a
    move over several steps has so many times the variance.

    Parameters
    ----------
    values
        What was observed, in the order of time. Dims: row.
    times
        Whole steps of time from the first value, which has 0, increasing. Dims: row.
    noise, drift
        Prior scales of the two sds, in the unit of the values, above 0: 95% is below twice that.
        The sd of the differences of neighbours is a scale for both: each of them alone could make
        differences as large.
    start, start_sd
        Where the first level is expected, and how well. Ten times the scale is nearly nothing: the
        first level is then told by the values.
    phases
        What the places of a period are called, the first value's first: its length is that of the
        season. None of them: no season. A season is the same in every period, and its effects sum
        to zero: what they have in common is the level's.
    pattern
        Prior sd of an effect of the season, in the unit of the values (nearly: of K effects it is
        sqrt(1 - 1 / K) times that, as they sum to zero). How far values of a period lie apart is a
        scale for it.
    slope_sd
        Prior sd of what a trend adds in each step of time, from the first value on; 0: there is
        no trend. Durbin and Koopman's local linear trend, with a slope that stays the same. How far
        values lie apart, by the time there is, is a scale for it.

    Source: Durbin and Koopman (2012), Time Series Analysis by State Space Methods, 2nd ed., ch. 2.
    """
    with pm.Model(coords={"row": values.index.to_numpy()}) as model:
        sigma_observation = pm.HalfNormal("sigma_observation", pm.Data("noise", float(noise)))
        sigma_level = pm.HalfNormal("sigma_level", pm.Data("drift", float(drift)))
        first = pm.Data("start", float(start)), pm.Data("start_sd", float(start_sd))
        steps = np.diff(times, prepend=times[0]).astype(float)
        observed = pm.Data("y_data", values.to_numpy(dtype=float), dims="row")
        given: list[Any] = [*first, sigma_observation, sigma_level, shared(steps, "steps")]
        of: dict[str, Any] = {"logp": log_density, "random": drawn}
        of["signature"] = "(),(),(),(),(n)->(n)"
        beside: list[Any] = []
        if phases:
            model.add_coord("phase", list(phases))
            season = pm.ZeroSumNormal("season", pm.Data("pattern", float(pattern)), dims="phase")
            beside.append(season[shared(np.asarray(times) % len(phases), "phase_of_row")])
        if slope_sd:
            slope = pm.Normal("slope", 0, pm.Data("slope_sd", float(slope_sd)))
            beside.append(slope * shared(np.asarray(times, dtype=float), "time_of_row"))
        if beside:
            given.append(sum(beside[1:], beside[0]))
            of = {"logp": log_density_about, "random": drawn_about}
            of["signature"] = "(),(),(),(),(n),(n)->(n)"
        pm.CustomDist("y", *given, **of, observed=observed, dims="row")
    return model


def log_density_about(value: Any, *given: Any) -> Any:
    """Return the log density of values that have season or trend (last given) on their level."""
    return log_density(value - given[-1], *given[:-1])


def drawn_about(
    start: np.ndarray,
    start_sd: np.ndarray,
    sigma_observation: np.ndarray,
    sigma_level: np.ndarray,
    steps: np.ndarray,
    beside: np.ndarray,
    rng: np.random.Generator,
    size: tuple[int, ...] | None = None,
) -> np.ndarray:
    """Draw values about a level, and a season or trend beside it."""
    found = drawn(start, start_sd, sigma_observation, sigma_level, steps, rng, size)
    return found + beside


def log_density(
    value: Any, start: Any, start_sd: Any, sigma_observation: Any, sigma_level: Any, steps: Any
) -> Any:
    """Return the log density of all values, the level summed out."""
    apart = pt.concatenate([value[:1] - start, value[1:] - value[:-1]])
    given = apart, sigma_observation**2, sigma_level**2, start_sd**2, steps
    inside = [one.type() for one in map(pt.as_tensor, given)]
    return OpFromGraph(inside, [_density(*inside)], inline=True, pullback=pullback)(*given)


def _factored(noise: Any, level: Any, first: Any, steps: Any) -> tuple[Any, Any, Any]:
    """Return the factors of the covariance, its diagonal, and the diagonal beside it.

    It is positive definite and each diagonal entry outweighs the one below: nothing is exchanged.
    """
    begins = pt.eq(pt.arange(steps.shape[0]), 0)
    diagonal = pt.switch(begins, first + noise, 2 * noise + level * steps)
    beside = -noise * pt.ones_like(steps[1:])
    factors: Any = LUFactorTridiagonal()(beside, diagonal, beside)
    return factors, diagonal, beside


def _density(apart: Any, *variances: Any) -> Any:
    """Return the log density of the first value and all differences."""
    factors, _, _ = _factored(*variances)
    solved: Any = SOLVE(*factors, apart)
    logs = pt.log(2 * np.pi * factors[1]).sum()
    return -0.5 * (logs + (apart * solved).sum())


def pullback(inputs: list[Any], outputs: list[Any], slopes: list[Any]) -> list[Any]:
    """Return the slope by each input: of differences, noise, level, first level, and steps."""
    apart, noise, level, first, steps = inputs
    factors, diagonal, beside = _factored(noise, level, first, steps)
    x: Any = SOLVE(*factors, apart)
    from_the_end: Any = LUFactorTridiagonal()(beside, diagonal[::-1], beside)
    inverse = 1 / (factors[1] + from_the_end[1][::-1] - diagonal)
    next_to = noise / factors[1][:-1] * inverse[1:]
    each, both = x**2 - inverse, x[1:] * x[:-1] - next_to
    of_noise = 2 * each.sum() - each[0] - 2 * both.sum()
    found = -2 * x, of_noise, (steps * each).sum(), each[0], level * each
    return [slopes[0] * one / 2 for one in found]


def drawn(
    start: np.ndarray,
    start_sd: np.ndarray,
    sigma_observation: np.ndarray,
    sigma_level: np.ndarray,
    steps: np.ndarray,
    rng: np.random.Generator,
    size: tuple[int, ...] | None = None,
) -> np.ndarray:
    """Draw values at all times about a level that is drawn anew each time."""
    sds = [np.asarray(one)[..., None] for one in (start_sd, sigma_level, sigma_observation)]
    shape = *np.broadcast_shapes(np.shape(sigma_observation), size or ()), len(steps)
    first = sds[0] * rng.normal(size=(*shape[:-1], 1))
    moved = np.cumsum(sds[1] * np.sqrt(steps) * rng.normal(size=shape), axis=-1)
    return np.asarray(start)[..., None] + first + moved + sds[2] * rng.normal(size=shape)
