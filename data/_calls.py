"""What stands in the brackets of a function of a formula: its options, or a category's coding."""

import ast
from collections.abc import Callable
from typing import Any

from data._bounds import FormulaError
from data._functions import IN_FILE, MOST, OPTIONS

type Wrong = Callable[[str], FormulaError]  # from what is wrong to the error that says where


def options_of(node: ast.Call, name: str, wrong: Wrong, size: str = "") -> dict[str, Any]:
    """Return the options of a call: numbers up to `MOST`; `size` may be the second argument."""
    allowed = OPTIONS.get(name, set())
    given = {str(one.arg): one.value for one in node.keywords}
    if size and len(node.args) == 2:
        given[size] = node.args[1]
    if given.keys() - allowed or len(node.args) != 1 + (len(node.args) == 2 and bool(size)):
        more = f"perhaps {', '.join(sorted(allowed))}" if allowed else "nothing else"
        raise wrong(f"{name} takes a column and {more}")
    values = {option: getattr(value, "value", None) for option, value in given.items()}
    for option, value in values.items():
        is_flag = option == "raw" and isinstance(value, bool)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_flag and not (number and value in range(MOST + 1)):
            raise wrong(f"a degree is a number up to {MOST}")
    return values


def coding(node: ast.Call, wrong: Wrong) -> tuple[str | None, list[str] | None]:
    """Return the reference and the order of levels that stand in C(), or None."""
    own, order = None, None
    given = {str(one.arg): one.value for one in node.keywords}
    for i, value in enumerate(node.args[1:]):
        given[("contr", "levels")[i] if i < 2 else "too many"] = value
    for option, value in given.items():
        if option in ("contr", "contrasts", "contrast"):
            own = _treatment(value, wrong)
        elif option == "levels" and isinstance(value, ast.List):
            order = [str(getattr(one, "value", "")) for one in value.elts]
        else:
            raise wrong(
                'C() takes a column, Treatment("level") and levels=["a", "b"], nothing else'
            )
    return own, order


def _treatment(node: ast.expr, wrong: Wrong) -> str | None:
    """Return the reference of Treatment("b") or Treatment(reference="b")."""
    function = node.func if isinstance(node, ast.Call) else node
    name = ast.unparse(function).lower().removeprefix("contr.")
    if name != "treatment":
        raise wrong(
            "levels are compared with a reference here and in no other coding: write "
            'Treatment("level"); fit and predictions are the same in any'
        )
    if not isinstance(node, ast.Call):
        return None
    values = [*node.args, *(one.value for one in node.keywords)]
    if len(values) > 1 or any(not isinstance(one, ast.Constant) for one in values):
        raise wrong('Treatment takes one level, as in Treatment("b")')
    return str(values[0].value) if values else None  # type: ignore[attr-defined]


def part(node: ast.AST) -> str:
    """Say what a part of a formula is that it cannot have."""
    if isinstance(node, ast.Subscript):
        return "[...]; for one level of a category make a column of 0 and 1 in the file"
    return f"{ast.unparse(node)!r}; {IN_FILE}"
