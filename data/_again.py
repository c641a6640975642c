"""The terms of other rows, made as those of the file were: the same levels, centres and knots."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data._factors import Expression, State
from data._levels import Category, Choices
from data._terms import Term

_LOG = re.compile(r"(?:np\.|numpy\.)?(log|log10|log2)\((?:`([^`]+)`|([^\W\d]\w*))\)")
_BASES = {"log": math.e, "log10": 10.0, "log2": 2.0}


@dataclass(frozen=True)
class Again:
    """How the terms of a regression are computed from the columns that they read.

    Calling it with a table that has these returns its terms; the index is that of the table.
    `parts` say what each term is, `states` what each expression took of the rows of the file
    (centres, knots), `levels` which levels each column that is coded has, the reference first.
    """

    parts: Mapping[str, Term]
    states: Mapping[str, State]
    levels: Mapping[str, tuple[str, ...]]

    def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the terms of other rows; raise a ValueError where a level is none of the file."""
        numbers = self._numbers(table)
        codes = {name: self._level(name, table[name]) for name in self.levels}
        made = {}
        for label, part in self.parts.items():
            product = np.ones(len(table))
            for name in part.numbers:
                product = product * numbers[name]
            for one in part.levels:
                product = product * (codes[one.column] == one.level)
            made[label] = product
        return pd.DataFrame(made, index=table.index)

    def _numbers(self, table: pd.DataFrame) -> dict[str, np.ndarray]:
        """Return every number that some term is a product of: columns, and what is computed."""
        plain = table.select_dtypes("number")
        found = {str(name): plain[name].to_numpy(dtype=float) for name in plain}
        for text, state in self.states.items():
            found |= Expression(text, state).value(table, Choices()).numbers
        return found

    def _level(self, name: str, values: pd.Series) -> np.ndarray:
        found = as_levels(values).to_numpy()
        if unknown := {*found} - {*self.levels[name]}:
            raise ValueError(f"{name} is never {min(unknown)!r} in the rows that were fitted")
        return found


def as_levels(values: pd.Series) -> pd.Series:
    """Return values as the names of levels: text as it is, numbers as C(x) writes them."""
    if isinstance(values.dtype, pd.CategoricalDtype) or not pd.api.types.is_numeric_dtype(values):
        return values.astype(str)
    return values.map(lambda number: f"{number:.15g}")


def levels_of(categories: Sequence[Category]) -> dict[str, tuple[str, ...]]:
    """Return the levels of each category by its column, the reference first."""
    return {one.column: tuple(map(str, one.values.cat.categories)) for one in categories}


def logarithm(outcome: str) -> tuple[str, float] | None:
    """Return the column and the base of an outcome such as log(price), written so; else None."""
    found = _LOG.fullmatch(re.sub(r"\s", "", outcome) if "`" not in outcome else outcome.strip())
    return (found[2] or found[3], _BASES[found[1]]) if found else None
