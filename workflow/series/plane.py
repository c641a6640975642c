"""A level that drifts, for many pairs of sds at once: its likelihood, and what it ends with."""

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import logsumexp

from workflow.checking.exact import Known
from workflow.quantities import TAILS
from workflow.series.prior import Prior

FINE = 4001  # points between which quantiles are found
AT_A_TIME = 5_000  # settings that are filtered together: their numbers stay near the processor


def ends(
    y: np.ndarray, steps: np.ndarray, prior: Prior, noise: np.ndarray, level: np.ndarray
) -> np.ndarray:
    """Return mean and variance of the last level, and of that less the first, for many settings.

    `noise` and `level` are variances (flat): of a value, and of a step of the level. Values may be
    others for each setting (dims: time, settings).
    """
    found = np.empty((4, len(noise)))
    for at in range(0, len(noise), AT_A_TIME):
        part = slice(at, at + AT_A_TIME)
        some = y if y.ndim == 1 else y[:, part]
        found[:, part] = _ends(some, steps, prior, noise[part], level[part])
    return found


def _ends(
    y: np.ndarray, steps: np.ndarray, prior: Prior, noise: np.ndarray, level: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Filter the level together with the first one, which stays: nothing has to be kept."""
    m, v = np.full(noise.shape, prior.start), np.full(noise.shape, prior.start_sd**2)
    first, of_first, both = m, v, v
    for value, step in zip(y, steps, strict=True):
        v = v + step * level
        wide, error = v + noise, value - m
        back = both / wide
        first, of_first = first + back * error, of_first - back * both
        m, v, both = m + v / wide * error, v / wide * noise, back * noise
    return m, v, m - first, np.maximum(v + of_first - 2 * both, 0)


def log_likelihood(
    y: np.ndarray, steps: np.ndarray, prior: Prior, noise: np.ndarray, level: np.ndarray
) -> np.ndarray:
    """Return the log density of all values for variances of noise and of a step."""
    m, v = np.full(noise.shape, prior.start), np.full(noise.shape, prior.start_sd**2)
    total = np.zeros(noise.shape)
    for value, step in zip(y, steps, strict=True):
        v = v + step * level
        wide, error = v + noise, value - m
        total -= 0.5 * (np.log(2 * np.pi * wide) + error**2 / wide)
        m, v = m + v / wide * error, v / wide * noise
    return total


def growing(
    y: np.ndarray,
    steps: np.ndarray,
    prior: Prior,
    noise: np.ndarray,
    level: np.ndarray,
    logs: np.ndarray,
) -> np.ndarray:
    """Return log evidences of no values, of the first, of the first two, and so on.

    `noise` and `level` are sds, at the points of a grid, `logs` their log prior, and the evidences
    are sums over it.
    """
    m, v = np.full(noise.shape, prior.start), np.full(noise.shape, prior.start_sd**2)
    found = [logsumexp(logs)]
    for value, step in zip(y, steps, strict=True):
        v = v + step * level**2
        wide, error = v + noise**2, value - m
        logs = logs - 0.5 * (np.log(2 * np.pi * wide) + error**2 / wide)
        m, v = m + v / wide * error, v / wide * noise**2
        found.append(logsumexp(logs))
    return np.array(found)


def of_line(values: np.ndarray, weights: np.ndarray) -> Known:
    """Return the numbers of what has these weights at the middles of equal stretches."""
    mean = float(weights @ values)
    sd = float(np.sqrt(weights @ (values - mean) ** 2))
    half = (values[1] - values[0]) / 2
    fine = np.linspace(values[0] - half, values[-1] + half, FINE)
    below = CubicSpline(values, weights).antiderivative()(fine)
    below = np.maximum.accumulate(below - below[0])
    found = np.interp(below[-1] * np.array([0.5, *TAILS]), below, fine)
    return Known(mean, sd, *map(float, found))
