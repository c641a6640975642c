"""What a regression of counts asks of its files: exposures of new rows, the treatment's column."""

from pathlib import Path

import pandas as pd
import pytest

from analyses import _counts, _designs, _predictions
from data._how import AS_IT_IS
from data._new_rows import read_new
from data._table import DataError
from data.count_regression import load

OWN = Path(__file__).parents[1] / "own_data/traps.csv"


def test_new_rows_have_exposures_above_0(tmp_path: Path) -> None:
    design = _designs.of_counts(load(OWN, exposure="days"), "days")
    rows = pd.read_csv(OWN, dtype=str).iloc[:5].assign(days=["0", "x", "12", "500", ""])
    rows.to_csv(tmp_path / "new.csv", index=False)
    new = read_new(tmp_path / "new.csv", design, AS_IT_IS)
    found, exposure = _predictions._exposed(new, design)
    assert list(found.terms.index) == [4, 5]
    assert list(exposure) == [12, 500]
    assert "line 2, column 'days'" in found.why[2]
    assert (found.why[[2, 3, 6]] != "").all()
    assert found.beyond[5] == "days outside 5 to 30"
    assert found.beyond[4] == ""
    without = read_new(tmp_path / "new.csv", design, AS_IT_IS)
    none = _predictions._exposed(without, design | {"exposure": None})
    assert list(none[1]) == [1] * 5


def test_the_treatment_is_a_column_or_a_term() -> None:
    found = load(OWN, exposure="days")
    assert _counts.treated(OWN, found, None) == list(found.terms)
    assert len(_counts.treated(OWN, found, "edge")) == 2
    (net,) = _counts.treated(OWN, found, "net")
    assert _counts.treated(OWN, found, net) == [net]
    with pytest.raises(DataError, match="--treatment: no term has 'days'"):
        _counts.treated(OWN, found, "days")
