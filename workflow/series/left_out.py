"""Leave-future-out: how well does each account predict each of the later values, in turn?

Those are the later half, and the last 500 where that is more.

A value is predicted by those before it alone, whatever their sds are: by what their evidence grows
with it. So the accounts are refitted at every value, exactly. Source: Buerkner, Gabry and Vehtari
(2020), Approximate leave-future-out cross-validation for Bayesian time series models.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from workflow.series.accounts import DRIFTS, JUMPS, STAYS, Series

LATE = 500  # values that are predicted, at most
ERRORS = 2.0  # standard errors of a difference that can be told from none


@dataclass(frozen=True)
class Scores:
    """Log densities of the later values, by account, each given the values before it."""

    of: dict[str, np.ndarray]

    @property
    def values(self) -> int:
        """How many values were predicted."""
        return len(next(iter(self.of.values())))

    @property
    def elpd(self) -> dict[str, float]:
        """Their sums."""
        return {name: float(one.sum()) for name, one in self.of.items()}

    @property
    def best(self) -> str:
        """The account with the largest sum."""
        return max(self.elpd, key=lambda name: self.elpd[name])

    def behind(self, name: str) -> tuple[float, float]:
        """Return how far an account is behind the best one, and the standard error of that."""
        less = self.of[name] - self.of[self.best]
        return float(less.sum()), float(np.sqrt(len(less)) * less.std(ddof=1))

    def told(self, name: str) -> bool:
        """Say whether an account is behind the best by more than chance."""
        gap, error = self.behind(name)
        return name != self.best and gap < -ERRORS * error


def gained(one: Scores, other: Scores, name: str) -> tuple[float, float]:
    """Return by how much an account scores better in `one`, and the standard error of that."""
    more = one.of[name] - other.of[name]
    return float(more.sum()), float(np.sqrt(len(more)) * more.std(ddof=1))


def scores_of(series: Series) -> Scores:
    """Return how well each of the later values is predicted by those before it."""
    first = first_of(len(series.y))
    stays, jumps = _if_it_jumps(series, first)
    return Scores({STAYS: stays, JUMPS: jumps, DRIFTS: if_it_drifts(series, first)})


def first_of(values: int) -> int:
    """Return how many values come before those that are predicted."""
    return values - min(values // 2, LATE)


def if_it_drifts(series: Series, first: int) -> np.ndarray:
    """Return the log density of each value behind so many, if the level drifts."""
    early = series.first(first)
    axes = series.narrowed(
        2, lambda *at: np.concatenate([early.log_plane(*at), series.log_plane(*at)], axis=-1)
    )
    noise, level = (one.ravel() for one in np.meshgrid(*axes, indexing="ij"))
    return np.diff(series.grown(noise, level, first))


def _if_it_jumps(series: Series, first: int) -> tuple[np.ndarray, np.ndarray]:
    n, early, prior = len(series.y), series.first(first), series.prior
    (line,) = series.narrowed(
        1, lambda at: np.concatenate([early.log_line(at), series.log_line(at)], axis=-1)
    )
    noise, weight, found = line[:, None] ** 2, series.log_noise(line), []
    for t in range(first, n + 1):
        parts = series.first(t).parts(np.arange(1, t + 1))  # at the last one: no jump as yet
        logs = parts.log_density(noise, prior)
        yet = np.append(np.zeros(t - 1), np.log(n - t) if t < n else -np.inf)
        jumped = logsumexp(logs + yet, axis=1) - np.log(n - 1)
        found.append([logsumexp(weight + one) for one in (logs[:, -1], jumped)])
    stays, jumps = np.diff(np.array(found), axis=0).T
    return stays, jumps
