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

from workflow.checking.correlated import inflation, intraclass, serial
from workflow.checking.permuted import BLOCKS, ENOUGH, agreement, apart, chance, drawn, neighbours

IN_FILE = "their order in the file"
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
    every |= {IN_FILE: np.arange(len(rows))} if ordered else {}
    looks = 2 if residuals.strata.min() == residuals.strata.max() else 3  # at each order
    limit = LEVEL / max(len(groups) + looks * len(every), 1) / asked
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


def _grouped(
    residuals: Residuals,
    name: str,
    codes: pd.Series,
    limit: float,
    rng: np.random.Generator,
    within: np.ndarray | None = None,
) -> Alike | None:
    """Look at one grouping of the rows; `within` has codes of what was centred."""
    at, left = pd.factorize(codes)[0], residuals.left.to_numpy(dtype=float)
    sizes = np.bincount(at)
    if len(sizes) < 2 or sizes.max() < 2 or not left.any():
        return None
    lost = 0 if within is None else len({*within}) + len({*residuals.strata}) - 2
    icc, error = intraclass(left, at, lost=lost)
    if np.isnan(icc):
        return None
    some = drawn(at, rng)
    statistic = agreement(at[some]) if within is None else apart(at[some], within[some])
    p = chance(statistic, left[some], residuals.strata[some], limit, rng)
    factors = inflation(icc, residuals.weights, at)
    most = str(factors.idxmax())
    return Alike(name, len(sizes), len(left), icc, error, p, limit, float(factors[most]), most)


def _ordered(
    residuals: Residuals, name: str, order: np.ndarray, limit: float, rng: np.random.Generator
) -> Iterator[Alike | None]:
    """Look at the neighbours in an order of the rows, at blocks of it, and of several strata."""
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
    if strata.min() < strata.max():
        parted = _parted(
            residuals, f"{BLOCKS} blocks by {name}, arm against arm", blocks, limit, rng
        )
        yield replace(parted, ordered=True) if parted else None


def _parted(
    residuals: Residuals, name: str, blocks: pd.Series, limit: float, rng: np.random.Generator
) -> Alike | None:
    """Look whether strata go apart from block to block: arms of which one fades, as another rises.

    What all rows of a block share is taken off.
    """
    at, strata = blocks.to_numpy(), residuals.strata
    less = residuals.left - residuals.left.groupby(at).transform("mean")
    cells = pd.Series(at * (strata.max() + 1) + strata, residuals.left.index)
    return _grouped(replace(residuals, left=less), name, cells, limit, rng, within=at)
