"""The design of a regression as plain data, from which the terms of new rows can be computed.

It holds names, numbers and texts alone and nothing that is run: the columns of the file and how
they were read, their ranges in the fitted rows, and each term as a product of numbers and levels.
"""

import ast
from contextlib import suppress
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from data._as_read import How
from data._bounds import FormulaError
from data._factors import Expression
from data._new_numbers import read_cells
from data._new_rows import terms_of
from data._regression import Regression

CANNOT = "the terms of this page cannot be made again of the file's columns as they stand there"
_INVERSE = {"log": "exp", "log10": "10^", "log2": "2^", "log1p": "expm1", "sqrt": "square"}


def design_of(found: Regression) -> dict[str, Any]:
    """Return the design of the rows of a regression: those that are fitted.

    It is tried on the first rows of the file; where their terms do not come out as they were, it
    says so under `cannot`.
    """
    raw = found.raw
    lines = found.outcome.index if found.lines is None else found.lines[found.outcome.index]
    columns = raw.columns.loc[pd.Index(lines).unique()]
    parts = [(str(name), found.parts[str(name)]) for name in found.terms]
    as_levels = {one.column for _, part in parts for one in part.levels}
    design: dict[str, Any] = {
        "outcome": _outcome(str(found.outcome.name)),
        "columns": {
            name: _with_range(columns[name], how, levels=name in as_levels)
            for name, how in raw.how.items()
        },
        "terms": [
            {
                "name": name,
                "numbers": list(part.numbers),
                "levels": [[one.column, one.level] for one in part.levels],
            }
            for name, part in parts
        ],
        "states": {text: _plain(state) for text, state in raw.states.items()},
        "pairs": _pairs(
            columns, [sorted({one.column for one in part.levels}) for _, part in parts]
        ),
    }
    design |= {} if found.lines is None else {"trials": True}
    if found.groups is not None:
        cells = {cell: label for label, cell in found.groups.cells.items()}
        design["group"] = {"column": found.groups.column, "cells": cells}
    return design if _comes_back(design, found) else design | {"cannot": CANNOT}


def _outcome(name: str) -> dict[str, str]:
    """Return what an outcome such as log(price) is of, and what takes it back, if one does."""
    with suppress(FormulaError):
        expression = Expression(name)
        match expression.tree:
            case ast.Call(
                func=ast.Name(id=function) | ast.Attribute(ast.Name("np" | "numpy"), function),
                args=[ast.Name()],
            ) if function in _INVERSE:
                return {"name": name, "of": expression.columns()[0], "back": _INVERSE[function]}
    return {"name": name}


def _with_range(values: pd.Series, how: How, *, levels: bool) -> How:
    """Add the range of a column in the fitted rows, and its levels."""
    if how["is"] == "levels":
        return how | {"levels": sorted(values.astype(str).unique())}
    numbers = {"least": float(values.min()), "greatest": float(values.max())}
    numbers["median"] = float(values.median())
    own = {"levels": [f"{one:.15g}" for one in sorted(values.unique())]} if levels else {}
    return how | numbers | own


def _pairs(columns: pd.DataFrame, crossed: list[list[str]]) -> list[dict[str, Any]]:
    """Return which levels come together in the fitted rows, where a term multiplies columns."""
    both = sorted({pair for names in crossed for pair in combinations(names, 2)})
    found = []
    for pair in both:
        seen = columns[[*pair]].drop_duplicates()
        texts = [
            [f"{one:.15g}" if isinstance(one, float) else str(one) for one in row]
            for row in seen.itertuples(index=False)
        ]
        found.append({"columns": list(pair), "seen": texts})
    return found


def _plain(value: Any) -> Any:
    """Return numbers, lists and dictionaries in the place of numpy's."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _comes_back(design: dict[str, Any], found: Regression) -> bool:
    """Say whether the first rows of the file have the terms that they had."""
    cells = found.raw.cells
    read = {name: read_cells(cells[name], how) for name, how in design["columns"].items()}
    columns = pd.DataFrame({name: values for name, (values, _) in read.items()}, cells.index)
    if found.lines is None:
        old = found.terms.loc[found.terms.index.intersection(cells.index)].dropna()
    else:
        of = found.lines[found.terms.index]
        old = found.terms.set_axis(of.to_numpy())[~of.duplicated().to_numpy()]
        old = old.loc[old.index.intersection(cells.index)].dropna()
    new, _ = terms_of(design, columns.loc[old.index])
    size = np.abs(found.terms).max().to_numpy()
    return bool((np.abs(new.to_numpy() - old.to_numpy()) <= 1e-7 * size).all())
