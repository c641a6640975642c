"""What is known of a normal mean and sd, exactly: before any pieces, after some, after more.

A normal-inverse-gamma distribution, of which data make another one. Source: Gelman et al. (2013),
Bayesian Data Analysis, 3rd ed., section 3.3.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


@dataclass(frozen=True)
class Summary:
    """So many values with this mean and this sd (that of n - 1): all that a normal model needs."""

    n: int
    mean: float
    sd: float

    @property
    def squares(self) -> float:
        """The sum of squared deviations from the mean."""
        return max(self.n - 1, 0) * self.sd**2

    def pooled(self, other: "Summary | None") -> "Summary":
        """Return the summary of these values and others together."""
        if other is None:
            return self
        n, away = self.n + other.n, other.mean - self.mean
        squares = self.squares + other.squares + self.n * other.n / n * away**2
        return Summary(n, self.mean + other.n / n * away, math.sqrt(squares / (n - 1)))

    def told(self) -> str:
        """Return the three with colons between, as the option --before takes them."""
        return f"{self.n}:{self.mean!r}:{self.sd!r}"


def summary_of(values: ArrayLike) -> Summary:
    """Return number, mean and sd of values."""
    x = np.asarray(values, dtype=float)
    return Summary(len(x), float(x.mean()), float(x.std(ddof=1)) if len(x) > 1 else 0.0)


@dataclass(frozen=True)
class Known:
    """The mean is normal about `center` with sd sigma / sqrt(`pieces`), given sigma.

    sigma^2 is `spread`^2 times `spread_pieces` over a chi-squared of `spread_pieces` degrees of
    freedom. As after so many pieces with that mean, and with that sd.
    """

    center: float
    pieces: float
    spread: float
    spread_pieces: float

    def after(self, seen: Summary) -> "Known":
        """Return what is known after more pieces."""
        pieces, degrees = self.pieces + seen.n, self.spread_pieces + seen.n
        away = seen.mean - self.center
        squares = (
            self.spread_pieces * self.spread**2
            + seen.squares
            + self.pieces * seen.n / pieces * away**2
        )
        center = self.center + seen.n / pieces * away
        return Known(center, pieces, math.sqrt(squares / degrees), degrees)

    @property
    def mu(self) -> Any:
        """The distribution of the mean: Student-t."""
        return stats.t(self.spread_pieces, self.center, self.spread / math.sqrt(self.pieces))

    @property
    def sigma(self) -> Any:
        """The distribution of the sd: the root of an inverse gamma, as a generalised gamma."""
        half = self.spread_pieces / 2
        return stats.gengamma(half, -2, scale=self.spread * math.sqrt(half))

    @property
    def next(self) -> Any:
        """The distribution of the next piece: Student-t."""
        wide = self.spread * math.sqrt(1 + 1 / self.pieces)
        return stats.t(self.spread_pieces, self.center, wide)

    def next_about(self, mean: float) -> Any:
        """Return the distribution of a piece of a process with this mean, and sigma as known."""
        return stats.t(self.spread_pieces, mean, self.spread)


#: p(mu, sigma) proportional to 1 / sigma: no distribution, but what is known after two pieces is.
NOTHING = Known(0.0, 0.0, 0.0, -1.0)
