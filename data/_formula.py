"""Formulas in Wilkinson notation: formulaic reads and multiplies them out, and computes nothing.

Each factor is computed by `data/_factors.py`, which knows arithmetic and a few functions. formulaic
then gets columns and levels under names made here, so that nothing of a file is evaluated, and what
a column of the design is can be told whatever the names in the file look like.
"""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from formulaic.parser import DefaultFormulaParser
from formulaic.parser.types import Factor as Parsed, Term as Product

from data._again import Again, levels_of
from data._bounds import FormulaError, bound_products
from data._cells import estimable
from data._factors import Expression, Factor, State
from data._label import labels
from data._levels import Choices, category
from data._notation import read, refuse_sums
from data._products import multiplied
from data._terms import Term
from data._varying import refuse_twice

LONGEST, TERMS = 2000, 200
COLUMNS = 1000  # before redundant ones are taken out
_QUOTES = re.compile(r"`[^`]*`")
_NONE = Choices()


class Designed(NamedTuple):
    """The outcome, the terms (without the intercept), what each is, and notes on the coding."""

    outcome: pd.Series
    terms: pd.DataFrame
    parts: dict[str, Term]
    notes: list[str]
    categories: tuple[str, ...]  # columns that are coded
    states: dict[str, State]  # of every expression, by its text
    again: Again  # makes the terms of other rows


def design(formula: str | None, table: pd.DataFrame, chosen: Choices = _NONE) -> Designed:
    """Return the outcome and the terms that a formula makes; without one, the first on all others.

    `table` has numeric and categorical columns without missing values; the index is kept. `.` are
    all columns but the outcome. Cells may come out not finite, such as log(0).

    Raises
    ------
    FormulaError, ChoiceError
        The formula does not parse, does more than compute, has no single outcome or no intercept,
        or names a column or a level that is not there.
    """
    if formula is None:
        outcome, terms = _every(list(table.columns))
    else:
        outcome, terms = _parse(formula, list(table.columns))
    left = _left(outcome, table)
    factors = {one: _factor(one, table, chosen) for term in terms for one in term.factors}
    _bound_columns(terms, factors)
    made = {one: found for one, found in factors.items() if one.expr != "1"}
    x, parts = multiplied(terms, made, table.index)
    categories = [one.category for one in made.values() if one.category is not None]
    x, parts, notes = estimable(x, parts, categories)
    named = labels(part.label() for part in parts)
    coded = dict.fromkeys(one.note for one in categories)
    columns = tuple(dict.fromkeys(one.column for one in categories))
    by_name = dict(zip(named, parts, strict=True))
    states = {_text(one): f.state for one, f in made.items() if f.state is not None}
    terms_of = x.set_axis(named, axis=1)
    again = Again(by_name, states, levels_of(categories))
    return Designed(left, terms_of, by_name, [*coded, *notes], columns, states, again)


def columns_of(formula: str, columns: list[str]) -> list[str]:
    """Return the columns that a formula reads, the outcome's first.

    Raises
    ------
    FormulaError
        As `design` does.
    """
    outcome, terms = _parse(formula, columns)
    return _read([outcome, *terms])


def _every(columns: Sequence[str]) -> tuple[Product, list[Product]]:
    outcome, *others = (Product([Parsed(name, eval_method="lookup")]) for name in columns)
    return outcome, others


def _parse(formula: str, columns: list[str]) -> tuple[Product, list[Product]]:
    """Return the outcome's term and the other terms, all of whose columns are there."""
    if len(_QUOTES.sub("", formula)) > LONGEST:
        raise FormulaError(f"the formula has more than {LONGEST:,} characters")
    written = read(formula, columns)
    columns = [name for name in columns if name != written.group]
    refuse_sums(written.text)
    try:
        bound_products(written.text, len(columns))
        parsed = DefaultFormulaParser().get_terms(
            written.text, context={"__formulaic_variables_available__": columns}
        )
    except FormulaError:
        raise
    except Exception as error:  # formulaic's parser lets errors of many kinds through
        raise FormulaError(_unparsed(formula, error)) from None
    sides = parsed._structure
    if set(sides) != {"lhs", "rhs"} or isinstance(sides["rhs"], tuple) or len(sides["lhs"]) != 1:
        raise FormulaError("expected one outcome, ~ and one sum of terms, as in y ~ x + z")
    (outcome,), terms = sides["lhs"], list(sides["rhs"])
    if not any(term.degree == 0 for term in terms):
        raise FormulaError("this model always has an intercept; leave out 0 + and - 1")
    if not 1 < len(terms) <= TERMS:
        raise FormulaError(f"the formula has {len(terms) - 1} terms; 1 to {TERMS - 1} are possible")
    refuse_twice(written.group, used := _read([outcome, *terms]))
    if unknown := [name for name in used if name not in columns]:
        found = ", ".join(map(repr, columns[:50]))
        raise FormulaError(f"there is no column {unknown[0]!r}; found {found}")
    if both := {*_read([outcome])} & {*_read(terms)}:
        raise FormulaError(f"the outcome, {both.pop()!r}, is among its own predictors")
    return outcome, [term for term in terms if term.degree]


def _read(terms: Sequence[Product]) -> list[str]:
    """Return the columns that terms read, each once."""
    factors = (factor for term in terms for factor in term.factors)
    return list(dict.fromkeys(name for factor in factors for name in _names(factor)))


def _names(factor: Parsed) -> list[str]:
    if factor.eval_method is Parsed.EvalMethod.LITERAL:
        return []
    if factor.eval_method is Parsed.EvalMethod.LOOKUP:
        return [factor.expr.rstrip()]
    return Expression(factor.expr).columns()


def _left(outcome: Product, table: pd.DataFrame) -> pd.Series:
    """Return the outcome: a column as it is, or numbers computed from one."""
    (factor, *others) = outcome.factors
    if others or factor.eval_method is Parsed.EvalMethod.LITERAL:
        raise FormulaError("expected one outcome, ~ and one sum of terms, as in y ~ x + z")
    if factor.eval_method is Parsed.EvalMethod.LOOKUP:
        return table[factor.expr.rstrip()]
    expression = Expression(factor.expr)
    found, name = expression.value(table, _NONE), expression.text
    if found.category is not None:
        raise FormulaError(f"the outcome is a column or a number computed from one: {name}")
    if found.width != 1:
        raise FormulaError(f"the outcome {name} has {found.width} columns; one is needed")
    return pd.Series(next(iter(found.numbers.values())), table.index, name=name)


def _factor(factor: Parsed, table: pd.DataFrame, chosen: Choices) -> Factor:
    """Return a factor's value; a number in a product counts as 1 there."""
    if factor.eval_method is Parsed.EvalMethod.LITERAL:
        if factor.expr != "1":
            raise FormulaError(f"{factor.expr} times a term is the term: leave the number out")
        return Factor({"1": np.ones(len(table))})
    if factor.eval_method is Parsed.EvalMethod.PYTHON:
        return Expression(factor.expr).value(table, chosen)
    name = factor.expr.rstrip()
    column = table[name]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return Factor({}, category(name, column, chosen))
    return Factor({name: column.to_numpy(dtype=float)})


def _text(factor: Parsed) -> str:
    return Expression(factor.expr).text


def _bound_columns(terms: Sequence[Product], factors: dict[Parsed, Factor]) -> None:
    """Refuse products of categories before their columns are made."""
    if sum(math.prod(factors[one].width for one in term.factors) for term in terms) > COLUMNS:
        raise FormulaError(f"the formula makes more than {COLUMNS:,} columns")


def _unparsed(formula: str, error: Exception) -> str:
    """Say in words of its own, where it can be, why a formula cannot be read."""
    if formula.count("(") != formula.count(")"):
        return "a bracket has no matching one: count ( and )"
    text = re.sub(r"\x1b\[[0-9;]*m|[⧛⧚]|\[[0-9;]*m", "", str(error))
    if "Numeric literals" in text:
        return "a number, alone or times a term, is no term (each has a coefficient): leave it out"
    return (
        "cannot be read; write it as in y ~ x + log(z) + C(g) + x:z, names with blanks or signs in "
        "backquotes (`a b`), arithmetic inside I(...)"
    )
