"""Stack loss of an ammonia plant, with a larger data set to compare it with; or a CSV's."""

from pathlib import Path

from data._how import AS_IT_IS, Reading
from data._misfit import of_two_values
from data._regression import Regression, read_numeric
from data._table import refuse

PATH = Path(__file__).with_suffix(".csv")
LARGE = PATH.with_stem("robust_regression_large")


def load(
    path: Path = PATH,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    reading: Reading = AS_IT_IS,
) -> Regression:
    """Return outcome and terms of the CSV at `path`: by `formula`, or the last column on all.

    `reference` and `levels` choose references and orders of levels: district=Nord, size=S,M,L.

    Raises
    ------
    DataError
        The file or the formula cannot be used, or the outcome is text or has two values: to
        Student-t noise the rarer one is a value far off, which it leaves out of account.
    """
    found = read_numeric(path, formula, drop_missing=drop_missing, imputes=True, reading=reading)
    refuse(path, of_two_values(path, found, reading.outcome, formula))
    return found
