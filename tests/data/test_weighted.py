"""A line that stands for several rows is read as the file with these rows written out is."""

import importlib
import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analyses import _command as command
from data import (
    count_regression,
    linear_regression,
    logistic_regression,
    ordinal_regression,
    proportion_regression,
)
from data._design import design_of
from data._how import Reading
from data._regression import Regression
from data._table import DataError
from tests.test_layers import CASES

N = Reading(weights="n")


def takes_weights(case: str) -> bool:
    """Say whether a case takes weights, and reads one regression."""
    main = importlib.import_module(f"analyses.{case}").main
    takes = any(
        one.annotation == command.Numbers for one in inspect.signature(main).parameters.values()
    )
    made = inspect.signature(importlib.import_module(f"data.{case}").load).return_annotation
    return takes and isinstance(made, type) and issubclass(made, Regression)


REGRESSIONS = [case for case in CASES if takes_weights(case)]


def pair(folder: Path, table: pd.DataFrame, n: np.ndarray) -> tuple[Path, Path]:
    """Write a table with its weights, and written out; return both paths."""
    table.assign(n=n).to_csv(folder / "lines.csv", index=False)
    table.loc[np.repeat(table.index, n)].to_csv(folder / "rows.csv", index=False)
    return folder / "lines.csv", folder / "rows.csv"


def same(one: Regression, other: Regression) -> None:
    pd.testing.assert_frame_equal(one.terms, other.terms)
    pd.testing.assert_series_equal(one.outcome, other.outcome)
    assert one.parts == other.parts
    assert design_of(one) == design_of(other)


@pytest.mark.parametrize("case", REGRESSIONS)
def test_every_regression_reads_it_as_the_rows_written_out(case: str, tmp_path: Path) -> None:
    """Columns of the file that ships, and a formula whose centre depends on how often rows come."""
    reader: Any = importlib.import_module(f"data.{case}")
    table = pd.read_csv(reader.PATH)
    shipped = reader.load()
    outcome, first = str(shipped.columns.columns[0]), str(shipped.columns.columns[1])
    n = np.random.default_rng(15).integers(0, 4, len(table))
    lines, rows = pair(tmp_path, table, n)
    about = f"{outcome} ~ center({first})"
    if not pd.api.types.is_numeric_dtype(shipped.columns[first]):
        about = f"{outcome} ~ {first}"
    found = reader.load(lines, about, reading=N)
    same(found, reader.load(rows, about))
    assert len(found.outcome) == n.sum()
    assert f"{len(table):,} lines" in found.notes[-1]
    assert f"read as {n.sum():,} rows" in found.notes[-1]


@settings(max_examples=10, deadline=None)
@given(n=st.lists(st.integers(0, 5), min_size=12, max_size=12), seed=st.integers(0, 99))
def test_any_weights(n: list[int], seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Levels that are left, the most frequent of them as reference, and the same refusals."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(list("abcd"), 12)
    table = pd.DataFrame({"kind": kind, "x": rng.integers(0, 9, 12), "y": rng.normal(size=12)})
    lines, rows = pair(tmp_path_factory.mktemp("any"), table, np.array(n))
    told: list[Any] = []
    for path, reading in ((lines, N), (rows, Reading())):
        try:
            told.append(linear_regression.load(path, "y ~ x + kind", reading=reading))
        except DataError as error:
            told.append(error)
    if isinstance(told[1], DataError):
        assert isinstance(told[0], DataError)
    else:
        same(*told)


def test_weights_are_no_predictor_and_lines_are_no_group(tmp_path: Path) -> None:
    """A name that is another in each line would group the rows of a line, which agree."""
    table = pd.DataFrame(
        {"id": [f"p{i}" for i in range(20)], "site": ["a", "b"] * 10, "x": range(20)}
    )
    table["y"] = np.random.default_rng(2).normal(size=20)
    lines, _ = pair(tmp_path, table, np.full(20, 3))
    found = linear_regression.load(lines, "y ~ x", reading=N)
    every = linear_regression.load(lines, "y ~ . - id", reading=N)
    assert "n" not in every.terms
    assert "id" not in found.beside.groups
    assert found.beside.groups["site"].nunique() == 2
    assert len(found.beside.groups["site"]) == 60


BAD = {
    "2,0.5": ("line 3, column 'n': 0.5 is no number of rows", "Weights of a survey"),
    "2,-1": ("line 3, column 'n': -1 is no number of rows", "are frequencies"),
    "2,few": ("'n'", "few"),
    "2,": ("line 3: no value in 'n'", "--drop-missing"),
    "2,999999": ("adds up to 1,000,0", "at most 100,000"),
}


@pytest.mark.parametrize("line", BAD)
def test_what_is_no_frequency_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"y,x,n\n1,1,3\n4,{line}\n2,3,3\n5,5,2\n")
    with pytest.raises(DataError) as refused:
        linear_regression.load(path, "y ~ x", reading=N)
    assert all(part in str(refused.value) for part in BAD[line])


def test_a_column_has_one_part(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("y,x,n\n1,1,3\n4,2,1\n2,3,3\n5,5,2\n")
    for formula, reading in (
        ("y ~ x + n", N),
        (None, Reading(weights="n", outcome="n")),
        ("y ~ x", Reading(weights="m")),
    ):
        with pytest.raises(DataError, match="--weights"):
            linear_regression.load(path, formula, reading=reading)
    with pytest.raises(DataError, match="--weights"):
        count_regression.load(path, "y ~ x", exposure="n", reading=N)


WRONG: dict[str, tuple[Any, str]] = {
    "count_regression": (count_regression.load, "line 4, column 'y': 2.5 is no count"),
    "proportion_regression": (proportion_regression.load, "line 4: 2.5"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_by_the_line_of_the_file(case: str, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("y,x,n\n-1,1,30\n.4,2,10\n2.5,3,30\n.5,5,20\n")
    load, told = WRONG[case]
    with pytest.raises(DataError) as refused:
        load(path, "y ~ x", reading=N)
    assert told in str(refused.value)
    assert str(refused.value).count("line 4") == 1


def test_the_order_of_words_is_that_of_the_outcome(tmp_path: Path) -> None:
    """The weights stand last, where the outcome does without a formula."""
    path = tmp_path / "own.csv"
    rows = [f"{x},{word},{1 + x}" for x in range(4) for word in ("meh", "fine", "superb")]
    path.write_text("\n".join(["x,taste,n", *rows]) + "\n")
    reading = Reading(weights="n", levels=("taste=meh,fine,superb",))
    assert ordinal_regression.load(path, reading=reading).ratings == ("meh", "fine", "superb")


def test_trials_count_lines_already(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("k,t,x,n\n1,4,1,3\n2,4,2,1\n2,3,3,3\n1,5,5,2\n")
    with pytest.raises(DataError, match="trials"):
        logistic_regression.load(path, "k | trials(t) ~ x", reading=N)
