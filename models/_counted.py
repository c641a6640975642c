"""Rows that are equal in all terms, counted: how many there are, and how many have the event."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models._regression import axes, coordinates, steps


def kinds_of(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray] | None:
    """Return positions of the first row of each kind, and the kind of each row.

    Rows are told apart by a hash of 64 bits, and then compared with the first of their kind; None
    where two kinds look like one.
    """
    values = rows.to_numpy(dtype=float)
    kind, _ = pd.factorize(pd.util.hash_pandas_object(rows, index=False))
    _, first = np.unique(kind, return_index=True)
    return (first, kind) if np.array_equal(values[first][kind], values) else None


@dataclass(frozen=True)
class Counted:
    """The kinds of rows that there are; `x` has their terms in own units, dims: kind, term.

    Centre, scale and axes are those of all rows, as a model by row has them.
    """

    x: np.ndarray
    events: np.ndarray
    trials: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    axes: np.ndarray
    coords: dict[str, list]

    @classmethod
    def of(cls, terms: pd.DataFrame, outcome: pd.Series) -> "Counted | None":
        """Count the rows of terms and outcome (0 or 1); None where two kinds look like one."""
        told = kinds_of(terms)
        if told is None:
            return None
        (first, kind), values = told, terms.to_numpy(dtype=float)
        found = coordinates(terms.iloc[:0])
        coords = {"kind": list(range(len(first)))} | {k: found[k] for k in ("term", "direction")}
        return cls(
            values[first],
            np.bincount(kind, weights=outcome.to_numpy(dtype=float)),
            np.bincount(kind).astype(float),
            terms.mean().to_numpy(),
            steps(terms),
            axes(terms),
            coords,
        )
