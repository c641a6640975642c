"""`casebook update`: exact where it says so, else all rows again, and what is refused."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analyses._designs import GOES_ON, GROUP, HOLDS, kept, told
from analyses._updating import joined
from data import known_noise, river_level
from data._table import DataError
from data.ab_test import load as arms
from data.coin_updating import load
from reports.publishing.trees import read_tree
from tests.conftest import SEED
from tests.terminal import casebook
from workflow.checking.exact import WORST
from workflow.measuring.gaussian import Instrument
from workflow.series.accounts import Prior, Series, usual
from workflow.series.changed import Verdict

RNG = np.random.default_rng(SEED)
NAMES = ("prior_mean", "prior_sd", "bias_sd", "noise_sd")
QUICK = ("--quick", "--quiet", "--draws", 300, "--seed", SEED)


def summary(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_a_posterior_that_goes_on_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty flips, then forty, then thirty: as all hundred at once, to 1e-12."""
    flips, fit = load(), tmp_path / "first.nc"
    cuts = {"a": (0, 30), "b": (30, 70), "c": (70, 100)}
    for name, (start, end) in cuts.items():
        flips.iloc[start:end].to_csv(tmp_path / f"{name}.csv", index=False)
    run = ("run", "coin_updating", *QUICK, "--alpha", 3, "--out", tmp_path)
    casebook(monkeypatch, *run, "--data", tmp_path / "a.csv", "--name", "first")
    for name in ("b", "c"):
        code = casebook(monkeypatch, "update", fit, "--data", tmp_path / f"{name}.csv")
        assert code == 0
        fit = tmp_path / "first_updated.nc"
    (tmp_path / "a.csv").unlink()  # nothing of the first file is needed
    flips.to_csv(tmp_path / "all.csv", index=False)
    casebook(monkeypatch, *run, "--data", tmp_path / "all.csv", "--name", "whole")
    went_on, whole = (summary(tmp_path / f"{one}.json") for one in ("first_updated", "whole"))
    flips.rename("tosses").iloc[:9].to_csv(tmp_path / "other.csv", index=False)
    assert casebook(monkeypatch, "update", fit, "--data", tmp_path / "other.csv") == 3  # not heads
    seen = flips.iloc[:70].sum()
    assert f"--before {seen}:{70 - seen}" in went_on["provenance"]["command"]
    assert went_on["decision"] == whole["decision"]
    last = whole["checkpoints"][-1]
    assert went_on["checkpoints"][-1] == pytest.approx(last, rel=1e-12)
    assert last["mean"] == pytest.approx(73 / 105, rel=1e-12)


def test_readings_go_on_with_the_bias_that_all_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty of Michelson's readings, then forty, by the prior of the sixty; and the next ten."""
    speeds, fit = known_noise.load(), tmp_path / "first.nc"
    for name, (start, end) in {"a": (0, 60), "b": (60, 100)}.items():
        speeds.iloc[start:end].to_csv(tmp_path / f"{name}.csv", index=False)
    own = ("--noise-sd", 80, "--bias-sd", 50, "--target-sd", 60, "--out", tmp_path)
    casebook(
        monkeypatch,
        "run",
        "known_noise",
        *QUICK,
        *own,
        "--data",
        tmp_path / "a.csv",
        "--name",
        "first",
    )
    assert casebook(monkeypatch, "update", fit, "--data", tmp_path / "b.csv") == 0
    prior = Instrument(float(speeds[:60].mean()), 10 * math.hypot(80, 50), 50, 80)
    whole, found = prior.after(100, 852.4), summary(tmp_path / "first_updated.json")
    on = kept(read_tree(tmp_path / "first_updated.nc", (GROUP,)))[GOES_ON]
    n, mean = on["before"].split(":")
    assert int(n) == 100
    assert float(mean) == pytest.approx(852.4, rel=1e-12)
    assert prior == Instrument(*(float(on[one]) for one in NAMES))
    for name, expected in whole.known().items():
        q = found["quantities"][name]
        assert abs(q["mean"] - expected.mean) < WORST * q["mcse_mean"], name
    assert casebook(monkeypatch, "predict", tmp_path / "first_updated.nc", "--next", 10) == 0
    row = pd.read_csv(tmp_path / "first_updated_predictions.csv").iloc[0]
    ten = math.hypot(whole.sds[2], 80 / math.sqrt(10))
    draws = 1200  # about independent
    assert abs(row["mean"] - whole.means[2]) < WORST * ten / math.sqrt(draws)
    assert row["sd"] == pytest.approx(ten, rel=WORST / math.sqrt(2 * draws))


def test_one_that_does_not_is_fitted_again_with_all_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counts of arms are added up; the second file may have more columns, in another order."""
    old, more = tmp_path / "old.csv", tmp_path / "more.csv"
    old.write_text("arm;visitors;conversions\na;600;54\nb;500;60\n", encoding="utf-8")
    more.write_text("day,conversions,arm,visitors\n1,40,b,400\n1,6,a,100\n", encoding="utf-8")
    run = ("run", "ab_test", *QUICK, "--out", tmp_path, "--separator", ";")
    casebook(monkeypatch, *run, "--data", old, "--name", "test")
    capsys.readouterr()
    assert casebook(monkeypatch, "update", tmp_path / "test.nc", "--data", more) == 0
    assert "all 2 rows are fitted again" in capsys.readouterr().err
    both = arms(tmp_path / "test_updated_data.csv")
    assert both.to_numpy().tolist() == [["a", 700, 60], ["b", 900, 100]]
    assert (tmp_path / "test_updated.html").is_file()
    old.write_text("arm;visitors;conversions\na;600;55\nb;500;60\n", encoding="utf-8")
    assert casebook(monkeypatch, "update", tmp_path / "test.nc", "--data", more) == 3
    assert "not as it was" in capsys.readouterr().err


def test_rows_that_do_not_fit_are_refused() -> None:
    first = pd.DataFrame({"x": ["1", "2"], "y": ["3", "4"]})
    assert joined(first, first[["y", "x"]], None).to_numpy().tolist()[2:] == [
        ["1", "3"],
        ["2", "4"],
    ]
    with pytest.raises(DataError, match="no column 'y'"):
        joined(first, first[["x"]], None)


def test_counts_that_cannot_be_read_are_not_added_as_nothing() -> None:
    """Whatever a reader makes of 2,000 by its file's other cells, a sum of two files does not."""
    old = pd.DataFrame({"arm": ["a", "b"], "visitors": ["1000", "1000"]})
    for cell in ("2,000", "", "1e3", "-5", "2.5"):
        with pytest.raises(DataError, match="no plain whole number"):
            joined(old, pd.DataFrame({"arm": ["a"], "visitors": [cell]}), "arm")
    more = pd.DataFrame({"arm": ["b", "c"], "visitors": [" 7", "5"]})
    assert joined(old, more, "arm")["visitors"].tolist() == [1000, 1007, 5]


def test_rows_that_the_fit_knows_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same file again, also under another name, and a log that has grown; not a new one."""
    flips = load()
    for name, n in {"a": 60, "again": 60, "grown": 100}.items():
        flips.iloc[:n].to_csv(tmp_path / f"{name}.csv", index=False)
    flips.iloc[60:].to_csv(tmp_path / "new.csv", index=False)
    run = ("run", "coin_updating", *QUICK, "--out", tmp_path, "--name", "fit")
    casebook(monkeypatch, *run, "--data", tmp_path / "a.csv")
    update = ("update", tmp_path / "fit.nc", "--data")
    for name in ("a", "again", "grown"):
        assert casebook(monkeypatch, *update, tmp_path / f"{name}.csv") == 3
        assert "would count twice" in capsys.readouterr().err
    (tmp_path / "a.csv").unlink()
    assert casebook(monkeypatch, *update, tmp_path / "again.csv") == 3
    assert casebook(monkeypatch, *update, tmp_path / "new.csv") == 0


def test_what_is_no_fit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert casebook(monkeypatch, "update", tmp_path / "none.nc", "--data", tmp_path / "x.csv") == 3
    assert "name the .nc of a run" in capsys.readouterr().err


def test_a_series_goes_on_under_the_prior_that_it_began_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sixty years of the Nile, then forty of larger swings: as all hundred under the first's prior.

    That prior was made of sixty values, and none of the later ones has changed it. Going on from
    the posterior of the sixty by hand, on the grid that all hundred have, is the same.
    """
    nile = river_level.load().values + np.where(np.arange(100) < 60, 0, 300 * RNG.normal(size=100))
    for name, (start, end) in {"a": (0, 60), "b": (60, 100)}.items():
        nile.iloc[start:end].to_csv(tmp_path / f"{name}.csv", index_label="year")
    run = ("run", "river_level", *QUICK, "--out", tmp_path, "--name", "first")
    casebook(monkeypatch, *run, "--data", tmp_path / "a.csv")
    fit, held = tmp_path / "first.nc", told(read_tree(tmp_path / "first.nc", (GROUP,)))[HOLDS]
    assert casebook(monkeypatch, "update", fit, "--data", tmp_path / "b.csv") == 0
    assert "the prior is that of first.nc" in capsys.readouterr().err
    found = summary(tmp_path / "first_updated.json")
    assert told(read_tree(tmp_path / "first_updated.nc", (GROUP,)))[HOLDS] == held
    y = nile.to_numpy(dtype=float)
    prior = Prior(**{name: float(value) for name, value in held.items()})
    assert prior.noise == usual(y[:60]) != usual(y)
    whole = Series(y, np.arange(100), prior)
    exact = found["scalars"]["log_bayes_factor_change"]["value"]
    assert exact == pytest.approx(Verdict.of(whole.accounts).log_bayes_factor, abs=1e-8)
    noise, level = np.meshgrid(*whole.plane, indexing="ij")
    m, v, grown = np.full(noise.shape, prior.start), np.full(noise.shape, prior.start_sd**2), 0.0
    for t, value in enumerate(y):
        v = v + level**2 * (t > 0)
        sd = np.sqrt(v + noise**2)
        grown = grown + (t >= 60) * stats.norm(m, sd).logpdf(value)
        m, v = m + v / sd**2 * (value - m), v / sd**2 * noise**2
    today = whole.first(60).log_plane(noise, level)[..., 0]
    assert np.abs(today + grown - whole.log_plane(noise, level)[..., 0]).max() < 1e-8
