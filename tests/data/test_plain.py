"""Columns of numbers that are read as numbers: the same is found as when each cell is text."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings, strategies as st

from data import (
    _plainly,
    _regression,
    _stored_columns,
    count_regression,
    linear_regression,
    logistic_regression,
    ordinal_regression,
)
from data._how import Reading, said_of
from data._plain import Plain, in_words, is_plain, numbers_of, texts
from data._reading import AS_READ
from data._regression import Regression
from data._table import DataError, read_table

KEPT = Reading(as_text=("x",))
WAYS: list[Callable[[Path], Regression]] = [
    linear_regression.load,
    partial(linear_regression.load, drop_missing=True),
    partial(linear_regression.load, reading=KEPT, drop_missing=True),
    partial(linear_regression.load, formula="y ~ x + (1 | patient)", drop_missing=True),
    partial(linear_regression.load, formula="log(y) ~ x * C(z)", drop_missing=True),
    partial(linear_regression.load, formula="y ~ x", drop_missing=True),
    partial(linear_regression.load, reading=Reading(weights="z")),
    partial(linear_regression.load, reading=Reading(missing="impute")),
    partial(logistic_regression.load, drop_missing=True),
    partial(logistic_regression.load, formula="y['1'] ~ x", group="patient"),
    partial(ordinal_regression.load, drop_missing=True),
    partial(count_regression.load, drop_missing=True, exposure="z"),
]
SLOW = pytest.mark.filterwarnings("ignore")
HYPOTHESIS = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@contextmanager
def cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read as if no column was plain."""

    def as_text(*args: Any, plain: bool = False, **options: Any) -> Any:
        return read_table(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(_regression, "read_table", as_text)
        yield


def plainly(value: Any) -> Any:
    """Return what can be compared: numbers to the bit."""
    if isinstance(value, pd.DataFrame):
        return [list(value.index), {str(name): plainly(value[name]) for name in value}]
    if isinstance(value, pd.Series):
        known = value.astype(str) if isinstance(value.dtype, pd.CategoricalDtype) else value
        return [value.name, str(value.dtype), list(value.index), list(map(repr, known.tolist()))]
    if isinstance(value, dict):
        return {key: plainly(one) for key, one in value.items()}
    return value


def found(load: Callable[[Path], Regression], path: Path) -> Any:
    """Return all that is read, and all that is said of it; or why it is refused."""
    AS_READ.clear()
    said_of(path).__init__()  # type: ignore[misc]
    try:
        one = load(path)
    except DataError as error:
        return str(error)
    own = ("outcome", "terms", "notes", "columns", "also", "stands_for", "lines", "gaps")
    said = said_of(path)
    return {
        **{name: plainly(getattr(one, name)) for name in own},
        "parts": dict(one.parts),
        "groups": one.groups and plainly(one.groups.of_row),
        "beside": [plainly(one.beside.groups), plainly(one.beside.times), one.beside.columns],
        "lines in order": one.beside.lines,
        "how": one.raw.how,
        "cells": plainly(one.raw.cells),
        "states": str(one.raw.states),
        "raw": plainly(one.raw.columns),
        "said": [said.notes, said.warnings, said.separator, said.signs, said.contents],
        "sums": dict(AS_READ),
    }


NAMES = ["x", "y", "z", "patient", "date", "zip", "day", "id", "1"]
NUMBERS = ["0", "1", "2", "3", "-1", "10"]
KINDS: dict[str, list[str]] = {
    "whole": NUMBERS,
    "few": ["1", "2", "3"],
    "zero": ["0", "1"],
    "real": ["0.5", "1.25", "-2.75", "3.0", "1e-3", "2.5E+2"],
    "fixed": ["1.50", "2.00", "1.25", "10.75"],
    "thousands": ["1.234", "2.345", "12.500"],
    "ways": ["1", "1.0", "1.00", "2", "3"],
    "gaps": ["", "1.5", "2.5", "-3.5"],
    "words": ["NA", "1", "2", "3.5", ""],
    "codes": ["01067", "80331", "10115"],
    "marks": ["3 kg", "4 kg", "5 kg"],
    "commas": ['"1,5"', '"2,5"', '"3"'],
    "days": ["20240131", "20231205", "20230615"],
    "text": ["a", "b", "A", "c d"],
    "odd": ["inf", "nan", "1e200", "1_0", "+1", "1.", ".5", "−2", "1e400", "007", "#N/A", " 1 "],
    "long": ["12345678901234567890", "1.000000000000000000001", "0.1000000000000000055511151231"],
    "same": ["7"],
}
KIND_OF = st.lists(st.sampled_from([*KINDS, "whole", "real", "gaps"]), min_size=2, max_size=4)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Draw the text of a file: mostly plain columns, mostly in good order."""
    kinds = draw(KIND_OF)
    some = draw(st.lists(st.sampled_from(NAMES[:-1]), unique=True, min_size=9 - 1))
    names = [*some[: len(kinds) - 1], draw(st.sampled_from(["y", "y", "y", "1"]))]
    between, end = (
        draw(st.sampled_from([",", ",", ";", "\t"])),
        draw(st.sampled_from(["\n", "\r\n"])),
    )
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    lines = [names]
    for _ in range(draw(st.integers(3, 40))):
        lines.append([str(rng.choice(KINDS[kind])) for kind in kinds])
    match draw(st.integers(0, 12)):
        case 0:
            lines.append(lines[1][:-1])
        case 1:
            lines.append([""] * len(names))
        case 2:
            lines.append(names)
        case 3:
            lines += lines[1:]
        case 4:
            lines.append([])
            lines.append(lines[1])
        case 5:
            lines = [[f" {cell} " for cell in line] for line in lines]
        case 6:
            lines[1] = ["text", *lines[1][1:]]
    bom = draw(st.sampled_from(["", "", "\ufeff"]))
    tail = draw(st.sampled_from(["", end, end * 3]))
    return bom + end.join(between.join(line) for line in lines) + tail


@pytest.mark.filterwarnings("ignore")
@given(tables(), st.sampled_from(range(len(WAYS))))
@example("x,y\n1,2\n2,3\n3,5\n", 0)
@example("patient,x,y\n1,1.0,2\n1.0,1,3\n2,4,4\n1,5,6\n2,7,1\n", 0)
@example("x,y\n1.234,2\n2.345,3.5\n9.999,5\n", 0)
@HYPOTHESIS
def test_text_is_read_as_cell_by_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, way: int
) -> None:
    path = tmp_path / "one.csv"
    path.write_bytes(text.encode())
    monkeypatch.setattr(_plainly, "LEAST", 0)
    fast = found(WAYS[way], path)
    with cell_by_cell(monkeypatch):
        assert found(WAYS[way], path) == fast


TYPES = {
    "double": ["0.5", "1.25", "-2.75", "3", "1e-7", "123456789.125"],
    "double with gaps": ["NULL", "1.5", "2.5", "-3.5"],
    "double that is odd": ["'nan'", "'inf'", "1", "2", "1e300", "NULL", "-0.0", "0.0"],
    "double of any": ["'nan'", "1", "2", "NULL", "3.5"],
    "double of thousands": ["1.234", "2.345", "3.125"],
    "integer": ["1", "2", "3", "-4"],
    "integer of few": ["0", "1"],
    "integer of days": ["20240131", "20231205", "20230615"],
    "bigint": ["1", "9007199254740993", "9007199254740992"],
    "utinyint with gaps": ["NULL", "1", "255", "7"],
    "hugeint": ["1", "2", "170141183460469231731687303715884105727"],
    "float": ["0.1", "0.2", "3140431.25", "2460528128"],
    "decimal(8,2)": ["0.10", "2.50", "3.75", "NULL"],
    "boolean": ["true", "false", "NULL"],
    "varchar": ["'a'", "'b'", "'1'", "''"],
    "varchar of numbers": ["'1.50'", "'2'", "'3'"],
    "date": ["date '2024-01-31'", "date '2023-12-05'"],
}


@pytest.mark.filterwarnings("ignore")
@given(
    kinds=st.lists(st.sampled_from([*TYPES]), min_size=2, max_size=4),
    names=st.permutations(["x", "z", "patient", "date", "id"]),
    rows=st.integers(3, 40),
    seed=st.integers(0, 10**6),
    way=st.sampled_from(range(len(WAYS))),
)
@example(kinds=["bigint", "double"], names=["x", "z"], rows=3, seed=0, way=0)
@HYPOTHESIS
def test_what_is_stored_is_read_as_cell_by_cell(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kinds: list[str],
    names: list[str],
    rows: int,
    seed: int,
    way: int,
) -> None:
    monkeypatch.setattr(_stored_columns, "BLOCK", 7)  # rows: several
    path, rng = tmp_path / "one.parquet", np.random.default_rng(seed)
    path.unlink(missing_ok=True)
    called = [*names[: len(kinds) - 1], "y"]
    made = [f"{name} {kind.split(' ')[0]}" for name, kind in zip(called, kinds, strict=True)]
    values = ", ".join(
        f"({', '.join(rng.choice(TYPES[kind]) for kind in kinds)})" for _ in range(rows)
    )
    with duckdb.connect() as connection:
        connection.execute(f"create table t ({', '.join(made)})")
        connection.execute(f"insert into t values {values}")
        connection.execute(f"copy t to '{path}' (format parquet)")
    fast = found(WAYS[way], path)
    with cell_by_cell(monkeypatch):
        assert found(WAYS[way], path) == fast


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=50))
@settings(deadline=None)
def test_numbers_are_written_as_duckdb_writes_them(numbers: list[float]) -> None:
    with duckdb.connect() as connection:
        told = connection.execute("select unnest(?::double[])::varchar", [numbers]).fetchall()
    assert _stored_columns.as_real(np.array(numbers)) == [s for (s,) in told]


def test_no_cell_of_plain_columns_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where others are not plain; and a number is that which is stored."""
    path = tmp_path / "one.csv"
    path.write_text("x,name,y\n" + "1.5,a,2\n2.5,b,\n3.5,01,4\n" * 4, encoding="utf-8")
    assert not any(map(is_plain, columns(path)))
    monkeypatch.setattr(_plainly, "LEAST", 0)
    assert list(map(is_plain, columns(path))) == [True, False, True]
    parquet = tmp_path / "one.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select random() as x, i as y, i::varchar as z, 'a' as w from range(50) r(i)) "
            f"to '{parquet}' (format parquet)"
        )
        stored = connection.execute(f"select x from '{parquet}'").fetchnumpy()["x"]
    read = columns(parquet)
    assert list(map(is_plain, read)) == [True, True, True, False]
    assert numbers_of(read[0]).to_numpy().tobytes() == stored.tobytes()


def columns(path: Path) -> list[pd.Series]:
    table, _ = read_table(path, plain=True)
    return [table[name] for name in table]


def test_a_plain_column_is_text_to_whoever_asks() -> None:
    cells = pd.Series(["1", "2.50", "", "4"], dtype="str")

    def text(_: np.ndarray, at: np.ndarray) -> pd.Series:
        return cells.reindex(at, fill_value="").reset_index(drop=True)

    numbers = np.array([1, 2.5, np.nan, 4])
    lines = [2, 3, 5, 6]
    table = pd.DataFrame({"x": Plain(numbers, text, pointed=True), "w": list("abcd")}, index=lines)
    as_text = pd.DataFrame({"x": cells.to_numpy(), "w": list("abcd")}, index=lines, dtype="str")
    for some in (
        lambda one: one,
        lambda one: one.iloc[1:3],
        lambda one: one.loc[[6, 2, 2]],
        lambda one: one[one["w"] != "b"],
        lambda one: one.drop(columns="w").iloc[::-1],
        lambda one: one.rename(columns={"x": "y"}).copy(),
    ):
        pd.testing.assert_frame_equal(in_words(some(table)).astype("str"), some(as_text))
        assert list(some(table).itertuples(index=False)) == list(
            some(as_text).itertuples(index=False)
        )
    assert table["x"].iloc[1] == "2.50"
    assert (table["x"] == "").tolist() == [False, False, True, False]
    assert texts(table["x"].reindex([6, 9])).tolist() == ["4", ""]
    assert numbers_of(table["x"].loc[[6, 3]]).to_dict() == {6: 4, 3: 2.5}


def test_numbers_are_held_once(tmp_path: Path) -> None:
    """A file of numbers takes a few times their size, and not a text for every cell."""
    path, rows = tmp_path / "one.parquet", 50_000
    with duckdb.connect() as connection:
        connection.execute("select setseed(.5)")
        names = ", ".join(f"random() as x{i}" for i in range(10))
        connection.execute(f"copy (select {names} from range({rows})) to '{path}' (format parquet)")
    linear_regression.load(path)  # what is imported is no part of it
    tracemalloc.start()
    try:
        found = linear_regression.load(path)
        assert tracemalloc.get_traced_memory()[1] < 5 * rows * 10 * 8
    finally:
        tracemalloc.stop()
    assert found.terms.shape == (rows, 9)


def test_more_numbers_than_memory_should_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are refused with what to do; so is text, of which as much is taken as before."""
    path = tmp_path / "one.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select i::double as x, sqrt(i) as y, 'ab' as z from range(60) r(i)) "
            f"to '{path}' (format parquet)"
        )
    for name, size, what in (
        ("MOST_NUMBERS", 60 * 2 * 8, "numbers"),
        ("LARGEST_FILE", 600, "text"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(_stored_columns, name, size)
            linear_regression.load(path, "y ~ x")
            patch.setattr(_stored_columns, name, size - 1)
            with pytest.raises(DataError, match=rf"bytes as {what}.*take a sample of them"):
                linear_regression.load(path, "y ~ x")
