"""A page of noise that changes along x, of the shipped rows: fit, answer, comparison, new places.

Refits of rows take this page a minute of both cores: `make validate` runs it. What it is made of is
tested by functions (`tests/workflow/functions/test_changing.py`), in every run.

`KNOTS` was computed once by an older model (commit 2f6c9bf): the logarithm of the size was a
Gaussian process at 20 x, and its mean between them. 4,000 draws; means and their errors.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
import xarray as xr
from arviz_stats.base import array_stats

from analyses import smooth_curve
from analyses._new_places import of_places
from data._how import AS_IT_IS
from tests.conftest import SEED

QUICK: dict[str, Any] = {"quick": True, "quiet": True, "seed": SEED, "scatter": "changing"}
KNOTS: dict[str, tuple[float, float]] = {  # of logarithms
    "length": (1.5069, 0.0028),
    "sigma_f": (3.7576, 0.0044),
    "sigma": (2.6965, 0.0222),
    "length_noise": (1.8229, 0.0100),
    "sigma_noise": (0.2223, 0.0123),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a page of the shipped rows."""
    folder = tmp_path_factory.mktemp("changing")
    assert smooth_curve.main(out=folder, **QUICK) == 0
    return folder


@pytest.mark.validate
def test_draws_are_few_steps_apart_and_none_diverges(page: Path) -> None:
    """The older model took 13 steps a draw, and 57 of 4,000 draws diverged: three tries."""
    stats = xr.open_dataset(page / "smooth_curve.nc", group="sample_stats", engine="h5netcdf")
    assert not stats["diverging"].any()
    assert stats["n_steps"].mean() <= 15
    found = json.loads((page / "smooth_curve.json").read_text(encoding="utf-8"))
    assert [one[:12] for one in found["warnings"]] == ["A quick look"]  # and nothing else
    assert found["decision"] == "falls, then rises"


@pytest.mark.validate
def test_the_posterior_is_that_of_knots(page: Path) -> None:
    posterior = xr.open_dataset(page / "smooth_curve.nc", group="posterior", engine="h5netcdf")
    for name, (mean, error) in KNOTS.items():
        draws = np.log(posterior[name].to_numpy())
        own = draws.std() / np.sqrt(float(array_stats.ess(draws)))
        assert abs(draws.mean() - mean) < 4 * np.hypot(own, error), name


@pytest.mark.validate
def test_it_predicts_rows_better_as_published(page: Path) -> None:
    """Of Vehtari, under their own priors: 49.5 (10.0). Rows that weights do not tell are refitted.

    Other priors make another elpd; the rows' error is that of the same rows.
    """
    told = (page / "smooth_curve.html").read_text(encoding="utf-8")
    start = "predicts rows better than the same curve with noise of one size (this page"
    size = told.split(start)[1].split("less the other")[1].split(": ")[1].split(")")[0]
    gap, error = size.split(" ± ")
    assert abs(float(gap) - 49.5) < 4
    assert float(error) == pytest.approx(10.0, rel=0.1)


@pytest.mark.validate
def test_new_rows_scatter_as_the_rows_there(page: Path, tmp_path: Path) -> None:
    """Before the impact hardly, after it much; beyond the last row that is extrapolated."""
    tree = xr.open_datatree(page / "smooth_curve.nc", engine="h5netcdf")
    design = json.loads(str(tree["design"]["json"].item()))
    path = tmp_path / "new.csv"
    pd.DataFrame({"time_ms": [8.0, 33.0, 500.0]}).to_csv(path, index=False)
    found = of_places(tree["posterior"].to_dataset(), design, path, AS_IT_IS).table
    early, late, _ = found["upper_row"] - found["lower_row"]
    assert early < 12
    assert 100 < late < 220
    assert found["extrapolated"].tolist() == [False, False, True]
    assert np.isfinite(found.drop(columns=["line"]).to_numpy(dtype=float)).all()


def test_changes_too_fast_for_the_waves_are_refused_with_what_to_do(tmp_path: Path) -> None:
    """The median that the refusal names is one that is taken."""
    with pytest.raises(typer.BadParameter, match="would need more than 80 waves") as refused:
        smooth_curve.main(out=tmp_path, typical_length_noise=0.5, **QUICK)
    least = float(str(refused.value).split("Give ")[1].split()[0])
    assert 5 < least < 10
