"""Formulas as statsmodels, R, brms and Bambi have them: each works, or is told what to write."""

import numpy as np
import pandas as pd
import pytest
from formulaic import Formula

from data._bounds import FormulaError
from data._formula import columns_of, design

RNG = np.random.default_rng(5)
N = 60
TABLE = pd.DataFrame(
    {
        "y": RNG.normal(5, 1, N),
        "x": RNG.uniform(1, 9, N),
        "z": RNG.normal(size=N),
        "class": RNG.uniform(1, 2, N),
        "yield": RNG.uniform(1, 2, N),
        "a b": RNG.uniform(1, 2, N),
        "k": RNG.integers(1, 4, N).astype(float),
        "g": pd.Categorical(["b"] * 30 + ["a"] * 15 + ["c"] * 15),
        "h": pd.Categorical((["u"] * 8 + ["v"] * 7) * 4),
        "district": pd.Categorical((["West"] * 2 + ["Alt Stadt"] * 3) * 12),
    },
    index=range(2, N + 2),
)

WORKS: dict[str, tuple[str, list[str]]] = {
    "np.log(y) ~ x": ("np.log(y)", ["x"]),
    "log(y) ~ np.sqrt(x)": ("log(y)", ["np.sqrt(x)"]),
    'y ~ Q("a b") + x': ("y", ["a b", "x"]),
    "y ~ log(Q('a b'))": ("y", ["log(`a b`)"]),
    "y ~ factor(g)": ("y", ["g: a rather than b", "g: c rather than b"]),
    "y ~ as.factor(g)": ("y", ["g: a rather than b", "g: c rather than b"]),
    'y ~ C(g, Treatment("c"))': ("y", ["g: a rather than c", "g: b rather than c"]),
    "y ~ C(g, Treatment(reference='c'))": ("y", ["g: a rather than c", "g: b rather than c"]),
    "y ~ C(g, contr.treatment('c'))": ("y", ["g: a rather than c", "g: b rather than c"]),
    "y ~ C(k, Treatment(2))": ("y", ["k: 1 rather than 2", "k: 3 rather than 2"]),
    "y ~ C(g, levels=['c', 'b', 'a'])": ("y", ["g: c rather than b", "g: a rather than b"]),
    "y ~ C(district, Treatment('West'))": ("y", ["district: Alt Stadt rather than West"]),
    "y ~ scale(x) + standardize(z) + center(k)": ("y", ["scale(x)", "standardize(z)", "center(k)"]),
    "y ~ poly(x, degree=2)": ("y", ["poly(x, degree=2)[1]", "poly(x, degree=2)[2]"]),
    "y ~ bs(x, df=4)": ("y", [f"bs(x, df=4)[{i}]" for i in (1, 2, 3, 4)]),
    "y ~ cr(x, df=3)": ("y", [f"cr(x, df=3)[{i}]" for i in (1, 2, 3)]),
    "y ~ ns(x, 2)": ("y", ["ns(x, 2)[1]", "ns(x, 2)[2]"]),
    "y ~ x + I(x**2)": ("y", ["x", "I(x ** 2)"]),
    "y ~ I(x^2)": ("y", ["I(x ^ 2)"]),
    "y ~ I(x > 3)": ("y", ["I(x > 3)"]),
    "y ~ (x + z)**2": ("y", ["x", "z", "x:z"]),
    "y ~ x*z": ("y", ["x", "z", "x:z"]),
    "y ~ x/z": ("y", ["x", "x:z"]),
    "y ~ class + log(yield)": ("y", ["class", "log(`yield`)"]),
    "log(yield) ~ np.log(class)": ("log(`yield`)", ["np.log(`class`)"]),
    "y ~ x:g": ("y", ["x × g: b", "x × g: a", "x × g: c"]),
    "y ~ x*h": ("y", ["x", "h: v rather than u", "x × h: v rather than u"]),
    "y ~ g:h + g + h": (
        "y",
        [
            *("g: a rather than b", "g: c rather than b", "h: v rather than u"),
            *(f"g: {one} rather than b × h: v rather than u" for one in "ac"),
        ],
    ),
}


@pytest.mark.parametrize("formula", WORKS)
def test_it_works(formula: str) -> None:
    outcome, terms = WORKS[formula]
    found = design(formula, TABLE)
    assert found.outcome.name == outcome
    assert list(found.terms) == terms == list(found.parts)
    assert np.isfinite(found.terms.to_numpy()).all()
    assert list(found.terms.index) == list(TABLE.index)
    assert {*columns_of(formula, list(TABLE))} <= {*TABLE}


@pytest.mark.parametrize(
    "formula",
    ["y ~ x*z + I(x**2)", "y ~ log(x) + scale(z)", "y ~ poly(x, 3)", "y ~ bs(x, df=5)", "y ~ x*h"],
)
def test_the_columns_are_those_of_formulaic(formula: str) -> None:
    """Where formulaic can do it, too: with the same references, the same numbers."""
    theirs = Formula(formula).get_model_matrix(TABLE).rhs.drop(columns="Intercept")
    assert design(formula, TABLE).terms.to_numpy() == pytest.approx(theirs.to_numpy())


def test_a_natural_spline_has_a_straight_line_in_it() -> None:
    made = design("y ~ cr(x, df=3)", TABLE).terms
    x = np.column_stack([np.ones(N), made])
    line = x @ np.linalg.lstsq(x, TABLE["x"], rcond=None)[0]
    assert line == pytest.approx(TABLE["x"].to_numpy())


INSTEAD = {
    "y ~ x**2": "write I(x**2)",
    "y ~ x^2 + z": "write I(x**2)",
    "y ~ x:x": "write I(x**2)",
    "y ~ x + (1 + x || g)": "vary by group are not possible here; write (1 | g)",
    "y ~ x + (x | g)": "vary by group are not possible here; write (1 | g)",
    "y ~ x + (0 + x | g)": "write (1 | g), an intercept for each",
    "y ~ x + (1 | g) + (1 | h)": "(1 | g) and (1 | h): one column of groups is possible",
    "y ~ x + (1 | g:h)": "(1 | g:h): behind the | there is one column",
    "y ~ x + (1 | g/h)": "make one column in the file",
    "y ~ x + 1 | g": "a | stands in brackets, as in (1 | group)",
    "y ~ x * (1 | g)": "is added to the other terms, with +",
    "y ~ x - (1 | g)": "is added to the other terms, with +",
    "y ~ (1 | g)": "a term beside (1 | g) is needed",
    "y ~ 1 + (1 | g)": "what groups alone are worth asks partial_pooling",
    "y ~ x + g + (1 | g)": "'g' is both a term and of (1 | g)",
    "y ~ x + offset(log(z))": "write I(y - n)",
    "y ~ np.where(x > 3, 1, 0)": "make such a column in the file",
    "y ~ s(x)": "write bs(x, df=4)",
    "y ~ mo(g)": "--levels",
    "y ~ C(g, Sum)": 'write Treatment("level")',
    "y ~ C(g, Treatment('d'))": "g is never 'd', the reference; there are 'a', 'b', 'c'",
    "y ~ C(district, Treatment('Wes'))": "did you mean 'West'?",
    "y ~ bs(x)": "as in bs(x, df=4)",
    "y ~ log(g)": "the column 'g' is text",
    "y ~ log(x, 10)": "log takes a column and nothing else",
    "y ~ 3*x": "leave it out",
    "log(y) - log(x) ~ z": "log(y / (1 - y)) for log(y) - log(1 - y)",
    "y - x ~ z": "write I(y - z) for a difference",
    "y + x ~ z": "expected one outcome",
    "y ~ 0 + x": "always has an intercept",
    "y ~ (x": "no matching one",
    "y ~ x +": "cannot be read; write it as in",
    "y ~ x == 3": "arithmetic inside I(...)",
    "y | weights(x) ~ z": "there can be trials(n), and nothing else",
    'y ~ Q("nope")': "there is no column 'nope'",
}


@pytest.mark.parametrize("formula", INSTEAD)
def test_it_is_told_what_to_write(formula: str) -> None:
    with pytest.raises(FormulaError) as refused:
        design(formula, TABLE)
    assert INSTEAD[formula] in str(refused.value)
    for word in ("token", "syntax", "Operator", "⧛", "Traceback"):
        assert word not in str(refused.value)


def test_a_cell_without_rows_is_said_and_the_rest_is_fitted() -> None:
    some = TABLE[~((TABLE["g"] == "a") & (TABLE["h"] == "v"))]
    found = design("y ~ g*h", some)
    assert list(found.terms) == [
        *("g: a rather than b", "g: c rather than b", "h: v rather than u"),
        "g: c rather than b × h: v rather than u",
    ]
    assert "g a has no row with h v: what is special there cannot be estimated." in found.notes
    design_of = np.column_stack([np.ones(len(some)), found.terms])
    assert np.linalg.matrix_rank(design_of) == 5  # as many as there are cells
    assert not any("has no row" in note for note in design("y ~ g + h", some).notes)


def test_a_cell_of_the_references_without_rows() -> None:
    """Then no column is empty, and the last of the products is the one that cannot be estimated."""
    some = TABLE[~((TABLE["g"] == "b") & (TABLE["h"] == "u"))]
    found = design("y ~ C(g, Treatment('b'))*C(h, Treatment('u'))", some)
    assert np.linalg.matrix_rank(np.column_stack([np.ones(len(some)), found.terms])) == 5
    assert any("g b has no row with h u" in note for note in found.notes)


def test_phrases_say_what_is_compared_and_where() -> None:
    phrases = {name: part.phrase() for name, part in design("y ~ x*g", TABLE).parts.items()}
    assert phrases["x"] == ("", "per unit of x (at g b)")
    assert phrases["g: a rather than b"] == ("g, a rather than b (at x 0)", "")
    assert phrases["x × g: a rather than b"] == ("per unit of x, a rather than b (g)", "")
    alone = design("y ~ x + g", TABLE).parts
    assert alone["g: c rather than b"].phrase() == ("g, c rather than b", "")
    assert alone["x"].phrase() == ("", "per unit of x")


def test_long_names_keep_all_their_parts() -> None:
    table = TABLE.assign(
        neighbourhood_of_the_flat=pd.Categorical(
            (["the old town by the river"] * 2 + ["the harbour and the islands"]) * 20
        )
    )
    (term,) = design("y ~ neighbourhood_of_the_flat", table).terms
    assert len(term) <= 60
    assert " rather than the" in term
    assert term.startswith("neigh")
