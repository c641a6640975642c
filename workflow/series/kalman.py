"""A level seen with noise, by the filter of Kalman, for many settings at once.

Arrays begin with the time; what follows are settings (draws, points of a grid), one or many. Where
the level may move, and how far, is said by the variance that it gains before each value: that of a
level that drifts, of one that jumps once, or 0. Source: Durbin and Koopman (2012), chapter 2.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Filtered:
    """What each value was expected to be by those before it, and the level after it.

    `errors` are values less what was expected of them, with the variances `of_errors`; `level` and
    `of_level` are mean and variance of the level once the value is known; `of_noise` is what was
    given. Dims: time, settings.
    """

    errors: np.ndarray
    of_errors: np.ndarray
    level: np.ndarray
    of_level: np.ndarray
    of_noise: np.ndarray

    @property
    def log_density(self) -> np.ndarray:
        """Log density of each value given those before it."""
        found: np.ndarray = -0.5 * (
            np.log(2 * np.pi * self.of_errors) + self.errors**2 / self.of_errors
        )
        return found

    @property
    def standardised(self) -> np.ndarray:
        """The errors in their own sds: independent and standard normal, if the model is right."""
        found: np.ndarray = self.errors / np.sqrt(self.of_errors)
        return found

    def largest_move(self) -> np.ndarray:
        """Return the largest move of the level from one value to the next, in its own sds.

        By the recursion from the last value back: what all values from t on say of a move before t.
        """
        told, squares, largest = 0.0, 0.0, np.zeros(self.errors.shape[1:])
        for t in range(len(self.errors) - 1, 0, -1):
            kept = self.of_noise / self.of_errors[t]
            told = self.errors[t] / self.of_errors[t] + kept * told
            squares = 1 / self.of_errors[t] + kept**2 * squares
            largest = np.maximum(largest, np.abs(told) / np.sqrt(squares))
        return largest


def filtered(
    y: np.ndarray, gained: np.ndarray, noise: np.ndarray, start: float, start_var: float
) -> Filtered:
    """Filter values `y`; `gained` is the variance that the level gains before each of them.

    `noise` is the variance of a value about its level. `y` and `gained` begin with the time and are
    broadcast against the settings; the first level has mean `start` and variance `start_var`.
    """
    shape = np.broadcast_shapes(y.shape[1:], gained.shape[1:], np.shape(noise))
    made = [np.empty((len(y), *shape)) for _ in range(4)]
    m, v = np.full(shape, float(start)), np.full(shape, float(start_var))
    for t in range(len(y)):
        before = v + gained[t]
        error, of_error = y[t] - m, before + noise
        gain = before / of_error
        m, v = m + gain * error, gain * noise
        for array, one in zip(made, (error, of_error, m, v), strict=True):
            array[t] = one
    errors, of_errors, level, of_level = made
    return Filtered(errors, of_errors, level, of_level, np.broadcast_to(noise, shape))


@dataclass(frozen=True)
class Smoothed:
    """Mean and variance of each level given all values, and how it hangs with the last one."""

    level: np.ndarray
    of_level: np.ndarray
    with_last: np.ndarray

    @property
    def change(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of the last level less the first one."""
        mean = self.level[-1] - self.level[0]
        variance = self.of_level[-1] + self.of_level[0] - 2 * self.with_last[0]
        return mean, np.maximum(variance, 0)


def smoothed(seen: Filtered, gained: np.ndarray) -> Smoothed:
    """Return levels given all values, of what was filtered with the same `gained`."""
    level, of_level = seen.level.copy(), seen.of_level.copy()
    with_last = of_level.copy()
    for t in range(len(level) - 2, -1, -1):
        before = seen.of_level[t] + gained[t + 1]
        back = np.divide(seen.of_level[t], before, out=np.ones_like(before), where=before > 0)
        level[t] += back * (level[t + 1] - seen.level[t])
        of_level[t] += back**2 * (of_level[t + 1] - before)
        with_last[t] = back * with_last[t + 1]
    return Smoothed(level, np.maximum(of_level, 0), with_last)


def sampled(seen: Filtered, gained: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw levels given all values, jointly, one for each setting (dims: time, settings)."""
    drawn = rng.normal(size=seen.level.shape)
    drawn[-1] = seen.level[-1] + np.sqrt(seen.of_level[-1]) * drawn[-1]
    for t in range(len(drawn) - 2, -1, -1):
        before = seen.of_level[t] + gained[t + 1]
        back = np.divide(seen.of_level[t], before, out=np.ones_like(before), where=before > 0)
        mean = seen.level[t] + back * (drawn[t + 1] - seen.level[t])
        drawn[t] = mean + np.sqrt(np.maximum(seen.of_level[t] * (1 - back), 0)) * drawn[t]
    return drawn
