"""The cases, a line each, in colours where the terminal has them."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from reports.blocks.text import visible
from reports.terminal.progress import Heard

COLOURS = {"PASS": "green", "WARN": "yellow", "FAIL": "red"}


def in_lines(rows: Sequence[Mapping[str, str | None]]) -> None:
    """Print name, status and question of each case."""
    width = max((len(row["case"] or "") for row in rows), default=0)
    console = Heard(highlight=False)
    for row in rows:
        case, status, question = (visible(row[name] or "") for name in row)
        shown = (f"{status:<4}", COLOURS.get(status, ""))
        line = Text.assemble((f"{case:<{width}}", "bold"), "  ", shown, "  ", question)
        console.print(line, soft_wrap=True)
