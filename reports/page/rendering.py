"""A section of an argument, as a page and a notebook show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from reports.blocks.blocks import Block, How
from reports.blocks.text import LINE, listed, short, visible
from reports.page.html import ENVIRONMENT, ICONS, how_id
from workflow.checking.status import Status

type Part = Literal["result", "checks", "repeat"]

#: The parts of a page that follow the answer, in their order, and what they are called.
PARTS: dict[Part, str] = {
    "result": "The result in full",
    "checks": "Can it be believed?",
    "repeat": "To do it again",
}


@dataclass(frozen=True)
class Section:
    """A heading and the blocks below it; while they are closed, `line` says what they come to.

    `verdict` is a status, or a word of another kind of verdict; `part` says which reader it is for.
    A section without blocks is its line.
    """

    title: str
    blocks: tuple[Block, ...]
    line: str = ""
    verdict: Status | str = ""
    part: Part = "result"

    @property
    def anchor(self) -> str:
        """The id of the section."""
        return "".join(c if c.isascii() and c.isalnum() else "-" for c in self.title.lower()).strip(
            "-"
        )

    @property
    def told(self) -> str:
        """What stands in its line: else its first sentence, or what its tables are called."""
        if self.line or not self.blocks:
            return self.line
        if isinstance(self.blocks[0], str):
            return short(self.blocks[0])
        captions = [getattr(block, "caption", "").rstrip(".") for block in self.blocks]
        return f"{listed(filter(None, captions), LINE)}."

    def _repr_html_(self) -> str:
        """Return what Jupyter shows below the cell: the section as on the page, with its style."""
        return ENVIRONMENT.get_template("section.html.j2").render(section=self, icons=ICONS)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the title alone: a notebook stores this beside the HTML, which has the figures."""
        printer.text(visible(self.title))


def helps(blocks: Iterable[Block | None]) -> dict[str, How]:
    """Return the texts that say how to read tables and figures by their ids, each once."""
    texts = [block.how for block in blocks if block is not None and hasattr(block, "how")]
    return {how_id(text): text for text in texts}
