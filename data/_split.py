"""Holding rows out: split once, at random within each class, before anything looks at the data."""

from dataclasses import replace

import numpy as np

from data._regression import Regression
from data._table import DataError


def split(found: Regression, share: float, seed: int) -> tuple[Regression, Regression]:
    """Return the training rows and the held-out rows of a regression with a 0/1 outcome.

    Of each class `share` of the rows, rounded, is held out, but at least one and never all. Terms
    that are constant in the training rows teach nothing and are left out of both; a note of both
    says so. Rows stay in the order of the file.

    Raises
    ------
    DataError
        A class has fewer than two rows, or no term is left.
    """
    rng = np.random.default_rng(seed)
    held = np.zeros(len(found.outcome), dtype=bool)
    for value in (0, 1):
        rows = np.flatnonzero(found.outcome.to_numpy() == value)
        if len(rows) < 2:
            raise DataError(
                f"the outcome {found.outcome.name!r} is {value} in {len(rows)} of "
                f"{len(found.outcome)} rows; two at least are needed, one to fit and one to judge"
            )
        n = min(max(round(share * len(rows)), 1), len(rows) - 1)
        held[rng.permutation(rows)[:n]] = True
    varying = np.ptp(found.terms.to_numpy()[~held], axis=0) > 0
    if not varying.any():
        raise DataError("every term is constant in the training rows; there is nothing to fit")
    still = ", ".join(map(str, found.terms.columns[~varying]))
    note = f"Constant in the training rows, and so left out: {still}."
    notes = found.notes if varying.all() else (*found.notes, note)
    parts = [
        replace(
            found, outcome=found.outcome[rows], terms=found.terms.loc[rows, varying], notes=notes
        )
        for rows in (~held, held)
    ]
    return parts[0], parts[1]
