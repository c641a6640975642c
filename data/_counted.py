"""Rows that were counted while they were read: how many each stands for, and what was left out."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from data._counts import clusters_of
from data._how import said_of

ADVICE = (
    "If rows belong to something, such as a person, name its column with --cluster: else the "
    "interval is too narrow. A sample of the rows shows whether it is so."
)


def times_of(path: Path, table: pd.DataFrame) -> pd.Series:
    """Return how many rows of the file at `path` each row of the table stands for."""
    return pd.Series(said_of(path).times or 1, table.index, dtype="int64")


def there(path: Path, columns: Sequence[str], name: str, used: list[str]) -> str:
    """Return the name of the column that says which cluster a row is of, if there is one.

    Raises
    ------
    DataError
        There is no such column beside those `used`.
    """
    return str(clusters_of(path, pd.DataFrame(columns=list(columns), dtype="str"), name, used).name)


def warn_of_left_out(path: Path, cluster: str | None) -> None:
    """Warn where rows were counted without columns that could say what they belong to."""
    said = said_of(path)
    if said.left_out and cluster is None:
        names = " or ".join(
            [*map(repr, said.left_out[:3]), *(["another"] if said.left_out[3:] else [])]
        )
        text = f"Millions of rows are counted: whether those of one {names} are alike is not known."
        said.warnings.append((text, ADVICE))
