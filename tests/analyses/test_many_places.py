"""A curve of more places than the process itself is computed at: page, predictions, refusals."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
import xarray as xr

from analyses import smooth_curve
from analyses._new_places import of_places
from data._how import AS_IT_IS
from data._table import DataError
from tests.conftest import SEED
from workflow.functions.many_places import looked_for, too_short
from workflow.functions.points import points
from workflow.functions.quadrature import Prior
from workflow.functions.spacing import spacing

QUICK: dict[str, Any] = {"quick": True, "quiet": True, "seed": SEED}
ROWS = 5000


def written(folder: Path, curve: np.ndarray, x: np.ndarray, noise: float | np.ndarray) -> Path:
    rng, path = np.random.default_rng(4), folder / "own.csv"
    y = curve + noise * rng.normal(size=len(x))
    pd.DataFrame({"depth": x, "temp": y}).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a page of 5,000 different x, about a wave."""
    folder = tmp_path_factory.mktemp("many")
    x = np.random.default_rng(3).uniform(0, 100, ROWS)
    data = written(folder, 20 + 3 * np.sin(x / 16), x, 0.8)
    assert smooth_curve.main(data=data, draws=1000, tune=400, out=folder, **QUICK) == 0
    return folder


def test_many_rows_end_in_a_page(page: Path) -> None:
    """The turns of the wave are found, NUTS is the quadrature, and the error is shown and small."""
    found = json.loads((page / "smooth_curve.json").read_text(encoding="utf-8"))
    assert [one[:12] for one in found["warnings"]] == ["A quick look"]  # and nothing else
    assert found["status"] == "WARN"  # as every quick look
    assert found["decision"] == "rises, then falls, then rises"
    assert found["quantities"]["sigma"]["median"] == pytest.approx(0.8, abs=4 * 0.8 / 100)
    told = (page / "smooth_curve.html").read_text(encoding="utf-8")
    assert "Is the approximation good enough?" in told
    assert "Of 400 rows, evenly from all, curve and intervals were computed by the process" in told


def test_new_places_lie_between_the_rows(page: Path, tmp_path: Path) -> None:
    """Predictions at the wave, and none beyond the last row."""
    tree = xr.open_datatree(page / "smooth_curve.nc", engine="h5netcdf")
    design = json.loads(str(tree["design"]["json"].item()))
    posterior = tree["posterior"].to_dataset()
    path, x = tmp_path / "new.csv", np.array([12.0, 50.0, 88.0])
    pd.DataFrame({"depth": x}).to_csv(path, index=False)
    found = of_places(posterior, design, path, AS_IT_IS).table
    truth = 20 + 3 * np.sin(x / 16)
    sd = (found["upper_curve"] - found["lower_curve"]) / 3.92
    assert (np.abs(found["mean"] - truth) < 4.5 * sd).all()
    assert (sd < 0.2).all()
    pd.DataFrame({"depth": [50.0, 120.0]}).to_csv(path, index=False)
    with pytest.raises(DataError, match="line 3: depth 120 lies outside of"):
        of_places(posterior, design, path, AS_IT_IS)


def test_noise_that_changes_needs_fewer_places(tmp_path: Path) -> None:
    """And has them, when x is rounded as the refusal says."""
    x = np.random.default_rng(8).uniform(0, 10, 2500)
    data = written(tmp_path, np.sin(x), x, 0.5)
    with pytest.raises(typer.BadParameter, match=r"takes 1,000 at most; round it to") as refused:
        smooth_curve.main(data=data, scatter="changing", out=tmp_path, **QUICK)
    step = float(str(refused.value).split("multiples of ")[1].split(":")[0])
    assert 250 < len(np.unique(np.round(x / step))) <= 1000


@pytest.mark.validate
def test_noise_that_triples_ends_in_a_page(tmp_path: Path) -> None:
    """At 500 x: the sizes of the noise are found, the waves are enough, and new rows scatter so."""
    x = np.random.default_rng(3).uniform(0, 100, 500)
    sizes = 0.3 * 3 ** (x / 100)
    data = written(tmp_path, 20 + 3 * np.sin(x / 16), x, sizes)
    assert smooth_curve.main(data=data, scatter="changing", out=tmp_path, **QUICK) == 0
    found = json.loads((tmp_path / "smooth_curve.json").read_text(encoding="utf-8"))
    assert [one[:12] for one in found["warnings"]] == ["A quick look"]  # and nothing else
    assert found["decision"] == "rises, then falls, then rises"
    tree = xr.open_datatree(tmp_path / "smooth_curve.nc", engine="h5netcdf")
    design, path = json.loads(str(tree["design"]["json"].item())), tmp_path / "new.csv"
    pd.DataFrame({"depth": [10.0, 50.0, 90.0]}).to_csv(path, index=False)
    table = of_places(tree["posterior"].to_dataset(), design, path, AS_IT_IS).table
    half = (table["upper_row"] - table["lower_row"]) / 3.92
    true = 0.3 * 3 ** np.array([0.1, 0.5, 0.9])
    assert (np.abs(np.log(half / true)) < 4 / np.sqrt(2 * 80)).all()  # some 80 rows within a length


def test_too_many_bends_are_refused_with_what_to_do(tmp_path: Path) -> None:
    """300 waves within the range: as long a part as is said has few enough."""
    x = np.linspace(0, 100, 4000)
    data = written(tmp_path, np.sin(2 * np.pi * 3 * x), x, 0.1)
    with pytest.raises(typer.BadParameter, match="Fit parts of the range by themselves") as refused:
        smooth_curve.main(data=data, out=tmp_path, **QUICK)
    part = float(str(refused.value).split("not longer than ")[1].split()[0])
    assert 1 < part < 50
    some = points(pd.read_csv(data)[x < part], 1.0)
    apart = looked_for(spacing(some.where))
    prior = Prior(apart.typical, apart.spread, some.level, some.level)
    assert too_short(some, prior) is None
