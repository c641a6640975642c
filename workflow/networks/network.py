"""A network of findings that are there or not: its states, and their probabilities by its tables.

Everything is computed by going through all states, of which seven findings have 128. Source:
Lauritzen and Spiegelhalter (1988), Local computations with probabilities on graphical structures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Network:
    """Findings in an order in which none depends on a later one, and all states of them.

    `yes` says which findings a state has, `at` which row of the tables (position in `rows`) gives
    the probability of a finding in a state; dims of both: state, finding.
    """

    names: tuple[str, ...]
    yes: np.ndarray
    at: np.ndarray
    rows: tuple[str, ...]

    @classmethod
    def of(cls, states: pd.DataFrame, tables: pd.DataFrame) -> "Network":
        """Return the network of all `states` (0, 1), and the `tables`' row for each (a label)."""
        rows = list(dict.fromkeys(tables.to_numpy().T.ravel()))
        at = pd.Index(rows).get_indexer(tables.to_numpy().ravel()).reshape(tables.shape)
        return cls(tuple(tables), states[list(tables)].to_numpy() == 1, at, tuple(rows))

    def probabilities(self, table: np.ndarray) -> np.ndarray:
        """Return P(state) for tables of probabilities; dims: ..., row in, and ..., state out."""
        both = np.concatenate([table, 1 - table], axis=-1)
        places = np.where(self.yes, self.at, self.at + table.shape[-1]).T
        found: np.ndarray = both[..., places[0]]
        for place in places[1:]:  # one at a time: all seven would be seven times the memory
            found = found * both[..., place]
        return found

    def agree(self, seen: Mapping[str, float]) -> np.ndarray:
        """Say which states agree with what was seen; what is NaN was not."""
        found = np.ones(len(self.yes), dtype=bool)
        for name, value in seen.items():
            if not np.isnan(value):
                found &= self.has(name) == (value == 1)
        return found

    def has(self, name: str) -> np.ndarray:
        """Say which states have a finding."""
        found: np.ndarray = self.yes[:, self.names.index(name)]
        return found

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """The findings whose probability depends on each finding directly."""
        place = 2 ** np.arange(len(self.names))
        state = np.argsort(self.yes @ place)  # by the number that its findings are the digits of
        found = {}
        for f, name in enumerate(self.names):
            other = state[(self.yes @ place) ^ place[f]]  # the same state but for this finding
            changed = (self.at[other] != self.at).any(axis=0)
            found[name] = tuple(np.array(self.names)[changed])
        return found

    def rows_of(self, child: str, patterns: pd.DataFrame) -> np.ndarray:
        """Return the table's row for a finding in each pattern (NaN: blank), -1 where unknown."""
        column, names = self.at[:, self.names.index(child)], list(self.names)
        found = []
        for pattern in patterns[names].to_dict("records"):
            own = np.unique(column[self.agree({**pattern, child: np.nan})])
            found.append(own[0] if len(own) == 1 else -1)
        return np.array(found)
