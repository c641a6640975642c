"""Ratings of a file: their order, by numbers, words or --levels, and what is refused and why."""

from pathlib import Path

import numpy as np
import pytest

from data._how import Reading
from data._table import DataError
from data.ordinal_regression import above, load

WORDS = ("not at all", "a little", "very")


def write(folder: Path, outcome: list[str], name: str = "answer") -> Path:
    path = folder / "own.csv"
    rows = [f"{i * 7 % 11},{outcome[i % len(outcome)]}" for i in range(40)]
    path.write_text("\n".join([f"x,{name}", *rows]) + "\n", encoding="utf-8")
    return path


def test_the_shipped_ratings() -> None:
    found = load()
    assert found.ratings == ("1", "2", "3", "4", "5")
    assert np.bincount(found.outcome).tolist() == [5, 22, 26, 12, 7]
    assert list(found.terms) == ["temp: warm rather than cold", "contact: yes rather than no"]
    assert {*found.beside.groups} == {"judge", "bottle"}
    assert above(found, None)[0] == 2
    at, event = above(found, "4")
    assert (at, int(event.outcome.sum())) == (3, 19)


@pytest.mark.parametrize(
    ("cells", "levels", "ratings"),
    [
        (["1", "10", "2"], (), ("1", "2", "10")),
        (["0.5", "-1", "4"], (), ("-1", "0.5", "4")),
        (["high", "low", "Medium"], (), ("low", "Medium", "high")),
        (["severe", "none", "mild"], (), ("none", "mild", "severe")),
        (list(WORDS), ("answer=" + ",".join(WORDS),), WORDS),
        (["3", "1", "2"], ("answer=3,2,1",), ("3", "2", "1")),
    ],
)
def test_ratings_in_their_order(
    cells: list[str], levels: tuple[str, ...], ratings: tuple[str, ...], tmp_path: Path
) -> None:
    found = load(write(tmp_path, cells), reading=Reading(levels=levels))
    assert found.ratings == ratings
    assert [ratings[code] for code in found.outcome] == [cells[i % 3] for i in range(40)]


@pytest.mark.parametrize(
    ("cells", "levels", "formula", "said"),
    [
        (list(WORDS), (), None, "--levels 'answer="),
        (list(WORDS), ("answer=not at all,very",), None, "'a little' of the file is not among"),
        (["yes", "no"], (), None, "use logistic_regression"),
        ([f"{i / 7:.3f}" for i in range(40)], (), None, "use linear_regression"),
        (["1", "2", "3"], (), "log(answer) ~ x", "write answer ~"),
    ],
)
def test_what_are_no_ratings_is_refused_with_what_to_do(
    cells: list[str], levels: tuple[str, ...], formula: str | None, said: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as refused:
        load(write(tmp_path, cells), formula, reading=Reading(levels=levels))
    assert said in str(refused.value)


def test_a_rating_to_tell_of_has_to_be_there() -> None:
    for wrong in ("1", "6", "many"):
        with pytest.raises(DataError, match="choose one of the ratings 2, 3, 4, 5"):
            above(load(), wrong)
