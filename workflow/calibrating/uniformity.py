"""Are ranks uniform? The empirical CDF against simultaneous bands, as a p-value.

Source: Säilynoja, Bürkner and Vehtari (2022), Graphical test for discrete uniformity and its
applications in goodness-of-fit evaluation and multiple sample comparison. Their gamma is the
smallest two-sided binomial tail of the empirical CDF over all evaluation points; the bands are the
binomial quantiles at the gamma that 1 - level of uniform samples fall below.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from scipy.stats import binom

NULL = 100_000  # uniform samples that gamma is compared with: p-values down to 1e-5
CHUNK = 10_000


def p_value(ranks: np.ndarray, draws: int) -> float:
    """Return the p-value of the hypothesis that `ranks` are uniform on 0, ..., `draws`.

    A Monte Carlo test: valid for any number of ranks, and never below 1 / (NULL + 1).
    """
    n = len(ranks)
    below = np.searchsorted(null_gammas(n, draws), _gamma(_cumulated(ranks, draws), n), "right")
    return float((1 + below) / (NULL + 1))


def band(replicates: int, draws: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the simultaneous band of `ecdf`: where a share `level` of samples stays.

    That is of samples of so many `replicates` of uniform ranks, at all points at once.
    """
    gamma = float(np.quantile(null_gammas(replicates, draws), 1 - level))
    z = _points(draws)
    lower, upper = (binom.ppf(p, replicates, z) for p in (gamma / 2, 1 - gamma / 2))
    return lower / replicates, upper / replicates


def ecdf(ranks: np.ndarray, draws: int) -> np.ndarray:
    """Return the share of ranks below 1, ..., `draws`: where `band` has its ends."""
    return _cumulated(ranks, draws) / len(ranks)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return p-values adjusted so that any false rejection has the stated probability at most.

    Source: Holm (1979), A simple sequentially rejective multiple test procedure.
    """
    order = sorted(p_values, key=p_values.__getitem__)
    times = np.arange(len(order), 0, -1)
    adjusted = np.maximum.accumulate([p_values[name] for name in order] * times)
    return dict(zip(order, np.minimum(adjusted, 1).tolist(), strict=True))


@lru_cache
def null_gammas(replicates: int, draws: int) -> np.ndarray:
    """Return the sorted gammas of `NULL` uniform samples of so many `replicates`."""
    rng = np.random.default_rng([replicates, draws])
    cells = np.full(draws + 1, 1 / (draws + 1))
    parts = [
        _gamma(rng.multinomial(replicates, cells, CHUNK).cumsum(axis=1)[:, :-1], replicates)
        for _ in range(NULL // CHUNK)
    ]
    return np.sort(np.concatenate(parts))


def _points(draws: int) -> np.ndarray:
    return np.arange(1, draws + 1) / (draws + 1)


def _cumulated(ranks: np.ndarray, draws: int) -> np.ndarray:
    """Return how many ranks are below 1, ..., `draws`."""
    return np.bincount(np.asarray(ranks, dtype=int), minlength=draws + 1).cumsum()[:-1]


def _gamma(cumulated: np.ndarray, replicates: int) -> np.ndarray:
    """Return gamma of each row of counts of ranks below 1, ..., draws."""
    tail = _tails(replicates, cumulated.shape[-1])
    return tail[cumulated, np.arange(cumulated.shape[-1])].min(axis=-1)


@lru_cache
def _tails(replicates: int, draws: int) -> np.ndarray:
    """Return twice the smaller binomial tail, shape (count, point)."""
    count, z = np.arange(replicates + 1)[:, None], _points(draws)
    lower, upper = binom.cdf(count, replicates, z), binom.sf(count - 1, replicates, z)
    return 2 * np.minimum(lower, upper)
