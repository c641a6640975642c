"""Every page in a real browser: silent, self-contained, readable anywhere, without barriers."""

import io
import itertools
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import FAILED, INDEX, LAPTOP, PAGES, PHONE, Opened, open_all
from tests.test_layers import CASES

PACKAGES = Path(__file__).parent / "node_modules"
AXE = PACKAGES / "axe-core" / "axe.min.js"
VNU = PACKAGES / "vnu-jar" / "build" / "dist" / "vnu.jar"
KEPT = "casebook-theme"  # under which a page stores the colours that were chosen
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
FIRST_SCREEN = ("h1", "#answer", "#status", ".options tbody tr", ".picture .drawing")
WORDS, SCREENS = 900, 4  # of a page with its checks closed, on a laptop

every_page = pytest.mark.parametrize("name", PAGES)
every_case = pytest.mark.parametrize("case", CASES)


def needed(path: Path) -> Path:
    """Return the path of a package of npm; skip the test, saying what to do, where it is not."""
    if not path.is_file():
        pytest.skip(f"{path.name} is not installed: `make test` does that where npm is")
    return path


@every_page
def test_no_barriers(opened: Opened, name: str) -> None:
    """axe-core finds nothing, by its rules and by its best practices, on any screen in any light.

    The page is loaded once: its script looks neither at the size of the screen nor at the scheme.
    """
    axe = needed(AXE).read_text(encoding="utf-8")
    told = []
    with opened(name, bypass_csp=True) as page:
        page.evaluate(axe)
        for viewport, scheme in itertools.product((LAPTOP, PHONE), SCHEMES):
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme)
            assert is_dark(page) == (scheme == "dark")
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            told += [
                (scheme, viewport, one["id"], node["target"], node["failureSummary"])
                for one in found["violations"]
                for node in one["nodes"]
            ]
    assert told == []


@every_page
def test_no_scrolling_sideways_on_a_phone(opened: Opened, name: str) -> None:
    with opened(name, viewport=PHONE) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        open_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@every_case
def test_first_screen_of_a_laptop_has_what_a_manager_needs(opened: Opened, case: str) -> None:
    with opened(case) as page:
        for part in FIRST_SCREEN:
            box = page.locator(part).first.bounding_box()
            assert box, part
            assert box["y"] >= 0, part
            assert box["y"] + box["height"] <= LAPTOP["height"], part
            assert box["x"] + box["width"] <= LAPTOP["width"], part


@every_case
def test_closed_a_page_is_short(opened: Opened, case: str) -> None:
    """The argument is closed: every part of it is a line, and nothing is lost without a script."""
    for script in (True, False):
        with opened(case, java_script_enabled=script) as page:
            assert page.locator("main details[open]").count() == 0
            if not script:
                page.locator("summary", has=page.get_by_text("The model", exact=True)).click()
                assert page.locator("#the-model").is_visible()
                continue
            words = len(page.locator("body").inner_text().split())
            height = page.evaluate("document.documentElement.scrollHeight")
            assert words <= WORDS
            assert height <= SCREENS * LAPTOP["height"]


@every_case
def test_every_check_is_a_line_with_its_verdict(opened: Opened, case: str) -> None:
    with opened(case) as page:
        items = page.locator(".checks > .item").all()
        assert len(items) >= 6
        for item in items:
            assert item.locator(".verdict").first.inner_text().strip()
            assert len(item.locator(".line").first.inner_text().split()) > 3


@every_case
def test_a_link_opens_what_it_leads_to(opened: Opened, case: str) -> None:
    """Also one that comes from elsewhere, and a warning's to the check behind it."""
    with opened(case) as page:
        address = page.url
        for link in page.locator('.warnings a[href^="#"]').all():
            link.click()
            assert page.locator(str(link.get_attribute("href"))).is_visible()
        page.goto("about:blank")
        page.goto(f"{address}#does-the-prior-decide")
        assert page.locator("#does-the-prior-decide").is_visible()
        assert page.locator("#would-advi-have-done").is_hidden()


@every_case
def test_tables_are_cards_on_a_phone(opened: Opened, case: str) -> None:
    """No table is cut off, and each number says what it is."""
    with opened(case, viewport=PHONE) as page:
        open_all(page)
        cut = page.locator(".scroll").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length"
        )
        assert cut == 0
        cell = page.locator(".options tbody td").first
        label = page.locator(".options thead th").nth(1).inner_text()
        shown = cell.evaluate("one => getComputedStyle(one, '::before').content")
        assert label.split(" ↕")[0] in shown


def test_first_screen_of_a_failed_analysis_withholds_the_answer(opened: Opened) -> None:
    with opened(FAILED) as page:
        assert "withheld" in page.locator("#answer").inner_text()
        assert page.locator(".picture").count() == 0
        assert page.get_by_text("What to do:").is_visible()
        assert page.locator(".options").count() == 0
        assert "FAIL" in page.locator("#status").inner_text()


def test_html_is_valid(page_of: Callable[[str], Path]) -> None:
    if shutil.which("java") is None:
        pytest.skip("no java, in which the HTML checker is written")
    files = [str(page_of(name)) for name in PAGES]
    words = ["java", "-jar", str(needed(VNU)), "--format", "json", "--exit-zero-always", *files]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found = json.loads(done.stderr)["messages"]
    assert [(one["url"], one["message"], one.get("extract")) for one in found] == []


@every_page
@pytest.mark.parametrize("scheme", SCHEMES)
def test_colours_follow_the_system_and_the_switch(opened: Opened, name: str, scheme: str) -> None:
    with opened(name, color_scheme=scheme) as page:
        assert is_dark(page) == (scheme == "dark")
        for choice in ("dark", "light"):
            page.get_by_label(choice).check()
            assert is_dark(page) == (choice == "dark")
        page.get_by_label("as the system").check()
        assert is_dark(page) == (scheme == "dark")


@every_page
def test_the_colours_chosen_last_are_kept(opened: Opened, name: str) -> None:
    """What is chosen is stored, and a page that finds a choice stored takes it.

    The storage itself is the browser's, and not asked: Chromium can lose what was stored a moment
    ago, on a busy machine (a reload in about a hundred, also for another window).
    """
    with opened(name, color_scheme="light") as page:
        page.get_by_label("dark").check()
        assert page.evaluate(f"localStorage.getItem('{KEPT}')") == "theme-dark"
        page.get_by_label("light").check()
        assert page.evaluate(f"localStorage.getItem('{KEPT}')") == "theme-light"
        later = page.context.new_page()
        later.add_init_script(f"localStorage.setItem('{KEPT}', 'theme-dark')")
        later.goto(page.url)
        assert later.get_by_label("dark").is_checked()
        assert is_dark(later)


def test_what_is_chosen_in_one_window_holds_in_the_others(opened: Opened) -> None:
    """A window that is told by the browser of a choice elsewhere takes it."""
    with opened(FAILED, color_scheme="light") as page:
        for choice in ("dark", "light"):
            told = f"{{ key: '{KEPT}', newValue: 'theme-{choice}' }}"
            page.evaluate(f"void dispatchEvent(new StorageEvent('storage', {told}))")
            assert page.get_by_label(choice).is_checked()
            assert is_dark(page) == (choice == "dark")


def is_dark(page: Page) -> bool:
    """Say whether the text is lighter than the page."""
    colours = page.evaluate(
        "['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name])"
    )
    ink, paper = (sum(map(int, one[4:-1].split(","))) for one in colours)
    return bool(ink > paper)


@every_case
def test_figures_take_the_colours_of_the_page(opened: Opened, case: str) -> None:
    """Text and axes, which are black on white, are light on dark."""
    with opened(case, color_scheme="dark") as page:
        fills = page.locator(".drawing svg text").evaluate_all(
            "all => [...new Set(all.map(one => getComputedStyle(one).fill))]"
        )
    assert fills == ["rgb(230, 233, 237)"]


@pytest.mark.parametrize("name", [*CASES, FAILED])
def test_without_a_script_everything_is_there(opened: Opened, name: str) -> None:
    with opened(name, java_script_enabled=False) as page:
        assert page.locator("#answer").is_visible()
        assert page.locator(".explorer").is_hidden()
        page.locator("summary", has=page.get_by_text("Does the prior decide?", exact=True)).click()
        swept = page.locator("#does-the-prior-decide")
        assert swept.locator("figure svg").first.is_visible()
        assert swept.get_by_text("Every prior of the sweep", exact=True).is_visible()
        for choice in ("dark", "light"):
            page.get_by_label(choice).check()
            with Image.open(io.BytesIO(page.screenshot())) as shot:
                grey = np.asarray(shot.convert("L"))
            assert (np.median(grey) < 128) == (choice == "dark")


def test_the_policy_lets_no_other_script_run(opened: Opened) -> None:
    """Also not one that somebody smuggled into the page."""
    with opened(CASES[0], refused=True) as page:
        page.evaluate(
            """async () => {
                const refused = new Promise(three => {
                    let count = 0;
                    addEventListener("securitypolicyviolation", () => ++count === 3 && three());
                });
                const script = document.createElement("script");
                script.textContent = "window.ran = true";
                document.body.append(script);
                document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='ran = true'>");
                document.body.lastChild.setAttribute("style", "color: red");
                await refused;
            }"""
        )
        assert page.evaluate("window.ran") is None


def test_index_leads_to_every_case(opened: Opened) -> None:
    with opened(INDEX) as page:
        page.locator("summary", has=page.get_by_text("Which check says what?")).click()
        matrix = page.locator("table", has=page.get_by_text("Cases by checks"))
        assert matrix.locator("tbody tr").count() == len(CASES)
        for case in CASES:
            page.locator(f'a[href="{case}.html"]').click()
            assert page.locator("#answer").is_visible()
            page.go_back()
