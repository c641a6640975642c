"""A section of an argument, as a page and a notebook show it."""

from dataclasses import dataclass
from typing import Any

from reports.blocks.blocks import Block
from reports.blocks.text import visible
from reports.page.html import ENVIRONMENT, ICONS


@dataclass(frozen=True)
class Section:
    """A heading and the blocks below it."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """The id of the heading."""
        return "".join(c if c.isascii() and c.isalnum() else "-" for c in self.title.lower()).strip(
            "-"
        )

    def _repr_html_(self) -> str:
        """Return what Jupyter shows below the cell: the section as on the page, with its style."""
        return ENVIRONMENT.get_template("section.html.j2").render(section=self, icons=ICONS)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the title alone: a notebook stores this beside the HTML, which has the figures."""
        printer.text(visible(self.title))
