"""Gaps that are left in (--missing impute): where they can be, and what is refused with words."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data._design import design_of
from data._gaps import CASES
from data._how import Reading
from data._regression import Regression, read_numeric
from data._table import DataError
from tests.data.test_weighted import REGRESSIONS

IMPUTE = Reading(missing="impute")


def table() -> pd.DataFrame:
    """Return 30 rows: x lacks three values, w one, the outcome one."""
    rng = np.random.default_rng(3)
    made = pd.DataFrame(rng.normal(size=(30, 3)).round(3), columns=["x", "w", "v"])
    made["g"], made["y"] = ["a", "b", "c"] * 10, rng.normal(size=30).round(3)
    made.loc[[2, 5, 8], "x"] = np.nan
    made.loc[5, "w"] = made.loc[7, "y"] = np.nan
    return made


def read(
    folder: Path, made: pd.DataFrame, formula: str | None = None, **options: Any
) -> Regression:
    made.to_csv(folder / "a.csv", index=False)
    options = {"reading": IMPUTE, "imputes": True} | options
    return read_numeric(folder / "a.csv", formula, **options)


def test_gaps_stay_and_rows_without_an_outcome_do_not(tmp_path: Path) -> None:
    """Lines of the file are those of the rows and two more; the terms have NaN, and columns too."""
    found = read(tmp_path, table(), "y ~ x + w + v + g")
    gone = found.terms.isna()
    assert {name: list(gone.index[gone[name]]) for name in gone.columns[gone.any()]} == {
        "x": [4, 7, 10],
        "w": [7],
    }
    assert 9 not in found.terms.index
    assert len(found.terms) == 29
    assert list(found.columns.index[found.columns["x"].isna()]) == [4, 7, 10]
    assert list(found.whole) == [line for line in range(2, 32) if line not in (4, 7, 9, 10)]
    assert "1 of 30 rows were left out because they have no outcome." in found.notes


def test_all_that_is_there_is_read_as_without_gaps(tmp_path: Path) -> None:
    """Terms and design of the rows without gaps are those of --drop-missing."""
    found = read(tmp_path, table())
    left = read_numeric(tmp_path / "a.csv", drop_missing=True)
    pd.testing.assert_frame_equal(found.terms.loc[found.whole], left.terms)
    design = design_of(found)
    assert "cannot" not in design
    assert design["terms"] == design_of(left)["terms"]


def test_a_file_without_gaps_is_as_ever(tmp_path: Path) -> None:
    found, usual = (
        read(tmp_path, table().dropna(), reading=reading) for reading in (IMPUTE, Reading())
    )
    pd.testing.assert_frame_equal(found.terms, usual.terms)
    assert found.notes == usual.notes
    assert list(found.whole) == list(found.terms.index)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("y ~ x * v", "'x' has no value in 3 rows and is not a term by itself"),
        ("y ~ x + I(x**2)", "'x' has no value in 3 rows and is not a term by itself"),
        ("y ~ log(x + 9)", "'x' has no value in 3 rows and is not a term by itself"),
        ("y ~ x:g + v", "'x' has no value in 3 rows and is not a term by itself"),
        ("y ~ C(x) + v", "'x' has no value in 3 rows and is not a term by itself"),
    ],
)
def test_what_is_made_of_a_gap_is_refused(tmp_path: Path, formula: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        read(tmp_path, table(), formula)


def changed(name: str, values: Any) -> pd.DataFrame:
    return table().assign(**{name: values})


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (changed("g", ["a", "", "b"] * 10), "column 'g' has no value in 9 of 29 rows and is text"),
        (changed("x", [0, 1, None] * 10), "column 'x' .* and two values"),
        (changed("x", [1.0, 2, 3, *[None] * 27]), "'x' .* more than half"),
        (table().head(9), "rows have no gap, too few for 5 terms"),
    ],
)
def test_columns_that_cannot_be_filled_are_refused(
    tmp_path: Path, made: pd.DataFrame, told: str
) -> None:
    with pytest.raises(DataError, match=told):
        read(tmp_path, made)


def test_more_gaps_than_are_filled_are_refused(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    made = pd.DataFrame(rng.normal(size=(6000, 2)).round(6), columns=["x", "y"])
    made.loc[rng.permutation(6000)[:1001], "x"] = np.nan
    with pytest.raises(DataError, match="6,000 rows have 1,001 missing values"):
        read(tmp_path, made)


def test_what_does_not_go_together_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="--drop-missing cannot be given together"):
        read(tmp_path, table(), drop_missing=True)
    with pytest.raises(DataError, match="not possible with --weights"):
        read(tmp_path, table(), reading=Reading(missing="impute", weights="v"))


@pytest.mark.parametrize("case", REGRESSIONS)
def test_a_case_fills_gaps_or_names_those_that_do(case: str, tmp_path: Path) -> None:
    """The list of those that do is right."""
    reader: Any = importlib.import_module(f"data.{case}")
    name = str(reader.load().columns.columns[0])
    made = pd.read_csv(reader.PATH, usecols=[name]).head(200).astype(object)
    made["made"] = np.random.default_rng(1).normal(size=len(made)).round(3)
    made.loc[made.index[::9], "made"] = None
    made.to_csv(tmp_path / "a.csv", index=False)
    formula = f"`{name}` ~ made"
    if case in CASES:
        assert reader.load(tmp_path / "a.csv", formula, reading=IMPUTE).terms.isna().any(axis=None)
        return
    with pytest.raises(DataError, match=f"--missing impute is of {CASES[0]}") as refused:
        reader.load(tmp_path / "a.csv", formula, reading=IMPUTE)
    assert f"not of this case: {reader.NO_GAPS}; use --drop-missing" in str(refused.value)
