"""What a section of a page consists of: paragraphs (plain strings), tables, figures, models."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from workflow.checking.diagnostics import Status

Cell = str | Status
How = str | Mapping[str, str]  # one text, or one for each of several terms


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
