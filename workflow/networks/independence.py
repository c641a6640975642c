"""Does the network say rightly what has nothing to do with what?

Given what it depends on, a finding must know nothing of the other findings before it: among
patients in one row of its table, both are as often together as chance has them. The statistic is
that of Cochran, Mantel and Haenszel, signed: over the rows, how many more patients than expected
have both, in standard deviations. Sources: Mantel and Haenszel (1959), Statistical aspects of the
analysis of data from retrospective studies of disease; Pearl (1988), Probabilistic Reasoning in
Intelligent Systems, section 3.3 (which independences a network claims).
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from workflow.checking.checks import Statistic
from workflow.networks.network import Network


def statistics(network: Network, patients: pd.DataFrame) -> dict[str, Statistic]:
    """Return a statistic for each pair of findings that the network says are independent.

    Only of pairs that the patients can tell of: some row has both values of both.
    """
    counts = patients["patients"].to_numpy()
    found = {name: cells for name, cells in _claims(network, patients) if _told(counts, cells)}
    return {name: partial(_statistic, cells=cells) for name, cells in found.items()}


def untold(network: Network, patients: pd.DataFrame) -> list[str]:
    """Return the claims of independence that the patients are too few to tell of."""
    every = dict(_claims(network, patients))
    told = statistics(network, patients)
    return [name for name in every if name not in told]


def association(counts: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Return the signed statistic; dims: ..., pattern in, and ... out.

    `cells` has for each row of the table (dim 0), each value of the one (1) and of the other
    finding (2) which patterns are counted (3). It is 0 where no row has both values of both.
    """
    n = np.tensordot(counts.astype(float), cells, axes=(-1, -1))  # ..., row, one, other
    total, one, other = n.sum((-1, -2)), n.sum(-1), n.sum(-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        more = n[..., 1, 1] - one[..., 1] * other[..., 1] / total
        spread = one.prod(-1) * other.prod(-1) / (total**2 * (total - 1))
        more, spread = (np.where(total > 1, x, 0.0).sum(-1) for x in (more, spread))
        found: np.ndarray = np.where(spread > 0, more / np.sqrt(spread), 0.0)
    return found


def _statistic(y: xr.DataArray, given: xr.Dataset, *, cells: np.ndarray) -> xr.DataArray:
    over = [["pattern"]]
    return xr.apply_ufunc(partial(association, cells=cells), y, input_core_dims=over)


def _told(counts: np.ndarray, cells: np.ndarray) -> bool:
    n = np.tensordot(counts, cells, axes=(-1, -1))
    both = (n.sum(-1) > 0).all(-1) & (n.sum(-2) > 0).all(-1)
    return bool(both.any())


def _claims(network: Network, patients: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Yield each claim of independence, in words, and the cells that it is about."""
    for c, child in enumerate(network.names):
        row = network.rows_of(child, patients)
        own = np.unique(network.at[:, c])
        for other in network.names[:c]:
            if not _varies(network, c, other):
                continue
            values = [(patients[name] == v).to_numpy() for name in (child, other) for v in (0, 1)]
            cells = np.array(
                [[[(row == r) & a & b for b in values[2:]] for a in values[:2]] for r in own]
            )
            given = network.rows[own[0]].partition(" | ")[2]
            parents = " and ".join(part.partition("=")[0] for part in given.split(", ") if part)
            yield f"{other} with {child}{', given ' * bool(parents)}{parents}", cells


def _varies(network: Network, c: int, other: str) -> bool:
    """Say whether the other finding has both values in any row of the finding at `c`."""
    has = pd.Series(network.has(other))
    return bool((has.groupby(network.at[:, c]).nunique() > 1).any())
