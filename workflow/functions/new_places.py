"""What a posterior says at new places: the curve, and a new row, with their central 95%."""

import numpy as np
import pandas as pd
import xarray as xr

from workflow.functions.course import course
from workflow.functions.points import Points
from workflow.quantities import TAILS

AT_ONCE, EACH = 100, 20  # places, whose covariances are computed together; draws of each theta


def at(points: Points, posterior: xr.Dataset, x: np.ndarray, *, seed: int) -> pd.DataFrame:
    """Return mean and ends of the curve, and of a new row, at each x; columns by name.

    The same x has the same numbers. `extrapolated` are places outside the fitted ones.
    """
    where, back = np.unique(x, return_inverse=True)
    parts = np.array_split(where, max(1, -(-len(where) // AT_ONCE)))
    rng = np.random.default_rng(seed)
    found = pd.concat([_part(points, posterior, part, rng) for part in parts], ignore_index=True)
    outside = (where < points.where[0]) | (where > points.where[-1])
    return found.assign(extrapolated=outside).iloc[back].reset_index(drop=True)


def _part(
    points: Points, posterior: xr.Dataset, x: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    found = course(points, posterior, grid=x)
    mean, sd = (np.repeat(one, EACH, axis=0) for one in found.curve)
    curve = mean + sd * rng.standard_normal(mean.shape)
    noise = np.repeat(found.noise, EACH, axis=0)
    row = curve + noise * rng.standard_normal(mean.shape)
    ends = {"curve": np.quantile(curve, TAILS, axis=0), "row": np.quantile(row, TAILS, axis=0)}
    told = {
        f"{end}_{name}": values
        for name, both in ends.items()
        for end, values in zip(("lower", "upper"), both, strict=True)
    }
    return pd.DataFrame({"mean": found.mean, **told})
