"""Tables for spreadsheets, in which no cell of text is taken for a formula."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow.quantities import Quantity

COMMANDS = "=+-@"
NUMBER = re.compile(r"[-+][0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def estimates(quantities: Mapping[str, "Quantity"]) -> bytes:
    """Return the posterior summaries as CSV: a row a quantity, `quantity` and the fields of it.

    Numbers have all their digits; those that are not finite, or do not exist, are empty. UTF-8 with
    a mark at its beginning, without which some spreadsheets take it for something else.
    """
    from workflow.quantities import Quantity  # takes seconds, and new rows need none of it

    names = ["quantity", *(field.name for field in fields(Quantity))]
    rows = [[name, *asdict(q).values()] for name, q in quantities.items()]
    return table(names, rows).encode("utf-8-sig")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows as CSV; cells of text are quoted, and none of them is a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([harmless(column) for column in columns])
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return file.getvalue()


def harmless(text: str) -> str:
    """Return `text` with an apostrophe before it if a spreadsheet could take it for a formula.

    So is text that begins with one of = + - @, in any width, perhaps after spaces and characters
    that cannot be seen; a number with its sign is none. An apostrophe that is there already gets
    another: see `original`.

    >>> harmless("=1+1"), harmless(" @x"), harmless("a=1"), harmless("'a")
    ("'=1+1", "' @x", 'a=1', "''a")
    """
    if (text[:1].isascii() and text[:1].isalnum()) or NUMBER.fullmatch(text):
        return text
    seen = unicodedata.normalize("NFKC", text)
    first = next((c for c in seen if unicodedata.category(c)[0] not in "CZM"), "")
    control = bool(text) and unicodedata.category(text[0])[0] in "CZ"
    return f"'{text}" if first in {*COMMANDS, "'", "−"} or control else text


def original(cell: str) -> str:
    """Return the text that `harmless` made into `cell`."""
    return cell.removeprefix("'")


def _cell(value: object) -> object:
    """Return a cell: text is made harmless, and of numbers only finite ones are written."""
    if isinstance(value, str):
        return harmless(value)
    return value if isinstance(value, (int, float)) and abs(value) < float("inf") else ""
