"""What households spend on food, by their income; or a CSV's."""

from pathlib import Path

from data._how import AS_IT_IS, Reading
from data._misfit import of_two_values
from data._regression import Regression, read_numeric
from data._table import refuse

PATH = Path(__file__).with_suffix(".csv")
WHY = "every quantile of it is one or the other"
NO_GAPS = (
    "its likelihood is a device, and no distribution of the outcome that could tell what is missing"
)


def load(
    path: Path = PATH,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    reading: Reading = AS_IT_IS,
) -> Regression:
    """Return outcome and terms of the CSV at `path`: by `formula`, or the last column on all.

    Raises
    ------
    DataError
        The file or the formula cannot be used, or the outcome is text or has two values, which
        have no quantiles between them.
    """
    found = read_numeric(path, formula, drop_missing=drop_missing, why_not=NO_GAPS, reading=reading)
    refuse(path, of_two_values(path, found, reading.outcome, formula, WHY))
    return found
