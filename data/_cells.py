"""Products with levels that the rows do not have: said and left out, so the rest is fitted."""

import itertools
from collections.abc import Sequence

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
    products = [len(part.numbers) + len(part.levels) > 1 and bool(part.levels) for part in parts]
    if not any(products) or not np.isfinite(terms.to_numpy()).all():
        return terms, list(parts), []
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
    held = _held(parts, categories)
    if held:
        notes.append(
            "There are products: what is told of one of their parts alone holds where the other is "
            f"at its reference or 0 ({', '.join(held)})."
        )
    return terms.iloc[:, kept], [parts[i] for i in kept], notes


def _held(parts: Sequence[Term], categories: Sequence[Category]) -> list[str]:
    """Return where parts of products stand while another part is told: “size M”, “age 0”."""
    many = [part for part in parts if len(part.numbers) + len(part.levels) > 1 and part.levels]
    alone = {(*part.numbers, *(one.column for one in part.levels)) for part in parts}
    held = set()
    for part in many:
        names = (*part.numbers, *dict.fromkeys(one.column for one in part.levels))
        held |= {
            name for name in names if any((other,) in alone for other in names if other != name)
        }
    levels = {one.column: one.reference for one in categories if one.column in held}
    numbers = [n for n in dict.fromkeys(n for part in many for n in part.numbers) if n in held]
    plain = [number for number in numbers if "[" not in number]  # not a part of a curve
    return [*(f"{name} {level}" for name, level in levels.items()), *(f"{n} 0" for n in plain)]


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
