"""The functions that a formula may call, and what to write in the place of others.

What statsmodels, Bambi, brms and R call them; a module of numpy's before the dot is taken away.
"""

import ast
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from formulaic.transforms.basis_spline import basis_spline
from formulaic.transforms.cubic_spline import natural_cubic_spline
from formulaic.transforms.poly import poly
from formulaic.transforms.scale import center, scale

type Numbers = np.ndarray

#: Arithmetic and comparisons, by the class of the node.
POWERS = (ast.Pow, ast.BitXor)  # R writes ^
TWO: dict[type, Callable[[Numbers, Numbers], Numbers]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.BitXor: np.power,
}
COMPARED: dict[type, Callable[[Numbers, Numbers], Numbers]] = {
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
#: Functions of one column that make one; scale and standardize may have ddof.
FUNCTIONS: dict[str, Callable[[Numbers], Numbers]] = {
    **{name: getattr(np, name) for name in ("log", "log10", "log2", "log1p", "exp", "expm1")},
    **{name: getattr(np, name) for name in ("sqrt", "abs", "square")},
    **dict.fromkeys(("I", "asis", "as.numeric"), np.asarray),
    "center": center,
    **dict.fromkeys(("scale", "standardize"), scale),
}
STATEFUL = {"center", "scale", "standardize"}  # which take means and sds of the rows
#: Functions that make several columns, the number behind the column, and what they are called with.
_NATURAL = partial(natural_cubic_spline, constraints="center")
BASES: dict[str, tuple[Callable[..., Any], str]] = {
    "poly": (poly, "degree"),
    "bs": (basis_spline, "df"),
    **dict.fromkeys(("cr", "ns", "cs"), (_NATURAL, "df")),
}
CATEGORIES = {"C", "factor", "as.factor", "categorical"}
OPTIONS = {"poly": {"degree", "raw"}, "bs": {"df", "degree"}, "scale": {"ddof"}}
OPTIONS |= {name: {"df"} for name in ("cr", "ns", "cs")} | {"standardize": {"ddof"}}
MOST, LEVELS = 20, 30  # a power, a degree; levels of a category

IN_FILE = "make such a column in the file"
INSTEAD = {
    **dict.fromkeys(("where", "select", "ifelse", "case_when", "cut", "interaction"), IN_FILE),
    **dict.fromkeys(("lag", "shift", "diff", "rolling", "cumsum", "hashed"), IN_FILE),
    **dict.fromkeys(
        ("s", "te", "ti", "t2", "gp", "hsgp", "cc"), "write bs(x, df=4) or cr(x, df=3)"
    ),
    **dict.fromkeys(("mo", "ordered"), "write C(x), and the order with --levels x=low,high"),
    **dict.fromkeys(("trials", "weights", "se", "cens", "truncated", "censored"), "leave it out"),
    **dict.fromkeys(("power", "pow"), "write I(x**2)"),
    **dict.fromkeys(("relevel", "fct_relevel"), 'write C(g, Treatment("level"))'),
    "offset": "every term has a coefficient of its own here; of a numeric outcome write I(y - n)",
    **dict.fromkeys(
        ("cbind", "p", "prop", "proportion"),
        "of counts write cbind(successes, failures) or successes | trials(n), each a column, in "
        "logistic_regression",
    ),
}


def called(node: ast.Call) -> str:
    """Return the name of the function, without the module of numpy; "(this)" where it has none."""
    if not isinstance(node.func, ast.Name | ast.Attribute):
        return "(this)"
    name = ast.unparse(node.func)
    return re.sub(r"^(np|numpy|stats|splines|patsy|bmb|formulaic)\.", "", name)


def unknown(name: str) -> str:
    """Say what to write in the place of a function that there is not."""
    if name in INSTEAD:
        return f"no function {name} here; {INSTEAD[name]}"
    there = ", ".join([*FUNCTIONS, *BASES, "C"])
    return f"no function {name}; there are {there}"
