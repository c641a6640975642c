"""Which quantities of a comparison with ADVI are shown."""

import math

from workflow.variational.compare import Comparison, worst
from workflow.variational.verdict import Compared


def test_the_worst_overlap_least_and_nan_is_worst() -> None:
    overlap = {"a": 0.9, "b": 0.2, "c": math.nan, "d": 0.5}
    quantities = {name: Compared(0, 0, 1, 0, value, 0) for name, value in overlap.items()}
    found = Comparison("advi", quantities, 0.5, True, "x", "x", 1, 1, "means only", ())
    assert list(worst(found, 2).quantities) == ["b", "c"]
    assert worst(found, 9) == found
