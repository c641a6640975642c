"""Levels, slopes and values to come, drawn for each draw of three sds.

Level and slope are drawn beforehand, values are made of them, and what the true values are off
these is smoothed: the sum of both is a draw given all values. Source: Durbin and Koopman (2002), A
simple and efficient simulation smoother for state space time series analysis, Biometrika 89.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

from workflow.quantities import SAMPLE
from workflow.series.directions import Turning, variances
from workflow.series.levels import AT_A_TIME, shown
from workflow.series.turning import Passed, Sds, State, Told, begin, told

NUMBERS = 10  # arrays of all times and settings that are there together


class Course(NamedTuple):
    """Level and slope at every step of time (dims: time, settings)."""

    level: np.ndarray
    slope: np.ndarray


def with_slopes(
    posterior: xr.Dataset, series: Turning, times: list[str], ahead: Sequence[str], *, seed: int
) -> xr.Dataset:
    """Return a posterior with levels, slopes and values to come.

    `level` and `slope` have the dim time, `forecast` the dim ahead. `times` are the names of all
    times from the first to the last, those without a value too (of very many some are told), and
    `ahead` those of the times to come.
    """
    rng, sds = np.random.default_rng(seed), variances(posterior)
    at, each = shown(len(times)), max(1, AT_A_TIME // (NUMBERS * len(times)))
    parts = []
    for i in range(0, len(sds.noise), each):
        part = sds.part(slice(i, i + each))
        course = drawn(series, part, rng)
        parts.append((course.level[at], course.slope[at], _ahead(course, part, len(ahead), rng)))
    found = (np.concatenate(one, axis=-1) for one in zip(*parts, strict=True))
    names = [times[i] for i in at]
    dims = ("level", "time", names), ("slope", "time", names), ("forecast", "ahead", ahead)
    shape = [posterior.sizes[dim] for dim in SAMPLE]
    made = {
        name: xr.DataArray(
            array.reshape(len(labels), *shape), {dim: labels}, dims=(dim, *SAMPLE)
        ).transpose(*SAMPLE, dim)
        for (name, dim, labels), array in zip(dims, found, strict=True)
    }
    return posterior.assign(made)


def _moved(
    first: np.ndarray, slope: np.ndarray, steps: int, sds: Sds, rng: np.random.Generator
) -> Course:
    """Return level and slope from a first one on, so many steps further."""
    turns, moves = rng.normal(size=(2, steps, len(first)))
    slopes = slope + np.concatenate([[0 * slope], np.cumsum(turns * np.sqrt(sds.bend), axis=0)])
    gained = slopes[:-1] + moves * np.sqrt(sds.level)
    return Course(first + np.concatenate([[0 * first], np.cumsum(gained, axis=0)]), slopes)


def _ahead(course: Course, sds: Sds, steps: int, rng: np.random.Generator) -> np.ndarray:
    """Draw values to come."""
    later = _moved(course.level[-1], course.slope[-1], steps, sds, rng).level[1:]
    found: np.ndarray = later + np.sqrt(sds.noise) * rng.normal(size=later.shape)
    return found


def drawn(series: Turning, sds: Sds, rng: np.random.Generator) -> Course:
    """Draw level and slope at every step of time, given all values, one for each setting."""
    prior, times = series.prior, series.times
    first, slope = rng.normal(size=(2, len(sds.noise)))
    made = _moved(
        prior.start + prior.start_sd * first, prior.slope_sd * slope, int(times[-1]), sds, rng
    )
    noise = np.sqrt(sds.noise) * rng.normal(size=(len(times), len(first)))
    off = _smoothed(series, series.y[:, None] - made.level[times] - noise, sds)
    return Course(made.level + off.level, made.slope + off.slope)


def _smoothed(series: Turning, y: np.ndarray, sds: Sds) -> Course:
    """Return the means of level and slope at every step of time, of values with the mean zero."""
    steps = np.minimum(np.arange(series.times[-1] + 1), 1.0)
    rows = dict(zip(series.times.tolist(), y, strict=True))
    state = begin(series.prior, sds.noise)
    state = state._replace(level=0 * state.level)
    nothing = Told(*np.broadcast_to([[0.0], [np.inf], [0.0], [0.0]], (4, len(sds.noise))))
    states, seen = [], []
    for t, k in enumerate(steps):
        before, one = state.after(k, sds), nothing
        state = before
        if t in rows:
            one, state = told(rows[t], before, sds.noise)
        states.append(before)
        seen.append(one)
    passed = Passed.joined(seen, steps)
    found = Course(*np.empty((2, *passed.errors.shape)))
    for t, (r, q, *_) in passed.back():
        found.level[t], found.slope[t] = _given(states[t], r, q)
    return found


def _given(before: State, r: np.ndarray, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return level and slope, by what was expected of them and what all later values say."""
    return (
        before.level + before.of_level * r + before.both * q,
        before.slope + before.both * r + before.of_slope * q,
    )
