"""Pages of a slope that changes: rising or falling now, what is refused, and going on."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer

from analyses._designs import GROUP, HOLDS, told
from analyses.river_level import main
from data._table import DataError
from reports.publishing.trees import read_tree
from tests.conftest import SEED
from tests.terminal import casebook
from workflow.series.directions import Turning
from workflow.series.rising import FALLING, Rule
from workflow.series.turning import TurnPrior

MONTHS = [f"{2000 + i // 12}-{i % 12 + 1:02d}" for i in range(96)]
AT = np.arange(96)
TURNED = 20 + 0.5 * np.minimum(AT, 60) - np.maximum(AT - 60, 0)
PRICES = TURNED + np.random.default_rng(SEED).normal(size=96)


def table(values: np.ndarray = PRICES) -> pd.DataFrame:
    """Return a row a month, some of them left out."""
    months = pd.DataFrame({"month": MONTHS[: len(values)], "price": values})
    return months.drop([i for i in (7, 8, 50) if i < len(values)])


def run(folder: Path, rows: pd.DataFrame, **options: Any) -> dict[str, Any]:
    """Return the summary of a quick page."""
    path = folder / "own.csv"
    rows.to_csv(path, index=False)
    main(data=path, out=folder, draws=300, quick=True, quiet=True, seed=SEED, **options)
    found: dict[str, Any] = json.loads((folder / "river_level.json").read_text("utf-8"))
    return found


def test_a_page_of_a_level_that_rose_and_falls_now(tmp_path: Path) -> None:
    """The steady trend goes up; the first sentence has the fall, and what is to come goes on."""
    found = run(tmp_path, table(), ahead=3, turning=True)
    assert found["decision"] == FALLING
    assert found["answer"].startswith("The level of price is falling in 2007-12, by ")
    assert "; 0.95 was asked for. Expected for 2008-01: " in found["answer"]
    assert found["scalars"]["prob_rising"]["value"] < 0.05
    slopes = [found["quantities"][f"slope[{one}]"] for one in ("2002-01", "2007-12")]
    assert slopes[0]["lower"] > 0 > slopes[1]["upper"]
    assert slopes[1]["lower"] < -1 < slopes[1]["upper"]
    ends = [found["quantities"][f"forecast[2008-0{i}]"] for i in (1, 3)]
    wide = [one["upper"] - one["lower"] for one in ends]
    assert wide[1] > wide[0]
    assert abs(ends[1]["median"] - (TURNED[-1] - 3)) < wide[1] / 2
    scores = found["leave_future_out"]
    assert scores["changes"] > scores["steady"]
    assert not [one for one in found["warnings"] if "not those of a level" in one]
    page = (tmp_path / "river_level.html").read_text("utf-8")
    assert "How did the slope go?" in page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"turning": True, "season": 12}, "--season does not go with --turning: .*--means 12"),
        ({"turning": True, "jump": 1.0}, "--jump does not go with --turning"),
        ({"turning": True, "evidence": 3.0}, "--evidence .*--sure"),
        ({"bend": 1.0}, "give --turning"),
        ({"turning": True, "each": "alone"}, "--turning is for one series"),
    ],
    ids=str,
)
def test_what_does_not_go_with_it_is_refused_with_the_way(
    tmp_path: Path, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(typer.BadParameter, match=said):
        run(tmp_path, table(), **options)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (7 + 0.25 * np.arange(20), "lie on one straight line .--turning"),
        (np.random.default_rng(SEED).normal(size=2001), "at most 2,000 are read; .*--means"),
    ],
    ids=["straight", "long"],
)
def test_values_that_cannot_be_told_are_refused(
    tmp_path: Path, values: np.ndarray, said: str
) -> None:
    rows = pd.DataFrame({"day": np.arange(len(values)), "price": values})
    with pytest.raises(DataError, match=said):
        run(tmp_path, rows, turning=True)


def test_later_rows_go_on_from_the_prior_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`casebook update` holds all six knobs; the answer is that of all rows under this prior."""
    for name, part in {"a": slice(0, 64), "b": slice(64, None)}.items():
        table().iloc[part].to_csv(tmp_path / f"{name}.csv", index=False)
    quick = ("--quick", "--quiet", "--draws", "200", "--tune", "300")
    own = ("run", "river_level", *quick, "--out", tmp_path, "--name", "first", "--turning")
    casebook(monkeypatch, *own, "--data", tmp_path / "a.csv")
    held = told(read_tree(tmp_path / "first.nc", (GROUP,)))[HOLDS]
    assert casebook(monkeypatch, "update", tmp_path / "first.nc", "--data", tmp_path / "b.csv") == 0
    assert "--bend" in capsys.readouterr().err
    found = json.loads((tmp_path / "first_updated.json").read_text("utf-8"))
    prior = TurnPrior(**{name: float(value) for name, value in held.items()})
    rows = table()
    rule = Rule(Turning(rows["price"].to_numpy(), rows.index.to_numpy(), prior), 0.95)
    told_log = found["scalars"]["log_bayes_factor_changes"]["value"]
    assert told_log == pytest.approx(rule.log_bayes_factor, abs=1e-8)
    assert found["decision"] == rule.exact() == FALLING
