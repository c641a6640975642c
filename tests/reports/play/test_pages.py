"""The learner's pages: whole, allowed to run, found by index and cases, never a dead link."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reports.page.html import ENVIRONMENT, ICONS, policy
from reports.page.index import write_index
from reports.page.played import played
from reports.play.declared import Axis, Lesson, Mark, Panel, Readout
from reports.play.drawing import place, scale, svg, ticks
from reports.play.pages import LESSONS, SCRIPTS, page, script_of, write
from reports.publishing.files import OutputError
from tests.reports.page.test_page import Page, make
from tests.test_layers import CASES

__all__ = ["make"]  # a fixture

SHARED = {"special", "drawing", "start"}
every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.stem)


@every_lesson
def test_a_page_is_declared_whole(lesson: Lesson) -> None:
    """What is drawn and told is computed; everything has a name; series differ by their looks."""
    state = lesson.first()
    for one in lesson.readouts:
        assert lesson.question.endswith("?")
        assert one.label
        assert re.fullmatch(r"−?\d+(\.\d+)?.*", one.told(state))
    for panel in lesson.panels:
        named = [mark for mark in panel.marks if mark.name]
        assert named
        looks = [(mark.kind in {"dots", "marker"}, mark.look, mark.stroke) for mark in named]
        assert len({*looks}) == len(looks)
        assert len({(mark.kind in {"dots", "marker"}, mark.stroke) for mark in named}) >= min(
            len(named), 2
        )
        assert panel.x.label
        assert panel.y.label
        for mark in panel.marks:
            assert {mark.x, mark.y, mark.end} - {""} <= state.keys()
    assert 1 <= len(lesson.knobs) <= 2
    assert 2 <= len(lesson.see) <= 3


@every_lesson
def test_its_mathematics_is_typeset(lesson: Lesson, tmp_path: Path) -> None:
    text = page(lesson, tmp_path)
    assert "<math" in text
    assert 'columnspan="4"' not in text  # a line that is not in the notation


@every_lesson
def test_only_its_own_scripts_and_styles_may_run(lesson: Lesson, tmp_path: Path) -> None:
    text = page(lesson, tmp_path)
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert found
    parts = {
        tag: re.findall(rf"<{tag}>(.*?)</{tag}>", text, flags=re.DOTALL)
        for tag in ("script", "style")
    }
    assert [len(one) for one in parts.values()] == [2, 2]
    assert found[1] == policy(styles=parts["style"], scripts=parts["script"])
    assert not re.search(r"<[a-z][^>]* (style|on[a-z]+)=", text)
    assert text.count("</script") == 2
    read = Page(text)
    assert read.open == []
    assert len(read.ids) == len({*read.ids})


def test_every_script_belongs_to_a_page() -> None:
    """One a page, beside those that all have; none has a library or asks for anything."""
    stems = {path.stem for path in SCRIPTS.glob("*.js")}
    assert stems == {lesson.stem for lesson in LESSONS} | SHARED
    assert len({lesson.name for lesson in LESSONS}) == len(LESSONS)
    for lesson in LESSONS:
        assert not re.search(r"\b(fetch|import|eval|XMLHttpRequest)\b", script_of(lesson))


def test_pages_are_written_again_as_they_were(tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in write(tmp_path)}
    assert {path: path.read_bytes() for path in write(tmp_path)} == first
    assert {path.stem for path in first} == {lesson.stem for lesson in LESSONS}
    assert [name for _, name in played(tmp_path)] == [lesson.name for lesson in LESSONS]


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "play").write_text("a file")
    with pytest.raises(OutputError, match="cannot write"):
        write(tmp_path)


def test_a_page_names_the_cases_that_are_there(
    tmp_path: Path, make: Callable[..., tuple[int, Path]]
) -> None:
    """By their titles; one that has no page, or whose summary is damaged, is not linked."""
    _, folder = make()
    mine = next(one for one in LESSONS if one.stem == "coverage")
    for case in ("ab_test", "prior_sensitivity"):
        for kind in ("html", "json"):
            (folder / f"{case}.{kind}").write_bytes((folder / f"demo.{kind}").read_bytes())
    (folder / "prior_sensitivity.json").write_text("{")
    text = page(mine, folder)
    assert '<a href="../ab_test.html">Demo</a>' in text
    assert "prior_sensitivity.html" not in text
    assert "coin_updating" not in text
    assert "../ab_test.html" not in page(mine, tmp_path / "elsewhere")


def test_every_page_but_those_of_cases_to_come_belongs_to_a_case() -> None:
    without = {one.stem for one in LESSONS if not {*one.cases} & {*CASES}}
    assert without <= {"aliasing"}


def test_index_and_case_link_to_what_is_there(make: Callable[..., tuple[int, Path]]) -> None:
    """A case to those that name it, the index to all, and neither to a page that is gone."""
    _, folder = make()
    assert "play/" not in (folder / "demo.html").read_text(encoding="utf-8")
    write(folder)
    listed = folder / "play" / "play.json"
    told: list[dict[str, Any]] = json.loads(listed.read_text(encoding="utf-8"))
    told[0]["cases"] = told[1]["cases"] = ["demo"]
    listed.write_text(json.dumps(told))
    (folder / "play" / f"{LESSONS[1].stem}.html").unlink()
    make()
    addresses = {
        name: Page((folder / name).read_text(encoding="utf-8")).addresses
        for name in ("demo.html", "index.html")
    }
    links = {k: [one for one in v if one.startswith("play/")] for k, v in addresses.items()}
    assert links["demo.html"] == [f"play/{LESSONS[0].stem}.html"]
    assert links["index.html"] == [
        f"play/{one.stem}.html" for one in LESSONS if one is not LESSONS[1]
    ]


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"a": 1}', '[{"stem": "x"}]', "null"])
def test_a_list_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    write(tmp_path)
    (tmp_path / "play" / "play.json").write_text(content)
    assert played(tmp_path) == []


def test_names_from_the_folder_are_text(tmp_path: Path) -> None:
    write(tmp_path)
    hostile = "<script>alert(1)</script>"
    told = [{"stem": LESSONS[0].stem, "name": hostile, "cases": []}]
    (tmp_path / "play" / "play.json").write_text(json.dumps(told))
    text = write_index(tmp_path, ENVIRONMENT, ICONS).read_text(encoding="utf-8")
    assert hostile not in text
    assert "&lt;script&gt;" in text


def test_ticks_are_round_and_inside() -> None:
    for low, high in ((0, 1), (-4, 4), (-0.0123, 0.0123), (0, 650), (0.7, 1), (0, 1e-7)):
        found = ticks(scale(Axis("x", low, high), [], (0, 100)))
        assert 2 <= len(found) <= 8
        for value, text in found:
            assert low - 1e-12 <= value <= high + 1e-12
            assert float(text.replace("−", "-")) == pytest.approx(value, abs=1e-12)
    tens = ticks(scale(Axis("x", 1, 1000, log=True), [], (0, 100)))
    assert tens == [(1, "1"), (10, "10"), (100, "100"), (1000, "1000")]


def test_open_ends_hold_what_is_drawn() -> None:
    for values in ([1.0, 3.0], [-2.0, 5.0], [], [0.0]):
        found = scale(Axis("x"), values, (0, 100))
        assert found["low"] <= min([0, *values])
        assert found["high"] > max([0, *values])
        assert (found["low"] < 0) == (min([0, *values]) < 0)
    logs = scale(Axis("x", 1, 100, log=True), [], (0, 100))
    assert [place(logs, value) for value in (1, 10, 100)] == pytest.approx([0, 50, 100])


def test_a_line_is_broken_where_it_leaves_the_drawing() -> None:
    state = {"x": np.arange(5.0), "y": np.array([0.5, 0.6, 9, 0.7, 0.8])}
    panel = Panel("A", Axis("x", 0, 4), Axis("y", 0, 1), (Mark("line", "x", "y", "blue", "y"),))
    (line,) = re.findall(r'd="([^"]*)" fill="none" stroke="#0072b2"', svg(panel, state))
    assert re.sub(r"[\d.,]", "", line) == "MLML"


def test_numbers_have_a_minus_and_no_negative_nought() -> None:
    one = Readout("a", "A", 2, " kg")
    assert [one.told({"a": value}) for value in (-1.234, -0.001, 0.0, 2)] == [
        "−1.23 kg",
        "0.00 kg",
        "0.00 kg",
        "2.00 kg",
    ]


def test_an_index_without_them_does_not_speak_of_them(tmp_path: Path) -> None:
    text = write_index(tmp_path, ENVIRONMENT, ICONS).read_text(encoding="utf-8")
    assert "Learn by playing" not in text
