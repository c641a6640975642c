"""How each column of a file was read, as plain data: so that the cells of another are read alike.

A column is of `levels` (which cell is which level) or of a `number`: dates count days from an
origin, yes and no are 1 and 0, and of numbers it is noted what marks they had (kg, $, %), and which
decimal sign, as far as the cells tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from data._column import SIGNS, Column
from data._dates import ORDERS
from data._how import Reading
from data._plain import in_words, texts
from data._written import Written

type How = dict[str, Any]

TRIED = 1000  # rows whose cells are kept, to try on them whether they are read again as they were


@dataclass(frozen=True)
class AsRead:
    """The columns that terms are made of: by name how they were read, their values, first cells.

    `columns` and `cells` (text) have the line in the file as their index; `states` are those of
    the formula's expressions (`data/_factors.py`).
    """

    how: dict[str, How] = field(default_factory=dict)
    columns: pd.DataFrame = field(default_factory=pd.DataFrame)
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)


def as_read(
    raw: pd.DataFrame,
    spelt: pd.DataFrame,
    columns: pd.DataFrame,
    reading: Reading,
    states: dict[str, dict[str, Any]],
) -> AsRead:
    """Return how `columns` were read.

    `raw` has the cells as in the file, `spelt` those with one spelling of a value, for these rows
    and perhaps more; `reading` names the columns that stayed as they were written.
    """
    if not raw.index.equals(columns.index):
        raw, spelt = raw.loc[columns.index], spelt.loc[columns.index]
    how = {
        str(name): _levels(raw[name], spelt[name], columns[name], keep=reading.keeps(str(name)))
        if isinstance(columns[name].dtype, pd.CategoricalDtype)
        else _number(raw[name], columns[name])
        for name in columns
    }
    return AsRead(how, columns, in_words(raw[[*columns]].iloc[:TRIED]), states)


def _levels(raw: pd.Series, spelt: pd.Series, column: pd.Series, *, keep: bool) -> How:
    raw, spelt = texts(raw), texts(spelt)
    levels = column.astype(str)
    cells = dict(zip(raw, levels, strict=True)) | dict(zip(spelt, levels, strict=True))
    return {"is": "levels", "cells": cells, "kept": keep}


def _number(raw: pd.Series, column: pd.Series) -> How:
    """Say how a column's cells became numbers."""
    found = Column.of(str(column.name), raw)
    if found.plain and not found.numbers:
        return {"is": "number", "units": [], "share": False, "sign": ""}
    values = dict(zip(texts(raw), column, strict=True))
    if found.is_date:
        return {"is": "number", **_dates(found, values)}
    if not found.plain and found.is_truth:
        return {"is": "number", "truth": True}
    marks = {mark_of(one) for one in found.numbers.values()} - {""}
    share = any(one.share for one in found.numbers.values())
    return {"is": "number", "units": sorted(marks), "share": share, "sign": _sign(found, values)}


def _dates(found: Column, values: dict[str, float]) -> How:
    """Return the day from which a column counts, and the order of day and month."""
    for order in ORDERS:
        days = {cell: getattr(one, order) for cell, one in found.dates.items() if cell in values}
        if None not in days.values():
            origins = {round(day - values[cell], 6) for cell, day in days.items()}
            if len(origins) == 1:
                return {"date": order, "origin": origins.pop()}
    return {"date": "", "origin": 0.0}


def _sign(found: Column, values: dict[str, float]) -> str:
    """Return the decimal sign by which cells that tell it are what they were read as, or ""."""
    for cell, one in found.numbers.items():
        if one.point != one.comma and cell in values:
            signs = [sign for sign in SIGNS if _is(one, sign, values[cell])]
            return signs[0] if len(signs) == 1 else ""
    return ""


def _is(one: Written, sign: str, value: float) -> bool:
    number = one.by(sign)
    return number is not None and float(number) == value


def mark_of(one: Written) -> str:
    """Return the currency or the unit of a number as it is written, days and day being one."""
    unit = one.unit
    return one.money or (unit.removesuffix("s") if len(unit) > 2 else unit)


def restored(state: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the state of an expression as it was before it became JSON."""
    return {
        call: {key: _restored(value) for key, value in one.items()} for call, one in state.items()
    }


def _restored(value: Any) -> Any:
    if isinstance(value, dict):  # the degrees of a polynomial
        return {int(key): one for key, one in value.items()}
    nested = isinstance(value, list) and value and isinstance(value[0], list)
    return np.array(value) if nested else value
