"""Formulas in Wilkinson notation, read by formulaic: those that compute and do nothing else.

formulaic evaluates Python in `{...}`, in `I(...)` and in every call, on both sides. So each factor
is parsed first, and only arithmetic, numbers, columns and the functions below get through.
"""

import ast
import math
import re

import numpy as np
import pandas as pd
from formulaic import Formula
from formulaic.parser import DefaultFormulaParser
from formulaic.parser.types import Factor, Term

from data._bounds import BEFORE, FormulaError, bound_products, columns_at_most

#: Functions a formula may call; those that formulaic does not have itself come with their value.
FUNCTIONS = {
    "sqrt": np.sqrt,
    "log1p": np.log1p,
    **dict.fromkeys(("log", "log10", "log2", "exp", "I", "C", "center", "scale", "poly", "bs")),
}
OPTIONS = {"poly": {"degree"}, "bs": {"df", "degree"}, "scale": {"ddof"}}  # beside the column
LONGEST, DEGREE, TERMS, LEVELS = 2000, 20, 200, 30

_ALLOWED = (
    *(ast.Expression, ast.Name, ast.Load, ast.Constant, ast.Call, ast.keyword, ast.UnaryOp),
    *(ast.USub, ast.UAdd, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow),
)
_QUOTED = re.compile(r"`[^`]*`")


def design(formula: str, table: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Return the outcome and the terms (columns, without the intercept) that a formula makes.

    `table` has numeric and categorical columns without missing values; the index is kept. `.` are
    all columns but the outcome. Cells may come out not finite, such as log(0).

    Raises
    ------
    FormulaError
        The formula does not parse, does more than compute, has no single outcome or no intercept,
        or names a column that is not there.
    """
    outcome, terms = _parse(formula, list(table.columns))
    _bound_columns([outcome, *terms], table)
    context = {name: value for name, value in FUNCTIONS.items() if value is not None}
    try:
        with np.errstate(all="ignore"):
            left = Formula([outcome]).get_model_matrix(table, context=context, na_action="ignore")
            right = Formula(terms).get_model_matrix(table, context=context, na_action="ignore")
    except Exception as error:  # of many kinds; what is evaluated here can only compute
        raise FormulaError(_plain(error)) from None
    if left.shape[1] != 1:
        raise FormulaError(f"the outcome {outcome} has {left.shape[1]} columns; one is needed")
    x = pd.DataFrame(right).drop(columns="Intercept")
    return pd.DataFrame(left).iloc[:, 0], x


def columns_of(formula: str, columns: list[str]) -> list[str]:
    """Return the columns that a formula reads, the outcome's first.

    Raises
    ------
    FormulaError
        As `design` does.
    """
    outcome, terms = _parse(formula, columns)
    return _read([outcome, *terms])


def _parse(formula: str, columns: list[str]) -> tuple[Term, list[Term]]:
    """Return the outcome's term and the other terms, each of them harmless."""
    if len(_QUOTED.sub("", formula)) > LONGEST:
        raise FormulaError(f"the formula has more than {LONGEST:,} characters")
    try:
        bound_products(formula, len(columns))
        parsed = DefaultFormulaParser().get_terms(
            formula, context={"__formulaic_variables_available__": columns}
        )
    except FormulaError:
        raise
    except Exception as error:  # formulaic's parser lets errors of many kinds through
        raise FormulaError(f"does not parse: {_plain(error)}") from None
    sides = parsed._structure
    if set(sides) != {"lhs", "rhs"} or isinstance(sides["rhs"], tuple) or len(sides["lhs"]) != 1:
        raise FormulaError("expected one outcome, ~ and one sum of terms, as in y ~ x + z")
    (outcome,), terms = sides["lhs"], list(sides["rhs"])
    if not any(term.degree == 0 for term in terms):
        raise FormulaError("this model always has an intercept; leave out 0 + and - 1")
    if not 1 < len(terms) <= TERMS:
        raise FormulaError(f"the formula has {len(terms) - 1} terms; 1 to {TERMS - 1} are possible")
    for term in (outcome, *terms):
        for factor in term.factors:
            _check(factor, columns)
    both = {*_read([outcome])} & {*_read(terms)}
    if both:
        raise FormulaError(f"the outcome, {both.pop()!r}, is among its own predictors")
    return outcome, terms


def _read(terms: list[Term]) -> list[str]:
    """Return the columns that terms read, each once."""
    factors = (factor for term in terms for factor in term.factors)
    return list(dict.fromkeys(name for factor in factors for name in _names(factor)))


def _bound_columns(terms: list[Term], table: pd.DataFrame) -> None:
    """Refuse products of categories before their columns are made."""
    made = 0
    for term in terms:
        widths = []
        for factor in term.factors:
            tree = _expression(factor) if factor.eval_method is Factor.EvalMethod.PYTHON else None
            widths.append(columns_at_most(tree, _names(factor), table))
            if widths[-1] > LEVELS and tree and "C(" in factor.expr:
                raise FormulaError(f"{factor.expr}: more than {LEVELS} categories")
        made += math.prod(widths)
    if made > BEFORE:
        raise FormulaError(f"the formula makes more than {BEFORE:,} columns")


def _check(factor: Factor, columns: list[str]) -> None:
    """Refuse a factor that names no column, or that does anything but arithmetic and our calls."""
    unknown = [name for name in _names(factor) if name not in columns]
    if unknown:
        found = ", ".join(map(repr, columns[:50]))
        raise FormulaError(f"there is no column {unknown[0]!r}; found {found}")
    if factor.eval_method is not Factor.EvalMethod.PYTHON:
        return
    tree = _expression(factor)
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise FormulaError(f"{factor.expr}: a formula cannot have {type(node).__name__} in it")
        if isinstance(node, ast.Call):
            _check_call(node, factor, columns)
        if isinstance(node, ast.Constant) and not isinstance(node.value, (int, float)):
            raise FormulaError(f"{factor.expr}: {node.value!r} is not a number")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            power = getattr(node.right, "value", None)
            if not isinstance(power, (int, float)) or not 0 < power <= DEGREE:
                raise FormulaError(f"{factor.expr}: a power is a number up to {DEGREE}")
            if not any(isinstance(part, ast.Name) for part in ast.walk(node.left)):
                raise FormulaError(f"{factor.expr}: a power of a number; write the number")


def _check_call(call: ast.Call, factor: Factor, columns: list[str]) -> None:
    name = call.func.id if isinstance(call.func, ast.Name) else "(this)"
    if name not in FUNCTIONS:
        raise FormulaError(f"{factor.expr}: no function {name}; there are {', '.join(FUNCTIONS)}")
    if name in columns:
        raise FormulaError(f"{factor.expr}: a column is called {name} too; rename it")
    if name == "C" and [type(part) for part in call.args] != [ast.Name]:
        raise FormulaError(f"{factor.expr}: C() takes a column and nothing else")
    options, more = OPTIONS.get(name, set()), len(call.args) - 1
    if {keyword.arg for keyword in call.keywords} - options or not 0 <= more <= len(options):
        raise FormulaError(f"{factor.expr}: {name} takes a column and {_listed(options)}")
    arguments = [*call.args[1:], *(keyword.value for keyword in call.keywords)]
    for value in (getattr(argument, "value", None) for argument in arguments):
        if not isinstance(value, (int, float)) or not 0 <= value <= DEGREE:
            raise FormulaError(f"{factor.expr}: a degree is a number up to {DEGREE}")


def _listed(options: set[str]) -> str:
    return f"perhaps {', '.join(sorted(options))}" if options else "nothing else"


def _names(factor: Factor) -> list[str]:
    """Return the columns that a factor reads."""
    if factor.eval_method is Factor.EvalMethod.LITERAL:
        return []
    if factor.eval_method is Factor.EvalMethod.LOOKUP:
        return [factor.expr]
    quoted = [name[1:-1] for name in _QUOTED.findall(factor.expr)]
    nodes = [node for node in ast.walk(_expression(factor)) if isinstance(node, ast.Name)]
    called = [n.func for n in ast.walk(_expression(factor)) if isinstance(n, ast.Call)]
    functions = {function.id for function in called if isinstance(function, ast.Name)}
    plain = [node.id for node in nodes if node.id not in functions and node.id != "_quoted"]
    return [*quoted, *plain]


def _expression(factor: Factor) -> ast.Expression:
    try:
        return ast.parse(_QUOTED.sub("_quoted", factor.expr), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(f"{factor.expr}: does not parse") from None


def _plain(error: Exception) -> str:
    """Return an error's first line, without formulaic's colours."""
    text = re.sub(r"\x1b\[[0-9;]*m|[⧛⧚]|\[[0-9;]*m", "", str(error))
    return text.strip().splitlines()[0] if text.strip() else type(error).__name__
