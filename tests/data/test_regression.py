"""Reading regressions: formulas that only compute, types, missing values, what cannot be used."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from data._formula import FormulaError, columns_of, design
from data._regression import read_regression
from data._soundness import dependent_terms
from data._table import DataError
from data.linear_regression import PATH, load

TABLE = pd.DataFrame(
    {
        "y": [1.0, 2, 3, 5],
        "x": [1.0, 2, 4, 3],
        "g": pd.Categorical(["a", "b", "a", "c"]),
        "a b": [1.0, 0, 2, 5],
    },
    index=[2, 3, 4, 7],
)


def write(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("formula", "outcome", "terms"),
    [
        ("y ~ x + g", "y", ["x", "g: b rather than a", "g: c rather than a"]),
        ("log(y) ~ x * `a b`", "log(y)", ["x", "a b", "x:a b"]),
        ("y ~ .", "y", ["x", "g: b rather than a", "g: c rather than a", "a b"]),
        ("y ~ I(x**2) + sqrt(x)", "y", ["I(x ** 2)", "sqrt(x)"]),
        ("y ~ poly(x, 2)", "y", ["poly(x, 2)[1]", "poly(x, 2)[2]"]),
        ("y ~ C(x)", "y", [f"x: {i} rather than 1" for i in (2, 3, 4)]),
        ("y ~ (x + `a b`)^2", "y", ["x", "a b", "x:a b"]),
    ],
)
def test_formula_makes_outcome_and_terms(formula: str, outcome: str, terms: list[str]) -> None:
    y, x, *_ = design(formula, TABLE)
    assert y.name == outcome
    assert list(x.columns) == terms
    assert list(x.index) == list(y.index) == [2, 3, 4, 7]
    assert columns_of(formula, list(TABLE))[0] == "y"


HOSTILE = {
    "y ~ {__import__('os').system('x')}": "no function",
    "{__import__('os').system('x')} ~ x": "no function",
    "y ~ I(__import__('os').system('x'))": "no function",
    "y ~ I((lambda: x)())": "no function",
    "y ~ {x.__class__}": "cannot have",
    "y ~ I(x[0])": "cannot have [...]",
    "y ~ I([x for x in x])": "cannot have",
    "y ~ I(x if x else x)": "cannot have",
    "y ~ I(x := 3)": "cannot have",
    "y ~ open(x)": "no function open",
    "y ~ exp('x')": "'x' is not a number",
    "(x+g)**99999 ~ y": "a power of terms is a number up to 3",
    "y ~ (x + g)^x": "a power of terms",
    "y ~ I(x**9999)": "a power is a number up to 20",
    "y ~ I(9**x)": "a power is a number up to 20",
    "y ~ poly(x, 999)": "a degree is a number up to 20",
    "y ~ bs(x, df=999)": "a degree is a number up to 20",
    "y ~ " + "+".join(["x"] * 1500): "more than 2,000 characters",
    "y ~ 0 + x": "always has an intercept",
    "y ~ x - 1": "always has an intercept",
    "y ~ 1": "0 terms",
    "y ~ x | g": "a | stands in brackets, as in (1 | group)",
    "y + x ~ g": "expected one outcome",
    "x": "expected one outcome",
    "": "expected one outcome",
    "y ~ (((": "matching",
    "y ~ y + x": "'y', is among its own predictors",
    "y ~ log(y)": "'y', is among its own predictors",
    "y ~ nothing": "no column 'nothing'; found 'y', 'x', 'g', 'a b'",
    "nothing ~ x": "no column 'nothing'",
}


@pytest.mark.parametrize("formula", HOSTILE)
def test_formula_that_does_more_than_compute_is_refused(formula: str) -> None:
    with pytest.raises(FormulaError) as refused:
        design(formula, TABLE)
    assert HOSTILE[formula] in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_a_column_called_like_a_function() -> None:
    found = design("y ~ C(g) + C", TABLE.assign(C=[1.0, 2, 1, 3]))
    assert list(found.terms) == ["g: b rather than a", "g: c rather than a", "C"]


@settings(max_examples=200, deadline=None)
@given(st.text("yxg`~+-*:()^|{}[]=.,0123 logIC'\"_", max_size=40))
def test_any_formula_is_used_or_refused(formula: str) -> None:
    try:
        y, x, *_ = design(formula, TABLE)
    except FormulaError:
        return
    assert len(y) == len(x) == 4


HEAD = "a,b,y\n"
ROWS = "1,5,2\n2,3,1\n4,4,7\n3,9,5\n6,1,4\n"
BAD: dict[str, tuple[str, str | None, list[str]]] = {
    "outcome not there": (HEAD + ROWS, "z ~ a", ["--formula: there is no column 'z'"]),
    "one column": ("y\n1\n2\n", None, ["there is one column, 'y'"]),
    "constant": ("a,b,y\n1,5,2\n1,3,1\n1,4,7\n", None, ["column 'a' is constant (1)"]),
    "constant outcome": ("a,y\n1,5\n2,5\n", None, ["the outcome 'y' is constant (5)"]),
    "copy": (
        "a,b,c,y\n1,2,5,2\n2,4,3,1\n4,8,4,7\n3,6,9,5\n6,12,1,4\n7,14,2,2\n",
        None,
        ["column 'b' is a copy of 'a' (up to scale); leave one out with --formula"],
    ),
    "sum": (
        "a,b,total,y\n1,5,6,2\n2,3,5,1\n4,4,8,7\n3,9,12,5\n6,1,7,4\n7,7,14,9\n",
        None,
        ["column 'total' is a sum of others: 'a', 'b'"],
    ),
    "a slip in a number": (HEAD + ROWS + "1O5,1,3\n", None, ["line 7, column 'a': '1O5'"]),
    "infinite": (HEAD + ROWS + "inf,1,3\n", None, ["line 7, column 'a': 'inf' is not a number"]),
    "missing": (
        HEAD + ROWS + "NA,1,3\n2,,3\n",
        None,
        ["line 7: no value in 'a'", "line 8: no value in 'b'", "--drop-missing leaves them out"],
    ),
    "text outcome": ("a,y\n1,u\n2,v\n3,u\n", None, ["the outcome 'y' is text"]),
    "text outcome in a formula": ("a,y\n1,u\n2,v\n3,u\n", "y ~ a", ["the outcome", "y"]),
    "identifiers": (
        "id,y\n" + "".join(f"p{i}x,{i}\n" for i in range(40)),
        None,
        ["column 'id' is text with 40 different values"],
    ),
    "log of zero": ("a,y\n0,1\n1,2\n3,5\n", "y ~ log(a)", ["line 2: log(a) is not a finite"]),
    "overflow": ("x,z,y\n600,1,2\n300,3,1\n400,4,7\n", "y ~ exp(x) + z", ["line 2: exp(x)"]),
    "log of zero in the outcome": ("y,a\n0,1\n1,2\n3,5\n", "log(y) ~ a", ["line 2: log(y)"]),
    "no noise": (
        "x,y\n" + "".join(f"{i},{2 * i + 1}\n" for i in range(9)),
        None,
        ["the outcome 'y' follows exactly from the other columns"],
    ),
    "one row": ("a,y\n1,2\n", None, ["constant"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_regression_is_refused_with_its_place(tmp_path: Path, case: str) -> None:
    text, formula, expected = BAD[case]
    path = write(tmp_path, text)
    with pytest.raises(DataError) as refused:
        load(path, formula)
    for words in expected:
        assert words in str(refused.value)
    assert str(path) in str(refused.value)


def test_the_last_column_on_all_the_others(tmp_path: Path) -> None:
    found = read_regression(write(tmp_path, "a,<b>,y y\n1,5,2\n2,3,1\n4,4,7\n"))
    assert found.outcome.name == "y y"
    assert list(found.terms) == ["a", "<b>"]
    assert list(found.terms.index) == [2, 3, 4]


def test_text_is_coded_as_categories_and_said_so(tmp_path: Path) -> None:
    found = read_regression(write(tmp_path, "a,g,y\n1,u,2\n2,w,1\n4,v,7\n3,u,2\n"))
    assert list(found.terms) == ["a", "g: v rather than u", "g: w rather than u"]
    assert found.notes[0].startswith(
        "g is text and coded as categories: v, w compared with u, the most frequent"
    )
    by_formula = read_regression(tmp_path / "own.csv", "y ~ a + g")
    pd.testing.assert_frame_equal(found.terms, by_formula.terms)


def test_missing_rows_are_left_out_on_request_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + ROWS + "NA,1,3\n2,,3\n")
    found = read_regression(path, drop_missing=True)
    assert list(found.terms.index) == [2, 3, 4, 5, 6]
    assert found.notes[0].startswith("2 of 7 rows were left out because a value is missing")
    assert len(read_regression(path, "y ~ b", drop_missing=True).terms) == 6


@pytest.mark.parametrize("formula", [None, "y ~ g + x", "y ~ C(g) + x"])
def test_a_category_that_only_incomplete_rows_have_is_gone(
    tmp_path: Path, formula: str | None
) -> None:
    text = "g,x,y\nu,1,2\na,,1\nw,4,7\nu,3,2\nw,8,9\nu,5,1\nv,NA,3\n"
    found = read_regression(write(tmp_path, text), formula, drop_missing=True)
    assert found.terms.shape == (5, 2)
    assert "w compared with u" in found.notes[0]


def test_an_outcome_called_self(tmp_path: Path) -> None:
    assert load(write(tmp_path, "x,self\n1,2\n2,5\n4,3\n7,1\n")).outcome.name == "self"


def test_na_is_a_label_in_a_column_of_text(tmp_path: Path) -> None:
    found = read_regression(write(tmp_path, "g,y\nNA,1\nFR,2\nNA,3\n"))
    assert list(found.terms) == ["g: NA rather than FR"]  # however frequent it is


def test_fewer_rows_than_coefficients_are_no_copies(tmp_path: Path) -> None:
    found = read_regression(write(tmp_path, "a,b,c,y\n1,5,2,3\n2,3,1,4\n4,4,7,1\n"))
    assert found.terms.shape == (3, 3)


def test_dependence_is_found_whatever_the_units() -> None:
    rng = np.random.default_rng(2)
    terms = pd.DataFrame(rng.normal(size=(50, 4)) * [1e-6, 1, 1e6, 1], columns=list("abcd"))
    assert dependent_terms(terms) == {}
    terms["e"] = 1e6 * terms["a"] - 1e-6 * terms["c"] + 3
    assert dependent_terms(terms) == {"e": "a sum of others: 'a', 'c'"}


def test_diabetes_is_what_its_source_prints() -> None:
    found = load(PATH)
    assert found.terms.shape == (442, 10)
    assert found.outcome.mean() == pytest.approx(152.13348)
    assert found.terms["bmi_kg_m2"].iloc[:3].tolist() == [32.1, 21.6, 30.5]


cells = st.one_of(
    st.integers(-5, 5).map(str),
    st.floats(allow_nan=True).map(str),
    st.sampled_from(["", "NA", "x", "=1+1", "1e400", "١"]),
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(cells, cells, cells), max_size=8), st.booleans())
def test_any_table_is_read_or_refused(tmp_path: Path, rows: list, drop: bool) -> None:
    text = "a,b,y\n" + "".join(",".join(row) + "\n" for row in rows)
    try:
        found = load(write(tmp_path, text), drop_missing=drop)
    except DataError:
        return
    assert np.isfinite(found.terms.to_numpy()).all()
    assert np.isfinite(found.outcome.to_numpy()).all()
    assert (found.terms.std() > 0).all()
