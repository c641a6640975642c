"""The pages at work: the explorer, sorting, copying, downloads, the keyboard, and on paper."""

import io
import itertools
import json
import math
import re
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from reports.blocks.numbers import MINUS
from reports.page.html import SCRIPT
from tests.browser.conftest import FAILED, LAPTOP, PAGES, PHONE, Opened, open_all
from tests.test_layers import CASES, ROOT

every_case = pytest.mark.parametrize("case", CASES)
every_page = pytest.mark.parametrize("name", PAGES)
A4 = 672  # CSS pixels between the margins of the paper that Chromium prints on, 1.7 cm each


def moved_to(slider: Locator, value: int) -> None:
    """Move a slider to a position by the keyboard."""
    slider.press("Home")
    for _ in range(value):
        slider.press("ArrowRight")


@every_case
def test_sliders_show_what_was_swept(
    opened: Opened, page_of: Callable[[str], Path], case: str
) -> None:
    """Every prior of the sweep: its decision, its interval, and curves that are there.

    A curve moves wherever the estimate does. Where data are many, and draws are weighted, some
    priors of a sweep have the same draws, and so one curve.
    """
    summary = json.loads(page_of(case).with_suffix(".json").read_text(encoding="utf-8"))
    swept = summary["sensitivity"]
    places = [range(len(values)) for values in swept["knobs"].values()]
    seen = []
    with opened(case) as page:
        open_all(page)
        rows = page.locator("table", has=page.get_by_text("Every prior of the sweep", exact=True))
        table = [row.locator("th, td").all_inner_texts() for row in rows.locator("tbody tr").all()]
        before: list[int | None] = [None] * len(places)
        points = zip(itertools.product(*places), table, swept["points"], strict=True)
        for at, row, point in points:
            for knob, (place, was) in enumerate(zip(at, before, strict=True)):
                if place != was:
                    moved_to(page.locator(f"#knob-{knob}"), place)
            before = [*at]
            knobs = page.locator(".slider output").all_inner_texts()
            assert [float(one) for one in knobs] == list(point["knobs"].values())
            failed = point["status"] == "FAIL"
            told = page.locator(".outcome .estimate").inner_text()
            assert told == row[len(places)] + (" (a fit that failed; not drawn)" if failed else "")
            decision = page.locator(".outcome .decision").inner_text()
            said, flipped = row[len(places) + 1 : len(places) + 3]
            assert decision.startswith(said)
            assert (decision == said) == (point["decision"] is not None)
            assert decision.startswith(point["decision"] or "withheld")
            flips = page.locator(".outcome .verdict").inner_text().startswith("▲ flips")
            assert flips == (flipped == "flips")
            drawn = page.locator(".curves path").evaluate_all(
                "all => all.map(path => path.getAttribute('d'))"
            )
            assert len(drawn) == 2 - failed
            assert not any("NaN" in path for path in drawn)
            seen += [(json.dumps(point["quantities"]), one, told) for one in drawn[1:]]
    quantities, curves, estimates = (set(one) for one in zip(*seen, strict=True))
    assert len({one[:2] for one in seen}) == len(quantities) >= len(curves)
    assert len({one[1:] for one in seen}) == len(curves) >= len(estimates) > 1
    assert len(seen) == sum(point["status"] != "FAIL" for point in swept["points"])


@every_case
def test_flips_are_marked_wherever_a_slider_leads_from_stands_to_flips(
    opened: Opened, case: str
) -> None:
    """Neighbours told apart by the table of the sweep; every mark is also said in words."""
    marked = 0
    with opened(case) as page:
        open_all(page)
        table = page.locator("table", has=page.get_by_text("Every prior of the sweep", exact=True))
        *_, last = range(knobs := page.locator(".slider").count())
        values = page.locator(f"#knob-{last} ~ .stops li").all_text_contents()
        for i, line in enumerate(itertools.batched(column(table, knobs + 2), len(values))):
            moved_to(page.locator("#knob-0"), i if last else 0)
            told = page.locator(".outcome .nearby").inner_text()
            judged = [(x, said) for x, said in zip(values, line, strict=True) if said != "–"]
            for (low, one), (high, other) in itertools.pairwise(judged):
                if one != other:
                    assert f" between {low} and {high}" in told
                    marked += 1
            assert page.locator(".marks span").count() == told.count(" between ")
    assert marked or case != "prior_sensitivity"


@every_case
def test_explorer_begins_at_the_prior_of_the_analysis(
    opened: Opened, page_of: Callable[[str], Path], case: str
) -> None:
    """Or at the nearest of the grid, in ratio, and says so."""
    path = page_of(case).with_suffix(".json")
    grid = json.loads(path.read_text(encoding="utf-8"))["sensitivity"]["knobs"]
    with opened(case) as page:
        open_all(page)
        said = page.locator(".explorer > p").inner_text()
        assert page.locator(".outcome .estimate").inner_text().endswith(", as on this page")
        shown = [float(one) for one in page.locator(".slider output").all_inner_texts()]
    for at, (knob, values) in zip(shown, grid.items(), strict=True):
        told = re.search(rf"{knob.replace('_', ' ')} ([\d.,]*\d)", said)
        assert told
        own = float(told[1].replace(",", ""))
        assert at == pytest.approx(min(values, key=lambda one: abs(math.log(one / own))))
        assert ("begin there" in said) <= (at == own)


@every_case
def test_explorer_is_small(opened: Opened, case: str) -> None:
    with opened(case) as page:
        data = page.locator(".swept").evaluate("one => one.content.textContent.length")
    assert data + len(SCRIPT) < 150_000


def column(table: Locator, i: int) -> list[str]:
    return [row.locator("th, td").nth(i).inner_text() for row in table.locator("tbody tr").all()]


def test_tables_sort_by_number_and_by_word(opened: Opened) -> None:
    with opened("prior_sensitivity") as page:
        open_all(page)
        caption = page.get_by_text("Every prior of the sweep", exact=True)
        table = page.locator("table", has=caption)
        before = sorted(column(table, 2))
        head = table.locator("thead th").nth(2)
        for order, reverse in (("ascending", False), ("descending", True)):
            head.get_by_role("button").press("Enter")
            assert head.get_attribute("aria-sort") == order
            medians = [float(one.split(" ")[0].replace(MINUS, "-")) for one in column(table, 2)]
            assert medians == sorted(medians, reverse=reverse)
        assert sorted(column(table, 2)) == before
        table.locator("thead th").nth(3).get_by_role("button").click()
        assert head.get_attribute("aria-sort") is None
        assert column(table, 3) == sorted(column(table, 3))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,200", "< 0.001", "0.5", "−3", "–"], ["−3", "< 0.001", "0.5", "1,200", "–"]),
        (["10%", "9%", "−∞", "∞", "11%"], ["−∞", "9%", "10%", "11%", "∞"]),
        (["2e-5", "1e-4", "not a number", "0", "1"], ["0", "2e-5", "1e-4", "1", "not a number"]),
        (["item 10", "item 9", "Item 1", "b", "a"], ["a", "b", "Item 1", "item 9", "item 10"]),
        (["+2 ± .1", "−5 ± 1", "+1 ± 1", "0", "9"], ["−5 ± 1", "0", "+1 ± 1", "+2 ± .1", "9"]),
    ],
)
def test_what_counts_as_a_number(
    opened: Opened, tmp_path: Path, cells: list[str], expected: list[str]
) -> None:
    """In the page's own script, on a table of one column."""
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in cells)
    table = f"<table><thead><tr><th>x</th></tr></thead><tbody>{rows}</tbody></table>"
    with opened(CASES[0], java_script_enabled=True, bypass_csp=True) as page:
        page.set_content(f"{table}<script>{SCRIPT}</script>")
        page.get_by_role("button").click()
        assert column(page.locator("table"), 0) == expected


@every_case
def test_mathematics_source_and_command_can_be_copied(opened: Opened, case: str) -> None:
    with opened(case, permissions=["clipboard-read", "clipboard-write"]) as page:
        open_all(page)
        sources, buttons = (
            page.locator("pre, [data-copy]"),
            page.locator("button.copy:not(.files *)"),
        )
        copied = []
        for source, button in zip(sources.all(), buttons.all(), strict=True):
            button.click()
            expect(button).to_have_text("Copied")
            copied.append(page.evaluate("navigator.clipboard.readText()"))
            assert copied[-1] == source.get_attribute("data-copy-text") or source.text_content()
    assert " ~ " in copied[0]
    assert any("was sampled by NUTS" in text for text in copied)
    assert (ROOT / "models" / f"{case}.py").read_text(encoding="utf-8") in copied
    assert copied[-1].startswith(f"python -m analyses.{case} ")


@every_case
def test_draws_estimates_and_summary_can_be_downloaded(
    opened: Opened, page_of: Callable[[str], Path], served: Callable[[Path], str], case: str
) -> None:
    """From a server: of a file, browsers open what they can show."""
    with opened(case, served=served(page_of(case).parent)) as page:
        for ending in ("nc", "csv", "json"):
            with page.expect_download() as waiting:
                page.locator(f'.files a[href="{case}.{ending}"]').click()
            assert waiting.value.suggested_filename == f"{case}.{ending}"
            expected = page_of(case).with_suffix(f".{ending}").read_bytes()
            assert Path(waiting.value.path()).read_bytes() == expected


ROWS = [["arm", "rate"], ["A & B_1", "−1.5"], ["C|D", "< 2"]]
TABLE = """<table><caption>Rates</caption><thead><tr><th>arm</th><th>rate</th></tr></thead><tbody>
<tr><th>A &amp; B_1</th><td>−1.5</td></tr><tr><th>C|D</th><td>&lt; 2</td></tr></tbody></table>"""
FORMS = {
    "TSV": "arm\trate\nA & B_1\t−1.5\nC|D\t< 2",
    "Markdown": "| arm | rate |\n| --- | --- |\n| A & B_1 | −1.5 |\n| C\\|D | < 2 |",
    "LaTeX": "\\begin{tabular}{lr}\n\\hline\narm & rate \\\\\n\\hline\nA \\& B\\_1 & $-$1.5 \\\\\n"
    "C|D & $<$ 2 \\\\\n\\hline\n\\end{tabular}",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_can_be_copied(opened: Opened, form: str) -> None:
    with opened(
        CASES[0], bypass_csp=True, permissions=["clipboard-read", "clipboard-write"]
    ) as page:
        page.locator("main").evaluate("(one, table) => (one.innerHTML = table)", TABLE)
        page.evaluate(SCRIPT)
        page.get_by_role("button", name="Copy: the table Rates").click()
        page.locator(".choices:popover-open").get_by_role("button", name=form, exact=True).click()
        page.locator(".choices:popover-open").wait_for(state="detached")
        assert page.evaluate("navigator.clipboard.readText()") == FORMS[form]


def test_a_table_of_a_page_goes_to_word(opened: Opened) -> None:
    """As a table, with what stands in its cells, and no column that is drawn."""
    with opened("linear_regression", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.locator(".options .tool").click()
        page.locator(".choices:popover-open").get_by_role("button", name="HTML for Word").click()
        page.locator(".choices:popover-open").wait_for(state="detached")
        html = page.evaluate(
            """async () => {
                const [item] = await navigator.clipboard.read();
                return (await item.getType("text/html")).text();
            }"""
        )
        terms = page.locator(".options tbody th").all_inner_texts()
    assert html.count("<tr>") == 1 + len(terms)
    assert html.count("<th>") == 4
    assert all(f"<td>{term}</td>" in html for term in terms)


def test_a_figure_can_be_saved(opened: Opened) -> None:
    """As SVG with the colours written into it, and as PNG three times as large."""
    with opened("ab_test", color_scheme="dark") as page:
        for form in ("SVG", "PNG"):
            page.locator(".picture .tool").click()
            with page.expect_download() as waiting:
                page.locator(".choices:popover-open").get_by_role("button", name=form).click()
            assert waiting.value.suggested_filename == f"ab_test.{form.lower()}"
            content = Path(waiting.value.path()).read_bytes()
            if form == "SVG":
                found = ElementTree.fromstring(content)
                width = float(found.attrib["viewBox"].split()[2])
                assert found.attrib["color"] == "rgb(230, 233, 237)"
                assert "7-day retention" in content.decode()
            else:
                with Image.open(io.BytesIO(content)) as image:
                    assert image.width == pytest.approx(3 * width, abs=2)
                    assert image.getpixel((2, 2))[:3] == (20, 23, 27)  # type: ignore[index]


@every_case
def test_one_sheet_of_paper_has_what_decides(opened: Opened, case: str) -> None:
    """Answer, table, picture, status and where it comes from; none of the checks."""
    with opened(case) as page:
        page.evaluate("window.print = () => { window.asked = document.body.className; }")
        page.get_by_role("button", name="Print one sheet").click()
        assert page.evaluate("window.asked") == "short"
        page.evaluate("document.body.classList.add('short')")
        paper = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=False)))
        answer = page.locator("#answer").inner_text()
    assert len(paper.pages) <= 2
    text = plain("".join(sheet.extract_text() for sheet in paper.pages))
    assert plain(answer)[:40] in text
    assert f"python-manalyses.{case}" in text
    assert "Canwetrustthesampler?" not in text


@every_page
def test_keyboard_reaches_the_answer_first(opened: Opened, name: str) -> None:
    with opened(name) as page:
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.inner_text() == "Skip to the content"
        assert skip.is_visible()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        assert {page.get_by_role(role).count() for role in ("main", "banner")} == {1}


@pytest.mark.parametrize("name", [*CASES, FAILED])
def test_contents_stay_in_sight_and_say_where_one_is(opened: Opened, name: str) -> None:
    for viewport in (LAPTOP, PHONE):
        with opened(name, viewport=viewport) as page:
            contents = page.get_by_role("navigation", name="Contents")
            contents.get_by_role("link", name="The decision").click()
            expect(contents.locator("[aria-current]")).to_have_text("The decision")
            box = contents.bounding_box()
            assert box
            assert 0 <= box["y"] < LAPTOP["height"]
            head = page.locator("#the-decision").bounding_box()
            assert head
            covered = box["height"] if viewport is PHONE else 0
            assert head["y"] >= covered - 1


def told(page: Page) -> list[str]:
    """Return every explanation that is closed on the screen, in its first words."""
    texts = page.locator(".how:not(.explorer .how)").all_text_contents()
    return [" ".join(text.split())[:25] for text in texts]


def plain(text: str) -> str:
    """Return text without spaces and ligatures."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@every_page
def test_print_loses_nothing(opened: Opened, name: str, script: bool) -> None:
    """On paper everything is open, nothing is cut off, and colours are those for paper."""
    with opened(name, java_script_enabled=script, color_scheme="dark") as page:
        closed = told(page)
        paper = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=False)))
        page.emulate_media(media="print")
        page.set_viewport_size({"width": A4, "height": 900})
        wide = page.locator("body *:visible").evaluate_all(
            f"""all => all.filter(one => one.getBoundingClientRect().right > {A4} + 1)
                          .map(one => one.outerHTML.slice(0, 80))"""
        )
        assert wide == []
        for part in (".contents", ".explorer", ".theme"):
            assert page.locator(f"{part}:visible").count() == 0
    text = plain("".join(sheet.extract_text() for sheet in paper.pages))
    assert closed
    assert [one for one in closed if plain(one) not in text] == []
