"""What no regression can use: columns constant, not finite, copies and sums of others."""

import numpy as np
import pandas as pd

from data._plain import LARGEST
from data._table import at_most

SMALLEST = 1e-100  # of the range of a column, so that squares are not 0
FLAT = 1e-12  # sd, relative to the largest number, below which the digits of a column are too few
EXACT = 1e-7  # sd of what least squares leave, in sds of the outcome: no noise any more
BLOCK = 25_000  # rows that are looked at together
TOLERANCE = 1e-9  # of a standardised column's length left when the others are taken out


def unusable(outcome: pd.Series, terms: pd.DataFrame) -> list[str]:
    """Return a line for every reason why a regression cannot be fitted; an outcome may be text."""
    problems = []
    if not isinstance(outcome.dtype, pd.CategoricalDtype):
        problems += _column(f"the outcome {outcome.name!r}", outcome)
    for name in terms:
        problems += _column(f"column {name!r}", terms[name])
    if not terms.shape[1]:
        problems.append("there is nothing to predict with: every other column has one value")
    twice = terms.columns[terms.columns.duplicated()]
    problems += [f"the term {name!r} comes twice" for name in twice]
    return problems or [
        f"column {name!r} is {what}; leave one out with --formula"
        for name, what in dependent_terms(terms).items()
    ]


def of_one_value(columns: pd.DataFrame) -> list[str]:
    """Return a line for every column of numbers that no regression can use, whatever the others."""
    numbers = columns.select_dtypes("number")
    filled = ((name, numbers[name].dropna()) for name in numbers)
    return [line for name, one in filled if len(one) for line in _column(f"column {name!r}", one)]


def _column(what: str, column: pd.Series) -> list[str]:
    """Name cells that are not finite; or say that the column is constant, or else no use."""
    values = column.to_numpy()
    with np.errstate(all="ignore"):
        bad = column.index[~(np.abs(values) <= LARGEST)]
    if bad.size:
        rule = f"is not a finite number of {LARGEST:g} at most"
        return at_most([f"line {line}: {column.name} {rule}" for line in bad])
    least, greatest = values.min(), values.max()
    if least == greatest:
        return [f"{what} is constant ({values[0]:g}); leave it out"]
    if greatest - least < SMALLEST:
        rule = f"too small for squares: its values lie within {greatest - least:.2g}"
        return [f"{what} is {rule}; write it in another unit"]
    share = np.std((values - least) / (greatest - least))  # centred and rescaled, then squared
    if share * (greatest - least) > FLAT * max(abs(least), abs(greatest)):
        return []
    last = f"varies in its last digits alone, from {least:.17g} to {greatest:.17g}"
    advice = f"subtract {least:.17g} from it in the file, or leave it out if it is a name"
    return [f"{what} {last}, and a number keeps 15 or 16: {advice}"]


def dependent_terms(terms: pd.DataFrame) -> dict[str, str]:
    """Return each column that is a linear combination of earlier ones, and of which, in words.

    `terms` are numeric, finite and not constant. With no more rows than coefficients every column
    depends on the others; then copies alone are named.
    """
    n, k = terms.shape
    if n <= k + 1:
        centred = terms.to_numpy() - terms.to_numpy().mean(axis=0)
        return _copies(terms, centred / np.linalg.norm(centred, axis=0))
    # Gram-Schmidt by QR: the diagonal of R is what a column adds to those before it.
    z = triangle(terms)
    z /= np.linalg.norm(z, axis=0)
    added = np.abs(np.diag(np.linalg.qr(z, mode="r")))
    kept: list[int] = []
    found = {}
    for j in range(k):
        if added[j] > TOLERANCE:
            kept.append(j)
            continue
        weights = np.linalg.lstsq(z[:, kept], z[:, j], rcond=None)[0]
        parts = [i for i, weight in zip(kept, weights, strict=True) if abs(weight) > 1e-6]
        names = ", ".join(repr(terms.columns[i]) for i in parts)
        copy = len(parts) == 1
        found[str(terms.columns[j])] = (
            f"a copy of {names} (up to scale)" if copy else f"a sum of others: {names}"
        )
    return found


def triangle(*columns: pd.DataFrame | pd.Series) -> np.ndarray:
    """Return the triangle R of the columns, less their means: as R'R are their sums of squares.

    What linear combinations of the columns are long, those of R's are. Rows are read in blocks.
    """
    centre = np.hstack([one.mean() for one in columns])
    root = np.empty((0, len(centre)))
    for at in range(0, len(columns[0]), BLOCK):
        rows = np.column_stack([one.iloc[at : at + BLOCK].to_numpy() for one in columns])
        root = np.linalg.qr(np.vstack([root, rows - centre]), mode="r")
    return root


def _copies(terms: pd.DataFrame, z: np.ndarray) -> dict[str, str]:
    cosines = np.abs(z.T @ z)
    found = {}
    for j in range(1, z.shape[1]):
        same = np.flatnonzero(cosines[:j, j] > 1 - TOLERANCE)
        if same.size:
            found[str(terms.columns[j])] = f"a copy of {terms.columns[same[0]]!r} (up to scale)"
    return found


def _left(outcome: pd.Series, terms: pd.DataFrame) -> float:
    """Return the length of what least squares leave of an outcome."""
    root = triangle(terms, outcome)
    size = np.linalg.norm(root, axis=0)
    root /= np.where(size > 0, size, 1)
    z, y = root[:, :-1], root[:, -1]
    return float(np.linalg.norm(y - z @ np.linalg.lstsq(z, y, rcond=None)[0]) * size[-1])


def without_noise(outcome: pd.Series, terms: pd.DataFrame) -> list[str]:
    """Say that the outcome follows exactly from the terms: there is then nothing to estimate."""
    n, k = terms.shape
    if n <= k + 1:
        return []
    for rows in dict.fromkeys((min(n, BLOCK), n)):  # all leave at least as much as some do
        if _left(outcome.iloc[:rows], terms.iloc[:rows]) > EXACT * np.sqrt(n) * outcome.std():
            return []
    return [
        f"the outcome {outcome.name!r} follows exactly from the other columns: there is no noise "
        "to estimate (is one of them the outcome in another unit?)"
    ]
