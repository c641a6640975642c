"""What is known of each group by itself: its likelihood, and a rough estimate with its error.

Effects are on the scale on which the groups have a normal population: the unit of what was
measured, or log-odds. They are shown on the scale of the file.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, gammaln, log_expit

HALF = 0.5  # added to successes and to failures, so that log-odds are finite
ROOT_TWO_PI = float(np.log(2 * np.pi) / 2)


@dataclass(frozen=True)
class Observed:
    """Groups by their labels; `first` and `second` are successes and trials, or effects and errors.

    `counted` says which. Of groups with a row a measurement they are means and numbers of rows, and
    `squares` are the sums of squares around these means.
    """

    names: tuple[str, ...]
    first: np.ndarray
    second: np.ndarray
    counted: bool
    squares: np.ndarray | None = None

    @classmethod
    def of(cls, table: pd.DataFrame) -> "Observed":
        """Return what a table with `group`, and successes and trials or effects, says."""
        counted = "successes" in table
        if "square" in table:
            mean, size, square = (table[one].to_numpy(float) for one in ("mean", "size", "square"))
            return cls(tuple(map(str, table["group"])), mean, size, False, square)
        columns = ("successes", "trials") if counted else ("effect", "standard_error")
        first, second = (table[name].to_numpy(float) for name in columns)
        return cls(tuple(map(str, table["group"])), first, second, counted)

    @property
    def variable(self) -> str:
        """What the groups' quantities are called in the model."""
        return "rate" if self.counted else "effect" if self.squares is None else "mean"

    @property
    def within(self) -> float:
        """The sd of rows of one group, all groups together; 0 where there are no rows."""
        if self.squares is None:
            return 0.0
        return float(np.sqrt(self.squares.sum() / (self.second.sum() - len(self.second))))

    @property
    def raw(self) -> np.ndarray:
        """Return what each group alone says, as shown: no pooling at all."""
        return self.first / self.second if self.counted else self.first

    @property
    def pooled(self) -> float:
        """Return what all groups together say if they are one: complete pooling."""
        if self.counted:
            return float(self.first.sum() / self.second.sum())
        weight = self.rough[1] ** -2.0
        return float(weight @ self.first / weight.sum())

    @property
    def rough(self) -> tuple[np.ndarray, np.ndarray]:
        """Estimate and standard error of each group's effect, roughly where it is counted."""
        if self.squares is not None:
            return self.first, self.within / np.sqrt(self.second)
        if not self.counted:
            return self.first, self.second
        yes, no = self.first + HALF, self.second - self.first + HALF
        return np.log(yes / no), np.sqrt(1 / yes + 1 / no)

    def log_likelihood(self, x: np.ndarray) -> np.ndarray:
        """Return the log density of each group's data (last axis) where its effect is `x`."""
        at = np.asarray(x, dtype=float)[..., None]
        if not self.counted:
            off = (self.first - at) / self.second
            return -(off**2) / 2 - np.log(self.second) - ROOT_TWO_PI
        k, n = self.first, self.second
        ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
        return ways + k * log_expit(at) + (n - k) * log_expit(-at)

    def shown(self, x: np.ndarray | float) -> np.ndarray:
        """Return effects on the scale on which they are shown: of counts, rates."""
        return np.asarray(expit(x) if self.counted else x, dtype=float)


def between(estimates: np.ndarray, errors: np.ndarray) -> float:
    """Return a rough sd between groups by moments: 0 where they differ no more than by error.

    Source: DerSimonian and Laird (1986), Meta-analysis in clinical trials.
    """
    w = errors**-2.0
    middle = w @ estimates / w.sum()
    q = w @ (estimates - middle) ** 2
    room = w.sum() - w @ w / w.sum()
    return float(np.sqrt(max(q - (len(w) - 1), 0) / room))


def tells_itself(observed: Observed) -> bool:
    """Say whether a typical group's own data tell more of it than the population does.

    The sampler then moves in the effects themselves, else in how far each is from the population.
    """
    estimates, errors = observed.rough
    return between(estimates, errors) > float(np.median(errors))
