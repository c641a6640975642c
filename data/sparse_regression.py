"""Diabetes and ten measurements, with their squares and products; or a CSV of one's own."""

from pathlib import Path

from data._how import AS_IT_IS, Reading
from data._regression import Regression, read_numeric

PATH = Path(__file__).with_suffix(".csv")
MEASURED = ("age", "sex", "bmi", "bp", "tc", "ldl", "hdl", "tch", "ltg", "glucose")
SQUARES = " + ".join(f"I({name}**2)" for name in MEASURED if name != "sex")  # which has two values
FORMULA = f"progression ~ ({' + '.join(MEASURED)})**2 + {SQUARES}"
NO_GAPS = "its terms are products of columns"


def load(
    path: Path = PATH,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    reading: Reading = AS_IT_IS,
) -> Regression:
    """Return outcome and terms of the CSV at `path`: by `formula`, or the last column on all.

    Of the shipped file, without a formula, the 64 terms of Efron et al. (2004).

    Raises
    ------
    DataError
        The file or the formula cannot be used, or the outcome is text.
    """
    if path.absolute() == PATH and formula is None and reading == AS_IT_IS:
        formula = FORMULA
    return read_numeric(path, formula, drop_missing=drop_missing, why_not=NO_GAPS, reading=reading)
