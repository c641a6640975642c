"""Rows that stay on one side of a split: copies of one another, and those of one group."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

NEAR = 0.01  # sds of every term within which rows are nearly equal
PAIRS = 2000  # of rows, drawn to see how often they are near by chance
BY_CHANCE = 0.5  # rows near a row by chance, from which on equal rows are no copies
FEWEST = 20  # groups of equal rows; fewer are combinations of a few values


def copies(terms: pd.DataFrame) -> np.ndarray:
    """Return for each row which rows it is a copy of (codes): equal, or nearly, in all terms.

    Where few combinations of values are possible, as of a few yes or no, rows are equal by chance
    and none is a copy. Chance is that of terms that know nothing of one another.
    """
    z = ((terms - terms.mean()) / terms.std()).to_numpy(dtype=float)
    n, alone = len(z), np.arange(len(z))
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, n, (2, PAIRS))
    near = np.abs(z[one] - z[other])[one != other] <= NEAR
    if n * np.prod((near.sum(axis=0) + 1) / (len(near) + 1)) > BY_CHANCE:
        return alone
    pairs = KDTree(z).query_pairs(NEAR, p=np.inf, output_type="ndarray")
    return _joined(pairs[:, 0], pairs[:, 1], n) if len(pairs) else alone


def together(terms: pd.DataFrame, group: pd.Series | None) -> tuple[np.ndarray, int]:
    """Return which rows stay together (codes), and how many are copies of another one.

    `group` has codes by row, or is None.
    """
    same = copies(terms)
    number = int((np.bincount(same)[same] > 1).sum())
    if len(np.unique(same)) < FEWEST:
        same, number = np.arange(len(terms)), 0
    if group is None:
        return same, number
    n, codes = len(terms), group.to_numpy()
    first = np.unique(codes, return_index=True)[1][np.unique(codes, return_inverse=True)[1]]
    leader = np.unique(same, return_index=True)[1][np.unique(same, return_inverse=True)[1]]
    rows = np.concatenate([np.arange(n), np.arange(n)])
    return _joined(rows, np.concatenate([first, leader]), n), number


def _joined(one: np.ndarray, other: np.ndarray, n: int) -> np.ndarray:
    """Return the codes of rows that are joined by pairs, one after another."""
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(n, n))
    codes: np.ndarray = connected_components(graph, directed=False)[1]
    return codes
