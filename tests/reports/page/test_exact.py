"""The exact posterior beside NUTS and ADVI: the warning, and what stands in the table."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from reports.page.exact import side_by_side, warn_of_off
from tests.conftest import SEED
from workflow.checking.exact import known
from workflow.quantities import summarise


@pytest.mark.parametrize(("worst", "warns"), [(3.9, False), (4.1, True), (math.nan, True)])
def test_nuts_too_far_off_warns(worst: float, warns: bool) -> None:
    said: list[str] = []
    warn_of_off(SimpleNamespace(warn=lambda text, advice: said.append(text)), worst)  # type: ignore[arg-type]
    assert bool(said) is warns


def test_a_limit_of_many_is_higher() -> None:
    said: list[str] = []
    report = SimpleNamespace(warn=lambda text, advice: said.append(text))
    warn_of_off(report, 4.5, 5.0)  # type: ignore[arg-type]
    assert not said


def test_a_row_a_method_with_how_far_it_is_off() -> None:
    exact = stats.norm(10, 2)
    rng = np.random.default_rng(SEED)
    nuts, advi = (
        summarise(xr.Dataset({"x": (("chain", "draw"), rng.normal(mean, sd, (4, 500)))}))
        for mean, sd in ((10, 2), (11, 1))
    )
    table = side_by_side("X", {"x": known(exact)}, nuts, {"mean-field": advi})
    methods = [row[1] for row in table.rows]
    assert methods == ["exact", "NUTS", "ADVI, mean-field"]
    assert str(table.rows[0][2]).startswith("10.000")
    shift, ratio = str(table.rows[2][-1]).split("; ")
    assert float(shift.split()[0].replace("+", "")) == pytest.approx(0.5, abs=0.1)
    assert float(ratio.removeprefix("sd × ")) == pytest.approx(0.5, abs=0.05)
