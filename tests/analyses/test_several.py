"""Pages of several series: the decision of each, its numbers beside its own page, refusals."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer

from analyses.river_level import main
from data._how import Reading
from data._table import DataError
from tests.conftest import SEED
from workflow.series.changed import FALLEN, RISEN, SAME, UNDECIDED


def table() -> pd.DataFrame:
    """Return three series: one falls at once, one rises bit by bit, one stays; some times lack."""
    rng = np.random.default_rng(SEED)
    time = np.arange(40)
    values = {
        "north": 50 + rng.normal(size=40) - 8 * (time >= 20),
        "south coast": rng.normal(size=40) + np.cumsum(1 + 0.3 * rng.normal(size=40)),
        "west": 10 + rng.normal(size=40),
    }
    parts = [pd.DataFrame({"year": 1950 + time, "place": name, "flow": y})
             for name, y in values.items()]  # fmt: skip
    parts[2] = parts[2].iloc[5:]
    return pd.concat(parts).reset_index(drop=True).drop([7, 8, 50])


def run(folder: Path, rows: pd.DataFrame, **options: Any) -> dict[str, Any]:
    """Return the summary of a quick page."""
    path = folder / "own.csv"
    rows.to_csv(path, index=False)
    reading = Reading.of({"time": "year", "value": "flow"})
    options = {
        "reading": reading,
        "draws": 200,
        "tune": 400,
        "quick": True,
        "quiet": True,
        "seed": SEED,
    } | options
    main(data=path, out=folder, **options)
    found: dict[str, Any] = json.loads((folder / "river_level.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("each", [pytest.param("alone", marks=pytest.mark.validate), "pooled"])
def test_a_page_of_several_series(tmp_path: Path, each: str) -> None:
    """Each has its decision, in the first sentence with its numbers, and a section of its own."""
    found = run(tmp_path, table(), each=each)
    decision = found["decision"].split("; ")
    assert decision[:2] == [f"{FALLEN}: north", f"{RISEN}: south coast"]
    assert decision[2] in {f"{SAME}: west", f"{UNDECIDED}: west"}
    assert "Of 3 series, the level of 1 has fallen (north by " in found["answer"]
    assert "that of 1 has risen (south coast by " in found["answer"]
    assert not [one for one in found["warnings"] if "farther from the exact" in one]
    quantities = found["quantities"]
    assert quantities["change[south coast]"]["lower"] > 0 > quantities["change[north]"]["upper"]
    assert abs(quantities["sigma_observation[west]"]["median"] - 1) < 0.5
    assert ("typical_level" in quantities) is (each == "pooled")
    assert {*found["leave_future_out"]} == {"north", "south coast", "west"}
    page = (tmp_path / "river_level.html").read_text("utf-8")
    assert "west: when did it change, and what comes next?" in page
    assert ("How alike are the series?" in page) is (each == "pooled")


def test_a_series_beside_others_is_what_it_is_by_itself(tmp_path: Path) -> None:
    """Without a population: the exact numbers of its own page, to the last digit."""
    rows = table()
    both = run(tmp_path, rows, each="alone", draws=50, tune=200, chains=2)
    one = run(tmp_path, rows, series="north", draws=50, tune=200, chains=2)
    for name in ("log_bayes_factor_change", "prob[stays]", "prob[jumps once]"):
        own = f"{name.removesuffix(']')}, north]" if "[" in name else f"{name}[north]"
        assert both["scalars"][own]["value"] == pytest.approx(
            one["scalars"][name]["value"], rel=1e-9
        )
    scores = both["leave_future_out"]["north"], one["leave_future_out"]
    assert scores[0] == pytest.approx(scores[1], rel=1e-9)


@pytest.mark.parametrize(
    ("option", "value"), [("season", 12), ("trend", True), ("means", 5), ("series", "north")]
)
def test_what_is_for_one_series_is_refused(tmp_path: Path, option: str, value: Any) -> None:
    with pytest.raises(typer.BadParameter, match=f"--{option} is for one series"):
        run(tmp_path, table(), each="alone", **{option: value})


def test_a_file_of_several_series_says_how_all_are_taken(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"--series north.*--each alone.*--each pooled"):
        run(tmp_path, table())
