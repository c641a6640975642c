"""Are rows that share something (a person, a site, a day) alike beyond what a model says of them?

Rows that are alike know less than their number, and intervals that take them as independent are too
narrow. Looked at are the residuals of a fit: how far they agree within a group (intraclass
correlation), whether that is more than chance (permutations), and by what factor the error of an
estimate, a weighted sum of the residuals, is larger than it would be if rows were independent.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workflow.checking.permuted import BLOCKS, ENOUGH, agreement, chance, drawn, neighbours

LEVEL = 0.01  # of all the tests of a page together, where rows are independent
BEARABLE = 1.05  # a factor below which nobody would mind


@dataclass(frozen=True)
class Residuals:
    """What a fit leaves of every row, and what each row weighs in the estimates.

    Parameters
    ----------
    left
        Residuals of about equal variance; index: row.
    weights
        The columns are estimates, each of which errs by the sum over rows of weight times residual.
    strata
        Which rows can change places if rows are independent, such as the arm; codes.
    """

    left: pd.Series
    weights: pd.DataFrame
    strata: np.ndarray


@dataclass(frozen=True)
class Alike:
    """Rows that share a value of `column`: do their residuals agree?

    `icc` is the intraclass correlation (of rows in their order: that of neighbours) and `error` its
    standard error, `p` the probability of such agreement by chance, `limit` what it is held
    against. `factor` says by how much the interval of an estimate, `most`, is too narrow.
    """

    column: str
    groups: int
    rows: int
    icc: float
    error: float
    p: float
    limit: float
    factor: float
    most: str
    ordered: bool = False

    @property
    def found(self) -> bool:
        """Whether rows are alike, more than by chance."""
        return self.p < self.limit and self.icc > 0

    @property
    def matters(self) -> bool:
        """Whether they are, and an interval is clearly too narrow for it."""
        return self.found and self.factor > BEARABLE


def look(
    residuals: Residuals,
    groups: Mapping[str, pd.Series],
    times: Mapping[str, pd.Series],
    *,
    ordered: bool = False,
    seed: int,
    asked: int = 1,
) -> list[Alike]:
    """Look at every grouping of the rows and every order of them; the widest interval first.

    `groups` has codes, `times` numbers by row (more rows may be there); `ordered` says that rows
    are in an order. If rows are independent, all together find something in `LEVEL` of data sets,
    also if it is `asked` so many times, of several residuals of the same rows.
    """
    rows = residuals.left.index
    orders = {name: np.argsort(when.loc[rows], kind="stable") for name, when in times.items()}
    every = {name: np.asarray(at) for name, at in orders.items()}
    every |= {"their order in the file": np.arange(len(rows))} if ordered else {}
    limit = LEVEL / max(len(groups) + 2 * len(every), 1) / asked
    rng = np.random.default_rng(seed)
    found = [_grouped(residuals, name, of.loc[rows], limit, rng) for name, of in groups.items()]
    for name, at in every.items():
        found += _ordered(residuals, name, at, limit, rng)
    return sorted((one for one in found if one), key=lambda one: -one.factor)


def worst_of_each(found: Iterable[Alike]) -> list[Alike]:
    """Return for each column what matters most of what was found, the widest interval first."""
    worst: dict[str, Alike] = {}
    for one in sorted(found, key=lambda one: (not one.matters, -one.factor)):
        worst.setdefault(one.column, one)
    return sorted(worst.values(), key=lambda one: -one.factor)


def intraclass(left: np.ndarray, codes: np.ndarray) -> tuple[float, float]:
    """Return the intraclass correlation of values within groups, and its standard error.

    The estimator of the analysis of variance for groups of unequal size. Source: Donner (1986), A
    review of inference procedures for the intraclass correlation coefficient in the one-way random
    effects model; the error is that of Swiger et al. (1964).
    """
    sizes = np.bincount(codes)
    n, k = len(left), len(sizes)
    if not 1 < k < n:
        return np.nan, np.nan
    sums = np.bincount(codes, weights=left)
    between = (sums**2 / sizes).sum() - left.sum() ** 2 / n
    within = max((left**2).sum() - (sums**2 / sizes).sum(), 0) / (n - k)
    size = (n - (sizes**2).sum() / n) / (k - 1)
    above = between / (k - 1) - within
    icc = above / (above + size * within) if above + size * within > 0 else 0.0
    spread = (1 - icc) * (1 + (size - 1) * icc)
    return float(icc), float(spread * np.sqrt(2 * (n - 1) / (n - k) / (k - 1)) / size)


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


def _grouped(
    residuals: Residuals, name: str, codes: pd.Series, limit: float, rng: np.random.Generator
) -> Alike | None:
    """Look at one grouping of the rows."""
    at, left = pd.factorize(codes)[0], residuals.left.to_numpy(dtype=float)
    sizes = np.bincount(at)
    if len(sizes) < 2 or sizes.max() < 2 or not left.any():
        return None
    icc, error = intraclass(left, at)
    some = drawn(at, rng)
    p = chance(agreement(at[some]), left[some], residuals.strata[some], limit, rng)
    factors = inflation(icc, residuals.weights, at)
    most = str(factors.idxmax())
    return Alike(name, len(sizes), len(left), icc, error, p, limit, float(factors[most]), most)


def _ordered(
    residuals: Residuals, name: str, order: np.ndarray, limit: float, rng: np.random.Generator
) -> Iterator[Alike | None]:
    """Look at the neighbours in an order of the rows, and at blocks of it."""
    left, strata = residuals.left.to_numpy(dtype=float)[order], residuals.strata[order]
    if len(left) < 2 * BLOCKS or not left.any():
        return
    r, factors = serial(left, residuals.weights.iloc[order])
    some, most = slice(ENOUGH), str(factors.idxmax())
    p = chance(neighbours, left[some], strata[some], limit, rng)
    error, factor = float(len(left) ** -0.5), float(factors[most])
    yield Alike(name, len(left), len(left), r, error, p, limit, factor, most, ordered=True)
    blocks = pd.Series(np.argsort(order) * BLOCKS // len(order), residuals.left.index)
    drift = _grouped(residuals, f"{BLOCKS} blocks by {name}", blocks, limit, rng)
    yield replace(drift, ordered=True) if drift else None
