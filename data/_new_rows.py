"""New rows for a regression that was fitted: their terms by its design, and what is wrong with any.

The terms are computed as those of the fitted rows were (`data/_factors.py`), from means and knots
that the design keeps. A row that cannot have them has a reason; one that is beyond the fitted rows
is told so, column by column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data._as_read import How, restored
from data._factors import Expression
from data._how import Reading, said_of
from data._levels import Choices
from data._missing import is_missing
from data._new_numbers import read_cells, signs_of, unseen
from data._table import found, read_table, refuse

FAR = 3.0  # times beyond the range of a column above 0: no more rows of the same kind


@dataclass(frozen=True)
class NewRows:
    """Rows of a file by line: their cells, terms (where there are), reasons why not, and what is
    beyond the fitted rows.

    `terms` has the rows that can be predicted alone; `why` and `beyond` are text, "" for none.
    `groups` has the group of each row, where the fitted rows have groups.
    """

    cells: pd.DataFrame
    terms: pd.DataFrame
    why: pd.Series
    beyond: pd.Series
    groups: pd.Series | None = None


def read_new(path: Path, design: Mapping[str, Any], reading: Reading) -> NewRows:
    """Return the rows of the CSV at `path` as the design has it.

    Raises
    ------
    DataError
        It cannot be read, or a column that the terms need is missing.
    """
    names: dict[str, How] = design["columns"]
    grouped = [design["group"]["column"]] if "group" in design else []
    table, problems = new_table(path, [*names, *grouped], reading)
    refuse(path, problems)
    numeric = [name for name, how in names.items() if how["is"] == "number"]
    signs = signs_of(table, numeric, reading)
    read = {
        name: read_cells(table[name], how, signs.get(name, ""), reading)
        for name, how in names.items()
    }
    columns = pd.DataFrame({name: values for name, (values, _) in read.items()}, table.index)
    why = [_where(name, reasons) for name, (_, reasons) in read.items()]
    why += [_level(name, columns[name], how) for name, how in names.items() if "levels" in how]
    why += [_another_unit(name, columns[name], names[name]) for name in numeric]
    why += [_where(n, is_missing(table[n]).map({True: "no value", False: ""})) for n in grouped]
    reasons = _joined(why, table.index)
    terms, uncomputed = terms_of(design, columns[reasons == ""])
    reasons = _joined([reasons, uncomputed.reindex(table.index, fill_value="")], table.index)
    beyond = _joined([*_beyond(columns, names), *_pairs(columns, design["pairs"])], table.index)
    cells, reasons = _with_ragged(path, table, reasons)
    terms = terms[reasons[terms.index] == ""]
    of = [
        table[name].map(lambda cell: design["group"]["cells"].get(cell, cell)) for name in grouped
    ]
    beyond = beyond.reindex(cells.index, fill_value="")
    return NewRows(cells, terms, reasons, beyond, *of)


def new_table(path: Path, names: list[str], reading: Reading) -> tuple[pd.DataFrame, list[str]]:
    """Return the cells of a file with these columns, and what is wrong with the file as a whole."""
    table, problems = read_table(path, reading, names=names, unnamed=True)
    ragged = {*said_of(path).ragged.values()}
    problems = [one for one in problems if one not in ragged and not one.startswith("... and ")]
    needed = ", ".join(map(repr, names))
    problems += [
        f"column {name!r} is missing; needed are {needed}; found {found(table, name)}"
        for name in names
        if name not in table
    ]
    return table, problems


def terms_of(design: Mapping[str, Any], columns: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the terms of rows whose columns are known, and why some cannot be computed."""
    names = [term["name"] for term in design["terms"]]
    if columns.empty:
        return pd.DataFrame(columns=names, dtype=float), pd.Series(dtype=str)
    made: dict[str, np.ndarray] = {}
    for text, state in design["states"].items():
        made |= Expression(text, restored(state)).value(columns, Choices()).numbers
    as_levels = {name: _as_text(columns[name]) for name in columns}
    terms = {}
    for term in design["terms"]:
        product = np.ones(len(columns))
        for name in term["numbers"]:
            product = product * (made[name] if name in made else columns[name].to_numpy(float))
        for name, level in term["levels"]:
            product = product * (as_levels[name] == level).to_numpy(float)
        terms[term["name"]] = product
    found = pd.DataFrame(terms, columns.index)
    bad = ~np.isfinite(found)
    why = pd.Series("", columns.index)
    for name in found.columns[bad.any()]:
        why[bad[name]] = f"the term {name} cannot be computed of these values"
    return found, why


def _as_text(values: pd.Series) -> pd.Series:
    """Return levels as text; those that are numbers as `data/_factors.py` writes them."""
    if pd.api.types.is_float_dtype(values.dtype):
        return values.map(lambda number: f"{number:.15g}")
    return values


def _level(name: str, values: pd.Series, how: How) -> pd.Series:
    """Say which rows have a level that the fitted rows do not have."""
    levels = _as_text(values)
    unknown = values.notna() & (levels != "") & ~levels.isin(how["levels"])
    said = {one: unseen(one, how["levels"]) for one in levels[unknown].unique()}
    return _where(name, levels.where(unknown, "").map(lambda one: said.get(one, "")).astype(str))


def _another_unit(name: str, values: pd.Series, how: How) -> pd.Series:
    """Refuse what is beyond the fitted range where the middle of the column is far from it.

    Another unit multiplies what is above 0; dates have none, and years to come are no other unit.
    """
    low, high, middle = how["least"], how["greatest"], values.median()
    beyond = (values < low) | (values > high)
    if low > 0:
        far = not low / FAR <= middle <= high * FAR
    else:
        far = max(low - middle, middle - high) > high - low
    if "date" in how or not (beyond.any() and far and not low <= middle <= high):
        return pd.Series("", values.index)
    said = (
        f"the middle of these rows, {middle:g}, is far from the fitted {low:g} to {high:g}: if it "
        "is in another unit, write it in that one; else fit again with rows like these"
    )
    return _where(name, pd.Series(np.where(beyond, said, ""), values.index))


def _beyond(columns: pd.DataFrame, names: Mapping[str, How]) -> list[pd.Series]:
    """Say which numbers are outside the range of the fitted rows."""
    said = []
    for name, how in names.items():
        if how["is"] != "number":
            continue
        low, high = how["least"], how["greatest"]
        outside = (columns[name] < low) | (columns[name] > high)
        told = f"{name} outside {low:g} to {high:g}"
        said.append(pd.Series(np.where(outside, told, ""), columns.index))
    return said


def _pairs(columns: pd.DataFrame, pairs: list[dict[str, Any]]) -> list[pd.Series]:
    """Say which rows have two levels together that no fitted row has, where terms multiply them."""
    said = []
    for pair in pairs:
        one, other = pair["columns"]
        together = [*zip(_as_text(columns[one]), _as_text(columns[other]), strict=True)]
        seen = {tuple(levels) for levels in pair["seen"]}
        told = [
            "" if levels in seen else f"no fitted row has {' with '.join(levels)}"
            for levels in together
        ]
        said.append(pd.Series(told, columns.index))
    return said


def _where(name: str, reasons: pd.Series) -> pd.Series:
    """Put line and column before the reasons."""
    at = pd.Series([f"line {line}, column {name!r}: " for line in reasons.index], reasons.index)
    return (at + reasons).where(reasons != "", "")


def _joined(several: list[pd.Series], index: pd.Index) -> pd.Series:
    """Return texts of each row as one."""
    found = pd.Series("", index)
    for one in several:
        both = (found != "") & (one != "")
        found = found + np.where(both, "; ", "") + one
    return found


def _with_ragged(path: Path, table: pd.DataFrame, why: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Add the lines that have too many or too few cells, with that as their reason."""
    ragged = pd.Series(said_of(path).ragged, dtype=str)
    cells = table.reindex(table.index.union(ragged.index), fill_value="")
    return cells, pd.concat([why, ragged]).reindex(cells.index)
