"""Many rows of events: the likelihood of all of them, in blocks, at many coefficients at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from scipy.special import expit
from threadpoolctl import threadpool_limits

from workflow.sampling.fit import CORES

ROWS, POINTS = 512, 512  # of a block: 2 MB, which stay in a core's cache
PART = 50_000  # rows that a core takes at a time
DOUBLINGS = 3  # eight rows' 1 + exp(eta) are multiplied before the logarithm is taken
FAR = 80.0  # log-odds up to which so many of them are far from the largest number there is


@dataclass(frozen=True)
class BinomialRows:
    """Events among trials of rows, with the log-odds x @ b; dims of `x`: row, coefficient.

    Implements `workflow.variational.certified.Likelihood`.
    """

    x: np.ndarray
    events: np.ndarray
    trials: np.ndarray

    @cached_property
    def _of_events(self) -> np.ndarray:
        return self.x.T @ self.events

    @cached_property
    def _single(self) -> bool:
        return bool((self.trials == 1).all())

    def log_density(self, points: np.ndarray) -> np.ndarray:
        """Return sum_i events[i] * eta[i] - trials[i] * log(1 + exp(eta[i])) at each point."""
        found: np.ndarray = points @ self._of_events - self._summed(partial(self._others, points))
        return found

    def slope_and_curvature(self, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the first and minus the second derivatives of the log density at a point."""

        def of(rows: slice) -> np.ndarray:
            x, trials = self.x[rows], self.trials[rows]
            p = expit(x @ point)
            curved = (x.T * (trials * p * (1 - p))) @ x
            return np.vstack([(self.events[rows] - trials * p) @ x, curved])

        found = self._summed(of)
        return found[0], found[1:]

    def _summed(self, of: Callable[[slice], np.ndarray]) -> np.ndarray:
        """Return the sum of `of` over parts of the rows, in their order, on all cores."""
        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(CORES) as pool:
            found: np.ndarray = np.sum(list(pool.map(of, _parts(len(self.x), PART))), axis=0)
        return found

    def _others(self, points: np.ndarray, rows: slice) -> np.ndarray:
        """Return sum_i trials[i] * log(1 + exp(eta[i])) over some rows at each point."""
        x, trials = self.x[rows], self.trials[rows]
        return np.concatenate(
            [
                sum(self._block(x[part] @ points[some].T, trials[part]) for part in _parts(len(x)))
                for some in _parts(len(points), POINTS)
            ]
        )

    def _block(self, eta: np.ndarray, trials: np.ndarray) -> np.ndarray:
        """Return the same over the rows of a block of log-odds; dims: row, point.

        Of single rows the logarithm of products is taken, which are eight times fewer.
        """
        if not self._single or eta.max() > FAR or len(eta) % 2**DOUBLINGS:
            return trials @ np.logaddexp(0, eta)
        np.exp(eta, out=eta)
        eta += 1
        for _ in range(DOUBLINGS):  # the second half of the rows onto the first
            half = len(eta) // 2
            eta = np.multiply(eta[:half], eta[half:], out=eta[:half])
        found: np.ndarray = np.log(eta, out=eta).sum(axis=0)
        return found


def _parts(n: int, size: int = ROWS) -> Iterator[slice]:
    return (slice(at, min(at + size, n)) for at in range(0, n, size))
