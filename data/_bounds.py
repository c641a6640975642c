"""How many terms and columns a formula would make, told before it makes them."""

import itertools
from collections.abc import Callable

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
    tree = DefaultFormulaParser().get_ast(formula)
    if alone := squared(tree):
        raise FormulaError(
            f"{alone}: to statsmodels, R and the others a power of one term is the term crossed "
            f"with itself, which is the term: write I({alone}) for its square or power"
        )
    if terms_at_most(tree, columns, BEFORE) > BEFORE:
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


def squared(node: ASTNode | Token | None) -> str:
    """Return the first power of a single term, such as age**2, in a parsed formula; "" for none."""
    if not isinstance(node, ASTNode):
        return ""
    if node.operator.symbol in {"**", "^"} and not isinstance(node.args[0], ASTNode):
        return f"{node.args[0]}**{node.args[1]}"
    if node.operator.symbol in {":", "*"} and len({str(one) for one in node.args}) == 1:
        return f"{node.args[0]}**2"
    return next((found for one in node.args if (found := squared(one))), "")
