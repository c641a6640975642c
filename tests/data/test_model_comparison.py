"""The loader of several formulas: names, rows in common, and what is refused, with what to do."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import _formulas
from data._how import Reading
from data._table import DataError
from data.model_comparison import PATH, SLEEP, load

SETTINGS = {"draws": 50, "chains": 4, "seed": 1}
ROWS = ["y,x,z", *(f"{i * i % 7 + 1},{i},{i * 5 % 3}" for i in range(12))]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.csv"
    path.write_text("\n".join(ROWS) + "\n")
    return path


def test_the_shipped_files_are_those_of_their_sources() -> None:
    additive, *others = load()
    assert len(additive.found.outcome) == 46
    assert [one.of for one in others] == ["log"] * 3
    none, some = load(SLEEP, ["difference_h ~ 0", "difference_h ~ 1"])
    assert some.found.outcome.mean() == pytest.approx(1.58)
    assert (none.intercept, none.found.terms.shape[1]) == (False, 0)


def test_a_name_may_stand_before_a_formula_and_a_product_is_no_name(own: Path) -> None:
    given = ["small: y ~ x", "log(y) ~ x:z + x", "both terms : y ~ x + z", "y ~ 1"]
    found = load(own, given)
    assert [one.name for one in found] == ["small", given[1], "both terms", "y ~ 1"]
    assert [one.found.terms.shape[1] for one in found] == [1, 2, 2, 0]


def test_without_formulas_all_columns_their_logarithm_and_the_mean_are_compared(own: Path) -> None:
    names = [one.name for one in load(own, reading=Reading(outcome="y"))]
    assert names == ["all terms", "all terms, log", "mean alone"]
    assert [one.name for one in load(own)] == ["all terms", "mean alone"]  # z is 0 in some rows
    assert _formulas.beside(own, load(own), {"r2": 0.5}, 1.0, **SETTINGS).told.name == "all terms"


def test_all_formulas_have_the_rows_that_are_whole_for_all(own: Path) -> None:
    own.write_text("\n".join([*ROWS[:4], "3,,1", *ROWS[4:], "4,2,"]) + "\n")
    with pytest.raises(DataError, match="missing"):
        load(own, ["y ~ x", "y ~ z"])
    one, other = load(own, ["y ~ x", "log(y) ~ z"], drop_missing=True)
    assert list(one.found.outcome.index) == list(other.found.outcome.index)
    assert len(one.found.outcome) == 12


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["y ~ x"], "there is one --formula, and 2 to 12"),
        (["y ~ x"] * 2, "two are 'y ~ x'"),
        (["a: y ~ x", "b: y ~  x"], "one stands there twice"),
        (["a: y ~ x", "a: y ~ z"], "two are 'a'"),
        (["y ~ x", "y ~ 0"], "is compared with ~ 1 alone"),
        (["y ~ 0", "x ~ 1"], "of one column"),
        (["q ~ 0", "q ~ 1"], "no column 'q'"),
        (["y ~ x", "y ~ q"], "no column 'q'"),
        (["y ~ x", "y ~ x + (1 | z)"], "casebook compare"),
        (["y ~ x", "y"], "outcome"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_to_do(
    own: Path, given: list[str], said: str
) -> None:
    with pytest.raises(DataError) as error:
        load(own, given)
    assert said in str(error.value)


def test_formulas_of_two_outcomes_are_refused_and_units_are_not(own: Path) -> None:
    with pytest.raises(DataError, match=r"y, x are not one outcome.*give all formulas the same"):
        _formulas.beside(own, load(own, ["y ~ z", "x ~ z"]), {"r2": 0.5}, 1.0, **SETTINGS)
    both = load(own, ["y ~ x", "I(y / 1000) ~ x"])
    one, other = _formulas.beside(own, both, {"r2": 0.5}, 1.0, **SETTINGS).compared.scored
    assert one.elpd.pointwise == pytest.approx(other.elpd.pointwise, abs=1e-9)
    assert one.evidence == pytest.approx(other.evidence, abs=1e-9)
    assert one.median == pytest.approx(other.median)


def test_a_root_of_0_has_no_density(own: Path) -> None:
    own.write_text("\n".join([*ROWS, "0,3,1"]) + "\n")
    with pytest.raises(DataError, match=r"line 14\) what is predicted has no finite slope"):
        _formulas.beside(own, load(own, ["y ~ x", "sqrt(y) ~ x"]), {"r2": 0.5}, 1.0, **SETTINGS)


def test_weights_of_the_average_add_up_and_its_miss_is_a_number() -> None:
    found = _formulas.beside(PATH, load(), {"slope_sd": 0.5}, 1.0, **SETTINGS).compared
    assert sum(found.weights.values()) == pytest.approx(1)
    assert np.isfinite(found.averaged).all()
    assert sum(found.probabilities.values()) == pytest.approx(1)


def test_a_line_that_stands_for_several_rows_is_these(tmp_path: Path) -> None:
    table = pd.read_csv(io.StringIO("\n".join(ROWS)))
    n = np.arange(len(table)) % 4
    table.assign(n=n)[["n", *table]].to_csv(tmp_path / "lines.csv", index=False)
    table.loc[np.repeat(table.index, n)].to_csv(tmp_path / "rows.csv", index=False)
    formulas = ["y ~ x", "log(y) ~ x + z"]
    lines = load(tmp_path / "lines.csv", formulas, reading=Reading(weights="n"))
    for one, other in zip(lines, load(tmp_path / "rows.csv", formulas), strict=True):
        assert one.found.outcome.tolist() == other.found.outcome.tolist()
        assert one.found.terms.to_numpy().tolist() == other.found.terms.to_numpy().tolist()
