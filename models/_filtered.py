"""The log density of values about a level and its slope, and its slopes, in one pass and back.

A Kalman filter for numba: PyTensor's own functions know covariances of three diagonals, and a slope
that changes makes five. Source: Durbin and Koopman (2012), Time Series Analysis by State Space
Methods, 2nd ed., sections 4.3, 4.5 and 7.3.3.
"""

import inspect
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_default_op_cache_key


def passed(
    y: np.ndarray,
    steps: np.ndarray,
    start: float,
    of_start: float,
    of_slope: float,
    noise: float,
    level: float,
    bend: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return errors and two gains of each value, and variances of errors, by the filter.

    Variances: of the first level and slope, of a value about its level, and that level and slope
    gain in a step. Over k steps the slope of each is a part of the level for those after it.
    """
    n = len(y)
    errors, wides, gains = np.empty(n), np.empty(n), np.empty((2, n))
    m, s, mm, ms, ss = start, 0.0, of_start, 0.0, of_slope
    for t in range(n):
        k = steps[t]
        m = m + k * s
        mm = mm + k * (2 * ms + k * ss + level + bend * (k - 1) * (2 * k - 1) / 6)
        ms = ms + k * (ss + bend * (k - 1) / 2)
        ss = ss + k * bend
        wide, error = mm + noise, y[t] - m
        first, second = mm / wide, ms / wide
        m, s = m + first * error, s + second * error
        mm, ms, ss = first * noise, second * noise, ss - second * ms
        errors[t], wides[t], gains[0, t], gains[1, t] = error, wide, first, second
    return errors, wides, gains


def back(
    steps: np.ndarray, errors: np.ndarray, wides: np.ndarray, gains: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return slopes of the log density: by each value, and by what else `passed` is given."""
    n = len(errors)
    by_value, found = np.empty(n), np.zeros(6)
    r, q, rr, rq, qq = 0.0, 0.0, 0.0, 0.0, 0.0  # of level and slope; and how sure these are
    for t in range(n - 1, -1, -1):
        k, first, second = steps[t], gains[0, t], gains[1, t]
        u = errors[t] / wides[t] - first * r - second * q
        sure = 1 / wides[t] + first * first * rr + 2 * first * second * rq + second * second * qq
        by_value[t] = -u
        found[3] += (u * u - sure) / 2
        rr, rq = (
            1 / wides[t]
            + (1 - first) * ((1 - first) * rr - 2 * second * rq)
            + second * second * qq,
            (1 - first) * rq - second * qq,
        )
        r = r + u
        each, both, other = (r * r - rr) / 2, r * q - rq, (q * q - qq) / 2
        found[4] += k * each
        found[5] += k * ((k - 1) * ((2 * k - 1) / 6 * each + both / 2) + other)
        q, qq, rq = q + k * r, qq + k * (2 * rq + k * rr), rq + k * rr
    found[0], found[1], found[2] = r, (r * r - rr) / 2, (q * q - qq) / 2
    return by_value, found


@cache
def made(jit: Callable[..., Any]) -> tuple[Any, Any]:
    """Return the density and its slopes as numba has them: for its own code, or for Python's."""
    forth, home = jit(passed), jit(back)

    @jit
    def density(y: Any, steps: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
        errors, wides, _ = forth(
            y, steps, a.item(), b.item(), c.item(), d.item(), e.item(), f.item()
        )
        return np.asarray(-0.5 * (np.log(2 * np.pi * wides) + errors**2 / wides).sum())

    @jit
    def slopes(y: Any, steps: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
        errors, wides, gains = forth(
            y, steps, a.item(), b.item(), c.item(), d.item(), e.item(), f.item()
        )
        return home(steps, errors, wides, gains)

    return density, slopes


class _Passed(Op):
    """What both have: values, steps, and six numbers go in."""

    __props__ = ()
    types: tuple[Any, ...] = ()  # of what comes out
    whole = 0  # which of `made` it is

    def make_node(self, *given: Any) -> Apply:
        inputs = [pt.as_tensor(one).astype("float64") for one in given]
        return Apply(self, inputs, [one() for one in self.types])

    def perform(self, node: Apply, inputs: Any, outputs: Any) -> None:
        found = made(numba.njit)[self.whole](*map(np.asarray, inputs))
        for storage, one in zip(outputs, found if self.whole else [found], strict=True):
            storage[0] = one


class Density(_Passed):
    """The log density of all values, level and slope summed out."""

    types = (pt.dscalar,)

    def pullback(self, inputs: Any, outputs: Any, slopes: Any) -> list[Any]:
        """Return its slopes; by steps there are none, which are known."""
        found: list[Any] = SLOPES.make_node(*inputs).outputs
        by_value, of_others = found
        others = [slopes[0] * of_others[i] for i in range(6)]
        return [slopes[0] * by_value, DisconnectedType()(), *others]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Say that nothing is told by steps."""
        return [[i != 1] for i in range(8)]


class Slopes(_Passed):
    """The slopes of that, by each value and by six numbers."""

    types = (pt.dvector, pt.dvector)
    whole = 1


DENSITY, SLOPES = Density(), Slopes()


def _for_numba(op: _Passed, node: Apply, **others: Any) -> tuple[Any, int]:
    source = inspect.getsource(passed) + inspect.getsource(back)
    return made(numba_njit)[op.whole], zlib.crc32(source.encode())  # a key: code that was changed


for _one in (Density, Slopes):
    register_funcify_default_op_cache_key(_one)(_for_numba)
