"""Options of one process: limits, what was before, and units that do not fit."""

import math
from pathlib import Path

import pandas as pd
import pytest
import typer

from analyses._corridor import earlier, in_unit, limits
from data._table import DataError
from data.process_corridor import load
from tests.analyses.test_update import QUICK, summary
from tests.terminal import casebook
from workflow.process.capability import Capability
from workflow.process.conjugate import Known, Summary, summary_of
from workflow.process.limits import Limits

RINGS = Limits(5.49, 5.79)


def test_limits_are_needed_for_a_file_of_ones_own() -> None:
    assert limits(None, None, None, RINGS) == RINGS
    assert limits(-1.0, 2.0, None, None) == Limits(-1.0, 2.0)
    assert limits(-1.0, 2.0, 1.5, RINGS) == Limits(-1.0, 2.0, 1.5)
    assert limits(None, None, 5.6, RINGS) == Limits(5.49, 5.79, 5.6)
    with pytest.raises(typer.BadParameter, match="--lower or --upper is needed, or both"):
        limits(None, None, None, None)
    for lower, upper in ((2.0, 1.0), (1.0, 1.0), (-1.7e308, 1.7e308)):
        with pytest.raises(typer.BadParameter, match="is not below"):
            limits(lower, upper, None, None)


def test_one_limit_needs_an_aim_on_its_side() -> None:
    assert limits(1.0, None, 3.0, RINGS) == Limits(1.0, math.inf, 3.0)
    assert limits(None, 1.0, -3.0, None) == Limits(-math.inf, 1.0, -3.0)
    for lower, upper in ((1.0, None), (None, 1.0)):
        with pytest.raises(typer.BadParameter, match="say with --aim which mean"):
            limits(lower, upper, None, RINGS)
        with pytest.raises(typer.BadParameter, match=r"--aim 1 is not (above|below) 1"):
            limits(lower, upper, 1.0, None)
    with pytest.raises(typer.BadParameter, match=r"--aim 6 is not inside 5\.49 to 5\.79"):
        limits(None, None, 6.0, RINGS)


def test_what_was_before() -> None:
    assert earlier(None) is None
    assert earlier("75:5.61:0.048") == Summary(75, 5.61, 0.048)
    assert earlier("1:-2e3:0") == Summary(1, -2000.0, 0.0)
    for text in (
        "",
        "75",
        "75:5.61",
        "0:5:1",
        "7.5:5:1",
        "75:5:-1",
        "75:nan:1",
        "75:5:inf",
        "a:b:c",
    ):
        with pytest.raises(typer.BadParameter, match="how many pieces, their mean and their sd"):
            earlier(text)


def test_a_posterior_of_pieces_goes_on_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first thirty rings, then the others: as all seventy-five at once."""
    rings = load()
    for name, rows in (("a", rings[:30]), ("b", rings[30:]), ("all", rings)):
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
    run = ("run", "process_corridor", *QUICK, "--lower", 5.49, "--upper", 5.79, "--out", tmp_path)
    for name in ("a", "all"):
        casebook(monkeypatch, *run, "--data", tmp_path / f"{name}.csv", "--name", name)
    fit = tmp_path / "a.nc"
    assert casebook(monkeypatch, "update", fit, "--data", tmp_path / "b.csv") == 0
    went_on, whole = (summary(tmp_path / f"{one}.json") for one in ("a_updated", "all"))
    assert "--before 30:5.6" in went_on["provenance"]["command"]
    assert went_on["decision"] == whole["decision"]
    for name in ("mu", "sigma", "cpk"):
        one, other = (found["quantities"][name] for found in (went_on, whole))
        error = 4 * math.hypot(one["mcse_mean"], other["mcse_mean"])
        assert abs(one["mean"] - other["mean"]) < error, name


def test_a_process_of_one_limit_says_its_side_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No piece can be too high: nothing of a missing limit is on the page, and none comes back."""
    rings = load()
    for name, rows in (("a", rings[:30]), ("b", rings[30:])):
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
    run = ("run", "process_corridor", *QUICK, "--lower", 5.49, "--aim", 5.7, "--out", tmp_path)
    casebook(monkeypatch, *run, "--data", tmp_path / "a.csv", "--name", "a")
    assert casebook(monkeypatch, "update", tmp_path / "a.nc", "--data", tmp_path / "b.csv") == 0
    exact = Capability(
        Limits(5.49, math.inf, 5.7), Known(5.7, 0.1, 0.07, 1.0).after(summary_of(rings))
    ).quantities()
    found = summary(tmp_path / "a_updated.json")
    for name, known in exact.items():
        one = found["quantities"][name]
        assert abs(one["mean"] - known.mean) < 4 * one["mcse_mean"], name
    assert "below 5.49" in found["answer"]
    assert "with the mean at 5.7" in found["answer"]
    page = (tmp_path / "a_updated.html").read_text(encoding="utf-8")
    for wrong in ("upper limit", "inf to", "to inf", "mean in the middle", "-inf"):
        assert wrong not in page, wrong


@pytest.mark.parametrize("values", [[5600.0, 5610.0, 5640.0], [-90.0, 5.6, 90.0]])
def test_values_in_another_unit_are_refused(values: list[float]) -> None:
    with pytest.raises(DataError, match=r"more than 10 times the distance of the limits"):
        in_unit(Path("own.csv"), pd.Series(values, name="value"), RINGS)
    in_unit(Path("own.csv"), pd.Series([4.0, 5.6, 8.0], name="value"), RINGS)
