"""New patients: which findings each has, has not, or was not looked at for."""

from pathlib import Path

import pandas as pd

from data._how import Reading, said_of
from data._missing import is_missing
from data._new_rows import new_table
from data._table import refuse
from data._truth import EXPECTED, truth_of


def read_findings(path: Path, names: list[str], reading: Reading) -> pd.DataFrame:
    """Return 1, 0 and NaN (blank) by finding, and a `note`: why a row cannot be predicted.

    The index is the line in the file.

    Raises
    ------
    DataError
        It cannot be read, or lacks a column.
    """
    table, problems = new_table(path, names, reading)
    refuse(path, problems)
    cells, note = table[names], pd.Series("", table.index)
    found = {}
    for name in names:
        blank = is_missing(cells[name])
        truth = pd.Series(truth_of(cells[name]), cells.index, dtype=float)
        bad = truth.isna() & ~blank & (note == "")
        note[bad] = [
            f"line {i}, column {name!r}: {cells[name][i]!r} is {EXPECTED}" for i in note[bad].index
        ]
        found[name] = truth
    ragged = pd.Series(said_of(path).ragged, dtype="str")
    both = pd.DataFrame(found).assign(note=note)
    more = pd.DataFrame({"note": ragged}, index=ragged.index)
    return pd.concat([both, more]).sort_index() if len(more) else both
