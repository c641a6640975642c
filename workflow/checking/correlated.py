"""How far rows correlate, within groups or with neighbours, and what that does to errors."""

import numpy as np
import pandas as pd


def intraclass(left: np.ndarray, codes: np.ndarray, *, lost: int = 0) -> tuple[float, float]:
    """Return the intraclass correlation of values within groups, and its standard error.

    The estimator of the analysis of variance for groups of unequal size. Source: Donner (1986), A
    review of inference procedures for the intraclass correlation coefficient in the one-way random
    effects model; the error is that of Swiger et al. (1964). `lost` are degrees of freedom of the
    groups that something else took from them.
    """
    sizes = np.bincount(codes)
    n, k = len(left), len(sizes)
    free = k - 1 - lost
    if not 0 < free < n - 1 or k >= n:
        return np.nan, np.nan
    sums = np.bincount(codes, weights=left)
    between = (sums**2 / sizes).sum() - left.sum() ** 2 / n
    within = max((left**2).sum() - (sums**2 / sizes).sum(), 0) / (n - k)
    size = (n - (sizes**2).sum() / n) / (k - 1)
    above = between / free - within
    icc = above / (above + size * within) if above + size * within > 0 else 0.0
    spread = (1 - icc) * (1 + (size - 1) * icc)
    return float(icc), float(spread * np.sqrt(2 * (n - 1) / (n - k) / free) / size)


def inflation(icc: float, weights: pd.DataFrame, codes: np.ndarray) -> pd.Series:
    """Return by what factor the error of each estimate is larger than with independent rows.

    Where any two rows of a group correlate by `icc`, the variance is 1 + icc times what products of
    their weights add. For a mean of groups of m rows that is 1 + icc (m - 1). Source: Moulton
    (1986), Random group effects and the precision of regression estimates.
    """
    shares = {}
    for name, w in weights.items():
        own = float((w**2).sum())
        together = np.bincount(codes, weights=w)
        shares[name] = 1 + icc * ((together @ together) / own - 1)
    return np.sqrt(pd.Series(shares).clip(lower=0))


def serial(left: np.ndarray, weights: pd.DataFrame) -> tuple[float, pd.Series]:
    """Return the correlation of neighbours, and by what factor the errors of estimates are larger.

    Both are in their order. Where residuals correlate by r**h at distance h, and the weights of an
    estimate by q**h, its variance is larger by (1 + q r) / (1 - q r); of a mean q is 1.
    """
    r = float(left[1:] @ left[:-1]) / float(left @ left)
    w = weights.to_numpy()
    q = (w[1:] * w[:-1]).sum(axis=0) / (w**2).sum(axis=0)
    return r, np.sqrt(pd.Series((1 + q * r) / (1 - q * r), weights.columns))
