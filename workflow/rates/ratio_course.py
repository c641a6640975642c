"""Kinds as they came in: the exact posterior and the Bayes factor after each observation.

Also what looking after each does to the errors of the rule, by simulation. After the counts n a
Dirichlet prior with weights w has become one with w + n, so that only sequences are simulated.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.rates.looking import SIMULATED, Looks, looked_at, tallied
from workflow.rates.ratio import CANNOT, DECISIONS, HOLDS, NOT, Ratio, log_bayes_factor

MOST = 5000  # observations after which the rule is asked, evenly spaced, of more
CELLS = 4_000_000  # simulated counts at once


@dataclass(frozen=True)
class RatioCourse:
    """What was known after each observation, or after so many of them.

    Parameters
    ----------
    n, counts
        After how many observations, and the counts then, earlier ones among both. Last axis: kind.
    before
        The earlier counts, of which the order is not known.
    """

    n: np.ndarray
    counts: np.ndarray
    before: np.ndarray
    ratio: Ratio
    concentration: float

    @property
    def log_factor(self) -> np.ndarray:
        """Logarithm of the Bayes factor for exactly the expected shares after each."""
        return log_bayes_factor(self.counts, self.ratio.expected, self.concentration)

    @property
    def outside(self) -> np.ndarray:
        """The probability that a share is not practically as expected; last axis: kind."""
        return self.ratio.outside(self.counts + self.concentration)

    @property
    def decided(self) -> np.ndarray:
        """The decision after each, a place in `DECISIONS`, or -1."""
        return self.ratio.decisions(self.log_factor, self.outside)

    def first_met(self) -> tuple[int, str] | None:
        """Return after which observation the rule first decided, and what; None if never.

        Of earlier ones only the counts are known: if these decide, they are what is returned.
        """
        earlier = int(self.before.sum())
        at_first = self.ratio.exact(self.before, 0 * self.before, concentration=self.concentration)
        if earlier and at_first != CANNOT:
            return earlier, at_first
        decided = self.decided
        at = np.flatnonzero(decided >= 0)
        return (int(self.n[at[0]]), self.ratio.named(int(decided[at[0]]))) if at.size else None


def course(
    codes: np.ndarray, before: np.ndarray, ratio: Ratio, concentration: float
) -> RatioCourse:
    """Return the course of observations in their order, by the place of each one's kind."""
    n = looked_at(len(codes), MOST)
    each = [np.searchsorted(np.flatnonzero(codes == k), n) for k in range(len(ratio.kinds))]
    counts = np.column_stack(each) + before
    return RatioCourse(n + int(before.sum()), counts, before, ratio, concentration)


def look(
    n: int, shares: np.ndarray, ratio: Ratio, before: np.ndarray, concentration: float, *, seed: int
) -> Looks:
    """Ask the rule again and again of `n` simulated observations.

    Parameters
    ----------
    shares
        The shares of each sequence, that are drawn from or exactly the expected ones. Of these
        only `HOLDS` is right; of others it is `NOT` where one is not practically as expected, and
        either of the others where all are.
    before
        Counts that the rule starts from, beside the `concentration` of its prior.
    """
    at, rng = looked_at(n), np.random.default_rng(seed)
    steps = np.diff(at, prepend=0)
    decided = []
    for some in np.array_split(shares, -(-shares.size * len(at) // CELLS)):
        fell = rng.multinomial(steps, some[:, None, :]).cumsum(axis=1)
        decided.append(RatioCourse(at, fell + before, before, ratio, concentration).decided)
    low, high = ratio.range
    inside = ((shares >= low) & (shares <= high)).all(axis=1)
    exact = (shares == ratio.expected).all(axis=1)
    right = [
        inside if one == HOLDS else ~inside if one == NOT else inside & ~exact for one in DECISIONS
    ]
    return tallied(np.concatenate(decided), np.column_stack(right))


def shares_of(posterior: xr.DataArray, expected: np.ndarray) -> dict[str, np.ndarray]:
    """Return the shares of simulated sequences: exactly the expected ones, and even draws."""
    drawn = posterior.transpose("chain", "draw", "kind").to_numpy().reshape(-1, len(expected))
    some = np.linspace(0, len(drawn) - 1, min(SIMULATED, len(drawn))).round().astype(int)
    exact = np.tile(expected, (SIMULATED, 1))
    return {"exactly as expected": exact, "as the posterior has them": drawn[some]}
