"""A level whose slope itself changes, seen with noise; level and slope are summed out."""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
from pytensor import shared

from models._filtered import DENSITY


def turning_level(
    values: pd.Series,
    times: np.ndarray,
    *,
    noise: float = 200.0,
    drift: float = 200.0,
    bend: float = 4.0,
    slope_sd: float = 9.0,
    start: float = 1200.0,
    start_sd: float = 2000.0,
) -> pm.Model:
    """A level goes on by its slope in every step, and both move at random.

        y[t] ~ Normal(level[t], sigma_observation)
        level[t] ~ Normal(level[t - 1] + slope[t - 1], sigma_level)  for every step, seen or not
        slope[t] ~ Normal(slope[t - 1], sigma_slope)
        level[1] ~ Normal(start, start_sd)
        slope[1] ~ Normal(0, slope_sd)

        sigma_observation ~ HalfNormal(noise)
        sigma_level ~ HalfNormal(drift)
        sigma_slope ~ HalfNormal(bend)

    Durbin and Koopman's local linear trend. Level and slope are summed out, so that three sds are
    unknown to the sampler and not two numbers for each time: a Kalman filter passes the values
    once, and its slopes are told on the way back. With a sigma_slope of 0 the slope is steady, and
    the model is `models.river_level.local_level` with a trend. Times without a value are no rows:
    over k steps level and slope move together, exactly as in k steps one after the other.

    Parameters
    ----------
    values
        What was observed, in the order of time. Dims: row.
    times
        Whole steps of time from the first value, which has 0, increasing. Dims: row.
    noise, drift
        Prior scales of the sds of a value about its level and of a step of the level beside its
        slope, in the unit of the values, above 0. The sd of the differences of neighbours is a
        scale for both.
    bend
        Prior scale of the sd of a step of the slope, in the unit of the values a step. 4 R / T^1.5
        is a scale, of values in a range R over T steps: a slope that goes up through this range in
        half of the time and then down again changes by 4 R / T, and has so large changes if they
        are spread over all steps.
    slope_sd
        Prior sd of the first slope. The range of the values by the time there is.
    start, start_sd
        Where the first level is expected, and how well.

    Source: Durbin and Koopman (2012), Time Series Analysis by State Space Methods, 2nd ed., ch. 3.
    """
    with pm.Model(coords={"row": values.index.to_numpy()}) as model:
        sds = [
            pm.HalfNormal(name, pm.Data(knob, float(scale)))
            for name, knob, scale in (
                ("sigma_observation", "noise", noise),
                ("sigma_level", "drift", drift),
                ("sigma_slope", "bend", bend),
            )
        ]
        first = [
            pm.Data(name, float(one))
            for name, one in (("start", start), ("start_sd", start_sd), ("slope_sd", slope_sd))
        ]
        steps = shared(np.diff(times, prepend=times[0]).astype(float), "steps")
        pm.CustomDist(
            "y",
            *(*first, *sds, steps),
            logp=log_density,
            random=drawn,
            signature="(),(),(),(),(),(),(n)->(n)",
            observed=pm.Data("y_data", values.to_numpy(dtype=float), dims="row"),
            dims="row",
        )
    return model


def log_density(value: Any, start: Any, start_sd: Any, slope_sd: Any, *others: Any) -> Any:
    """Return the log density of all values, level and slope summed out."""
    *sds, steps = others
    return DENSITY(value, steps, start, start_sd**2, slope_sd**2, *(one**2 for one in sds))


def drawn(
    start: np.ndarray,
    start_sd: np.ndarray,
    slope_sd: np.ndarray,
    sigma_observation: np.ndarray,
    sigma_level: np.ndarray,
    sigma_slope: np.ndarray,
    steps: np.ndarray,
    rng: np.random.Generator,
    size: tuple[int, ...] | None = None,
) -> np.ndarray:
    """Draw values at all times about a level and its slope, which are drawn anew each time."""
    shape = np.broadcast_shapes(np.shape(sigma_observation), size or ())
    noise = np.asarray(sigma_observation)[..., None] * rng.normal(size=(*shape, len(steps)))
    level = start + start_sd * rng.normal(size=shape)
    slope, made = slope_sd * rng.normal(size=shape), []
    for k in steps:
        first, second = rng.normal(size=(2, *shape))
        alone = sigma_slope * np.sqrt(max(k * (k * k - 1) / 12, 0))  # of the level, given the slope
        turned = sigma_slope * np.sqrt(k) * first
        moved = np.sqrt(k * np.square(sigma_level) + np.square(alone)) * second
        level = level + k * slope + (k - 1) / 2 * turned + moved
        slope = slope + turned
        made.append(level)
    return np.stack(made, axis=-1) + noise
