"""What a section of a page consists of: paragraphs (plain strings), tables, figures, models."""

from dataclasses import dataclass

from markupsafe import Markup

from workflow.diagnostics import Status

Cell = str | Status


@dataclass(frozen=True)
class Table:
    """A table with its caption; `how` opens below it and says how to read it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    how: str = ""
    kind: str = "table"


@dataclass(frozen=True)
class Figure:
    """A drawing as inline SVG; `alt` states the finding for those who do not see it."""

    svg: Markup
    alt: str
    caption: str
    how: str = ""
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


Block = str | Table | Figure | Mathematics | Source
