"""`casebook compare`: one page from saved fits, and one line where there can be none."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from analyses._compare import DONE, FAILED, NOT_USABLE, USAGE, compare, exact
from reports.publishing.sealed import damage, read_summary
from tests.analyses.test_main import here
from tests.fits import CHAINS, DRAWS, normal_tree, saved, written
from workflow.regression.gaussian_loo import log_densities

RNG = np.random.default_rng(9)
Z = RNG.normal(1, 0.6, 110)
Y = np.exp(Z)
LOG, RAW = normal_tree(Z, 10.0, 0.6), normal_tree(Y, 10.0, 2.4)
UP = {"prob_positive[x]": {"value": 0.99, "mcse": 0.001}}


def pair(folder: Path, **said: Any) -> list[Path]:
    """Write a fit of an outcome and one of its logarithm."""
    known = {"decision": "up: x", "scalars": UP} | said
    return [
        written(folder, RAW, "houses", **known),
        written(folder, LOG, "log_houses", settings={"formula": "log(price) ~ x"}, **known),
    ]


def test_page_summary_and_index_say_which_model_predicts_best(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = pair(tmp_path)
    (tmp_path / "houses.html").write_text("")
    assert compare(paths, None, None) == DONE
    said = capsys.readouterr().out
    assert said.startswith("PASS: log_houses predicts unseen rows best: its log predictive density")
    assert "The decision is the same under all: up: x." in said
    found = read_summary(tmp_path / "compare_houses_log_houses.json")
    assert not damage(tmp_path, found)
    log, raw = found["models"]
    assert (log["name"], log["verdict"], raw["verdict"]) == ("log_houses", "best", "worse")
    assert log["jacobian"] == pytest.approx(-np.log(Y).sum(), rel=1e-12)
    assert log["weight"] + raw["weight"] == pytest.approx(1)
    page = (tmp_path / "compare_houses_log_houses.html").read_text(encoding="utf-8")
    assert "|dz / dprice| = 1 / price" in page
    assert '<a href="houses.html">houses</a>' in page
    assert "average by the weights" in page
    assert "log(price) ~ x" in page
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="compare_houses_log_houses.html"' in index
    assert "predicts unseen rows best" in index


def test_a_warned_fit_makes_the_page_warn_and_so_do_other_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = written(tmp_path, RAW, "one", status="WARN", warnings=["Careful."])
    two = written(tmp_path, RAW, "two", provenance={"data_sha256": "f" * 64})
    assert compare([one, two], tmp_path / "out", "mine") == DONE
    assert capsys.readouterr().out.startswith("WARN: 110 rows cannot tell which of ")
    found = read_summary(tmp_path / "out/compare_mine.json")
    assert len(found["warnings"]) == 2
    assert "SHA-256" in found["warnings"][0]
    assert "pages of one have warnings" in found["warnings"][1]


def test_a_model_that_cannot_be_left_out_gets_no_number_and_the_page_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = RAW.copy()
    densities = RAW["log_likelihood"].to_dataset().copy(deep=True)
    densities["y"][..., 7] = -3 * RNG.pareto(0.7, (CHAINS, DRAWS))
    bad["log_likelihood"] = densities
    paths = [written(tmp_path, bad, "bad"), *pair(tmp_path)]
    assert compare(paths, None, "k") == DONE
    said = capsys.readouterr().out
    assert said.startswith("WARN: log_houses predicts unseen rows best")
    assert "Of bad nothing is claimed" in said
    found = read_summary(tmp_path / "compare_k.json")
    last = found["models"][-1]
    assert (last["name"], last["elpd"], last["weight"]) == ("bad", None, None)
    assert last["rows_above"] == 1
    page = (tmp_path / "compare_k.html").read_text(encoding="utf-8")
    assert "1 of 110 rows have a k-hat above" in page
    assert "(lines 9)" in page
    assert "--draws 4000" in page


def test_two_runs_on_other_data_say_what_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = written(tmp_path / "may", RAW, "fit", decision="wait")
    after = written(tmp_path / "june", normal_tree(np.append(Y, [9.0] * 20)), "fit", decision="go")
    assert compare([before, after], tmp_path, "runs") == DONE
    said = capsys.readouterr().out
    assert "The decision changed: it was “wait” and is now “go”." in said
    assert "What moved most is mu" in said
    found = read_summary(tmp_path / "compare_runs.json")
    assert [run["name"] for run in found["runs"]] == ["may", "june"]
    assert [run["data"] for run in found["runs"]] == [{"rows": 110}, {"rows": 130}]
    page = (tmp_path / "compare_runs.html").read_text(encoding="utf-8")
    assert "have seen other data" in page
    assert "elpd" in page


def refused(capsys: pytest.CaptureFixture[str], code: int, *paths: Path, **options: Any) -> str:
    """Return what is said on stderr where nothing is written."""
    assert compare(paths, options.get("out"), options.get("name")) == code
    said = capsys.readouterr()
    assert not said.out
    assert said.err.count("\n") == 1
    return said.err


def test_what_cannot_be_compared_is_refused_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, log = pair(tmp_path)
    short = written(tmp_path, normal_tree(Y[:90]), "short", settings={"sure": "0.9"})
    other = written(tmp_path, normal_tree(Y + RNG.normal(size=110)), "other", case="robust")
    failed = written(tmp_path, RAW, "failed", status="FAIL", answer="It is withheld.")
    said = refused(capsys, NOT_USABLE, raw, short)
    assert "houses has 110, short 90" in said
    assert "sure differ" in said
    assert "other outcome values" in refused(capsys, NOT_USABLE, raw, other)
    assert "failed its diagnosis" in refused(capsys, FAILED, raw, failed)
    assert "two or more" in refused(capsys, USAGE, raw)
    assert "given twice" in refused(capsys, USAGE, raw, tmp_path / "." / "houses.nc")
    assert "no .nc file" in refused(capsys, USAGE, raw, tmp_path / "houses.json")
    assert "letters" in refused(capsys, USAGE, raw, log, name="../up")
    log.write_bytes(log.read_bytes()[:-1])
    assert "truncated or altered" in refused(capsys, NOT_USABLE, raw, log)
    assert "cannot be read" in refused(capsys, NOT_USABLE, raw, tmp_path / "none.nc")
    assert not list(tmp_path.glob("compare_*"))


def test_the_command_is_a_thin_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, log = pair(tmp_path)
    words = ["compare", str(raw), str(log), "--out", str(tmp_path), "--name", "two"]
    assert here(monkeypatch, *words) == DONE
    assert capsys.readouterr().out.startswith("PASS: ")
    text = (tmp_path / "compare_two.json").read_text(encoding="utf-8")
    assert json.loads(text)["provenance"]["command"].startswith("casebook compare")


def test_a_linear_regression_has_an_exact_elpd_from_its_file() -> None:
    x, of = RNG.normal(size=(110, 2)), normal_tree(Y)
    data: dict[str, Any] = {"terms": (("row", "term"), x), "centre": ("term", [0.1, 0.2])}
    data |= {"scale": ("term", [1.0, 2.0]), "slope_sd": 0.5, "noise": 1.0}
    of["constant_data"] = xr.Dataset(data | {"outcome_mean": Y.mean(), "outcome_sd": Y.std()})
    found = exact(saved(of, case="linear_regression"))
    z, y = (x - [0.1, 0.2]) / [1.0, 2.0], (Y - Y.mean()) / Y.std()
    known = log_densities(z, y, 0.25 * np.eye(2), 1.0) - np.log(Y.std())
    assert found is not None
    assert found.pointwise == pytest.approx(known)
    assert found.mcse == 0
    assert exact(saved(of, case="robust_regression")) is None
    of.attrs["part"] = "{}"
    assert exact(saved(of, case="linear_regression")) is None  # of rows that are not there
