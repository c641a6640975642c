"""All learner's pages, and how they are written."""

import json
from contextlib import suppress
from pathlib import Path

from markupsafe import Markup

from reports.blocks.explorer import embedded
from reports.blocks.mathematics import to_mathml
from reports.page.html import ENVIRONMENT, SCRIPT, STYLE, TEMPLATES, policy, text_of
from reports.page.played import LIST, PLAY
from reports.play import (
    aliasing,
    coverage,
    divergence,
    ellipse,
    entropy,
    estimates,
    uniforms,
    washing_out,
)
from reports.play.declared import Lesson
from reports.play.drawing import svg, swatch
from reports.publishing.files import locked, publish
from reports.publishing.sealed import DamagedError, read_summary

SCRIPTS = Path(__file__).parent / "scripts"
MODULES = (estimates, washing_out, coverage, uniforms, entropy, divergence, ellipse, aliasing)
LESSONS: tuple[Lesson, ...] = tuple(module.LESSON for module in MODULES)
ENVIRONMENT.filters["swatch"] = swatch


def write(out: Path) -> list[Path]:
    """Write all pages into `out/play`, and what says which there are; return their paths.

    A page links to those of its cases whose page is in `out`.

    Raises
    ------
    OutputError
        They cannot be written.
    """
    folder = out / PLAY
    files: dict[str, bytes | memoryview] = {
        f"{one.stem}.html": page(one, out).encode() for one in LESSONS
    }
    told = [{"stem": one.stem, "name": one.name, "cases": one.cases} for one in LESSONS]
    files[LIST] = json.dumps(told, indent=1, ensure_ascii=False).encode()
    with locked(folder):
        publish(folder, PLAY, files)
    return [folder / f"{one.stem}.html" for one in LESSONS]


def page(lesson: Lesson, out: Path) -> str:
    """Return a page as HTML: as it opens, with all that its script needs to go on."""
    state = lesson.first()
    style, script = text_of(TEMPLATES / "play.css"), script_of(lesson)
    return ENVIRONMENT.get_template("play.html.j2").render(
        lesson=lesson,
        state=state,
        panels=[(panel, svg(panel, state)) for panel in lesson.panels],
        mathematics=to_mathml(lesson.formula.strip()),
        cases=_titles(lesson.cases, out),
        others=[(one.stem, one.name) for one in LESSONS if one != lesson],
        declared=embedded(lesson.declared()),
        more_style=Markup(style),
        more_script=Markup(script),
        policy=policy(styles=[STYLE, style], scripts=[SCRIPT, script]),
    )


def _titles(cases: tuple[str, ...], out: Path) -> dict[str, str]:
    """Return what those of the cases are called that have a page in `out`."""
    found = {}
    for case in (one for one in cases if (out / f"{one}.html").is_file()):
        with suppress(DamagedError, KeyError):
            found[case] = str(read_summary(out / f"{case}.json")["title"])
    return found


def script_of(lesson: Lesson) -> str:
    """Return the script of a page, whole: what all share, and its own mathematics."""
    names = ("special", "drawing", lesson.stem, "start")
    return "\n".join(text_of(SCRIPTS / f"{name}.js") for name in names)
