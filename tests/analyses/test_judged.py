"""Which rows judge a logistic regression: all, or a part that is held out; a group needs that."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer

from analyses import _judged as judged
from data._how import Reading
from data._table import DataError
from data.logistic_regression import PATH, load

FOUND = load()


def test_all_rows_are_fitted_unless_some_are_held_out() -> None:
    train, held = judged.parts(FOUND, None, 1, None)
    assert len(train.outcome) == len(held.outcome) == 569
    train, held = judged.parts(FOUND, 0.3, 1, None)
    assert (len(train.outcome), len(held.outcome)) == (398, 171)


def test_a_group_needs_rows_that_are_held_out() -> None:
    with pytest.raises(typer.BadParameter, match=r"--hold-out \.3 --group person"):
        judged.parts(FOUND, None, 1, "person")


def test_copies_are_told_where_rows_are_left_out(tmp_path: Path) -> None:
    """A file whose rows all stand in it twice: they belong together, and a note says so."""
    lines = PATH.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "twice.csv"
    path.write_text("\n".join([lines[0], *2 * lines[1:]]), encoding="utf-8")
    train, _ = judged.parts(load(path), None, 1, None)
    assert "values of all terms" in train.beside.groups
    assert any("1,138 rows are copies of others" in note for note in train.notes)


def test_rows_with_gaps_are_left_out_and_not_held_out(tmp_path: Path) -> None:
    """Nor are counts of trials filled, whose trials would have another value each."""
    table = pd.read_csv(PATH)
    table.iloc[::9, 1] = np.nan
    table.to_csv(tmp_path / "gaps.csv", index=False)
    found = load(tmp_path / "gaps.csv", reading=Reading(missing="impute"))
    assert found.terms.isna().any(axis=None)
    train, _ = judged.parts(found, None, 1, None)
    assert train.terms.isna().any(axis=None)
    with pytest.raises(typer.BadParameter, match="--hold-out and --missing impute"):
        judged.parts(found, 0.3, 1, None)
    (tmp_path / "trials.csv").write_text("y,n,x\n1,3,1\n2,3,\n2,4,3\n", encoding="utf-8")
    with pytest.raises(DataError, match="not possible with counts"):
        load(tmp_path / "trials.csv", "y | trials(n) ~ x", reading=Reading(missing="impute"))
