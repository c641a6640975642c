"""A file that stands in itself twice, one copy below the other: all of its rows count double."""

import pandas as pd

FEWEST = 4  # different rows: fewer come again in the same order by themselves
ADVICE = "If it was pasted twice, delete one copy and run it again: every interval is too narrow."


def twice(table: pd.DataFrame, called: str = "Lines") -> list[tuple[str, str]]:
    """Return a warning with its advice where the second half of a table is the first once more.

    `called` is what its rows are.
    """
    half = len(table) // 2
    if len(table) % 2 or half < FEWEST:
        return []
    first, second = table.iloc[:half], table.iloc[half:]
    if not (first.to_numpy() == second.to_numpy()).all() or len(first.drop_duplicates()) < FEWEST:
        return []
    at, end = table.index[half], table.index[-1]
    return [
        (f"{called} {at} to {end} repeat those above them, row by row, in the same order.", ADVICE)
    ]
