"""Outcome and decision are told by name, and the forest on a scale on which 2 and 1/2 are equal."""

import numpy as np
import pytest
import xarray as xr

from reports.blocks.blocks import Figure, Table
from reports.regression import told_apart
from reports.regression.costs import Words
from workflow.deciding.costs import Errors
from workflow.quantities import summarise
from workflow.regression.discrimination import Area, Discrimination

FOUND = Discrimination(
    Area(0.98, 0.95, 0.99, (0.975, 0.985)),
    Errors(events=64, missed=3, others=107, false_alarms=18),
    np.array([[0, 0], [0.3, 0.8], [1, 1]]),
    0.098,
)


@pytest.mark.parametrize(("act", "acted"), [("refer", "referred"), ("act on", "acted on")])
def test_errors_are_told_by_name(act: str, acted: str) -> None:
    area, by_name, table, gains = told_apart.blocks(FOUND, Words("malignant", act))
    assert f"Malignant and {acted}: 61; malignant and not {acted}: 3" in str(by_name)
    assert f"79 of 171 held-out rows are {acted}" in str(by_name)
    assert "0.98" in str(area)
    assert isinstance(table, Table)
    assert [row[:3] for row in table.rows] == [
        ("malignant", "61", "3"),
        ("not malignant", "18", "89"),
    ]
    assert "95.3%" in str(table.rows[0][3])
    assert isinstance(gains, Figure)
    assert "first third" in gains.alt


def test_the_forest_says_on_which_sides_of_one_ratios_are() -> None:
    draws = np.random.default_rng(1).normal([1, -1, 0], 0.2, size=(2, 500, 3))
    logs = summarise(
        xr.Dataset(
            {"log_odds_ratio": (("chain", "draw", "term"), draws)}, {"term": ["a", "b", "c"]}
        )
    )
    found = told_apart.forest(logs, "one sd")
    assert "1 are above 1, 1 below" in found.alt
    assert found.alt.index("c:") > max(found.alt.index("a:"), found.alt.index("b:"))
