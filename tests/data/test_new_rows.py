"""New rows have the terms that they would have had in the fit, or a reason with line and column."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import linear_regression, logistic_regression
from data._design import design_of
from data._how import AS_IT_IS, Reading
from data._new_rows import read_new
from data._reading import DataError
from tests.test_layers import CASES, ROOT

RNG = np.random.default_rng(14)
N = 60
SOLD = pd.DataFrame(
    {
        "area": RNG.uniform(40, 200, N).round(1),
        "sold": [f"{1 + i % 28:02d}.03.2024" for i in range(N)],
        "district": RNG.choice(["Nord", "nord", "Ost", "West"], N),
        "rooms": RNG.choice([1, 2, 3], N),
        "share": [f"{x}%" for x in RNG.integers(1, 90, N)],
        "weight": [f"{x:.1f} kg" for x in RNG.uniform(1, 9, N)],
        "zip": RNG.choice(["01067", "80331", "20095"], N),
        "garage": RNG.choice(["Yes", "yes", "1", "no"], N),
        "price": RNG.uniform(100, 900, N).round(),
    }
)
FORMULAS = [
    None,
    "price ~ bs(area, df=4) + district + C(rooms)",
    "price ~ poly(area, 2)*district + weight",
    "log(price) ~ scale(area) + cr(weight, df=3) + district:rooms + zip + garage",
    "price ~ np.log(area) + I(area**2) + `share`*district + I(area > 100)",
    "price ~ center(area) + poly(weight, 3, raw=True) + sold + log(standardize(area) + 5)",
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sold") / "sold.csv"
    SOLD.to_csv(path, index=False)
    return path


def design(path: Path, formula: str | None = None) -> dict[str, Any]:
    """Return the design of a file as it comes back from JSON."""
    found: dict[str, Any] = json.loads(_design(path.read_text(), path, formula))
    return found


@cache
def _design(text: str, path: Path, formula: str | None) -> str:
    return json.dumps(design_of(linear_regression.load(path, formula)))


def why(path: Path, rows: pd.DataFrame, formula: str | None = None) -> dict[int, str]:
    """Return the reasons of rows that have no terms, by line."""
    rows.to_csv(path.with_name("new.csv"), index=False)
    found = read_new(path.with_name("new.csv"), design(path, formula), AS_IT_IS).why
    return {int(line): text for line, text in found[found != ""].items()}


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_rows_that_were_fitted_have_the_terms_that_were_fitted(
    path: Path, formula: str | None
) -> None:
    fitted = linear_regression.load(path, formula)
    found = read_new(path, design(path, formula), AS_IT_IS)
    pd.testing.assert_frame_equal(found.terms, fitted.terms, check_names=False, rtol=1e-9)
    assert (found.why == "").all()
    assert (found.beyond == "").all()


@pytest.mark.parametrize("formula", FORMULAS[1:])
def test_one_row_alone_has_the_terms_it_had_among_all(path: Path, formula: str) -> None:
    """Means, knots and the origin of dates are those of the fit, not of the new rows."""
    fitted = linear_regression.load(path, formula)
    SOLD.iloc[[7]].to_csv(path.with_name("one.csv"), index=False)
    found = read_new(path.with_name("one.csv"), design(path, formula), AS_IT_IS)
    assert found.terms.to_numpy() == pytest.approx(fitted.terms.iloc[[7]].to_numpy(), rel=1e-9)


@pytest.mark.parametrize("case", [case for case in CASES if case.endswith("regression")])
def test_the_shipped_rows_have_their_terms(case: str) -> None:
    module = __import__(f"data.{case}", fromlist=["load"])
    fitted = module.load()
    found = read_new(module.PATH, json.loads(json.dumps(design_of(fitted))), AS_IT_IS)
    assert found.terms.to_numpy() == pytest.approx(fitted.terms.to_numpy(), rel=1e-12)


def test_counts_have_a_row_for_each_line() -> None:
    path = ROOT / "tests/own_data/doses.csv"
    fitted = logistic_regression.load(path, "events | trials(n) ~ dose + drug")
    assert fitted.lines is not None
    found = read_new(path, json.loads(json.dumps(design_of(fitted))), AS_IT_IS)
    lines = fitted.terms.set_axis(fitted.lines.to_numpy()).drop_duplicates()
    assert found.terms.to_numpy() == pytest.approx(lines.to_numpy())


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("district", "Süd", "'Süd' is a level that no fitted row has; there are 'Nord', 'Ost'"),
        ("district", "", "no value"),
        ("area", "large", "'large' is not a number"),
        ("area", "NA", "no value"),
        ("weight", "300 g", "'300 g' is in g, and the fitted rows are in kg"),
        ("share", "15", "'15' lacks the % of the fitted rows"),
        ("area", "15%", "'15%' has a % unlike the fitted rows"),
        ("sold", "soon", "'soon' is no date, as the fitted ones are"),
        ("garage", "perhaps", "'perhaps' is neither yes nor no"),
        ("zip", "1067", "'1067' is a level that no fitted row has"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_line_and_column(
    path: Path, column: str, cell: str, said: str
) -> None:
    rows = SOLD.astype(object).iloc[:5].copy()
    rows.loc[2, column] = cell
    if column == "district" and cell:
        rows["district"] = rows["district"].replace("nord", "Nord")
    found = why(path, rows)
    assert list(found) == [4]
    assert f"line 4, column {column!r}: " in found[4]
    if "level" in said:
        assert "is a level that no fitted row has" in found[4]
    else:
        assert said in found[4]


def test_capitals_and_blanks_are_no_other_level(path: Path) -> None:
    rows = SOLD.iloc[:5].assign(district=["NORD", " nord ", "ost", "West", "WEST"])
    assert why(path, rows) == {}


def test_a_missing_column_refuses_the_file_with_the_names_needed(path: Path) -> None:
    SOLD.drop(columns=["weight", "zip"]).to_csv(path.with_name("new.csv"), index=False)
    with pytest.raises(DataError) as refused:
        read_new(path.with_name("new.csv"), design(path), AS_IT_IS)
    said = str(refused.value)
    assert "column 'weight' is missing; needed are 'area', 'sold', 'district'" in said
    assert "column 'zip' is missing" in said
    assert why(path, SOLD.drop(columns="price")) == {}  # the outcome is not needed
    assert why(path, SOLD[["area"]], "price ~ log(area)") == {}


@pytest.mark.parametrize("factor", [10.764, 0.001])
def test_another_unit_is_seen_by_the_middle_of_the_column(path: Path, factor: float) -> None:
    """Square feet for square metres, thousands for ones: said in each row, none is predicted."""
    found = why(path, SOLD.assign(area=SOLD["area"] * factor))
    assert len(found) == N
    assert all("column 'area': the middle of these rows" in one for one in found.values())
    few = SOLD.assign(area=SOLD["area"].where(SOLD.index > 3, 260))
    assert why(path, few) == {}  # a few large ones are extrapolated


def test_years_and_days_to_come_are_extrapolated_and_no_other_unit(tmp_path: Path) -> None:
    days = pd.date_range("2026-01-01", periods=40).strftime("%Y-%m-%d")
    table = pd.DataFrame({"day": days, "year": 1990 + np.arange(40) % 11, "y": range(40)})
    path = tmp_path / "past.csv"
    table.assign(y=table["y"] + np.arange(40) % 7).to_csv(path, index=False)
    later = pd.DataFrame({"day": ["2027-06-15", "2027-06-16"], "year": [2035, 2036]})
    later.to_csv(path.with_name("new.csv"), index=False)
    found = read_new(path.with_name("new.csv"), design(path), AS_IT_IS)
    assert list(found.why) == ["", ""]
    assert all("year outside 1990 to 2000" in one for one in found.beyond)


def test_what_is_beyond_the_fitted_rows_is_said(path: Path) -> None:
    rows = SOLD.iloc[:3].copy()
    rows["area"] = [100.0, 230.0, 20.0]
    rows.to_csv(path.with_name("new.csv"), index=False)
    low, high = SOLD["area"].min(), SOLD["area"].max()
    for formula in ("price ~ area", "price ~ bs(area, df=4)"):
        found = read_new(path.with_name("new.csv"), design(path, formula), AS_IT_IS)
        assert list(found.beyond) == ["", *[f"area outside {low:g} to {high:g}"] * 2]
        assert np.isfinite(found.terms.to_numpy()).all()


def test_levels_that_never_came_together_are_said(tmp_path: Path) -> None:
    """With a product of two categories, whose cell c2, d2 no fitted row is in."""
    rows = [(c, d, i) for i in range(8) for c in ("c1", "c2") for d in ("d1", "d2")]
    table = pd.DataFrame(rows, columns=["c", "d", "y"]).assign(y=RNG.normal(size=32))
    path = tmp_path / "cells.csv"
    table[(table["c"] != "c2") | (table["d"] != "d2")].to_csv(path, index=False)
    found = design(path, "y ~ c*d + c")
    pairs = read_new(_written(path, table.iloc[:4]), found, AS_IT_IS)
    assert set(pairs.beyond) <= {"", "no fitted row has c2 with d2"}
    crossed = design_of(linear_regression.load(path, "y ~ c*d"))["pairs"]
    assert (pairs.beyond != "").sum() == (1 if crossed else 0)


def _written(path: Path, rows: pd.DataFrame) -> Path:
    rows.to_csv(path.with_name("new.csv"), index=False)
    return path.with_name("new.csv")


def test_a_line_with_too_few_cells_is_a_row_with_that_reason(path: Path) -> None:
    new = _written(path, SOLD.iloc[:4])
    with new.open("a") as file:
        file.write("100,3\n")
    found = read_new(new, design(path), AS_IT_IS)
    assert found.why[6] == "line 6: 2 cells, expected 9"
    assert list(found.terms.index) == [2, 3, 4, 5]


def test_what_cannot_be_computed_is_said(path: Path) -> None:
    found = why(path, SOLD.iloc[:4].assign(area=[1.0, 50, 60, -3]), "price ~ log(area)")
    assert list(found) == [5]
    assert "the term log(area) cannot be computed" in found[5]


def test_decimal_commas_are_told_by_the_new_file_or_the_option(path: Path) -> None:
    """1,234 alone may be two things; a cell such as 99,5 beside it tells."""
    rows = SOLD.iloc[:3].astype(object).copy()
    rows["area"] = ["99,5", "150,25", "101,125"]
    found = read_new(_written(path, rows), design(path), AS_IT_IS)
    area = list(found.terms["area"])
    assert area == pytest.approx([99.5, 150.25, 101.125])
    rows["area"] = ["101,125"] * 3
    both = why(path, rows, "price ~ log(area) + share")
    assert "may be 101125 (--decimal .) or 101.125 (--decimal ,), and no other cell" in both[2]
    about = design(path, "price ~ area + share"), Reading(decimal=",")
    assert list(read_new(_written(path, rows), *about).terms["area"]) == [101.125] * 3


def test_a_level_of_held_out_rows_alone_was_not_fitted(path: Path) -> None:
    fitted = linear_regression.load(path, "price ~ district + area")
    west = SOLD["district"] == "West"
    rows = fitted.outcome.index[~west.to_numpy()]
    part = replace(fitted, outcome=fitted.outcome[rows], terms=fitted.terms.loc[rows])
    found = read_new(path, json.loads(json.dumps(design_of(part))), AS_IT_IS)
    assert list(found.why != "") == list(west)


def test_nothing_of_a_formula_is_run(path: Path) -> None:
    """A design that was tampered with is refused by the reader of formulas, like any formula."""
    found = design(path, "price ~ log(area)")
    found["states"] = {"__import__('os').system('true')": {}}
    with pytest.raises(ValueError, match="no function"):
        read_new(path, found, AS_IT_IS)
