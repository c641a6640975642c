"""Any text as a label, and as a cell of a table for spreadsheets."""

import csv
import io
from pathlib import Path

from hypothesis import given, settings, strategies as st

from data._label import LONGEST, labels
from reports.blocks.text import NOT_PRINTABLE
from reports.publishing.spreadsheet import NUMBER, harmless, original, table
from tests.faults.fault import Fault
from tests.faults.names import HOSTILE


def spreadsheet(folder: Path) -> str:
    """Write any text to a CSV, and read it as a spreadsheet does."""
    seen = 0
    starts = st.sampled_from(
        ["=", "+", "-", "@", " =", "\t=", "\r=", "＝", "−", "'", "\u200b=", "\t", "\r", ""]
    )

    @settings(max_examples=300, deadline=None, database=None)
    @given(starts, st.text(st.characters(codec="utf-8"), max_size=20))
    def write(start: str, rest: str) -> None:
        nonlocal seen
        text = start + rest
        written = table(["name"], [[text], [-1.5]])
        _, (cell,), (number,) = csv.reader(io.StringIO(written, newline=""))
        assert original(cell) == text
        formula = cell.lstrip().startswith(tuple("=+-@＝＋－＠−"))
        assert not formula or NUMBER.fullmatch(cell), cell
        assert not cell.startswith(("\t", "\r"))
        assert float(number) == -1.5
        assert harmless(cell) != text or cell == text
        seen += 1

    write()
    assert (folder / "none").exists() is False
    return f"{seen} cells: none begins like a formula, each is read back as it was."


def shortened(_: Path) -> str:
    """Make labels of any names."""
    seen = 0

    @settings(max_examples=200, deadline=None, database=None)
    @given(st.lists(st.text(max_size=5) | st.sampled_from(HOSTILE), unique=True, max_size=20))
    def shorten(names: list[str]) -> None:
        nonlocal seen
        found = labels(names)
        assert len(set(found)) == len(names)
        assert all(len(label) <= LONGEST + 8 for label in found)
        assert not NOT_PRINTABLE.search("".join(found))
        seen += len(names)

    shorten()
    return f"{seen} names: as many labels, none with a character that acts unseen."


FAULTS = [
    Fault("Names", "any text as a name", "a short label of its own", shortened),
    Fault("Names", "any text in a table for spreadsheets", "no cell is a formula", spreadsheet),
]
