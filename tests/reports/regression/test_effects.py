"""Effects are told in the outcome's own unit and in the reader's words."""

import numpy as np
import pytest
import xarray as xr

from reports.blocks.blocks import Figure, Table
from reports.regression import effects
from workflow.quantities import Quantity, summarise
from workflow.regression.effects import Comparison, Curve, Effects
from workflow.regression.hanging import Hanging

NONE = Hanging()
AT = np.linspace(10, 40, 25)


def quantity(mean: float) -> Quantity:
    draws = np.random.default_rng(1).normal(mean, abs(mean) / 10, size=(4, 500))
    return summarise(xr.Dataset({"q": (("chain", "draw"), draws)}))["q"]


def found(kind: str = "identity", *, ratio: bool = False) -> Effects:
    line = AT / 50
    curve = Curve("area", list(AT), line - 0.1, line, line + 0.1, (AT, line), True)
    three = np.array([0.2, 0.6, 0.4])
    levels = ("Altstadt", "Hafen", "West")
    seen = np.arange(3.0), three
    level = Curve("district", levels, three - 0.1, three, three + 0.1, seen, False)
    q = quantity(0.2)
    compared = (
        Comparison("area", 30.0, 20.0, q, q if ratio else None, quantity(0.02)),
        Comparison("district", "Hafen", "Altstadt", q, q if ratio else None),
    )
    return Effects((level, curve), compared, "price", kind)


def table_of(made: Effects, hanging: Hanging = NONE) -> Table:
    *_, table = effects.blocks(made, hanging)
    assert isinstance(table, Table)
    return table


def test_the_table_compares_levels_and_quartiles() -> None:
    table = table_of(found())
    assert table.columns == ("compared", "average difference (price)", "slope (per unit more)")
    first, second = table.rows
    assert first[0] == "area: 30 rather than 20"
    assert str(first[1]).startswith("+0.20")
    assert second[0] == "district: Hafen rather than Altstadt"
    assert second[2] == "–"


def test_probabilities_are_told_in_points_and_logarithms_in_per_cent() -> None:
    points = table_of(found("logit"))
    assert str(points.rows[0][1]).startswith("+20")
    assert "percentage points" in points.columns[1]
    assert points.columns[2] == "slope (points per sd more)"
    logs = table_of(found("log", ratio=True))
    assert logs.columns[2:] == ("in %", "in % per unit more")
    assert str(logs.rows[0][2]).startswith("+20")
    assert str(logs.rows[0][1]).startswith("+0.20")
    assert "median of such a row" in str(effects.blocks(found("log", ratio=True), NONE)[0])


def test_what_hangs_on_a_row_says_so() -> None:
    alone = Hanging(alone={"district: Hafen rather than Altstadt": 22})
    assert "line 22" in str(table_of(found(), alone).rows[1][0])
    assert "line" not in str(table_of(found(), alone).rows[0][0])


def test_the_figure_says_where_it_goes() -> None:
    _, figure, _ = effects.blocks(found(), NONE)
    assert isinstance(figure, Figure)
    assert "area, 0.2 at 10 and 0.8 at 40" in figure.alt
    assert "district, 0.2 at Altstadt and 0.6 at Hafen" in figure.alt
    _, shares, _ = effects.blocks(found("logit"), NONE)
    assert isinstance(shares, Figure)
    assert "20% at 10 and 80% at 40" in shares.alt


@pytest.mark.parametrize("kind", ["identity", "logit"])
def test_nothing_that_changes_predictions_is_said_in_a_line(kind: str) -> None:
    assert len(effects.blocks(Effects((), (), "y", kind), NONE)) == 1
