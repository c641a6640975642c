"""The limits of a process, and what is expected of it before its pieces are seen.

Source of cpk: Kane (1986), Process capability indices.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from workflow.process.conjugate import NOTHING, Known, Summary


@dataclass(frozen=True)
class Limits:
    """The lower and the upper limit of a measurement, in its unit; one of them may be infinite.

    `aim` is the mean that the process is meant to have, else the middle of both limits; with one
    limit there is no middle, so that it has to be said.
    """

    lower: float
    upper: float
    aim: float | None = None

    @property
    def both(self) -> bool:
        """Whether there are two."""
        return math.isfinite(self.lower) and math.isfinite(self.upper)

    @property
    def ends(self) -> tuple[float, ...]:
        """Return those that there are."""
        return tuple(one for one in (self.lower, self.upper) if math.isfinite(one))

    @property
    def middle(self) -> float:
        """Where a process has its mean that is as it is meant to be."""
        return self.lower / 2 + self.upper / 2 if self.aim is None else self.aim

    @property
    def half(self) -> float:
        """The distance from there to the nearer limit; of two limits half their distance."""
        return min(self.upper - self.middle, self.middle - self.lower)

    def cpk(self, mu: ArrayLike, sigma: ArrayLike) -> np.ndarray:
        """Return the distance from the mean to the nearer limit, in units of three sds."""
        mu, sigma = np.asarray(mu, float), np.asarray(sigma, float)
        found: np.ndarray = np.minimum(self.upper - mu, mu - self.lower) / (3 * sigma)
        return found

    def outside(self, mu: ArrayLike, sigma: ArrayLike) -> np.ndarray:
        """Return the share of pieces outside the limits, of a normal process."""
        mu, sigma = np.asarray(mu, float), np.asarray(sigma, float)
        found: np.ndarray = ndtr((self.lower - mu) / sigma) + ndtr((mu - self.upper) / sigma)
        return found

    def beyond(self, values: ArrayLike) -> np.ndarray:
        """Say of each value whether it is outside."""
        x = np.asarray(values, float)
        found: np.ndarray = (x < self.lower) | (x > self.upper)
        return found

    def next_outside(self, known: Known) -> float:
        """Return the exact probability that the next piece is outside."""
        return float(known.next.cdf(self.lower) + known.next.sf(self.upper))

    def next_outside_if_centred(self, known: Known) -> float:
        """Return the same for a process whose mean is in the middle, sigma being what it is."""
        one = known.next_about(self.middle)
        return float(one.cdf(self.lower) + one.sf(self.upper))


@dataclass(frozen=True)
class Expected:
    """What is known of a process before its pieces are seen, by how many pieces that is worth.

    A process is designed for the middle of its limits; `usual_sd` is what its sd is expected to
    be, and `before` sums up pieces that were seen earlier.
    """

    limits: Limits
    usual_sd: float
    before: Summary | None = None

    def under(self, *, mean_pieces: float, sd_pieces: float) -> Known:
        """Return what is known under these knobs, earlier pieces included."""
        known = Known(self.limits.middle, mean_pieces, self.usual_sd, sd_pieces)
        return known.after(self.before) if self.before else known

    def nothing(self, seen: Summary) -> Known:
        """Return what is known after the pieces `seen`, and earlier ones, of no more than these.

        That is p(mu, sigma) ~ 1 / sigma, which is no distribution and has no prior draws; after two
        pieces it is one.
        """
        return NOTHING.after(seen.pooled(self.before))


def expected(limits: Limits, usual_sd: float | None, before: Summary | None) -> Expected:
    """Return what is expected; the usual sd is else a sixth of the distance of the limits."""
    return Expected(limits, usual_sd or limits.half / 3, before)
