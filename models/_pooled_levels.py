"""Several levels that move, with sds from one population; all levels are summed out at once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

from models._several_levels import observe


def levels_pooled(
    values: pd.Series,
    times: np.ndarray,
    of: np.ndarray,
    names: Sequence[str],
    scale: float,
    step: float,
    first: np.ndarray,
    first_sd: np.ndarray,
    *,
    noise: float = 1.0,
    drift: float = 1.0,
    typical: float = 1.5,
    between: float = 1.0,
) -> pm.Model:
    """Each series has a level of its own, and sds that are like those of the others.

        y[s, t] ~ Normal(level[s, t], sigma_observation[s])
        level[s, t] ~ Normal(level[s, t - 1], sigma_level[s])  for every step of time, seen or not
        level[s, 1] ~ Normal(first[s], first_sd[s])

        sigma_observation[s] ~ LogNormal(log(typical_observation), between_observation)
        sigma_level[s] ~ LogNormal(log(typical_level), between_level)

        typical_observation ~ LogNormal(log(noise * scale), typical)
        typical_level ~ LogNormal(log(drift * step), typical)
        between_observation ~ HalfNormal(between)
        between_level ~ HalfNormal(between)

    How far sds of series lie apart is told by the series: are they alike, one with few values has
    nearly the sds of the others; are they not, each has its own. Levels are not pooled. The levels
    are summed out as in the model of series by themselves. The sampler moves in standard normal
    offsets of log sds, since a series may say hardly anything of the sd of its steps.

    Parameters
    ----------
    values, times, of
        What was observed, series after series, each in the order of time; whole steps from the
        first value of its series, which has 0; and the number of its series. Dims: row.
    names, first, first_sd
        What the series are called; mean and sd of the first level, in the unit of the values. Dims:
        series.
    scale, step
        What is expected of a typical sd about the level, and of a step: a usual difference of
        neighbours in all series, say. In the unit of the values.
    noise, drift
        How many times these are expected.
    typical
        Prior sd of the logarithm of a typical sd: at 1.5 it is within 20 times either way.
    between
        Prior scale of the sd between the log sds of series: at 1 they may well differ 10 times.

    Source: Durbin and Koopman (2012), Time Series Analysis by State Space Methods, 2nd ed., ch. 2;
    Gelman and Hill (2007), Data analysis using regression and multilevel models, ch. 12.
    """
    kinds = "observation", "level"
    coords = {"row": values.index.to_numpy(), "series": list(names), "sd": list(kinds)}
    with pm.Model(coords=coords) as model:
        factors = pm.Data("noise", float(noise)), pm.Data("drift", float(drift))
        wide, apart = pm.Data("typical", float(typical)), pm.Data("between", float(between))
        offsets = pm.Normal("group_z", 0, 1, dims=("sd", "series"))
        sds = []
        expected = [factor * one for factor, one in zip(factors, (scale, step), strict=True)]
        for i, (kind, one) in enumerate(zip(kinds, expected, strict=True)):
            middle = pm.LogNormal(f"typical_{kind}", pt.log(one), wide)
            spread = pm.HalfNormal(f"between_{kind}", apart)
            sd = middle * pt.exp(spread * offsets[i])
            sds.append(pm.Deterministic(f"sigma_{kind}", sd, dims="series"))
        observe(values, times, of, first, first_sd, *sds)
    return model
