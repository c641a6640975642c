"""Is it chance that rows agree? Statistics of rows that change places at random, where they can."""

from collections.abc import Callable

import numpy as np

FIRST, OPEN = 99, 0.1  # permutations at first, and the p from which on these are enough
ENOUGH = 20_000  # rows for such a test: of more, whole groups are drawn
BLOCKS = 20  # of rows in their order; as few groups are large


def agreement(codes: np.ndarray) -> Callable[[np.ndarray], float]:
    """Return what sums the products of values of one group, in units of their own spread."""
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    starts = np.concatenate([[0], np.cumsum(sizes[sizes > 0])[:-1]])

    def statistic(values: np.ndarray) -> float:
        x = values[order]
        sums, squares, fourth = (np.add.reduceat(x**power, starts) for power in (1, 2, 4))
        spread = float((squares**2 - fourth).sum())
        return float((sums**2 - squares).sum()) / np.sqrt(spread) if spread > 1e-12 else 0.0

    return statistic


def apart(codes: np.ndarray, blocks: np.ndarray) -> Callable[[np.ndarray], float]:
    """Return the same of values less the mean of their block: what a block has in common is out."""
    statistic, sizes = agreement(codes), np.maximum(np.bincount(blocks), 1)
    return lambda values: statistic(values - (np.bincount(blocks, values) / sizes)[blocks])


def neighbours(left: np.ndarray) -> float:
    """Return the products of neighbours, summed, in units of their own spread."""
    products = left[1:] * left[:-1]
    return float(products.sum() / np.sqrt((products**2).sum() or 1))


def chance(
    statistic: Callable[[np.ndarray], float],
    left: np.ndarray,
    strata: np.ndarray,
    limit: float,
    rng: np.random.Generator,
) -> float:
    """Return how probable so great a statistic is where rows of a stratum can change places."""
    observed, by_stratum = statistic(left), np.argsort(strata, kind="stable")
    shuffled, reached, tried = left.copy(), 0, 0
    for enough in (FIRST, int(np.ceil(2 / limit))):
        while tried < enough:
            places = np.lexsort((rng.random(len(left)), strata))
            shuffled[by_stratum] = left[places]
            reached += statistic(shuffled) >= observed
            tried += 1
        if (1 + reached) / (1 + tried) > OPEN:
            break
    return (1 + reached) / (1 + tried)


def drawn(codes: np.ndarray, rng: np.random.Generator) -> np.ndarray | slice:
    """Return the rows of groups drawn at random, `ENOUGH` of them; of few large groups some."""
    if len(codes) <= ENOUGH:
        return slice(None)
    place = rng.permutation(codes.max() + 1)[codes]
    rows = np.argsort(place, kind="stable")
    whole = rows[: np.searchsorted(place[rows], place[rows[ENOUGH]])]
    return whole if len(np.unique(codes[whole])) >= BLOCKS else rng.permutation(len(codes))[:ENOUGH]
