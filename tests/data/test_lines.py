"""Lines that may be in the order of time, and those that were sorted by what is asked."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from data._how import Reading
from data._lines import own_order
from data._regression import read_regression
from data.ab_test import read as read_arms
from data.logistic_regression import load as load_events
from tests.conftest import SEED

N = 240


def written(folder: Path, table: pd.DataFrame) -> Path:
    table.to_csv(folder / "own.csv", index=False)
    return folder / "own.csv"


def rows() -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    y, event = rng.normal(size=N), rng.random(N) < 0.3
    site, sex = rng.choice(list("abcd"), N), rng.choice(["f", "m"], N)
    return pd.DataFrame({"site": site, "sex": sex, "y": y, "event": event, "x": rng.normal(size=N)})


@pytest.mark.parametrize("outcome", ["y", "event", "sex"])
def test_lines_in_any_order_have_one_of_their_own(outcome: str) -> None:
    table = rows()
    assert own_order(table[outcome], table.drop(columns=outcome))


@pytest.mark.parametrize("outcome", ["y", "event", "sex"])
@pytest.mark.parametrize("by", [[], ["site"], ["site", "x > 0"], ["site", "x > 0", "rank"]])
@pytest.mark.parametrize("ascending", [True, False])
def test_sorted_by_the_outcome_they_have_none(outcome: str, by: list[str], ascending: bool) -> None:
    """Also within others, which need not be the first of the columns if they are one."""
    table = rows().assign(**{"x > 0": lambda df: df["x"] > 0, "rank": "same"})
    table = table.sort_values([*by, outcome], ascending=ascending, ignore_index=True)
    others = table.drop(columns=[outcome, *by])
    assert not own_order(table[outcome], table[by].join(others))
    if len(by) == 1:
        assert not own_order(table[outcome], others.join(table[by]))


def test_a_walk_and_a_state_that_stays_are_no_sorted_lines() -> None:
    """What changes slowly has long runs, too, but is not in blocks of anything."""
    rng = np.random.default_rng(SEED)
    walk = pd.Series(rng.normal(size=N).cumsum())
    state = pd.Series((rng.random(N) < 0.05).cumsum() % 2)
    for outcome in (walk, state, state.map({0: "calm", 1: "rough"})):
        assert own_order(outcome, rows()[["site", "x"]])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=40), st.booleans())
def test_any_few_lines_are_looked_at(lines: list[tuple[str, int]], as_text: bool) -> None:
    table = pd.DataFrame(lines, columns=["at", "y"])
    told = table["y"].astype(str) if as_text else table["y"]
    found = own_order(told, table[["at"]])
    assert found is False or told.nunique() > 1


def test_a_reader_says_it_where_no_column_says_when(tmp_path: Path) -> None:
    table = rows()[["x", "y"]].round(3)
    dated = table.assign(date=pd.date_range("2026-01-01", periods=N).astype(str))
    for frame, expected in ((table, True), (table.sort_values("y"), False), (dated, False)):
        found = read_regression(written(tmp_path, frame), "y ~ x")
        assert found.beside.lines == expected


def test_visitors_written_out_from_counts_have_no_order(tmp_path: Path) -> None:
    arms = pd.DataFrame({"arm": np.repeat(["A", "B"], 120), "converted": np.arange(N) % 7 == 0})
    arms["converted"] = arms["converted"].astype(int)
    found = [
        read_arms(written(tmp_path, frame)).beside.lines
        for frame in (arms, arms.sort_values(["arm", "converted"]))
    ]
    assert found == [True, False]


def test_lines_sorted_by_what_groups_them_have_no_other_order(tmp_path: Path) -> None:
    """Whether the model has the groups, or does not; in any order of the file it may be time."""
    table = rows()[["site", "x", "y"]].rename(columns={"site": "person"}).round(3)
    for frame, expected in ((table, True), (table.sort_values("person"), False)):
        for formula in ("y ~ x", "y ~ x + (1 | person)"):
            found = read_regression(written(tmp_path, frame), formula)
            assert found.beside.lines == expected, formula


def test_columns_of_numbers_are_looked_at_as_numbers(tmp_path: Path) -> None:
    """Parquet has numbers, of which no cell is text."""
    table = rows()[["x", "y"]].assign(step=lambda df: np.arange(len(df)) // 40)
    for frame, expected in ((table, True), (table.sort_values(["step", "y"]), False)):
        frame.to_parquet(tmp_path / "own.parquet", index=False)
        assert read_regression(tmp_path / "own.parquet", "y ~ x").beside.lines == expected


def test_rows_that_a_line_stands_for_have_no_order(tmp_path: Path) -> None:
    """Neither where a line is weighted, nor where it has successes and trials."""
    table = rows()[["x"]].round(3).assign(y=lambda df: (df["x"] > 0) * 1, n=2 + np.arange(N) % 3)
    path = written(tmp_path, table)
    assert read_regression(path, "y ~ x").beside.lines
    assert not read_regression(path, "y ~ x", reading=Reading(weights="n")).beside.lines
    assert not load_events(path, "y | trials(n) ~ x").beside.lines
