"""A level that goes on by a slope which itself changes: filtered for many settings at once.

Settings are triples of variances: of a value about its level, and that level and slope gain in a
step. Source: Durbin and Koopman (2012), sections 3.2, 4.3, 4.5 and 4.9.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import logsumexp

AT_A_TIME = 5_000  # settings that are filtered together: their numbers stay near the processor


@dataclass(frozen=True)
class TurnPrior:
    """Scales of three sds (half normal), and the priors of the first level and the first slope."""

    noise: float
    drift: float
    bend: float
    start: float
    start_sd: float
    slope_sd: float


class Sds(NamedTuple):
    """Variances of noise, of a step of the level and of one of the slope; one dim, of settings."""

    noise: np.ndarray
    level: np.ndarray
    bend: np.ndarray

    def part(self, of: slice) -> "Sds":
        """Return some of them."""
        return Sds(*(one[of] for one in self))

    def parts(self) -> Iterator[tuple[slice, "Sds"]]:
        """Yield parts of them that are filtered together."""
        for at in range(0, len(self.noise), AT_A_TIME):
            yield (of := slice(at, at + AT_A_TIME)), self.part(of)


class State(NamedTuple):
    """Mean of level and slope, their variances and, in the middle, their covariance."""

    level: np.ndarray
    slope: np.ndarray
    of_level: np.ndarray
    both: np.ndarray
    of_slope: np.ndarray

    def after(self, k: float, sds: Sds) -> "State":
        """Return what is expected `k` steps later."""
        bend = sds.bend * (k - 1)
        level = self.level + k * self.slope
        moved = 2 * self.both + k * self.of_slope + sds.level + bend * (2 * k - 1) / 6
        both = self.both + k * (self.of_slope + bend / 2)
        return State(
            level, self.slope, self.of_level + k * moved, both, self.of_slope + k * sds.bend
        )


class Told(NamedTuple):
    """An error of a value, its variance, and by how much level and slope follow it."""

    error: np.ndarray
    wide: np.ndarray
    first: np.ndarray
    second: np.ndarray


def told(value: np.ndarray, before: State, noise: np.ndarray) -> tuple[Told, State]:
    """Return what a value tells, and level and slope once it is known."""
    wide, error = before.of_level + noise, value - before.level
    first, second = before.of_level / wide, before.both / wide
    left = np.maximum(before.of_slope - second * before.both, 0)
    means = before.level + first * error, before.slope + second * error
    return Told(error, wide, first, second), State(*means, first * noise, second * noise, left)


def begin(prior: TurnPrior, like: np.ndarray) -> State:
    """Return what is known of level and slope before the first value."""
    numbers = prior.start, 0.0, prior.start_sd**2, 0.0, prior.slope_sd**2
    return State(*(np.full(like.shape, one) for one in numbers))


def passed(
    y: np.ndarray, steps: np.ndarray, prior: TurnPrior, sds: Sds
) -> Iterator[tuple[Told, State]]:
    """Yield what each value tells, and what is known then; values may differ by settings."""
    state = begin(prior, sds.noise)
    for value, k in zip(y, steps, strict=True):
        seen, state = told(value, state.after(k, sds), sds.noise)
        yield seen, state


def densities(
    y: np.ndarray, steps: np.ndarray, prior: TurnPrior, sds: Sds
) -> Iterator[tuple[np.ndarray, State]]:
    """Yield log densities of the first value, the first two, ..., and what is known then."""
    found = np.zeros(sds.noise.shape)
    for seen, state in passed(y, steps, prior, sds):
        found = found - 0.5 * (np.log(2 * np.pi * seen.wide) + seen.error**2 / seen.wide)
        yield found, state


def log_likelihood(
    y: np.ndarray, steps: np.ndarray, prior: TurnPrior, sds: Sds
) -> tuple[np.ndarray, State]:
    """Return the log density of all values, and what is known of the last level and slope."""
    logs, states = [], []
    for _, part in sds.parts():
        *_, (log, state) = densities(y, steps, prior, part)
        logs.append(log)
        states.append(state)
    return np.concatenate(logs), State(*map(np.concatenate, zip(*states, strict=True)))


def growing(
    y: np.ndarray, steps: np.ndarray, prior: TurnPrior, sds: Sds, logs: np.ndarray, first: int
) -> np.ndarray:
    """Return log evidences of the first values, `first` and more; `logs` are log priors."""
    found = np.full(len(y) - first + 1, -np.inf)
    for of, part in sds.parts():
        for t, (log, _) in enumerate(densities(y, steps, prior, part), 1):
            if t >= first:
                found[t - first] = np.logaddexp(found[t - first], logsumexp(log + logs[of]))
    return found


@dataclass(frozen=True)
class Passed:
    """All errors of values, their variances and gains (dims: time, settings)."""

    errors: np.ndarray
    of_errors: np.ndarray
    first: np.ndarray
    second: np.ndarray
    steps: np.ndarray

    @classmethod
    def of(cls, y: np.ndarray, steps: np.ndarray, prior: TurnPrior, sds: Sds) -> "Passed":
        """Pass values (dims: time, settings or one)."""
        return cls.joined([one for one, _ in passed(y, steps, prior, sds)], steps)

    @classmethod
    def joined(cls, seen: Sequence[Told], steps: np.ndarray) -> "Passed":
        """Return what values tell, one after the other."""
        errors, wides, first, second = map(np.array, zip(*seen, strict=True))
        return cls(errors, wides, first, second, steps)

    @property
    def standardised(self) -> np.ndarray:
        """The errors in their own sds: independent and standard normal, if the model is right."""
        found: np.ndarray = self.errors / np.sqrt(self.of_errors)
        return found

    def back(self) -> Iterator[tuple[int, tuple[np.ndarray, ...]]]:
        """Yield of each value, the last one first, what it and all later ones say.

        That is of a move of level and slope before it: sums, and their variances and covariance.
        """
        r, q, rr, rq, qq = (np.zeros(self.errors.shape[1:]) for _ in range(5))
        for t in range(len(self.errors) - 1, -1, -1):
            a, b, wide = self.first[t], self.second[t], self.of_errors[t]
            r = r + self.errors[t] / wide - a * r - b * q
            rr = 1 / wide + (1 - a) * ((1 - a) * rr - 2 * b * rq) + b * b * qq
            rq = (1 - a) * rq - b * qq
            yield t, (r, q, rr, rq, qq)
            k = self.steps[t]
            q, qq, rq = q + k * r, qq + k * (2 * rq + k * rr), rq + k * rr

    def largest_move(self) -> np.ndarray:
        """Return the largest move of the level beside its slope, in its own sds."""
        found = np.zeros(self.errors.shape[1:])
        for t, (r, _, rr, *_) in self.back():
            if t:
                found = np.maximum(found, np.abs(r) / np.sqrt(rr))
        return found
