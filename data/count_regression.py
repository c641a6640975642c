"""Roaches caught in flats after a treatment, and what was known before; or a CSV's counts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from data._how import AS_IT_IS, Reading
from data._regression import Regression, read_numeric
from data._table import DataError, at_most, refuse
from data._used import names_it

PATH = Path(__file__).with_suffix(".csv")
EXPOSURE = "exposure2"  # of the file that ships
MOST = 1_000_000_000  # a count above is no count of anything, or in another unit


def load(
    path: Path = PATH,
    formula: str | None = None,
    *,
    exposure: str | None = None,
    drop_missing: bool = False,
    reading: Reading = AS_IT_IS,
) -> Regression:
    """Return counts and terms of the CSV at `path`: by `formula`, or the last column on all.

    `exposure` is the column that says how long, or over how much, each row was counted; it is no
    term, and stands in `also`, as 1 in every row where there is none. That of the file that ships
    is known.

    Raises
    ------
    DataError
        The file or the formula cannot be used, the outcome is no count, or an exposure is not
        above 0.
    """
    shipped = path.absolute() == PATH
    exposure = EXPOSURE if exposure is None and shipped else exposure
    _refuse_as_term(path, formula, exposure)
    found = read_numeric(
        path,
        formula,
        drop_missing=drop_missing,
        imputes=True,
        reading=reading,
        also=[] if exposure is None else [exposure],
        also_by="--exposure",
    )
    refuse(path, not_counts(found.once(found.outcome)))
    if exposure is None:
        ones = pd.DataFrame({"exposure": 1.0}, index=found.outcome.index)
        return replace(found, also=ones, outcome=found.outcome.astype("int64"))
    refuse(path, not_exposures(found.once(found.also[exposure])))
    also = found.also.astype(float)
    return replace(found, also=also, outcome=found.outcome.astype("int64"))


def _refuse_as_term(path: Path, formula: str | None, exposure: str | None) -> None:
    if exposure and names_it(formula, exposure):
        raise DataError(
            f"{path}: {exposure!r} is both --exposure and in --formula: leave it out of the "
            "formula (its logarithm counts with the coefficient 1), or name no --exposure"
        )


def per_unit(found: Regression) -> Regression:
    """Return the same with counts per unit of exposure as the outcome, to be shown beside rates."""
    rate = found.outcome / found.also.iloc[:, 0]
    return replace(found, outcome=rate.rename(str(found.outcome.name)))


def not_counts(outcome: pd.Series) -> list[str]:
    """Return what is wrong with an outcome that is no count, and which case is meant instead."""
    name, y = f"the outcome {outcome.name!r}", outcome.to_numpy(dtype=float)
    bad = outcome[(y < 0) | (y % 1 != 0)]
    if not bad.empty:
        meant = (
            "counts are whole numbers from 0 on: of other numbers run linear_regression, of rates "
            "take the counts themselves, with --exposure the column that they were divided by"
        )
        lines = [f"line {i}, column {outcome.name!r}: {x:g} is no count" for i, x in bad.items()]
        return [*at_most(lines), meant]
    if y.max() > MOST:
        return [f"{name} reaches {y.max():g}, at most {MOST:,} is a count here; take thousands"]
    if y.max() <= 1:
        return [f"{name} is 0 or 1 in every row: run logistic_regression"]
    return []


def not_exposures(exposure: pd.Series) -> list[str]:
    """Return what is wrong with exposures."""
    name = f"column {exposure.name!r}"
    if not pd.api.types.is_numeric_dtype(exposure):
        return [f"{name} is text: --exposure is how long, or over how much, each row was counted"]
    bad = exposure[~(np.isfinite(exposure) & (exposure > 0))]
    advice = "an exposure is above 0; leave out rows in which nothing could be counted"
    return at_most([f"line {i}, {name}: {x:g}: {advice}" for i, x in bad.items()])
