"""A level that drifts, with a season or a trend: for many pairs of sds at once, exactly.

Given the sds season and trend are a regression whose errors hang together as the filter says: what
the filter leaves of the values, and of each column of these, in its sds, are independent. Source:
Durbin and Koopman (2012), section 6.2.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from workflow.series.prior import Prior

NUMBERS = 4_000_000  # errors of values and columns that are kept at a time


class Seen(NamedTuple):
    """What a filter leaves of the values (first) and of each column; dims: settings, time, these.

    `logs` are the sums of the logarithms of the errors' variances (dims: settings, time), `last`
    and `first` what is expected of the last level and of the first one (dims: settings, these),
    and the others their variances.
    """

    errors: np.ndarray
    logs: np.ndarray
    last: np.ndarray
    first: np.ndarray
    of_last: np.ndarray
    of_first: np.ndarray
    both: np.ndarray


def _filtered(
    together: np.ndarray, steps: np.ndarray, start_var: float, noise: np.ndarray, level: np.ndarray
) -> Seen:
    """Filter values and columns side by side (dims of `together`: time, these)."""
    shape = noise.shape
    v, of_first, both = (np.full(shape, start_var) for _ in range(3))
    m, first = (np.zeros((together.shape[1], *shape)) for _ in range(2))
    errors, logs = np.empty((len(together), *m.shape)), np.empty((len(together), *shape))
    for t, (value, step) in enumerate(zip(together, steps, strict=True)):
        v = v + step * level
        wide, error = v + noise, value[:, None] - m
        back = both / wide
        first, of_first = first + back * error, of_first - back * both
        m, v, both = m + v / wide * error, v / wide * noise, back * noise
        errors[t], logs[t] = error / np.sqrt(wide), np.log(wide)
    ends = (m.T, first.T, v, of_first, both)
    return Seen(errors.transpose(2, 0, 1), np.cumsum(logs, axis=0).T, *ends)


def _parts(
    y: np.ndarray,
    columns: np.ndarray,
    steps: np.ndarray,
    prior: Prior,
    noise: np.ndarray,
    level: np.ndarray,
) -> Iterator[tuple[slice, Seen]]:
    """Filter in parts of the settings; `noise` and `level` are variances (flat)."""
    together = np.column_stack([y - prior.start, columns])
    each = max(1, NUMBERS // together.size)
    for at in range(0, len(noise), each):
        part = slice(at, at + each)
        yield part, _filtered(together, steps, prior.start_sd**2, noise[part], level[part])


def _told(cross: np.ndarray, logs: np.ndarray, n: int) -> np.ndarray:
    """Return the log density of `n` values, by the crossproducts of errors; columns summed out."""
    precision = cross[:, 1:, 1:] + np.eye(cross.shape[1] - 1)
    factor = np.linalg.cholesky(precision)
    along = np.linalg.solve(factor, cross[:, 1:, :1])[..., 0]
    wide = 2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(1)
    left = cross[:, 0, 0] - np.square(along).sum(1)
    found: np.ndarray = -0.5 * (n * np.log(2 * np.pi) + logs + wide + left)
    return found


def log_likelihood(
    y: np.ndarray,
    columns: np.ndarray,
    steps: np.ndarray,
    prior: Prior,
    noise: np.ndarray,
    level: np.ndarray,
) -> np.ndarray:
    """Return the log density of all values for variances of noise and of a step (any dims).

    `columns` have a row a value, in units in which coefficients are standard normal beforehand.
    """
    found, flat = np.empty(noise.size), (noise.ravel(), level.ravel())
    for part, seen in _parts(y, columns, steps, prior, *flat):
        cross = seen.errors.transpose(0, 2, 1) @ seen.errors
        found[part] = _told(cross, seen.logs[:, -1], len(y))
    return found.reshape(noise.shape)


def growing(
    y: np.ndarray,
    columns: np.ndarray,
    steps: np.ndarray,
    prior: Prior,
    noise: np.ndarray,
    level: np.ndarray,
    fewest: int,
) -> np.ndarray:
    """Return log densities of the first values, `fewest` and more (dims: number, settings)."""
    found = np.empty((len(y) - fewest + 1, len(noise)))
    for part, seen in _parts(y, columns, steps, prior, noise, level):
        early = seen.errors[:, :fewest]
        cross = early.transpose(0, 2, 1) @ early
        found[0, part] = _told(cross, seen.logs[:, fewest - 1], fewest)
        for t in range(fewest, len(y)):
            error = seen.errors[:, t]
            cross = cross + error[:, :, None] * error[:, None]
            found[t - fewest + 1, part] = _told(cross, seen.logs[:, t], t + 1)
    return found


def ends(
    y: np.ndarray,
    columns: np.ndarray,
    steps: np.ndarray,
    prior: Prior,
    noise: np.ndarray,
    level: np.ndarray,
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray, np.ndarray]:
    """Return mean and covariance of the last level with the coefficients (as `Joint`).

    And mean and variance of the last level less the first; `noise` and `level` are flat variances.
    """
    made = []
    for _, seen in _parts(y, columns, steps, prior, noise, level):
        cross = seen.errors.transpose(0, 2, 1) @ seen.errors
        cov = np.linalg.inv(cross[:, 1:, 1:] + np.eye(columns.shape[1]))
        mean = (cov @ cross[:, 1:, :1])[..., 0]
        change = seen.last - seen.first
        now, moved = ((one[:, 0], one[:, 1:]) for one in (seen.last, change))
        hangs = -(cov @ now[1][..., None])[..., 0]
        of_now = seen.of_last - (now[1] * hangs).sum(1)
        of_moved = seen.of_last + seen.of_first - 2 * seen.both
        of_moved = of_moved + np.einsum("gi,gij,gj->g", moved[1], cov, moved[1])
        with_level = np.concatenate([hangs[..., None], cov], axis=2)
        top = np.concatenate([of_now[:, None], hangs], axis=1)[:, None]
        means = prior.start + now[0] - (now[1] * mean).sum(1), moved[0] - (moved[1] * mean).sum(1)
        both = np.concatenate([means[0][:, None], mean], axis=1)
        made.append((both, np.concatenate([top, with_level], axis=1), means[1], of_moved))
    mean, cov, change, of_change = (np.concatenate(one) for one in zip(*made, strict=True))
    return (mean, cov), change, np.maximum(of_change, 0)
