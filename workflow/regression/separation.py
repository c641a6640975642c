"""Perfect separation: does some weighted sum of the terms tell all events from all others?

Then the likelihood has no maximum (larger coefficients always fit better), and how large they are
is the prior's doing. Sources: Albert and Anderson (1984), On the existence of maximum likelihood
estimates in logistic regression models; Konis (2007), Linear programming algorithms for detecting
separated data in binary logistic regression models.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog

COMPLETE, QUASI, NONE = "complete", "quasi-complete", "none"
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Separation:
    """Whether the classes can be separated, and the terms that do it, or nearly, by themselves.

    Complete: a weighted sum puts all events on one side of a threshold and all others on the other.
    Quasi-complete: the same with some rows on the threshold, others not.
    """

    kind: str
    complete_alone: tuple[str, ...]
    quasi_alone: tuple[str, ...]
    apart: int  # rows that are off the border, all of them if complete
    rows: int


def separation(terms: pd.DataFrame, outcome: pd.Series) -> Separation:
    """Say whether `terms` separate the rows with outcome 1 from those with 0 (both present)."""
    y = outcome.to_numpy() == 1
    alone: dict[str, list[str]] = {COMPLETE: [], QUASI: []}
    for name in terms:
        x = terms[name].to_numpy()
        for low, high in ((x[~y], x[y]), (x[y], x[~y])):
            if low.max() < high.min():
                alone[COMPLETE].append(str(name))
            elif low.max() == high.min() and np.ptp(x) > 0:
                alone[QUASI].append(str(name))
    kind, apart = _kind(terms, y)
    by_themselves = tuple(alone[COMPLETE]), tuple(dict.fromkeys(alone[QUASI]))
    return Separation(kind, *by_themselves, apart, len(y))


def _kind(terms: pd.DataFrame, y: np.ndarray) -> tuple[str, int]:
    """Return the kind of separation, by two linear programs on standardised terms, and its rows.

    Signed rows s (a + z w) are to be >= 1 for all, which is complete separation; else >= 0 for all
    with weights within +-1 and a sum above 0, which is quasi-complete.
    """
    z = ((terms - terms.mean()) / terms.std()).to_numpy()
    signed = np.where(y, 1.0, -1.0)[:, None] * np.column_stack([np.ones(len(z)), z])
    free = [(None, None)] * signed.shape[1]
    one = linprog(np.zeros(signed.shape[1]), A_ub=-signed, b_ub=-np.ones(len(z)), bounds=free)
    if one.status == 0:
        return COMPLETE, len(z)
    bounded = [(-1, 1)] * signed.shape[1]
    two = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(z)), bounds=bounded)
    if two.status != 0 or -two.fun <= TOLERANCE * len(z):
        return NONE, 0
    return QUASI, int((signed @ two.x > TOLERANCE).sum())
