"""How often an interval holds the share: of confidence and credible intervals of a proportion."""

from collections.abc import Callable

import numpy as np
from scipy import stats

from workflow.play.randoms import State, uniforms

LEVEL, EXPERIMENTS, DRAWN = 0.95, 1000, 40
TAIL = (1 - LEVEL) / 2
SHARES = np.arange(1, 200) / 200  # at which the coverage is drawn

type Interval = Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]]


def wald(k: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of the textbooks: k / n and so many of its standard errors."""
    p = k / n
    half = stats.norm.isf(TAIL) * np.sqrt(p * (1 - p) / n)
    return p - half, p + half


def exact(k: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the confidence interval of Clopper and Pearson (1934), Biometrika 26, 404-413."""
    low = np.where(k > 0, stats.beta.ppf(TAIL, np.maximum(k, 1), n - k + 1), 0)
    high = np.where(k < n, stats.beta.isf(TAIL, k + 1, np.maximum(n - k, 1)), 1)
    return low, high


def credible(k: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the equal-tailed credible interval under the flat prior, Beta(1, 1)."""
    return stats.beta.ppf(TAIL, k + 1, n - k + 1), stats.beta.isf(TAIL, k + 1, n - k + 1)


METHODS: dict[str, Interval] = {"wald": wald, "exact": exact, "credible": credible}


def state(*, share: float, n: int) -> State:
    """Return the coverage of the three intervals: exact, and of simulated experiments.

    Exact is the binomial probability of the counts whose interval holds the share.
    """
    k = np.arange(n + 1)
    drawn = stats.binom.ppf(uniforms(EXPERIMENTS), n, share).astype(int)
    probability = stats.binom.pmf(k, n, SHARES[:, None])
    found: State = {"shares": SHARES, "share": share, "level": LEVEL}
    for name, interval in METHODS.items():
        low, high = interval(k, n)
        holds = (low <= share) & (share <= high)
        inside = (low <= SHARES[:, None]) & (SHARES[:, None] <= high)
        found[name] = float(stats.binom.pmf(k, n, share)[holds].sum())
        found[f"{name}_simulated"] = float(holds[drawn].mean())
        found[f"{name}_along"] = (probability * inside).sum(1)
    low, high = credible(k, n)
    first, rank = drawn[:DRAWN], np.arange(1.0, DRAWN + 1)
    hit = (low[first] <= share) & (share <= high[first])
    for name, which in (("hit", hit), ("miss", ~hit)):
        ends = {"low": low[first][which], "high": high[first][which], "rank": rank[which]}
        found |= {f"{name}_{end}": values for end, values in ends.items()}
    return found
