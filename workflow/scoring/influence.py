"""Which rows leave-one-out by importance sampling cannot do without: a check of Pareto k."""

import numpy as np

from workflow.checking.status import Check, Status
from workflow.scoring.elpd import Elpd

DECISIVE = (
    "PSIS cannot stand in for leaving such a row out: refit without it. Look whether the row is an "
    "error, and whether the noise has heavier tails than the model's."
)


def influence(found: Elpd) -> Check:
    """Warn of rows that leave-one-out by PSIS cannot do without: their Pareto k is too large.

    Takes what `workflow.scoring.psis.psis` returns; `loo` refits such rows, whose k is then NaN. A
    k that is NaN counts as too large, since nothing is known of it.
    """
    k = np.where(np.isnan(found.k), np.inf, found.k)
    worst, n = int(np.argmax(k)), int((k > found.good_k).sum())
    where = f"row {found.rows[worst]}" + (f" and {n - 1} more" if n > 1 else "")
    status = Status.WARN if n else Status.PASS
    needed = f"<= {found.good_k:.2f}"
    return Check.of("Pareto k", float(found.k[worst]), where, needed, status, DECISIVE)
