"""How well chains mixed: R-hat, effective draws and Monte Carlo errors of many scalars at once.

The numbers are those of ArviZ, which takes a scalar at a time, and sorts and transforms it anew for
each of them. Source: Vehtari et al. (2021), Rank-normalization, folding, and localization; Geyer's
initial monotone sequence by Stan's rules.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from arviz_stats.base import array_stats
from scipy import stats
from scipy.fft import irfft, next_fast_len, rfft
from scipy.special import ndtri

AT_ONCE = 500_000  # draws of scalars that are looked at together: each takes ten times its room
FEWEST = 4  # draws of a chain
RESOLUTION = np.finfo(float).resolution  # what varies by less is constant
ONE_SD = (0.1586553, 0.8413447)  # of a normal, as ArviZ has them
ENDS = (0.05, 0.95)
NAMES = ("r_hat", "ess_bulk", "ess_tail", "mcse_mean")
KEPT = 4  # sets of draws: the same are judged, told in tables and judged again
_KEPT: dict[tuple[tuple[int, ...], bytes], np.ndarray] = {}
AXES: dict[str, Any] = {"chain_axis": 1, "draw_axis": 2}


def mixing(draws: np.ndarray) -> dict[str, np.ndarray]:
    """Return r_hat, ess_bulk, ess_tail and mcse_mean of draws (scalar, chain, draw).

    NaN where a draw is NaN, or there are too few of them; R-hat of one chain is NaN. None depends
    on the unit, but squares overflow: the draws are scaled by powers of 2, exactly.
    """
    size = np.abs(draws).max(axis=(1, 2), initial=0)
    exponent = np.frexp(np.where(np.isfinite(size), size, 1))[1]
    scaled = np.ldexp(draws, -exponent[:, None, None])
    key = scaled.shape, hashlib.blake2b(np.ascontiguousarray(scaled)).digest()
    if key not in _KEPT:
        while len(_KEPT) >= KEPT:
            del _KEPT[next(iter(_KEPT))]
        _KEPT[key] = _each(scaled, _mixing, _by_arviz)
    *scores, error = _KEPT[key].copy()
    return dict(zip(NAMES, (*scores, np.ldexp(error, exponent)), strict=True))


def ess_bulk(draws: np.ndarray) -> np.ndarray:
    """Return the effective number of draws (scalar, chain, draw), by their ranks."""
    return _each(draws, lambda some: [ess(_normal_scores(halves(some)))], _bulk_by_arviz)[0]


def mcse_mean(draws: np.ndarray) -> np.ndarray:
    """Return the Monte Carlo errors of the means of draws (scalar, chain, draw)."""
    return _each(draws, lambda some: [_error(some)], lambda some: [_by_arviz(some)[3]])[0]


def mcse_quantiles(draws: np.ndarray, probs: Sequence[float]) -> np.ndarray:
    """Return the Monte Carlo errors of quantiles of draws (scalar, chain, draw), by probability."""

    def by_arviz(some: np.ndarray) -> list[np.ndarray]:
        return [array_stats.mcse(some, method="quantile", prob=p, **AXES) for p in probs]

    return _each(draws, partial(_of_quantiles, probs=probs), by_arviz)


type Statistics = Callable[[np.ndarray], Sequence[np.ndarray]]  # of scalars, an array each


def _each(draws: np.ndarray, ours: Statistics, by_arviz: Statistics) -> np.ndarray:
    """Return statistics of draws, a row each; ArviZ's where draws are no numbers, or too few."""
    enough = draws.shape[2] >= 2 * FEWEST
    ordinary = np.isfinite(draws).all(axis=(1, 2)) & enough
    step = max(1, AT_ONCE // max(draws[0].size, 1)) if len(draws) else 1
    parts = [np.flatnonzero(ordinary)[i : i + step] for i in range(0, ordinary.sum(), step)]
    parts += [at[None] for at in np.flatnonzero(~ordinary)]
    made = [np.asarray((ours if ordinary[at[0]] else by_arviz)(draws[at])) for at in parts]
    found = np.full((len(made[0]) if made else 0, len(draws)), np.nan)
    for at, values in zip(parts, made, strict=True):
        found[:, at] = values
    return found


def halves(draws: np.ndarray) -> np.ndarray:
    """Return the halves of chains as chains; of an odd number of draws the middle one is left out.

    The first halves of all chains come first.
    """
    half = draws.shape[2] // 2
    return np.concatenate([draws[:, :, :half], draws[:, :, draws.shape[2] - half :]], axis=1)


def ess(draws: np.ndarray) -> np.ndarray:
    """Return how many independent draws the mean of each scalar is worth; no chain is split."""
    draws = np.asarray(draws, dtype=float)
    _, chains, n = draws.shape
    covariance = _autocovariance(draws).mean(axis=1)
    within = covariance[:, :1] * n / (n - 1)
    total = within * (n - 1) / n
    if chains > 1:
        total = total + draws.mean(axis=2).var(axis=1, ddof=1)[:, None]
    rho = 1 - (within - covariance) / total
    rho[:, 0] = 1
    tau = _time(rho)
    size = chains * n
    found = size / np.fmax(tau, 1 / np.log10(size))
    constant = np.ptp(draws, axis=(1, 2)) < RESOLUTION
    return np.where(constant, size, np.where(np.isnan(tau), np.nan, found))


def _time(rho: np.ndarray) -> np.ndarray:
    """Return the autocorrelation time by correlations (scalar, lag): Geyer's monotone sequence.

    Pairs of neighbouring lags are summed while they are above 0, none as more than the one before
    it, and the first half of the pair that ends it, as far as it is above 0 too.
    """
    n = rho.shape[1]
    last = max(-(-(n - 4) // 2), 0)  # pair
    pairs = rho[:, 0 : 2 * last + 1 : 2] + rho[:, 1 : 2 * last + 2 : 2]
    ends = ~(pairs > 0)
    ends[:, -1] = True
    end = ends.argmax(axis=1)
    before = np.arange(last + 1) < end[:, None]
    every = np.arange(len(rho))
    half = rho[every, 2 * end]
    half = np.where((pairs[every, end] >= 0) | (half > 0), half, 0)
    half = np.where(end > 0, half, 1)
    summed = np.where(before, np.minimum.accumulate(pairs, axis=1), 0).sum(axis=1)
    return np.asarray(np.where(np.isnan(rho[:, 1]), np.nan, 2 * summed + half - 1))


def _autocovariance(draws: np.ndarray) -> np.ndarray:
    """Return the autocovariance of each chain, by lag."""
    n = draws.shape[2]
    m = next_fast_len(2 * n)
    spectrum = rfft(draws - draws.mean(axis=2, keepdims=True), n=m, axis=2)
    spectrum *= spectrum.conj()
    return np.asarray(irfft(spectrum, n=m, axis=2)[:, :, :n] / n)


def _mixing(draws: np.ndarray) -> list[np.ndarray]:
    split = halves(draws)
    bulk = _normal_scores(split)
    middle = np.median(split, axis=(1, 2), keepdims=True)
    r_bulk, r_spread = _r_hat(bulk), _r_hat(_normal_scores(np.abs(split - middle)))
    r_hat = np.where(r_spread > r_bulk, r_spread, r_bulk)
    r_hat = r_hat if draws.shape[1] > 1 else np.full(len(draws), np.nan)
    low, high = _ess_below(draws, ENDS)
    return [r_hat, ess(bulk), np.where(high < low, high, low), _error(draws)]


def _error(draws: np.ndarray) -> np.ndarray:
    return np.asarray(draws.std(axis=(1, 2), ddof=1) / np.sqrt(ess(halves(draws))))


def _of_quantiles(draws: np.ndarray, probs: Sequence[float]) -> list[np.ndarray]:
    """Return half of what lies between the order statistics at one sd of a Beta, by quantile."""
    ordered = np.sort(draws.reshape(len(draws), -1), axis=1)
    every, size = np.arange(len(draws)), ordered.shape[1]
    errors = []
    for p, n in zip(probs, _ess_below(draws, probs), strict=True):
        low, high = (stats.beta.ppf(one, n * p + 1, n * (1 - p) + 1) for one in ONE_SD)
        at = np.floor(np.fmax(low * size - 1, 0)).astype(int)
        to = np.ceil(np.fmin(high * size - 1, size - 1)).astype(int)
        errors.append((ordered[every, to] - ordered[every, at]) / 2)
    return errors


def _ess_below(draws: np.ndarray, probs: Sequence[float]) -> list[np.ndarray]:
    """Return what the shares of draws below quantiles are worth in independent draws."""
    ends = np.quantile(draws, list(probs), axis=(1, 2))
    below = np.concatenate([draws <= one[:, None, None] for one in ends])
    return np.split(ess(halves(below)), len(probs))


def _normal_scores(draws: np.ndarray) -> np.ndarray:
    """Return normal quantiles of the ranks of each scalar's draws, by Blom's offset."""
    flat = draws.reshape(len(draws), -1)
    ranks = stats.rankdata(flat, method="average", axis=1)
    return np.asarray(ndtri((ranks - 3 / 8) / (flat.shape[1] + 1 / 4))).reshape(draws.shape)


def _r_hat(draws: np.ndarray) -> np.ndarray:
    n = draws.shape[2]
    between = n * draws.mean(axis=2).var(axis=1, ddof=1)
    within = draws.var(axis=2, ddof=1).mean(axis=1)
    return np.asarray(np.sqrt((between / within + n - 1) / n))


def _by_arviz(draws: np.ndarray) -> list[np.ndarray]:
    return [
        array_stats.rhat(draws, method="rank", **AXES),
        *_bulk_by_arviz(draws),
        array_stats.ess(draws, method="tail", prob=ENDS, **AXES),
        array_stats.mcse(draws, method="mean", **AXES),
    ]


def _bulk_by_arviz(draws: np.ndarray) -> list[np.ndarray]:
    return [array_stats.ess(draws, method="bulk", **AXES)]
