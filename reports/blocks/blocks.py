"""What a section of a page consists of: paragraphs (plain strings), tables, figures, models."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from workflow.checking.diagnostics import Status
from workflow.quantities import Quantity

NONE = "–"  # a cell in which there is nothing to say
NUMBER = re.compile(r"(?:[<>] ?)?[+−±]?\d[\d,]*(?:\.\d+)?%?")
How = str | Mapping[str, str]  # one text, or one for each of several terms


@dataclass(frozen=True)
class Whisker:
    """A cell with a dot and a whisker, on the axis of its column; its numbers stand beside it."""

    svg: Markup
    of: Quantity


Cell = str | Status | Whisker


@dataclass(frozen=True)
class Table:
    """A table with its caption; `how` opens below it.

    It says what the columns are, and what would be good and what bad: true of any data.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    how: How
    kind: str = "table"

    @property
    def pads(self) -> list[list[str | None]]:
        """What is left free behind each number, so that points stand below one another.

        None in the cells of columns that have more than numbers and dashes.
        """
        return [list(row) for row in zip(*map(_pads, zip(*self.rows, strict=True)), strict=True)]


def _pads(column: Sequence[Cell]) -> list[str | None]:
    texts = [cell if isinstance(cell, str) else "" for cell in column]
    if not any(map(NUMBER.fullmatch, texts)):
        return [None] * len(texts)
    if any(text != NONE and not NUMBER.fullmatch(text) for text in texts):
        return [None] * len(texts)
    decimals = [text.rstrip("%").partition(".")[2] for text in texts]
    most = max(map(len, decimals))
    points = ["." if most and "." not in text and text != NONE else "" for text in texts]
    return [
        "" if text == NONE else point + (most - len(own)) * "0"
        for text, point, own in zip(texts, points, decimals, strict=True)
    ]


@dataclass(frozen=True)
class Figure:
    """A drawing as inline SVG; `alt` states the finding for those who do not see it.

    The caption says what is drawn, `how` opens below it and says how to read that.
    """

    svg: Markup
    alt: str
    caption: str
    how: How
    kind: str = "figure"


@dataclass(frozen=True)
class Mathematics:
    """Lines of mathematics: the plain text, which can be copied, and the same as MathML."""

    text: str
    mathml: Markup
    caption: str
    kind: str = "mathematics"


@dataclass(frozen=True)
class Source:
    """The whole text of a module; `name` is its path in the project."""

    name: str
    text: str
    kind: str = "source"


@dataclass(frozen=True)
class Slider:
    """A knob of the prior: its name, its values as text, and the one to begin with."""

    name: str
    values: tuple[str, ...]
    start: int


@dataclass(frozen=True)
class Explorer:
    """Sliders, and what the page's script shows for each prior; without it they are hidden.

    `data` is JSON without markup; `own` says what the analysis' own prior is.
    """

    sliders: tuple[Slider, ...]
    data: Markup
    own: str
    how: How
    kind: str = "explorer"


Block = str | Table | Figure | Mathematics | Source | Explorer
