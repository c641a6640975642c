"""The index of many data sets in a real browser: whole without its script, filtered with it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from reports.page.batch import chance, index
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.test_pages import AXE, SCHEMES, needed
from tests.reports.page.test_batch import REFUSED, UNDECIDED, WITHHELD, row

ROWS = [
    row(name="one", wrong=0.002),
    row(name="two", wrong=0.25),
    row(name="three", wrong=0.03, warnings=2, reason="The sizes of the arms do not fit."),
    row(name="four", **UNDECIDED),
    row(name="five", **WITHHELD),
    row(name="six", **REFUSED),
]
NAMES = "#sets tbody tr:visible th"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The index of six data sets."""
    found = tmp_path / "index.html"
    found.write_text(index("ab_test", ["casebook", "batch", "ab_test"], ROWS), encoding="utf-8")
    return found


def test_no_barriers_and_no_scrolling_sideways(browser: Browser, path: Path) -> None:
    axe = needed(AXE).read_text(encoding="utf-8")
    told: list[Any] = []
    context = browser.new_context(viewport=LAPTOP, bypass_csp=True)
    page = context.new_page()
    page.on("console", lambda message: told.append(message.text))
    page.goto(path.as_uri())
    page.evaluate(axe)
    for viewport in (LAPTOP, PHONE):
        page.set_viewport_size(viewport)
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            told += [
                (one["id"], node["target"]) for one in found["violations"] for node in one["nodes"]
            ]
    context.close()
    assert told == []


def test_rows_are_filtered_and_sorted(browser: Browser, path: Path) -> None:
    said: list[str] = []
    page = browser.new_page(viewport=LAPTOP)
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    assert page.locator(NAMES).all_inner_texts() == ["one", "two", "three", "four", "five", "six"]
    page.get_by_role("button", name="chance that it is wrong").click()
    assert page.locator(NAMES).all_inner_texts()[:3] == ["one", "three", "two"]
    page.get_by_label("Show").select_option("answered, without warnings")
    assert {*page.locator(NAMES).all_inner_texts()} == {"one", "two", "four"}
    page.get_by_label("with the text").fill("FOUR")
    assert page.locator(NAMES).all_inner_texts() == ["four"]
    assert page.get_by_role("status").inner_text() == "1 shown"
    page.get_by_label("Show").select_option("withheld")
    assert page.locator(NAMES).all_inner_texts() == []
    page.get_by_label("with the text").fill("")
    assert page.locator(NAMES).all_inner_texts() == ["five"]
    page.set_viewport_size(PHONE)
    assert page.locator(NAMES).all_inner_texts() == ["five"]
    page.close()
    assert said == []


def test_of_thousands_of_rows_the_first_are_shown(browser: Browser, tmp_path: Path) -> None:
    """In the order of the table, also after it was sorted; all where that is asked for."""
    every = [row(name=f"set {i}", wrong=((7 * i) % 1200) / 2000) for i in range(1200)]
    path = tmp_path / "index.html"
    path.write_text(index("ab_test", ["casebook"], every), encoding="utf-8")
    page = browser.new_page(viewport=LAPTOP)
    page.goto(path.as_uri())
    status = page.get_by_role("status")
    assert status.inner_text() == "500 of 1,200 shown"
    assert page.locator(NAMES).all_inner_texts() == [f"set {i}" for i in range(500)]
    page.get_by_role("button", name="chance that it is wrong").click()
    found = page.locator("#sets tbody tr:visible td:nth-child(5)").all_inner_texts()
    told = sorted(one["wrong"] for one in every)[:500]
    assert found == [chance(one) for one in told]
    page.get_by_label("with the text").fill("set 119")
    assert {*page.locator(NAMES).all_inner_texts()} == {
        "set 119",
        *(f"set 119{i}" for i in range(10)),
    }
    assert status.inner_text() == "11 shown"
    page.get_by_label("with the text").fill("")
    page.get_by_role("button", name="show all").click()
    assert status.inner_text() == "1,200 shown"
    assert page.locator(NAMES).count() == 1200
    assert not page.get_by_role("button", name="show all").is_visible()
    page.close()


def test_without_its_script_every_row_is_there(browser: Browser, path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator(NAMES).count() == len(ROWS)
    assert page.locator("#filter > *").count() == 0
    context.close()
