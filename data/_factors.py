"""One factor of a formula, computed: numbers, a basis of several columns, or a category.

Python's parser reads it and nothing evaluates it but what stands here: arithmetic, comparisons with
numbers, columns, and the functions below. What is not here is refused.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data import _functions as known
from data._bounds import FormulaError
from data._calls import coding, options_of, part
from data._functions import COMPARED, MOST, TWO, Numbers, called, unknown
from data._levels import Category, ChoiceError, Choices, category

QUOTED = re.compile(r"`[^`]*`")
#: What functions such as scale and bs took of the rows they were first computed of: means, sds,
#: knots, by the text of the call. With it new rows get the same columns.
type State = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Factor:
    """Columns of numbers by name, or a category; of what is computed, what it took of the rows."""

    numbers: Mapping[str, Numbers]
    category: Category | None = None
    state: State | None = None

    @property
    def width(self) -> int:
        """The number of columns that it makes."""
        return len(self.numbers) if self.category is None else self.category.values.nunique()


class Expression:
    """A factor as text, parsed: the columns it reads, and its value in a table.

    `state` is that of the rows that were fitted, where the table has others.
    """

    def __init__(self, text: str, state: State | None = None) -> None:
        self.again, self.state = state is not None, state or {}
        self.text = re.sub(r"`([^`]*?) `", r"`\1`", text)  # see `data/_notation.py`
        self._names = [one[1:-1].rstrip() for one in QUOTED.findall(text)]
        marks = iter(range(len(self._names)))
        plain = QUOTED.sub(lambda one: f" _quoted{next(marks)}_ ", text)
        try:
            self.tree = ast.parse(plain.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise FormulaError(f"{text}: does not parse") from None

    def columns(self) -> list[str]:
        """Return the columns that are read; raise a FormulaError for a function there is not."""
        try:
            return self._read(self.tree)
        except RecursionError:
            raise self._wrong("too deep") from None

    def _read(self, node: ast.AST) -> list[str]:
        match node:
            case ast.Name():
                return [self._name(node)]
            case ast.Attribute():  # a module, of which nothing is taken but names of functions
                return []
            case ast.Call() if called(node) in known.CATEGORIES:
                inside: list[ast.AST] = [*node.args[:1]]  # the rest names a coding
            case ast.Call() if called(node) not in {*known.FUNCTIONS, *known.BASES}:
                raise self._wrong(unknown(called(node)))
            case ast.Call():
                inside = [*node.args, *node.keywords]
            case _:
                inside = [*ast.iter_child_nodes(node)]
        return [name for one in inside for name in self._read(one)]

    def value(self, table: pd.DataFrame, chosen: Choices) -> Factor:
        """Compute the factor.

        Raises
        ------
        FormulaError
            It has a part that is not allowed, or that does not fit its columns.
        """
        node = self.tree
        try:
            with np.errstate(all="ignore"):
                if isinstance(node, ast.Call) and called(node) in known.CATEGORIES:
                    return self._category(node, table, chosen)
                if isinstance(node, ast.Call) and called(node) in known.BASES:
                    return self._basis(node, table)
                found = np.asarray(self._number(node, table), dtype=float)
        except ChoiceError as error:
            raise FormulaError(f"{self.text}: {error}") from None
        except (OverflowError, RecursionError):
            raise self._wrong("a number too large, or too deep") from None
        return Factor({self.text: np.broadcast_to(found, len(table))}, state=self.state)

    def _number(self, node: ast.expr, table: pd.DataFrame) -> Numbers:
        match node:
            case ast.Constant(value=bool() | str() | bytes() | complex() | None):
                raise self._wrong(f"{node.value!r} is not a number")
            case ast.Constant(value=int() | float() as number):
                return np.asarray(float(number))
            case ast.Name():
                return self._column(self._name(node), table)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=inner):
                found = self._number(inner, table)
                return -found if isinstance(node.op, ast.USub) else found
            case ast.BinOp(left=left, op=op, right=right) if type(op) in TWO:
                if isinstance(op, known.POWERS):
                    self._check_power(left, right)
                return TWO[type(op)](self._number(left, table), self._number(right, table))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARED:
                sides = self._number(left, table), self._number(right, table)
                return COMPARED[type(op)](*sides).astype(float)
            case ast.Call():
                return self._called(node, table)
        raise self._wrong(f"a formula cannot have {part(node)}")

    def _column(self, name: str, table: pd.DataFrame) -> Numbers:
        if isinstance(table[name].dtype, pd.CategoricalDtype):
            raise self._wrong(f"the column {name!r} is text (as 01067 is), and a number is needed")
        return table[name].to_numpy(dtype=float)

    def _called(self, node: ast.Call, table: pd.DataFrame) -> Numbers:
        name = called(node)
        if name in known.BASES or name in known.CATEGORIES:
            raise self._wrong(f"{name}() cannot stand inside another function")
        if name not in known.FUNCTIONS:
            raise self._wrong(unknown(name))
        options = options_of(node, name, self._wrong)
        x = np.broadcast_to(self._number(node.args[0], table), len(table))
        if name in known.STATEFUL:
            options["_state"] = self._state_of(node)
        return np.asarray(known.FUNCTIONS[name](x, **options))

    def _state_of(self, node: ast.Call) -> dict[str, Any]:
        return self.state.setdefault(ast.unparse(node), {})

    def _basis(self, node: ast.Call, table: pd.DataFrame) -> Factor:
        """Return the columns of a polynomial or a spline."""
        name = called(node)
        function, size = known.BASES[name]
        options = options_of(node, name, self._wrong, size)
        options = {one: value if one == "raw" else int(value) for one, value in options.items()}
        if name != "poly" and "df" not in options:
            raise self._wrong(f"say how many columns {name} makes, as in {name}(x, df=4)")
        x = np.broadcast_to(self._number(node.args[0], table), len(table))
        if np.ptp(x) == 0 and not self.again:
            raise self._wrong("the column is constant")
        if self.again and name != "poly":  # beyond the knots a curve goes on as it is there
            options["extrapolation"] = "extend"
        try:
            made = function(x, **options, _state=self._state_of(node))
        except ValueError as error:
            raise self._wrong(str(error).partition("\n")[0]) from None
        if hasattr(made, "shape"):
            made = {i + 1: column for i, column in enumerate(np.asarray(made).T)}
        columns = {f"{self.text}[{i}]": np.asarray(one, float) for i, one in made.items()}
        return Factor(columns, state=self.state)

    def _category(self, node: ast.Call, table: pd.DataFrame, chosen: Choices) -> Factor:
        """Return a column as a category, with the reference and order of the formula."""
        if not node.args or not isinstance(node.args[0], ast.Name):
            raise self._wrong(f'{called(node)}() takes a column, and perhaps Treatment("level")')
        name = self._name(node.args[0])
        own, order = coding(node, self._wrong)
        values = table[name]
        numeric = not isinstance(values.dtype, pd.CategoricalDtype)
        if values.nunique() > known.LEVELS:
            raise self._wrong(f"more than {known.LEVELS} categories")
        if numeric:
            values = values.map(lambda number: f"{number:.15g}")
        if order is not None:
            chosen = Choices(chosen.references, {**chosen.orders, name: order})
        return Factor({}, category(name, values, chosen, own=own, numeric=numeric))

    def _check_power(self, left: ast.expr, right: ast.expr) -> None:
        power = getattr(right, "value", None)
        if isinstance(power, bool) or not isinstance(power, int | float) or not 0 < power <= MOST:
            raise self._wrong(f"a power is a number up to {MOST}")
        if not any(isinstance(part, ast.Name) for part in ast.walk(left)):
            raise self._wrong("a power of a number; write the number")

    def _name(self, node: ast.Name) -> str:
        found = re.fullmatch(r"_quoted(\d+)_", node.id)
        return self._names[int(found[1])] if found else node.id

    def _wrong(self, what: str) -> FormulaError:
        return FormulaError(f"{self.text}: {what}")
