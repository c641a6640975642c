"""The result of an experiment, a row an arm, and a difference as people say it."""

import dataclasses

import pandas as pd
import pytest

from reports.blocks.blocks import Whisker
from reports.rates.experiment import Words
from reports.rates.options import arms, compared
from reports.rates.tables import sides
from tests.reports.rates.test_experiment import difference
from workflow.deciding.threshold import NOT_SHOWN, Rule
from workflow.quantities import Quantity, Scalar


def between(low: float, median: float, high: float) -> Quantity:
    return dataclasses.replace(difference(median), lower=low, upper=high)


@pytest.mark.parametrize(
    ("q", "said"),
    [
        (between(-0.013, -0.0082, -0.003), "0.82 percentage points fewer players"),
        (between(-0.013, -0.0082, -0.003), "0.3 to 1.3)"),
        (between(0.003, 0.0082, 0.013), "0.3 to 1.3)"),
        (between(-0.002, 0.0082, 0.013), "0.82 percentage points more players"),
        (between(-0.002, 0.0082, 0.013), "0.2 fewer to 1.3 more)"),
    ],
)
def test_a_difference_is_so_many_more_or_fewer(q: Quantity, said: str) -> None:
    """Both ends are sizes, the smaller one first, where they are on one side of 0."""
    assert said in compared(q, "players")


def test_a_row_an_arm_has_what_decides() -> None:
    counts = pd.DataFrame({"arm": ["A", "B"], "visitors": [1000, 1200]})
    found = {
        "rate[A]": difference(0.1),
        "rate[B]": difference(0.12),
        "difference[B]": between(0.01, 0.02, 0.03),
    }
    measured = {
        "prob_best[A]": Scalar(0.02, 0.001),
        "prob_best[B]": Scalar(0.98, 0.001),
        "expected_loss[A]": Scalar(0.02, 1e-5),
        "expected_loss[B]": Scalar(0.0001, 1e-5),
        "prob_guardrail_worse[A]": Scalar(0.01, 0.001),
        "prob_guardrail_worse[B]": Scalar(0.5, 0.001),
    }
    table = arms(counts, found, {"relative_lift[B]": difference(0.2)}, measured, Words())
    assert len(table.columns) == len(table.rows[0]) == len(table.rows[1])
    control, other = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert (control["arm"], control["visitors"], control["P(best)"]) == ("A", "1,000", "0.020")
    assert control["difference, points"] == "control"
    assert str(other["difference, points"]).startswith("+2.00 (+1.0 to +3.0")
    assert isinstance(table.rows[1][4], Whisker)
    assert str(control["guardrail: guardrail rate"]).startswith("cleared")
    assert str(other["guardrail: guardrail rate"]).startswith("not cleared: P(worse) 0.5")


@pytest.mark.parametrize(
    ("decision", "at"), [("below 0.5", 0), ("above 0.5", 1), (NOT_SHOWN, None)]
)
def test_the_side_that_is_shown_is_marked(decision: str, at: int | None) -> None:
    table = sides(decision, Rule(0.5, 0.95), Scalar(0.3, 0.001))
    assert [row[1] for row in table.rows] == ["0.300", "0.700"]
    assert [row[-1] == "shown" for row in table.rows] == [at == 0, at == 1]
