"""What to try next: expected improvement over draws of the unknowns, and a batch by fantasies.

The first trial of a batch has the greatest expected improvement, averaged over the draws. Its
result is not known when the second is chosen: at each draw one is made up from what is known
(a fantasy), and the second is the best of what that leaves, and so on. Source: Snoek, Larochelle
and Adams (2012), Practical Bayesian optimization of machine learning algorithms, section 3.2.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.deciding.decision import GRANTED
from workflow.functions.improvement import expected_improvement, prob_better
from workflow.functions.surrogate import Tried, covariance, some_of
from workflow.quantities import Scalar

TRY, STOP = "try", "stop"
DRAWS, FEWEST_DRAWS = 400, 100  # of the unknowns, that expectations are taken over
NUMBERS = 40_000_000  # in memory: draws, times rows that were tried, times settings
KEPT = 500  # settings among which a batch is chosen: those of the greatest expected improvement


@dataclass(frozen=True)
class Seen:
    """What is known of settings, a number each: of the function, and of its improvement."""

    mean: np.ndarray
    sd: np.ndarray
    improvement: np.ndarray
    error: np.ndarray  # Monte Carlo standard error of the improvement
    better: np.ndarray  # probability that it is better than the best so far
    better_error: np.ndarray


@dataclass(frozen=True)
class Trial:
    """A setting to try next, by its position, and what is expected of it.

    `improvement` is over what is best by then: before the trials that come earlier in the batch
    have their results. Mean, sd and probability are those of now.
    """

    at: int
    improvement: Scalar
    mean: float
    sd: float
    better: Scalar


@dataclass(frozen=True)
class Search:
    """What was tried and what could be, and when to stop.

    Parameters
    ----------
    tried
        Settings and results; for `sign` -1 less is better.
    candidates
        Settings that could be tried. Dims: row, column.
    worth
        The least expected improvement that a trial is worth, in the unit of the results.
    """

    tried: Tried
    candidates: np.ndarray
    worth: float
    sign: int = 1

    def draws(self, posterior: xr.Dataset) -> list[tuple[np.ndarray, float, float]]:
        """Return as many draws as fit into memory."""
        n = len(self.tried.y)
        return some_of(posterior, max(FEWEST_DRAWS, min(DRAWS, NUMBERS // (n * (n + KEPT)))))

    def seen(self, posterior: xr.Dataset) -> tuple[Seen, Seen]:
        """Return what is known of the candidates, and of the settings that were tried."""
        every = np.concatenate([self.candidates, self.tried.x])
        found = []
        for draw in self.draws(posterior):
            mean, variance, _ = self.tried.given(*draw).at(every)
            mean, sd = self.sign * mean, np.sqrt(np.maximum(variance, 0))
            best = mean[len(self.candidates) :].max()
            found.append(
                (mean, sd, expected_improvement(mean, sd, best), prob_better(mean, sd, best))
            )
        means, sds, gains, better = (np.array(one) for one in zip(*found, strict=True))
        sd = np.sqrt((sds**2).mean(axis=0) + means.var(axis=0))
        whole = (self.sign * means.mean(axis=0), sd, gains.mean(axis=0))
        parts = (*whole, mcse(gains), better.mean(axis=0), mcse(better))
        cut = len(self.candidates)
        return Seen(*(one[:cut] for one in parts)), Seen(*(one[cut:] for one in parts))

    def decide(self, posterior: xr.Dataset, *, errors: float = GRANTED) -> tuple[str, ...]:
        """Return whether to try or to stop, and behind it what Monte Carlo error cannot tell."""
        seen, _ = self.seen(posterior)
        first = int(seen.improvement.argmax())
        above = float(seen.improvement[first]) - self.worth
        told = (TRY, STOP) if above >= 0 else (STOP, TRY)
        return told if abs(above) <= errors * seen.error[first] else told[:1]

    def batch(self, posterior: xr.Dataset, seen: Seen, size: int, *, seed: int) -> list[Trial]:
        """Return the next trials, at most `size`: as many as are worth it, and one at least.

        Each setting comes once: a repetition in the same batch would tell of the noise alone.
        `seen` is what `seen` returned for the candidates.
        """
        kept = np.argsort(-seen.improvement, kind="stable")[:KEPT]
        waiting = Fantasies(self, self.draws(posterior), kept, np.random.default_rng(seed))
        found: list[Trial] = []
        while len(found) < min(size, len(kept)):
            gains = waiting.improvement()
            expected = gains.mean(axis=0)
            expected[waiting.best[waiting.tried :]] = -np.inf
            first = int(expected.argmax())
            if found and expected[first] < self.worth:
                break
            at = int(kept[first])
            told = Scalar(float(expected[first]), float(mcse(gains)[first]))
            better = Scalar(float(seen.better[at]), float(seen.better_error[at]))
            found.append(Trial(at, told, float(seen.mean[at]), float(seen.sd[at]), better))
            waiting.imagine(first)
        return found


class Fantasies:
    """Means and variances at each draw (draw, setting), as made-up results come in one by one.

    The settings are the candidates that were kept, and those that were tried.
    """

    def __init__(
        self,
        search: Search,
        draws: Sequence[tuple[np.ndarray, float, float]],
        kept: np.ndarray,
        rng: np.random.Generator,
    ) -> None:
        self.search, self.kept, self.rng = search, len(kept), rng
        self.every = np.concatenate([search.candidates[kept], search.tried.x])
        self.given = [search.tried.given(*draw) for draw in draws]
        found = [one.at(self.every) for one in self.given]
        self.mean, self.variance = (np.array([one[i] for one in found]) for i in (0, 1))
        self.known = [one[2] for one in found]
        self.tried = len(search.tried.y)
        self.best = [*range(self.kept, len(self.every))]  # among which is the best so far

    def improvement(self) -> np.ndarray:
        """Return the expected improvement of every candidate at each draw."""
        mean = self.search.sign * self.mean
        sd = np.sqrt(np.maximum(self.variance[:, : self.kept], 0))
        return expected_improvement(
            mean[:, : self.kept], sd, mean[:, self.best].max(axis=1)[:, None]
        )

    def imagine(self, at: int) -> None:
        """Make up a result of one candidate at each draw, and learn from it."""
        for i, one in enumerate(self.given):
            length, before = one.length, one.sigma_f**2
            apart = self.every[at : at + 1] / length, self.every / length
            k = covariance(*apart, one.sigma_f, one.tried.level)[0]
            k -= self.known[i][:, at] @ self.known[i]
            spread = max(float(k[at]), 0.0) + one.variance + 1e-12 * before
            new = k / math.sqrt(spread)
            self.mean[i] += new * self.rng.normal()
            self.variance[i] -= new**2
            self.known[i] = np.vstack([self.known[i], new])
        self.best.append(at)


def mcse(values: np.ndarray) -> np.ndarray:
    """Return the standard error of the mean of draws that are far enough apart (first axis)."""
    return values.std(axis=0, ddof=1) / math.sqrt(len(values))
