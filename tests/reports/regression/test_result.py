"""The result of a regression: a row a term, what is known, in names that fit a first screen."""

from reports.blocks.blocks import Whisker
from reports.regression.result import LONGEST, SHOWN, terms
from tests.reports.rates.test_experiment import difference
from workflow.quantities import Scalar
from workflow.regression.hanging import Hanging

NAMES = [f"x{i}" for i in range(20)]
FOUND = {f"{kind}[{name}]": difference(1.0) for name in NAMES for kind in ("slope", "beta")}
CHANCES = {"x0": 0.99, "x1": 0.01, "x2": 0.5, "x3": 0.999}


def test_a_row_says_how_much_and_whether_the_direction_is_known() -> None:
    """What hangs on a row is not told as known; a comparison is called so, and not at length."""
    prob = {f"prob_positive[{one}]": Scalar(CHANCES.get(one, 0.6), 1e-3) for one in NAMES}
    phrases = {"x2": ("g, West rather than " + 10_000 * "N", "")}
    hanging = Hanging(alone={"x3": 7})
    (table,) = terms(NAMES, FOUND, prob, 0.975, "y", "one sd", phrases, hanging)
    assert len(table.rows) == SHOWN
    assert "the 12 largest of 20" in table.caption
    assert [row[-1] for row in table.rows[:4]] == ["up", "down", "not known", "line 7 alone"]
    assert str(table.rows[2][0]).startswith("g, West rather than N")
    assert len(str(table.rows[2][0])) <= LONGEST
    assert str(table.rows[2][1]).startswith("1.0")
    assert "more" in str(table.rows[2][1])
    assert all(isinstance(row[2], Whisker) for row in table.rows)
