"""What is in a file as tables: a row a column of it, and its first rows."""

from typing import Any

from reports.blocks import how
from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import apart
from reports.blocks.text import shortened

COLUMNS, ACROSS, LONGEST = 40, 12, 24  # columns told, columns of the first rows, characters


def contents(found: Any) -> list[Block]:
    """Return what each column of a file has, and its first rows; of None nothing.

    `found` is a `data._contents.Contents`.
    """
    if found is None:
        return []
    told = found.columns[:COLUMNS]
    rows = [
        (one.name, one.kind, f"{one.missing:,}", f"{one.values:,}", _about(one)) for one in told
    ]
    some = (
        f" (the first {COLUMNS} of {len(found.columns):,})"
        if len(told) < len(found.columns)
        else ""
    )
    columns = ("column", "type", "missing", "different values", "what it has")
    n = len(found.first)
    wide = f", {ACROSS} of {len(found.columns):,} columns" if len(found.columns) > ACROSS else ""
    whole = Table(f"The file: {found.rows:,} rows{some}", columns, tuple(rows), how.CONTENTS)
    if not n:
        return [whole]
    return [
        whole,
        Table(
            f"Its first {n} rows, as they are written{wide}",
            ("line", *(one.name for one in found.columns[:ACROSS])),
            tuple(
                (str(line), *(shortened(cell, LONGEST) for cell in row[:ACROSS]))
                for line, row in zip(found.lines, found.first, strict=True)
            ),
            how.FIRST_ROWS,
        ),
    ]


def _about(one: Any) -> str:
    """Say counts of values, or least, median and greatest."""
    if one.span and one.values > len(one.counts):
        low, middle, high = apart(*one.span)
        return f"{low} to {high}, median {middle}"
    others = one.values - len(one.counts)
    counted = [f"{shortened(value, LONGEST)}: {n:,}" for value, n in one.counts]
    return "; ".join([*counted, *([f"{others:,} others"] if others else [])]) or "–"
