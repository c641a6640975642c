"""What stands between the cells of a file: told by its header line, and by rows that fit it."""

import csv
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TextIO

NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)", " ": "blanks"}
SAMPLE = 200  # rows, beside which the header is held
_TOLD = re.compile(r'"?sep=(.)"?[,;\t|]*\s*', re.IGNORECASE)  # Excel's own first line

type Rows = list[tuple[int, list[str]]]  # line in the file, and its cells


class DialectError(ValueError):
    """What stands between the cells cannot be told; the message shows the ways to read them."""


def rows_of(file: TextIO, told: str | None) -> tuple[Rows, str, str | None]:
    """Return the rows with their lines, what separates the cells, and what to say of it.

    Blank lines are skipped. `told` is a separator that the user names.

    Raises
    ------
    DialectError
        Two separators fit, or one is told that is none.
    csv.Error
        A row is none; the message has the line.
    """
    first = file.readline(200)
    line = _TOLD.fullmatch(first)
    start, skipped = (len(first), 1) if line else (0, 0)

    def lines() -> Iterator[str]:
        file.seek(0)
        file.read(start)
        return iter(file)

    separator = _named(told) if told else line[1] if line else _sniffed(lines)
    found = [(at + skipped, row) for at, row in _parsed(lines(), separator) if row]
    if separator == "," and not told:
        return found, separator, None
    by = " (--separator)" if told else " (its first line says so)" if line else ""
    return found, separator, f"Cells are separated by {NAMES.get(separator, separator)}{by}."


def _named(told: str) -> str:
    """Return the separator that an option names: itself, or in a word."""
    words = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
    found = words.get(told.lower(), told)
    if len(found) != 1 or found in '"\r\n' or found.isalnum():
        raise DialectError(f"--separator: {told!r} is not one of , ; tab | space")
    return found


def _parsed(lines: Iterator[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    if separator == " ":  # any number of them
        lines = (re.sub("[ \t]+", " ", line).strip() for line in lines)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise csv.Error(f"line {reader.line_num}: not a CSV row ({error})") from None


def _sniffed(lines: Callable[[], Iterator[str]]) -> str:
    """Return the one separator that splits the header, and the rows as it; a comma where none does.

    Raises
    ------
    DialectError
        Two do.
    """
    heads = {one: head for one in NAMES if len(head := _head(lines(), one)) and len(head[0]) > 1}
    fit = {one: _share(head) for one, head in heads.items() if one != " "}
    if not fit:
        blanks = heads.get(" ", [])
        return " " if len(blanks) > 1 and _share(blanks) == 1 else ","
    best = [one for one in fit if fit[one] == max(fit.values())]
    if len(best) == 1 or max(fit.values()) < 1 or min(len(heads[one]) for one in best) < 2:
        return best[0]
    readings = "; ".join(
        f"by {NAMES[one]} into {', '.join(map(repr, heads[one][0][:3]))}, with "
        f"{', '.join(map(repr, heads[one][1][:3]))} in the first row"
        for one in best
    )
    option = " or ".join(f"--separator {'tab' if one == '\t' else repr(one)}" for one in best)
    raise DialectError(f"the header can be split in {len(best)} ways: {readings}. Say {option}")


def _head(lines: Iterator[str], separator: str) -> list[list[str]]:
    """Return the first rows, as far as they can be read."""
    found: list[list[str]] = []
    try:
        found += (row for _, row in islice(_parsed(lines, separator), SAMPLE) if row)
    except csv.Error:
        return found if separator == "," else []
    return found


def _share(head: list[list[str]]) -> float:
    """Return the share of rows that have as many cells as the header, or a name of the row more."""
    n, rows = len(head[0]), head[1:]
    more = all(len(row) == n + 1 for row in rows)
    return 1.0 if more or not rows else sum(len(row) == n for row in rows) / len(rows)
