"""The loader of the robust regression, and that its data are those of their sources."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from statsmodels.datasets import macrodata, stackloss

from data._table import DataError
from data.robust_regression import LARGE, load

HEAD = "a,b,y\n"
ROWS = "1,5,2\n2,3,1\n4,4,7\n3,9,5\n6,1,4\n7,2,2\n"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "own.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_stack_loss_is_that_of_statsmodels() -> None:
    found, theirs = load(), stackloss.load_pandas().data
    assert found.outcome.to_numpy().tolist() == theirs["STACKLOSS"].tolist()
    columns = ["AIRFLOW", "WATERTEMP", "ACIDCONC"]
    assert found.terms.to_numpy().tolist() == theirs[columns].to_numpy().tolist()
    assert list(found.terms) == ["air_flow", "water_temperature_c", "acid_concentration"]
    assert list(found.terms.index) == list(range(2, 23))


def test_least_squares_of_stack_loss_is_the_published_one() -> None:
    found = load()
    x = np.column_stack([np.ones(21), found.terms])
    b = np.linalg.lstsq(x, found.outcome, rcond=None)[0]
    assert b == pytest.approx([-39.92, 0.716, 1.295, -0.152], abs=5e-3)


def test_inflation_is_that_of_statsmodels_with_its_lags() -> None:
    found, theirs = load(LARGE), macrodata.load_pandas().data
    assert found.outcome.to_numpy() == pytest.approx(theirs["infl"][3:].to_numpy())
    lags = np.column_stack([theirs["infl"][2:-1], theirs["infl"][1:-2], theirs["unemp"][2:-1]])
    assert found.terms.to_numpy() == pytest.approx(lags)
    assert (theirs["year"][3], theirs["quarter"][3]) == (1959, 4)
    assert len(found.outcome) == 200
    assert found.terms.shape[1] == load().terms.shape[1]  # so that one compile serves both


BAD: dict[str, tuple[str | bytes, str | None, list[str]]] = {
    "outcome not there": (HEAD + ROWS, "loss ~ a", ["there is no column 'loss'"]),
    "text outcome": ("a,y\n1,low\n2,high\n3,low\n", None, ["the outcome 'y' is text"]),
    "constant column": ("a,b,y\n1,5,2\n1,3,1\n1,4,7\n", None, ["column 'a' is constant (1)"]),
    "constant outcome": ("a,y\n1,5\n2,5\n", None, ["the outcome 'y' is constant (5)"]),
    "copy": (
        "a,b,y\n1,2,2\n2,4,1\n4,8,7\n3,6,5\n6,12,4\n",
        None,
        ["column 'b' is a copy of 'a' (up to scale)"],
    ),
    "missing": (HEAD + ROWS + "1,,3\n", None, ["line 8: no value in 'b'", "--drop-missing"]),
    "not a number": (HEAD + ROWS + "1,x,3\n", None, ["line 8, column 'b': 'x' is not a number"]),
    "ragged": (HEAD + ROWS + "1,2\n", None, ["line 8: 2 cells, expected 3"]),
    "empty": ("", None, ["the file is empty"]),
    "no rows": (HEAD, None, ["no rows"]),
    "one column": ("y\n1\n2\n", None, ["there is one column, 'y'"]),
    "not UTF-8": (HEAD.encode() + b"\xff,1,2\n", None, ["line 2, byte 1: not UTF-8"]),
    "hostile": (HEAD + ROWS, "y ~ {__import__('os').getcwd()}", ["no function"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    text, formula, expected = BAD[case]
    path = write(tmp_path, text)
    with pytest.raises(DataError) as error:
        load(path, formula)
    assert str(path) in str(error.value)
    for part in expected:
        assert part in str(error.value)


def test_rows_with_gaps_can_be_left_out(tmp_path: Path) -> None:
    found = load(write(tmp_path, HEAD + ROWS + "1,,3\n"), drop_missing=True)
    assert len(found.outcome) == 6
    assert "1 of 7 rows" in found.notes[0]


def test_formula_and_text(tmp_path: Path) -> None:
    path = write(tmp_path, "y,shift,x\n1,day,2\n3,night,5\n2,day,4\n6,night,1\n")
    found = load(path, "y ~ log(x) + C(shift)")
    assert list(found.terms) == ["log(x)", "shift: night rather than day"]
    assert found.outcome.tolist() == [1, 3, 2, 6]


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEAD + text).encode()))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_file_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)
    with contextlib.suppress(DataError):
        found = load(path)
        assert len(found.outcome) == len(found.terms) >= 2
        assert np.isfinite(found.terms.to_numpy()).all()
