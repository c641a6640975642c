"""What counts as having happened, or not, in every case: 1 and 0, true and false, yes and no."""

import math
from collections.abc import Iterable

#: In lower case; beside them numbers that are 1 or 0, such as 1.0.
TRUTH = {
    **dict.fromkeys(("1", "true", "t", "yes", "y"), 1),
    **dict.fromkeys(("0", "false", "f", "no", "n"), 0),
}
EXPECTED = "not 0 or 1, false or true, no or yes"  # of a cell that is neither


def truth_of(cells: Iterable[str]) -> list[float]:
    """Return 1 and 0 for cells that say whether something happened, NaN for all others.

    >>> truth_of(["Yes", "0.0", "2"])
    [1.0, 0.0, nan]
    """
    return [_truth(cell) for cell in cells]


def _truth(cell: str) -> float:
    found = TRUTH.get(cell.lower())
    if found is not None:
        return float(found)
    try:
        number = float(cell)
    except ValueError:
        return math.nan
    return number if number in {0, 1} else math.nan
