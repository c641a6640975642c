"""The learner's pages in a browser: every number against scipy, and readable by everybody."""

import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page
from scipy import special, stats

from reports.blocks.numbers import MINUS
from reports.play.declared import Knob, Lesson
from reports.play.pages import LESSONS
from tests.browser.conftest import LAPTOP, PHONE, Opened
from tests.browser.test_pages import AXE, SCHEMES, VNU, is_dark, needed

every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.stem)
SIZES = np.r_[0.3, 0.5, 1, 1.5, 2, 7, 12, 40, 333.3, 1000]
NUMBER = re.compile(rf"{MINUS}?\d+(?:\.(\d+))?")


def positions(lesson: Lesson) -> list[dict[str, float]]:
    """Return settings that have every corner, and every value of every knob."""
    values = [knob.values for knob in lesson.knobs]
    corners = itertools.product(*((one[0], one[-1]) for one in values))
    along = (
        tuple(one[i % len(one)] for one in values) for i in range(max(len(one) for one in values))
    )
    keys = [knob.key for knob in lesson.knobs]
    return [dict(zip(keys, one, strict=True)) for one in {*corners, *along}]


def points(name: str) -> Iterator[tuple[list[float], float]]:
    """Yield arguments of a function of the script, and scipy's value there."""
    probabilities = (1e-6, 0.01, 0.3, 0.5, 0.77, 0.999)
    if name == "logGamma":
        yield from (([x], special.gammaln(x)) for x in [*SIZES, 0.02, 1e-3])
    elif name == "erfc":
        yield from (([x], special.erfc(x)) for x in np.linspace(-6, 8, 141).tolist())
    elif name == "normal.below":
        yield from (([z], stats.norm.cdf(z)) for z in np.linspace(-9, 9, 181).tolist())
    elif name == "normal.quantile":
        yield from (([p], stats.norm.ppf(p)) for p in (1e-9, *probabilities))
    elif name == "binomial":
        for n, p in itertools.product((1, 5, 50, 1000), probabilities):
            yield from (([k, n, p], stats.binom.pmf(k, n, p)) for k in {0, n // 3, n // 2, n})
    else:
        f = {"density": stats.beta.pdf, "below": stats.beta.cdf, "quantile": stats.beta.ppf}
        for x, a, b in itertools.product(probabilities, SIZES.tolist(), SIZES.tolist()):
            yield [x, a, b], f[name.removeprefix("beta.")](x, a, b)


@pytest.mark.parametrize(
    "name",
    [
        "logGamma",
        "erfc",
        "normal.below",
        "normal.quantile",
        "binomial",
        "beta.density",
        "beta.below",
        "beta.quantile",
    ],
)
def test_special_functions_are_those_of_scipy(opened: Opened, name: str) -> None:
    """To ten digits, in the tails too: of densities and probabilities that have any, each."""
    asked = list(points(name))
    with opened(f"play/{LESSONS[0].stem}") as page:
        found = page.evaluate(
            f"all => all.map(one => play.{name}(...one))", [one for one, _ in asked]
        )
    expected = np.array([value for _, value in asked])
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13)


@every_lesson
def test_everything_that_is_drawn_is_that_of_scipy(opened: Opened, lesson: Lesson) -> None:
    """Numbers and curves, at every value of every slider."""
    with opened(f"play/{lesson.stem}") as page:
        for setting in positions(lesson):
            found = page.evaluate("one => play.state(one)", setting)
            expected = lesson.state(**setting)
            assert found.keys() == expected.keys()
            for key, value in expected.items():
                told = f"{key} at {setting}"
                np.testing.assert_allclose(found[key], value, rtol=1e-9, atol=1e-10, err_msg=told)


def shown(page: Page) -> dict[str, str]:
    """Return what the page says of each number."""
    return dict(
        page.locator(".numbers dd").evaluate_all("all => all.map(one => [one.id, one.textContent])")
    )


def slider_of(page: Page, knob: Knob) -> Locator:
    """Return a slider by its name."""
    return page.get_by_role("slider", name=knob.label, exact=True)


def value_of(text: str) -> tuple[float, int, str]:
    """Return a number, how many decimals it has, and its unit."""
    found = NUMBER.match(text)
    assert found, text
    value = float(found[0].replace(MINUS, "-"))
    return value, len(found[1] or ""), text[found.end() :]


@every_lesson
def test_sliders_move_numbers_and_drawings_by_the_keyboard(opened: Opened, lesson: Lesson) -> None:
    """To the first and the last value, and one step back: each number is scipy's, rounded."""
    seen = []
    with opened(f"play/{lesson.stem}") as page:
        for keys in itertools.product(("Home", "End", "ArrowLeft"), repeat=len(lesson.knobs)):
            setting = {}
            for knob, key in zip(lesson.knobs, keys, strict=True):
                slider = slider_of(page, knob)
                slider.press(key)
                at = int(slider.input_value())
                setting[knob.key] = knob.values[at]
                assert slider.get_attribute("aria-valuetext") == knob.texts[at]
                assert page.locator(f"output[for=knob-{knob.key}]").inner_text() == knob.texts[at]
            state, told = lesson.state(**setting), shown(page)
            seen.append(pictures(page))
            assert not any("NaN" in what or "Infinity" in what for _, what, _ in seen[-1])
            for one in lesson.readouts:
                value, decimals, unit = value_of(told[f"number-{one.key}"])
                assert (decimals, unit) == (one.decimals, one.unit)
                half = 0.5 * 10.0**-decimals
                exact = float(state[one.key]) * one.scale
                assert abs(value - exact) <= half * (1 + 1e-6), (one.key, setting)
    assert all(one != other for one, other in itertools.combinations(seen, 2))


def pictures(page: Page) -> list[tuple[str, str, list[float]]]:
    """Return every element of the drawings: its name, its attributes without numbers, these."""
    texts = page.locator(".panel .drawing svg").evaluate_all(
        """all => all.flatMap(svg => [...svg.children].map(one => [
            one.tagName,
            [...one.attributes].map(a => `${a.name}=${a.value}`).sort().join(" ") + one.textContent,
        ]))"""
    )
    number = re.compile(r"-?\d+\.?\d*")
    return [
        (tag, number.sub("#", text), [float(one) for one in number.findall(text)])
        for tag, text in texts
    ]


@every_lesson
def test_without_a_script_it_is_the_same_picture(opened: Opened, lesson: Lesson) -> None:
    """Numbers as text, and every element of every drawing to a tenth of a pixel."""
    seen: list[tuple[Any, Any]] = []
    for script in (True, False):
        with opened(f"play/{lesson.stem}", java_script_enabled=script) as page:
            assert page.locator(".sliders").is_visible() == script
            assert page.locator(".still").is_visible() != script
            seen.append((page.locator(".numbers").inner_text(), pictures(page)))
    (numbers, drawn), (still, static) = seen
    assert numbers == still
    assert [one[:2] for one in drawn] == [one[:2] for one in static]
    for (_, what, mine), (_, _, others) in zip(drawn, static, strict=True):
        np.testing.assert_allclose(mine, others, atol=0.11, err_msg=what)
    assert sum(tag == "path" for tag, *_ in static) > 10


@every_lesson
def test_no_barriers(opened: Opened, lesson: Lesson) -> None:
    """axe-core finds nothing on any screen in any light, and nothing scrolls sideways."""
    axe, told = needed(AXE).read_text(encoding="utf-8"), []
    with opened(f"play/{lesson.stem}", bypass_csp=True) as page:
        page.evaluate(axe)
        for viewport, scheme in itertools.product((LAPTOP, PHONE), SCHEMES):
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme)
            assert is_dark(page) == (scheme == "dark")
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width == viewport["width"]
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            told += [(scheme, viewport, one["id"], one["nodes"]) for one in found["violations"]]
    assert told == []


@every_lesson
def test_a_laptop_shows_all_that_moves_and_the_keyboard_reaches_it(
    opened: Opened, lesson: Lesson
) -> None:
    with opened(f"play/{lesson.stem}") as page:
        for part in ("h1", ".sliders", ".panels", ".numbers"):
            box = page.locator(part).bounding_box()
            assert box
            assert box["y"] + box["height"] <= LAPTOP["height"], part
            assert box["x"] + box["width"] <= LAPTOP["width"], part
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        for knob in lesson.knobs:
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.id") == f"knob-{knob.key}"


@every_lesson
def test_drawings_follow_the_colours(opened: Opened, lesson: Lesson) -> None:
    """Text and axes are light on dark, and so is every series."""
    with opened(f"play/{lesson.stem}", color_scheme="dark") as page:
        slider_of(page, lesson.knobs[0]).press("Home")
        parts = page.locator(".panel .drawing svg *, .legend svg *")
        colours = parts.evaluate_all(
            """all => all.flatMap(one => {
                const style = getComputedStyle(one);
                return one.tagName === "text" ? [style.fill] : [style.stroke, style.fill];
            })"""
        )
    drawn = {one for one in colours if one.startswith("rgb")} - {"rgb(0, 0, 0)"}
    assert drawn
    assert all(max(map(int, re.findall(r"\d+", one)[:3])) > 200 for one in drawn)


@every_lesson
def test_no_link_is_dead(page_of: Callable[[str], Path], lesson: Lesson) -> None:
    """But that to the index, which is written where pages are."""
    path = page_of(f"play/{lesson.stem}")
    found = re.findall(r'href="([^"#:]+)"', path.read_text(encoding="utf-8"))
    assert len(found) > len(LESSONS)
    for address in {*found} - {"../index.html"}:
        assert (path.parent / address).is_file(), address


def test_html_is_valid(page_of: Callable[[str], Path]) -> None:
    if shutil.which("java") is None:
        pytest.skip("no java, in which the HTML checker is written")
    files = [str(page_of(f"play/{lesson.stem}")) for lesson in LESSONS]
    words = ["java", "-jar", str(needed(VNU)), "--format", "json", "--exit-zero-always", *files]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found = json.loads(done.stderr)["messages"]
    assert [(one["url"], one["message"], one.get("extract")) for one in found] == []


def test_coverage_of_the_page_is_near_the_exact_one(opened: Opened) -> None:
    """At every share and number of trials, within four Monte Carlo errors of scipy's sum."""
    lesson = next(one for one in LESSONS if one.stem == "coverage")
    with opened(f"play/{lesson.stem}") as page:
        for share, n in itertools.product(*(knob.values for knob in lesson.knobs)):
            found = page.evaluate("one => play.state(one)", {"share": share, "n": n})
            for name in ("wald", "exact", "credible"):
                exact = found[name]
                error = np.sqrt(exact * (1 - exact) / 1000)
                assert abs(found[f"{name}_simulated"] - exact) <= 4 * error + 1e-12
