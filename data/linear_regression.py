"""Disease progression of diabetes patients and what was measured a year before; or a CSV's."""

from pathlib import Path

from data._how import AS_IT_IS, Reading
from data._regression import Regression, read_numeric

PATH = Path(__file__).with_suffix(".csv")


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
        The file or the formula cannot be used, or the outcome is text.
    """
    return read_numeric(path, formula, drop_missing=drop_missing, imputes=True, reading=reading)
