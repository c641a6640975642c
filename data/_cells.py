"""Products with levels that the rows do not have: said and left out, so the rest is fitted."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from data._levels import Category
from data._soundness import FLAT, TOLERANCE
from data._terms import Term

TOLD = 10  # empty cells named


def estimable(
    terms: pd.DataFrame, parts: Sequence[Term], categories: Sequence[Category]
) -> tuple[pd.DataFrame, list[Term], list[str]]:
    """Leave out products with levels that cannot be estimated; return the rest, and notes."""
    products = [len(part.names) > 1 and bool(part.levels) for part in parts]
    if not any(products) or not np.isfinite(terms.to_numpy()).all():
        return terms, [_placed(part, parts, categories) for part in parts], []
    kept = _independent(terms.to_numpy(), np.array(products))
    out = [parts[i] for i in range(len(parts)) if i not in kept]
    crossed = {frozenset(one.column for one in part.levels) for part in parts}
    empty = [
        told for pair in itertools.combinations(categories, 2) for told in _empty(pair, crossed)
    ]
    notes = [_sum_up(empty)] if empty else []
    if out:
        names = ", ".join(part.label() for part in out)
        notes.append(f"Left out, because these rows cannot estimate it: {names}.")
    placed = [_placed(parts[i], parts, categories) for i in kept]
    return terms.iloc[:, kept], placed, notes


def _placed(part: Term, parts: Sequence[Term], categories: Sequence[Category]) -> Term:
    """Say of a term that is a part of products where it holds: “size M”, “age 0”.

    Not of parts of a curve, such as bs(x, df=4)[1], whose 0 means nothing to anybody.
    """
    mine = {*part.names}
    others = (name for one in parts if mine < {*one.names} for name in one.names)
    references = {one.column: one.reference for one in categories}
    at = [
        f"{name} {references.get(name, 0)}"
        for name in dict.fromkeys(others)
        if name not in mine and "[" not in name
    ]
    return replace(part, at=", ".join(at))


def _independent(x: np.ndarray, may_go: np.ndarray) -> list[int]:
    """Return the columns without those of `may_go` that are constant or sums of earlier ones."""
    kept: list[int] = []
    centred = x - x.mean(axis=0)
    basis = np.empty((len(x), 0))
    full = len(x) > x.shape[1] + 1  # else nothing is known of who depends on whom
    for i in range(x.shape[1]):
        column = centred[:, i]
        length = np.linalg.norm(column)
        if may_go[i] and length <= FLAT * np.abs(x[:, i]).max() * np.sqrt(len(x)):
            continue
        unit = column / length if length else column
        left = unit - basis @ (basis.T @ unit)
        left -= basis @ (basis.T @ left)  # once more, for what rounding left
        size = np.linalg.norm(left)
        if may_go[i] and full and size <= TOLERANCE:
            continue
        kept.append(i)
        if size > TOLERANCE:
            basis = np.column_stack([basis, left / size])
    return kept


def _empty(pair: tuple[Category, Category], crossed: set[frozenset[str]]) -> list[str]:
    """Name the pairs of levels that no row has, of categories that some term multiplies."""
    one, other = pair
    if not any({one.column, other.column} <= columns for columns in crossed):
        return []
    counts = pd.crosstab(one.values, other.values, dropna=False)
    return [
        f"{one.column} {level} has no row with {other.column} {another}"
        for level in counts.index
        for another in counts.columns
        if counts.loc[level, another] == 0
    ]


def _sum_up(empty: Sequence[str]) -> str:
    more = f"; and {len(empty) - TOLD:,} more" if len(empty) > TOLD else ""
    return f"{'; '.join(empty[:TOLD])}{more}: what is special there cannot be estimated."
