"""Levels at all times and values to come, drawn for each draw of the two sds."""

import numpy as np
import xarray as xr

from workflow.quantities import SAMPLE
from workflow.series.accounts import Series
from workflow.series.kalman import filtered, sampled

ALL, FEWER = 2000, 500  # times: of more than these, levels are told at so many
AT_A_TIME = 4_000_000  # numbers of a filter: draws are taken in parts


def with_levels(
    posterior: xr.Dataset, series: Series, times: list[str], ahead: list[str], *, seed: int
) -> xr.Dataset:
    """Return a posterior with levels, values to come, and the change from first to last.

    `level` has the dim time, `forecast` the dim ahead; a trend is a part of both, not of the
    change. `times` are the names of all times from the first to the last, those without a value too
    (`level` has those of `shown`), and `ahead` those of the times to come. Between two values the
    level is a bridge from one to the other.
    """
    rng = np.random.default_rng(seed)
    sds = [posterior[name].transpose(*SAMPLE) for name in ("sigma_observation", "sigma_level")]
    noise, level = (np.square(one.to_numpy().ravel()) for one in sds)
    at, each = shown(len(times)), max(1, AT_A_TIME // len(times))
    to = len(times) + np.arange(len(ahead))
    known, after = (
        np.broadcast_to(one, (len(one), len(noise)))
        for one in (series.shift(posterior, series.times), series.shift(posterior, to))
    )
    parts = [
        _drawn(series, noise[part], level[part], at, (known[:, part], after[:, part]), rng)
        for part in (slice(i, i + each) for i in range(0, len(noise), each))
    ]
    levels, to_come, change = (np.concatenate(one, axis=-1) for one in zip(*parts, strict=True))
    levels = levels + series.course(posterior, at)
    names, shape = [times[i] for i in at], sds[0].shape
    dims = {"level": ("time", names, levels), "forecast": ("ahead", ahead, to_come)}
    made = {
        name: xr.DataArray(
            array.reshape(len(labels), *shape), {dim: labels}, dims=(dim, *SAMPLE)
        ).transpose(*SAMPLE, dim)
        for name, (dim, labels, array) in dims.items()
    }
    return posterior.assign(made).assign(change=(SAMPLE, change.reshape(shape)))


def shown(times: int) -> np.ndarray:
    """Return at which of so many times levels are told: at all, or of very many at some."""
    found = np.linspace(0, times - 1, FEWER).astype(int) if times > ALL else np.arange(times)
    return found


def _drawn(
    series: Series,
    noise: np.ndarray,
    level: np.ndarray,
    at: np.ndarray,
    shifts: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw levels at some times, values to come, and the change, one for each setting.

    `shifts` are what is added to the level of the values, and of those to come.
    """
    gained, prior = series.steps[:, None] * level, series.prior
    seen = filtered(series.y[:, None] - shifts[0], gained, noise, prior.start, prior.start_sd**2)
    known = sampled(seen, gained, rng)
    levels = _bridged(known, series.times, np.sqrt(level), rng)
    moves = rng.normal(size=shifts[1].shape) * np.sqrt(level)
    to_come = known[-1] + np.cumsum(moves, axis=0)
    to_come = to_come + rng.normal(size=to_come.shape) * np.sqrt(noise) + shifts[1]
    return levels[at], to_come, known[-1] - known[0]


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
