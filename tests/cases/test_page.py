"""Every case runs on its shipped data with few draws, and writes what it promises."""

import json
import math
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from tests.contract import frozen
from tests.page import Reader
from tests.test_layers import CASES
from workflow.variational.moments import moments

QUANTITY = [
    "mean",
    "median",
    "sd",
    "mcse_mean",
    "lower",
    "upper",
    "interval",
    "mcse_interval",
    "r_hat",
    "ess_bulk",
    "ess_tail",
    "mcse_median",
    "mcse_lower",
    "mcse_upper",
]
CHECK = ["check", "worst", "where", "threshold", "status", "advice"]
PROVENANCE = ["data_sha256", "commit", "seed", "versions", "command", "seconds"]


@pytest.fixture(scope="module", params=CASES)
def summary(request: pytest.FixtureRequest, made: Callable[[str], tuple[Path, int]]) -> Any:
    """The case's summary, after a run with few draws; its folder under "folder"."""
    out, code = made(request.param)
    found = json.loads((out / f"{request.param}.json").read_text(encoding="utf-8"))
    assert code == (4 if found["status"] == "FAIL" else 0)
    return found | {"folder": out}


def test_summary_keeps_its_contract(summary: dict[str, Any]) -> None:
    assert summary["status"] in {"PASS", "WARN"}
    assert summary["decision"]
    assert {"case", "title", "question", "answer", "warnings"} <= summary.keys()
    assert {"prior", "posterior"} == summary["predictive"].keys()
    for quantity in summary["quantities"].values():
        assert list(quantity) == QUANTITY
        assert quantity["lower"] <= quantity["median"] <= quantity["upper"]
    for scalar in summary["scalars"].values():
        assert math.isfinite(scalar["value"])
        assert scalar["mcse"] is None or scalar["mcse"] > 0  # null: it is exact
    assert all(list(check) == CHECK for check in summary["diagnostics"])
    assert {"advi", "fullrank_advi"} == summary["advi"].keys()
    for method in summary["advi"].values():
        assert {"verdict", "k_hat", "quantities"} <= method.keys()
        for compared in method["quantities"].values():
            assert {"mean_shift_sd", "sd_ratio"} <= compared.keys()
    swept = summary["sensitivity"]
    assert swept["points"]
    assert swept["reweighted"] == sum(one["reweighted"] for one in swept["points"])
    assert swept["k_hat"] is None or swept["k_hat"] < 0.5
    assert isinstance(summary["sensitivity"]["decision_flips"], bool)
    assert set(PROVENANCE) <= summary["provenance"].keys()
    assert summary["provenance"]["command"].startswith(f"python -m analyses.{summary['case']} ")


def test_no_verdict_is_kinder_than_its_numbers(summary: dict[str, Any]) -> None:
    """From the numbers in the JSON alone, two Monte Carlo errors granted to each."""
    for method in summary["advi"].values():
        limit = {"good enough": 0.1, "means only": 0.25}.get(method["verdict"])
        if limit is None:
            continue
        for name, q in method["quantities"].items():
            assert abs(q["mean_shift_sd"]) <= limit + 2 * q["mean_shift_error"], name
            near = 0.9 - 2 * q["sd_ratio_error"] <= q["sd_ratio"] <= 1.1 + 2 * q["sd_ratio_error"]
            assert near or method["verdict"] != "good enough", name
        if method["verdict"] == "good enough":
            assert method["k_hat"] is None or method["k_hat"] < 0.7  # null: q is exact


def test_page_has_every_part_of_the_argument(summary: dict[str, Any]) -> None:
    page = (summary["folder"] / f"{summary['case']}.html").read_text(encoding="utf-8")
    sections = [
        "The decision",
        "The data",
        "What the priors say",
        "Can we trust the sampler?",
        "Does the model fit?",
        "Would ADVI have done?",
        "Does the prior decide?",
        "The model",
        "A paragraph on methods",
        "Where this page comes from",
    ]
    places = [page.index(f"<h3>{section}</h3>") for section in sections]
    assert places == sorted(places)
    first = page[page.index("<main") : places[0]]
    assert first.count("<table>") == 1
    assert " open" not in re.sub(r">[^<]*<", "><", page[page.index("<main") :])
    assert len(page.encode()) < 5_000_000
    assert (summary["folder"] / f"{summary['case']}.nc").stat().st_size < 15_000_000


def test_who_decides_reads_words(summary: dict[str, Any]) -> None:
    """No name of a quantity as the code has it, before the checks begin."""
    page = (summary["folder"] / f"{summary['case']}.html").read_text(encoding="utf-8")
    told = page[page.index("<main") : page.index("Can it be believed?</h2>")]
    codes = [name for name in (*summary["quantities"], *summary["scalars"]) if "[" in name]
    assert [name for name in codes if escape(name) in told] == []


def test_every_table_and_figure_can_be_read(summary: dict[str, Any]) -> None:
    """A mark with a help text for each, an alternative, and no drawing above 400 kB."""
    page = (summary["folder"] / f"{summary['case']}.html").read_text(encoding="utf-8")
    reader = Reader()
    reader.feed(page)
    assert reader.tables >= 8
    assert len(reader.alternatives) >= 4
    assert all(20 < len(said) < 700 for said in reader.alternatives)
    explorers = page.count('<div class="explorer"')
    assert explorers == 1
    assert len(reader.marks) == reader.tables + len(reader.alternatives) + explorers
    assert {*reader.marks} == {*reader.helps}
    assert all(len(said) > 60 for said in reader.helps.values())
    assert len({*reader.helps.values()}) == len(reader.helps)
    drawings = re.findall(r"<svg(?! class=\"whisker\").*?</svg>", page, flags=re.DOTALL)
    assert len(drawings) == len(reader.alternatives)
    assert max(len(drawing.encode()) for drawing in drawings) < 400_000


def test_methods_say_what_was_done(summary: dict[str, Any]) -> None:
    page = (summary["folder"] / f"{summary['case']}.html").read_text(encoding="utf-8")
    said = " ".join(page[page.index('id="methods"') :].partition("</p>")[0].split())
    made = summary["provenance"]
    draws = re.search(r"(\d+) chains of ([\d,]+) draws each", said)
    assert draws
    assert f"seed {made['seed']}" in said
    for name in ("pymc", "nutpie"):
        assert made["versions"][name] in said
    assert f"varied over {len(summary['sensitivity']['points'])} settings" in said
    for method in summary["advi"].values():
        assert method["verdict"] in said
    assert made["data_sha256"][:16] in said


def test_tree_has_every_group(summary: dict[str, Any]) -> None:
    with xr.open_datatree(summary["folder"] / f"{summary['case']}.nc", engine="h5netcdf") as tree:
        groups = "posterior sample_stats prior prior_predictive posterior_predictive"
        more = "log_likelihood log_prior observed_data constant_data design"
        assert set(tree.children) == {*groups.split(), *more.split()}
        assert json.loads(tree.attrs["tries"])


def test_estimates_meet_the_reference(summary: dict[str, Any]) -> None:
    """Mean and sd within four Monte Carlo errors, the reference's own among them."""
    case = summary["case"]
    expected = frozen(case).get("reference", {"quantities": {}})["quantities"]
    with xr.open_datatree(summary["folder"] / f"{case}.nc", engine="h5netcdf") as tree:
        found = moments(tree["posterior"].to_dataset(), independent=False)
    for name, exact in expected.items():
        (mean, sd, *_), (mean_error, sd_error, *_) = found[name]
        assert abs(mean - exact["mean"]) < 4 * math.hypot(mean_error, exact["mcse_mean"]), name
        assert abs(sd - exact["sd"]) < 4 * math.hypot(sd_error, exact["mcse_sd"]), name


def test_index_lists_the_case(summary: dict[str, Any]) -> None:
    folder: Path = summary["folder"]
    assert f'href="{summary["case"]}.html"' in (folder / "index.html").read_text(encoding="utf-8")
