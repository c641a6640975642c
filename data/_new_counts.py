"""New arms with their visitors, and new messages: what is asked of rates and of words."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from data._how import Reading, said_of
from data._label import labels
from data._new_numbers import unseen
from data._new_rows import new_table
from data._table import found, refuse

MOST = 10**9  # visitors of an arm
FEET = {"distance_ft": 1.0, "distance_m": 1 / 0.3048}
NEAREST, FARTHEST = 0.2, 1000.0  # feet


def read_arms(path: Path, arms: Sequence[str], reading: Reading) -> pd.DataFrame:
    """Return `arm`, `visitors` and a `note` of each row of a file: why it cannot be predicted.

    Raises
    ------
    DataError
        It cannot be read, or lacks a column.
    """
    table, problems = new_table(path, ["arm", "visitors"], reading)
    refuse(path, problems)
    known = {" ".join(arm.split()).casefold(): arm for arm in arms}
    rows = []
    for line, cell, number in table[["arm", "visitors"]].itertuples():
        (label,) = labels([cell])
        arm = label if label in arms else known.get(" ".join(label.split()).casefold(), "")
        visitors, note = _count(number), ""
        if not arm:
            note = f"line {line}, column 'arm': {unseen(label, arms)}"
        elif visitors is None:
            note = (
                f"line {line}, column 'visitors': {number!r} is no whole number from 1 to {MOST:,}"
            )
        rows.append({"arm": arm or label, "visitors": visitors, "note": note})
    rows += [{"arm": "", "visitors": None, "note": one} for one in said_of(path).ragged.values()]
    return pd.DataFrame(rows, dtype=object)


def read_groups(path: Path, reading: Reading) -> pd.DataFrame:
    """Return `group`, `trials` and a `note` of each row of a file: why it cannot be predicted.

    Raises
    ------
    DataError
        It cannot be read, or lacks a column.
    """
    table, problems = new_table(path, ["group", "trials"], reading)
    refuse(path, problems)
    rows = []
    for (line, cell, number), label in zip(
        table[["group", "trials"]].itertuples(), labels(table["group"]), strict=True
    ):
        trials, note = _count(number), "" if cell else f"line {line}, column 'group': no group"
        if trials is None:
            note = f"line {line}, column 'trials': {number!r} is no whole number from 1 to {MOST:,}"
        rows.append({"group": label, "trials": trials, "note": note})
    rows += [{"group": "", "trials": None, "note": one} for one in said_of(path).ragged.values()]
    return pd.DataFrame(rows, dtype=object)


def _count(cell: str) -> int | None:
    """Return a whole number as people write it: 12000, 12,000, 12'000."""
    plain = cell.translate(dict.fromkeys(map(ord, ",' \u00a0\u2009\u202f_")))
    return int(plain) if plain.isdecimal() and 1 <= int(plain) <= MOST else None


def read_messages(path: Path, reading: Reading) -> pd.DataFrame:
    """Return `line`, `message` and a `note` of each row of a CSV with a column `message`.

    Raises
    ------
    DataError
        It cannot be read, or has no such column.
    """
    table, problems = new_table(path, ["message"], reading)
    refuse(path, problems)
    empty = np.where(table["message"] == "", "no message", "")
    found = pd.DataFrame({"line": table.index, "message": table["message"], "note": empty})
    ragged = said_of(path).ragged
    more = pd.DataFrame({"line": list(ragged), "message": "", "note": list(ragged.values())})
    both = pd.concat([found, more]) if ragged else found
    return both.sort_values("line", ignore_index=True).astype({"line": int})


def read_distances(path: Path, reading: Reading) -> pd.DataFrame:
    """Return `line`, `distance_ft` and a `note` of each row of a CSV of distances, in either unit.

    Raises
    ------
    DataError
        It cannot be read, or has no column `distance_ft` or `distance_m`.
    """
    table, problems = new_table(path, [], reading)
    name = next((one for one in FEET if one in table), "")
    there = found(table, "distance_ft")
    refuse(path, problems + ([] if name else [f"column 'distance_ft' is missing; found {there}"]))
    cells = table[name].str.replace(",", ".") if reading.decimal == "," else table[name]
    feet = FEET[name] * pd.to_numeric(cells, errors="coerce")
    fine = feet.between(NEAREST, FARTHEST)
    said = [
        "" if ok else f"line {at}, column {name!r}: {cell!r} is no distance of a putt"
        for (at, cell), ok in zip(table[name].items(), fine, strict=True)
    ]
    known = pd.DataFrame({"line": table.index, "distance_ft": feet.where(fine), "note": said})
    ragged = said_of(path).ragged
    more = pd.DataFrame({"line": list(ragged), "note": list(ragged.values())})
    both = pd.concat([known, more]) if ragged else known
    return both.sort_values("line", ignore_index=True).astype({"line": int})
