"""The study: steps that can be left out, the answer said early, and the quick look."""

import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from analyses import ab_test
from analyses._study import QUICK, Study
from data.prior_sensitivity import PATH, load
from models.prior_sensitivity import births
from reports.blocks.part import ADVI_BROKE
from reports.drawing import figures
from workflow.checking.checks import StatisticCheck
from workflow.checking.status import Status
from workflow.quantities import label, summarise

SETTINGS: Mapping[str, Any] = {
    "data": PATH,
    "draws": 200,
    "tune": 200,
    "chains": 4,
    "seed": 1,
    "quick": True,
    "quiet": False,
}
KNOBS = {"prior_strength": (2.0, 20.0)}


def rule(posterior: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
    return ("below" if float(posterior["theta"].mean()) < 0.485 else "above",)


def study(out: Path, **settings: Any) -> Study:
    build = partial(births, load())
    return Study("a_study", "Is it?", build, {**SETTINGS, "out": out, **settings}, knobs=KNOBS)


def finish(one: Study) -> int:
    found = summarise(one.tree["posterior"].to_dataset()[["theta"]])
    rows = {label(name) or name: {"NUTS": q} for name, q in found.items()}
    picture = figures.intervals("answer", rows, label="theta", caption="An interval.")
    return one.save("It is.", picture, [], found, {})


def test_steps_can_be_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Draws, a rule and an end are a study; the title is made of the stem."""
    one = study(tmp_path)
    posterior = one.sample()
    assert set(posterior.sizes) == {"chain", "draw"}
    assert one.decide(rule) == one.decision == "below"
    assert finish(one) == 0
    found = json.loads((tmp_path / "a_study.json").read_text(encoding="utf-8"))
    assert (found["title"], found["decision"], found["status"]) == ("A study", "below", "WARN")
    assert found["advi"] == {}
    assert found["sensitivity"]["points"] == []
    told = (
        r"a_study: so far, before prior and fit are checked: below, PASS; the page follows in "
        r"about \d+ s\n"
    )
    assert len(re.findall(told, capsys.readouterr().err)) == 1


def test_what_failed_is_not_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = study(tmp_path, chains=1)
    one.sample()
    assert one.decide(rule) is None
    assert finish(one) == 4
    said = capsys.readouterr().err
    assert re.search(r"a_study: so far: no answer, since .*, FAIL; the page follows", said)
    assert "below" not in said


def test_what_is_seen_while_the_fit_is_drawn_belongs_to_the_fit(tmp_path: Path) -> None:
    """Not to the section before it, which was the sampler's and looked as if it were not sound."""
    one = study(tmp_path)
    one.sample()
    one.gate(["theta"])
    odd = StatisticCheck("spread", 9.0, 1.0, 2.0, 3.0, 0.0, 0.0, Status.WARN)

    def drawn(_: list[StatisticCheck]) -> list[str]:
        one.page.warn("Uneven.", "Look.")
        return ["A picture."]

    one.fit("x", statistics={}, misfit="Odd", advice="Look.", beside=[odd], then=drawn)
    assert {found.at for found in one.page.warnings if "Uneven" in found.text} == {
        "Does the model fit?"
    }


def test_sections_are_new_once(tmp_path: Path) -> None:
    one = study(tmp_path)
    one.section("The data", "x")
    one.section("The model", "y")
    assert [section.title for section in one.new_sections()] == ["The data", "The model"]
    one.section("The data", "z")
    assert [section.title for section in one.new_sections()] == ["The data"]
    assert one.new_sections() == []
    assert [section.title for section in one.page.sections] == ["The data", "The model"]


def test_a_quick_look_says_what_it_left_out(tmp_path: Path) -> None:
    """In the place of ADVI and of the sweep, on the first screen, and in the index."""
    assert ab_test.main(draws=200, tune=200, out=tmp_path, quick=True, quiet=True) == 0
    found = json.loads((tmp_path / "ab_test.json").read_text(encoding="utf-8"))
    page = (tmp_path / "ab_test.html").read_text(encoding="utf-8")
    assert found["status"] == "WARN"
    assert found["decision"]
    assert any("quick look" in warning for warning in found["warnings"])
    assert "--quick" in found["provenance"]["command"]
    for title in ("Would ADVI have done?", "Does the prior decide?"):
        line = page[page.index(f"<h3>{title}</h3>") :]
        assert QUICK in line[: line.index("</div>")]
    assert "A quick look" in page[: page.index("<h3>")]
    assert "left out" in (tmp_path / "index.html").read_text(encoding="utf-8")


def nothing(build: object, *, seed: int) -> None:
    """Do as ADVI does whose parameters become NaN; in a process of its own."""
    raise FloatingPointError("NaN occurred in optimization.")


def test_where_advi_breaks_off_the_page_is_made_and_says_so(tmp_path: Path) -> None:
    settings = {**SETTINGS, "out": tmp_path, "quick": False}
    build = partial(births, load())
    one = Study("a_study", "Is it?", build, settings, knobs=KNOBS, approximate=nothing)
    one.sample()
    assert one.decide(rule) == "below"
    assert one.approximations() is None
    assert one.advi() == ()
    assert finish(one) == 0
    page = (tmp_path / "a_study.html").read_text(encoding="utf-8")
    line = page[page.index("<h3>Would ADVI have done?</h3>") :]
    assert ADVI_BROKE in line[: line.index("</div>")]
    assert "broke off" in line
    found = json.loads((tmp_path / "a_study.json").read_text(encoding="utf-8"))
    assert (found["advi"], found["decision"]) == ({}, "below")
