"""The exact posterior of a network's tables, where blanks do not stand in its way: Beta, by row.

A blank finding of which nothing seen is a consequence sums to one and changes nothing: then each
row of each table is Beta(alpha + yes, beta + no), independently of the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import stats

from workflow.networks.network import Network

DRAWS = 40_000  # independent ones, for what is no mean of products


@dataclass(frozen=True)
class Exact:
    """Patients with and without the finding in each row of the tables, and the prior's.

    `seen` is what is known of whoever is asked about.
    """

    network: Network
    yes: np.ndarray
    no: np.ndarray
    alpha: float
    beta: float

    @cached_property
    def rows(self) -> "stats.rv_continuous_frozen":
        """The posterior of all rows."""
        return stats.beta(self.alpha + self.yes, self.beta + self.no)

    @property
    def means(self) -> np.ndarray:
        """The posterior means, by row."""
        found: np.ndarray = self.rows.mean()
        return found

    @property
    def states(self) -> np.ndarray:
        """P(state), the tables integrated out: exact.

        No state has a row of the tables twice, so the mean of its probability is that at the means.
        """
        return self.network.probabilities(self.means)

    def prob(self, seen: Mapping[str, int], name: str) -> float:
        """Return P(finding | seen, data), the tables integrated out: exact, see `states`."""
        return prob(self.network, self.means, seen, name)

    def drawn(self, *, seed: int) -> np.ndarray:
        """Return independent draws of the tables; dims: draw, row."""
        shape = (DRAWS, len(self.yes))
        found: np.ndarray = self.rows.rvs(shape, random_state=np.random.default_rng(seed))
        return found


def prob(network: Network, table: np.ndarray, seen: Mapping[str, int], name: str) -> float:
    """Return P(finding | seen) for tables that are known, or integrated out by their means."""
    return float(chances(network, table, seen, [name])[name])


def chances(
    network: Network, table: np.ndarray, seen: Mapping[str, int], names: Iterable[str]
) -> dict[str, np.ndarray]:
    """Return P(finding | seen) by finding, for tables; dims: ..., row in, and ... out."""
    p = network.probabilities(table) * network.agree(seen)
    given = p.sum(axis=-1)
    return {name: p @ network.has(name) / given for name in names}


def counted(network: Network, patients: pd.DataFrame) -> pd.DataFrame:
    """Return how many patients have, and have not, the finding of each row of the tables.

    Counted are patients of whom the finding and its row are known. Columns: yes, no.
    """
    found = pd.DataFrame(0, list(network.rows), ["yes", "no"])
    for child in network.names:
        row = network.rows_of(child, patients)
        for label, value in (("yes", 1), ("no", 0)):
            these = (row >= 0) & (patients[child] == value)
            add = np.bincount(row[these], patients["patients"][these], len(network.rows))
            found[label] += add.astype(int)
    return found


def unknown(network: Network, counts: pd.DataFrame, seen: Mapping[str, int]) -> list[str]:
    """Return the rows of the tables that no patient tells of and a patient so seen may be in."""
    used = np.unique(network.at[network.agree(seen)])
    none = counts.sum(axis=1).to_numpy() == 0
    return [row for i, row in enumerate(network.rows) if none[i] and i in used]


def exact(network: Network, patients: pd.DataFrame, *, alpha: float, beta: float) -> Exact | None:
    """Return the exact posterior of the tables; None where blanks mix what rows say."""
    there = patients[patients["patients"] > 0]
    for pattern in there[list(network.names)].to_dict("records"):
        if any(_matters(network, name, pattern) for name in network.names):
            return None
    found = counted(network, there)
    return Exact(network, found["yes"].to_numpy(), found["no"].to_numpy(), alpha, beta)


def _matters(network: Network, name: str, pattern: Mapping[str, float]) -> bool:
    """Say whether a finding is blank and something seen depends on it."""
    if not np.isnan(pattern[name]):
        return False
    after = network.children[name]
    return any(not np.isnan(pattern[one]) or _matters(network, one, pattern) for one in after)
