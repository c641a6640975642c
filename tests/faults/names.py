"""Names that want to be markup, paths, formulas or orders to a terminal; what became of them."""

import contextlib
import csv
import importlib
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from data._label import LONGEST
from data._table import DataError
from reports.blocks.text import NOT_PRINTABLE
from reports.publishing.spreadsheet import COMMANDS
from tests.faults.fault import Fault

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "</svg></style><b>bold</b>",
    "]]>--><!-- &lt;",
    "\u202egnp.exe",
    "\u2067abc\u200f",
    "שלום 😀👩‍👩‍👧",
    "../../x",
    "{{7*7}} {% raw %}",
    "$\\alpha_{1}$ %s %(x)s {0}",
    "=HYPERLINK(1)",
    " @SUM(A1)",
    "\x1b[31mred\x1b[0m\x9b1m",
    "a\x00b\ufffe\ud7ff\ufdd0",
    "line\u2028end\r\nof",
    "x" * 10_000,
    "x" * 10_000 + "y",
]

#: What a page of the shipped data has; nothing else may come of a name.
_ELEMENTS = """
    html head meta title style body a header p h1 main section span ul li strong figure div svg
    defs g path use text clippath rect figcaption nav h2 ol table caption thead tr th tbody td pre
    details summary code dl dt dd br fieldset legend label input output h3 h4 link script template
    button circle line
    math mtable mtr mtd mi mn mo mtext mrow mfrac msub msup munder msqrt
"""
_ATTRIBUTES = """
    lang http-equiv name content charset type class href id aria-label aria-labelledby aria-hidden
    role tabindex xmlns:xlink viewbox version xmlns clip-path d x y xlink:href transform
    height width scope aria-live checked data-copy data-copy-text display displaystyle download for
    hidden max min rel step value columnspan popover popovertarget data-behind data-label
    cx cy r x1 x2 y1 y2
    fill fill-opacity font-size font-weight opacity stroke stroke-dasharray stroke-dashoffset
    stroke-linecap stroke-linejoin stroke-width stroke-opacity text-anchor
"""
ELEMENTS, ATTRIBUTES = set(_ELEMENTS.split()), set(_ATTRIBUTES.split())


class Elements(HTMLParser):
    """The elements, attributes and addresses of a page, and its text by the element around it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.texts: list[tuple[str, str]] = []
        self._tag = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name.endswith(("href", "src"))}

    def handle_data(self, data: str) -> None:
        self.texts.append((self._tag, data))


def check(folder: Path, case: str, printed: str = "") -> None:
    """Check that every file of a case, and what it printed, is sound whatever the names are."""
    stem = [f"{case}.{kind}" for kind in ("csv", "html", "json", "nc")]
    assert sorted(p.name for p in folder.glob("[!.]*")) == sorted([*stem, "index.html"])
    for name in (f"{case}.html", "index.html"):
        _check_page((folder / name).read_text(encoding="utf-8"))
    json.loads((folder / f"{case}.json").read_text(encoding="utf-8"))
    with (folder / f"{case}.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in list(csv.reader(file))[1:]:
            assert row[0][0] not in {*COMMANDS, "\t", "\r"}
    assert not NOT_PRINTABLE.search(printed)


def _check_page(page: str) -> None:
    found = Elements(page)
    assert found.elements <= ELEMENTS, found.elements - ELEMENTS
    assert found.attributes <= ATTRIBUTES, found.attributes - ATTRIBUTES
    for address in found.addresses:
        assert re.fullmatch(r"#[\w.-]+|[\w-]+\.(html|nc|csv|json)|data:,", address), address
    assert page.count("<script") == 1  # ours, whose hash the page's policy names
    assert not NOT_PRINTABLE.search(page)
    assert "49 " not in "".join(t for tag, t in found.texts if tag == "h1")
    for drawing in re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL):
        ElementTree.fromstring(drawing)
    for tag, text in found.texts:
        if tag in {"text", "th", "td", "h2", "caption"}:
            assert len(text) < 10 * LONGEST, (tag, len(text))


def ab_file(names: list[str]) -> str:
    """Return counts of an A/B test with these arms, the first by far the best: it is the answer."""
    file = io.StringIO(newline="")
    rows = [[name, 1000 + 10 * i, 900 // (i + 2)] for i, name in enumerate(names)]
    csv.writer(file).writerows([["arm", "visitors", "conversions"], *rows])
    return file.getvalue()


def regression_file(names: list[str], outcome: Callable[[int], object]) -> str:
    """Return a table with these columns; the last is the outcome, and one is text."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(names)
    for i in range(40):
        cells = [(i * (2 * j + 3) + i * i // (j + 2)) % 19 for j in range(len(names) - 2)]
        writer.writerow([*cells, ("<i>u</i>", "\u202ev")[i % 3 == 0], outcome(i)])
    return file.getvalue()


def ran(case: str, text: str, folder: Path, **options: Any) -> str:
    """Run a case on a file with this text, check all that it wrote, and return what it printed."""
    folder.mkdir()
    data = folder / "own.csv"
    data.write_text(text, encoding="utf-8", newline="")
    printed = io.StringIO()
    main = importlib.import_module(f"analyses.{case}").main
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = main(
            data=data, draws=150, tune=300, seed=1, out=folder / "out", quiet=True, **options
        )
    assert code in {0, 4}
    check(folder / "out", case, printed.getvalue())
    assert sorted(path.name for path in folder.iterdir()) == ["out", "own.csv"]
    return printed.getvalue()


def arms(folder: Path) -> str:
    """Run the A/B test with hostile arms: those with control characters are refused."""
    fine = [
        name for name in HOSTILE if len(name) <= 200 and not re.search(r"[\x00-\x1f\x7f]", name)
    ]
    with pytest.raises(DataError):
        ran("ab_test", ab_file(HOSTILE), folder / "refused")
    some = [fine[0], fine[4], fine[-1]]
    assert fine[0] in ran("ab_test", ab_file(some), folder / "ab", control=some[-1])
    return (
        f"{len(HOSTILE) - len(fine)} of {len(HOSTILE)} are refused; a report of {len(some)} others "
        "has the elements and attributes of any page, drawings that are well-formed, files in its "
        "folder alone, and prints nothing but text."
    )


NAMED = (
    "HTML, scripts, right-to-left marks, emoji, ../../x, templates, TeX, terminal codes, formulas"
)
FAULTS = [Fault("Names", f"arms called: {NAMED}", "text in a sound report, or refused", arms)]
