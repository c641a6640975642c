"""Several regressions of one outcome, each scored by every criterion there is."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from scipy.special import logsumexp

from workflow.regression.criteria import Compared, Scored
from workflow.regression.lines_apart import Line, Prior
from workflow.regression.lines_held_out import drawn, folds_of, k_fold
from workflow.scoring.psis import limit_of, psis

FOLDS, SPLITS = 10, 10  # parts of the rows, and how often they are parted anew
SPLIT_ONCE, SPLIT = 2_000, 200_000  # rows up to which that is, and up to which rows are parted
DRAWN = 2_000_000  # log densities of rows and draws that are in memory at once
LOOKED, MANY = 2_000, 5_000  # rows that are looked at, where there are more than `MANY`


def looked_at(rows: int, *, seed: int) -> slice | np.ndarray:
    """Return the positions of rows that are looked at: all, or of very many some at random."""
    if rows <= MANY:
        return slice(None)
    return np.sort(np.random.default_rng(seed).choice(rows, LOOKED, replace=False))


def compare(
    lines: Sequence[Line],
    prior: Prior,
    at: slice | np.ndarray = slice(None),
    *,
    draws: int,
    chains: int,
    seed: int,
) -> Compared:
    """Score all lines under one prior, by every criterion."""
    score = partial(_scored, prior=prior, at=at, draws=draws, chains=chains, seed=seed)
    return Compared(tuple(score(line) for line in lines), prior, at)


def _scored(
    line: Line, *, prior: Prior, at: slice | np.ndarray, draws: int, chains: int, seed: int
) -> Scored:
    elpd, rows = line.elpd(prior, at), np.arange(len(line.y))[at]
    size = len(rows)
    draws = max(min(draws, DRAWN // (chains * min(size, 1000))), 100)
    parts = np.array_split(rows, -(-size * chains * draws // DRAWN))
    found = [_by_draws(line, prior, part, draws, chains, seed) for part in parts]
    k, pointwise, within = (np.concatenate(one) for one in zip(*found, strict=True))
    whole = len(line.y) / size
    return Scored(
        line,
        elpd,
        k,
        limit_of(chains * draws),
        float(pointwise.sum()) * whole,
        float((within - elpd.pointwise).sum()) * whole,
        _folded(line, prior, at, seed),
        line.evidence(prior),
        line.information(),
        line.jzs(),
        line.left_out(prior, at),
    )


def _by_draws(
    line: Line, prior: Prior, rows: np.ndarray, draws: int, chains: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return k-hat, the elpd by PSIS, and the log mean density with the row, of some rows."""
    log_lik = drawn(line, prior, rows, draws=draws, chains=chains, seed=seed)
    found = psis(log_lik)
    values = log_lik.to_numpy().reshape(-1, len(rows))
    return found.k, found.pointwise, logsumexp(values, axis=0) - np.log(len(values))


def _folded(line: Line, prior: Prior, at: slice | np.ndarray, seed: int) -> np.ndarray | None:
    """Return the elpd by K-fold for several ways to part the rows; None where they are too many."""
    rows = len(line.y)
    if rows > SPLIT:
        return None
    splits = SPLITS if rows <= SPLIT_ONCE else 1
    parted = (folds_of(rows, min(FOLDS, rows), seed=seed + i) for i in range(splits))
    size = len(np.arange(rows)[at])
    return np.array([k_fold(line, prior, one, at).sum() * rows / size for one in parted])
