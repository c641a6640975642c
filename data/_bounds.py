"""How many terms and columns a formula would make, told before it makes them."""

import ast
import itertools
import math
from collections.abc import Callable

import pandas as pd
from formulaic.parser import DefaultFormulaParser
from formulaic.parser.algos.tokenize import tokenize
from formulaic.parser.types import ASTNode, Token

POWER = 3
BEFORE = 10_000  # terms, or columns, before repeated and redundant ones are taken out

#: A bound on the terms of what an operator makes of two sums of so many terms; others add.
_PRODUCTS: dict[str, Callable[[int, int], int]] = {
    ":": lambda a, b: a * b,
    "*": lambda a, b: a + b + a * b,
    "/": lambda a, b: a + a * b,
    "in": lambda a, b: a * b,
}


class FormulaError(ValueError):
    """The formula cannot be used; the message says what is wrong with it."""


def bound_products(formula: str, columns: int) -> None:
    """Refuse `(x + z) ** 99999` and `a*b*c*...` before they are multiplied out.

    `columns` are what `.` stands for. Raises a FormulaError, or what formulaic's parser raises.
    """
    tokens = [str(token) for token in tokenize(formula)]
    for operator, power in itertools.pairwise([*tokens, ""]):
        if operator in {"**", "^"} and power not in {"1", "2", str(POWER)}:
            raise FormulaError(f"{operator} {power}: a power of terms is a number up to {POWER}")
    if terms_at_most(DefaultFormulaParser().get_ast(formula), columns, BEFORE) > BEFORE:
        raise FormulaError(f"the formula multiplies out to more than {BEFORE:,} terms")


def terms_at_most(node: ASTNode | Token | None, columns: int, limit: int) -> int:
    """Return a bound on the terms of a parsed formula, `limit` + 1 where it is more than `limit`.

    `columns` are what `.` stands for. Repeated terms count each time.
    """
    if not isinstance(node, ASTNode):
        return 1
    symbol = node.operator.symbol
    if symbol == ".":
        return columns
    found = [terms_at_most(part, columns, limit) for part in node.args]
    if symbol in {"**", "^"}:
        made = found[0] ** int(str(node.args[1]))
    elif symbol in _PRODUCTS and len(found) == 2:
        made = _PRODUCTS[symbol](*found)
    else:
        made = sum(found)
    return min(made, limit + 1)


def columns_at_most(tree: ast.AST | None, names: list[str], table: pd.DataFrame) -> int:
    """Return a bound on the columns that a factor makes of `table`.

    `tree` is the factor's Python, None for a column as it is; `names` are the columns it reads.
    """
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree else []
    coded = any(getattr(call.func, "id", "") == "C" for call in calls)
    levels = [table[n].nunique() for n in names if coded or hasattr(table[n], "cat")]
    degrees = [
        int(value) + 1
        for call in calls
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(value := getattr(argument, "value", None), (int, float))
    ]
    return math.prod(levels) * math.prod(degrees)
