"""Levels at all times and values to come, drawn for each draw of the two sds."""

import numpy as np
import xarray as xr

from workflow.quantities import SAMPLE
from workflow.series.accounts import Series
from workflow.series.kalman import filtered, sampled


def with_levels(
    posterior: xr.Dataset, series: Series, times: list[str], ahead: list[str], *, seed: int
) -> xr.Dataset:
    """Return a posterior with levels, values to come, and the change from first to last.

    `level` has the dim time, `forecast` the dim ahead. `times` are the names of all times
    from the first to the last, those without a value too, and `ahead` those of the times to come.
    Between two values the level is a bridge from one to the other.
    """
    rng, prior = np.random.default_rng(seed), series.prior
    sds = [posterior[name].transpose(*SAMPLE) for name in ("sigma_observation", "sigma_level")]
    noise, level = (np.square(one.to_numpy().ravel()) for one in sds)
    gained = series.steps[:, None] * level
    seen = filtered(series.y[:, None], gained, noise, prior.start, prior.start_sd**2)
    known = sampled(seen, gained, rng)
    levels = _bridged(known, series.times, np.sqrt(level), rng)
    moves = rng.normal(size=(len(ahead), len(noise))) * np.sqrt(level)
    to_come = known[-1] + np.cumsum(moves, axis=0)
    to_come = to_come + rng.normal(size=to_come.shape) * np.sqrt(noise)
    shape = sds[0].shape
    dims = {"level": ("time", times, levels), "forecast": ("ahead", ahead, to_come)}
    made = {
        name: xr.DataArray(
            array.reshape(len(labels), *shape), {dim: labels}, dims=(dim, *SAMPLE)
        ).transpose(*SAMPLE, dim)
        for name, (dim, labels, array) in dims.items()
    }
    return posterior.assign(made).assign(change=(SAMPLE, (known[-1] - known[0]).reshape(shape)))


def _bridged(
    known: np.ndarray, times: np.ndarray, sd: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return levels at every step of time, of those at some (dims: time, settings)."""
    found = np.empty((int(times[-1]) + 1, known.shape[1]))
    found[times] = known
    after = np.searchsorted(times, np.arange(len(found)))
    for t in np.setdiff1d(np.arange(len(found)), times):
        left = times[after[t]] - t  # steps up to the next value
        mean = found[t - 1] + (known[after[t]] - found[t - 1]) / (left + 1)
        found[t] = mean + sd * np.sqrt(left / (left + 1)) * rng.normal(size=len(mean))
    return found
