"""The one interval that an index shows of a page."""

from collections.abc import Sequence
from itertools import pairwise

from reports.blocks.blocks import Table, Whisker


def first(result: Sequence[Table]) -> dict[str, object] | None:
    """Return the first interval that the result draws: what it is of, in numbers and in words."""
    for table in result:
        for row in table.rows:
            for at, (before, cell) in enumerate(pairwise(row)):
                if isinstance(cell, Whisker):
                    ends = {"low": cell.of.lower, "median": cell.of.median, "high": cell.of.upper}
                    said = {"label": row[0], "told": before, "column": table.columns[at]}
                    return {**said, "mcse": cell.of.mcse_median, **ends}
    return None
