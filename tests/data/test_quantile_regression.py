"""Households and deliveries: what is read, and what has no quantiles between."""

import importlib
import json
from pathlib import Path

import pytest
import typer

from analyses._command import quantiles
from data._table import DataError
from data.quantile_regression import load
from tests.conftest import SEED

TEN = ",".join(f"0.{i}" for i in range(10, 20))
OWN = Path(__file__).parent.parent / "own_data/deliveries.csv"


def test_the_shipped_households() -> None:
    found = load()
    assert found.outcome.name == "foodexp"
    assert list(found.terms) == ["income"]
    assert len(found.outcome) == 235
    assert (found.outcome < found.terms["income"]).all()


def test_two_values_have_no_quantiles_between(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("x,bought\n" + "\n".join(f"{7 * i % 11},{i % 2}" for i in range(20)) + "\n")
    with pytest.raises(DataError) as refused:
        load(path)
    assert "every quantile of it is one or the other" in str(refused.value)
    assert "casebook run logistic_regression" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["", "0.5", "0.5,0.5", "0.5,1", "0,0.5", "0.2,half", "5,50", "nan,0.5", "0.5,0.9,", TEN]
)
def test_what_are_no_quantiles_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="not 2 to 9 different numbers"):
        quantiles(text)


def test_quantiles_come_in_order() -> None:
    assert quantiles("0.9, .1,0.5") == (0.1, 0.5, 0.9)


@pytest.mark.validate
def test_deliveries_spread_with_the_way_and_not_with_the_road(tmp_path: Path) -> None:
    """As they were made: the range from 5% to 95% grows by .80 minutes a kilometre."""
    main = importlib.import_module("analyses.quantile_regression").main
    code = main(data=OWN, seed=SEED, out=tmp_path, quick=True, quiet=True)
    found = json.loads((tmp_path / "quantile_regression.json").read_text(encoding="utf-8"))
    assert code == 0
    assert found["decision"] == "spread grows with km"
    widening = found["quantities"]["widening[km]"]
    assert widening["lower"] < 0.80 < widening["upper"]
    wet = next(
        one for name, one in found["quantities"].items() if name.startswith("slope[0.5, road")
    )
    assert wet["lower"] < 5 < wet["upper"] or wet["lower"] < -5 < wet["upper"]
