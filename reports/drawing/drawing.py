"""One hand for all figures: fonts, colours, and SVG that can stand inside HTML."""

import functools
import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import ScalarFormatter

from reports.blocks.blocks import Figure
from reports.blocks.text import visible
from reports.blocks.wanted import page_wanted

# Okabe and Ito (2008): tells apart for colour-blind readers, on white and on dark.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#777777"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, GREY)
MARKS = ("o", "s", "^", "D", "v")
HALF = 5.6  # inches: half of a first screen, at the size at which its letters are read
STYLE: Any = {
    "font.family": "sans-serif",
    "font.size": 10,
    "svg.fonttype": "none",
    "text.parse_math": False,  # a label is text, whatever is in it
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.constrained_layout.use": True,
    "savefig.transparent": True,
}


def style(name: str) -> AbstractContextManager[None]:
    """Set our style; `name` makes the ids in the drawing the same from run to run."""
    return mpl.rc_context(STYLE | {"svg.hashsalt": name})


@contextmanager
def canvas_of(name: str, width: float, height: float) -> Iterator[Canvas]:
    """Give a canvas of so many inches, in our style."""
    with style(name):
        yield Canvas(figsize=(width, height))


def where_wanted[**P](draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Let `draw` draw only where a page is wanted; elsewhere what it returns is empty."""

    @functools.wraps(draw)
    def drawn(*given: P.args, **options: P.kwargs) -> Figure:
        return draw(*given, **options) if page_wanted() else Figure(Markup(), "", "", "")

    return drawn


class Ticks(ScalarFormatter):
    """Numbers at an axis as in our tables: thousands apart, no powers of ten short of a billion."""

    def __init__(self) -> None:
        super().__init__(useOffset=False)
        self.set_powerlimits((-3, 9))

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of a tick."""
        said = super().__call__(x, pos)
        return re.sub(r"^(\D?)(\d{5,})", lambda found: f"{found[1]}{int(found[2]):,}", said)


def to_svg(canvas: Canvas, name: str) -> Markup:
    """Render as SVG that can stand inside HTML; ids begin with `name`, to be unique on a page.

    Properties stand in attributes, since the page's policy allows no style but its own, and what is
    black takes the colour of the text around it, which may be light on dark, and white that of
    the page. Where no page is wanted nothing is drawn.
    """
    if not page_wanted():
        return Markup()
    for axis in (axis for axes in canvas.axes for axis in (axes.xaxis, axes.yaxis)):
        if type(axis.get_major_formatter()) is ScalarFormatter:
            axis.set_major_formatter(Ticks())
    file = io.StringIO()
    canvas.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    svg = visible(svg[svg.index("<svg") :])
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL)  # the page's own sheet has it
    return Markup(re.sub(r"<[a-z][^>]*>", lambda tag: _tag(tag[0], name), svg))  # not in its texts


def _tag(tag: str, name: str) -> str:
    """Return a tag with ids that begin with `name`, and without a style."""
    tag = re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{name}-", tag)
    return re.sub(r' style="([^"]*)"', _attributes, tag)


def _attributes(style: re.Match[str]) -> str:
    """Return the declarations of a style as attributes; the font is that of the page."""
    pairs = (one.partition(":")[::2] for one in style[1].split(";") if one.strip())
    given = {key.strip(): value.strip().replace("#000000", "currentColor") for key, value in pairs}
    given.pop("font-family", None)
    if given.get("fill") == "#ffffff":
        given["class"] = "paper"
    return "".join(f' {key}="{value}"' for key, value in given.items())
