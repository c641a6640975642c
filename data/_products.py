"""Terms multiplied out by formulaic, which sees names made here and not those of a file."""

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from formulaic import Formula
from formulaic.parser.types import Factor as Parsed, Term as Product

from data._factors import Factor
from data._levels import Category
from data._terms import Level, Term


def multiplied(
    terms: Sequence[Product], factors: dict[Parsed, Factor], index: pd.Index
) -> tuple[pd.DataFrame, list[Term]]:
    """Return the columns of the terms, and what each is.

    A factor of several numeric columns makes a product for each. Columns and levels have names here
    that no other name is part of: f1, f2, ... and l0, l1, ...
    """
    columns: dict[str, pd.Series | np.ndarray] = {}
    meant: dict[str, str | Category] = {}
    named: dict[Parsed, list[str]] = {}
    for parsed, factor in factors.items():
        named[parsed] = []
        if factor.category is not None:
            named[parsed].append(alias := f"f{len(columns)}_")
            meant[alias], columns[alias] = factor.category, _aliased(factor.category)
        for name, numbers in factor.numbers.items():
            named[parsed].append(alias := f"f{len(columns)}_")
            meant[alias], columns[alias] = name, numbers
    if all(len(term.factors) == 1 for term in terms) and not any(
        isinstance(one, Category) for one in meant.values()
    ):
        return _as_they_stand(terms, named, columns, index), [
            Term((str(meant[alias]),), ()) for term in terms for alias in named[term.factors[0]]
        ]
    several = [Product([Parsed("1", eval_method="literal")])]
    for term in terms:
        for one in itertools.product(*(named[f] for f in term.factors if f in named)):
            several.append(Product([Parsed(alias, eval_method="lookup") for alias in one]))
    table = pd.DataFrame(columns, index=index)
    made = pd.DataFrame(Formula(several).get_model_matrix(table, na_action="ignore"))
    x = made.drop(columns="Intercept").astype(float)
    return x, [_term(str(column), meant) for column in x]


def _as_they_stand(
    terms: Sequence[Product],
    named: dict[Parsed, list[str]],
    columns: dict[str, pd.Series | np.ndarray],
    index: pd.Index,
) -> pd.DataFrame:
    """Return the columns of terms that are numbers by themselves, as formulaic does."""
    chosen = [alias for term in terms for alias in named[term.factors[0]]]
    made = {alias: np.asarray(columns[alias], dtype=float) for alias in chosen}
    return pd.DataFrame(made, index=index, copy=False)


def _aliased(found: Category) -> pd.Series:
    levels = found.values.cat.categories
    return found.values.cat.rename_categories([f"l{i}_" for i in range(len(levels))])


def _term(column: str, meant: dict[str, str | Category]) -> Term:
    """Return what a column such as f0_:f1_[T.l2_] is."""
    numbers, levels = [], []
    for part in column.split(":"):
        alias, _, code = part.partition("[")
        found = meant[alias]
        if isinstance(found, str):
            numbers.append(found)
            continue
        at = int(code.removesuffix("]").removeprefix("T.").strip("l_"))
        against = found.reference if "T." in code else None
        levels.append(Level(found.column, str(found.values.cat.categories[at]), against))
    return Term(tuple(numbers), tuple(levels))
