"""Effects of groups are read, or refused with what to do."""

from pathlib import Path

import pytest

from data._how import Reading
from data._table import DataError
from data.approximations import MOST, load, read

HEAD = "group,effect,standard_error\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_eight_schools() -> None:
    found = load()
    assert found["effect"].tolist() == [28, 8, -3, 7, -1, 1, 18, 12]
    assert found["standard_error"].tolist() == [15, 10, 16, 11, 9, 11, 10, 18]
    assert found.index.tolist() == list("ABCDEFGH")


def test_columns_under_other_names(tmp_path: Path) -> None:
    path = written(tmp_path, "site;gain;se\nx;1,5;0,5\ny;-2;1\nz;0;2\n")
    named = (("group", "site"), ("effect", "gain"), ("standard_error", "se"))
    found = read(path, Reading(columns=named))
    assert found["effect"].tolist() == [1.5, -2, 0]
    assert found.index.tolist() == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("a,1,1\nb,2,1\n", "2 groups, at least 3"),
        ("a,1,1\nb,2,1\na,3,1\n", "'a' comes again"),
        ("a,1,1\n,2,1\nc,3,1\n", "no name"),
        ("a,1,0\nb,2,1\nc,3,-1\n", "line 2, column 'standard_error'"),
        ("a,1,1\nb,x,1\nc,3,1\n", "effect"),
        ("a,1,1\nb,2,1\nc,,1\n", "line 4"),
        ("a,1,1e7\nb,2,1e7\nc,3,1e7\n", "write effects and errors in a unit"),
        ("a,1,1\nb,2e9,1\nc,3,1\n", "is that the standard error"),
        ("a,1,1\nb,2,1\nc,3,1e9\n", "another than the median"),
        ("".join(f"g{i},1,1\n" for i in range(MOST + 1)), "200 of them at random"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, rows: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        load(written(tmp_path, HEAD + rows))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="--standard-error NAME"):
        load(written(tmp_path, "group,effect,se\na,1,1\nb,2,1\nc,3,1\n"))


def test_groups_without_an_effect_can_be_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "a,1,1\nb,2,1\nc,,1\nd,3,1\n")
    assert read(path, drop_missing=True).index.tolist() == ["a", "b", "d"]
