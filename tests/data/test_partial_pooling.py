"""Groups are read as counts, as effects with errors or as rows; what cannot be one is refused."""

from pathlib import Path

import pytest

from data._grouped import EFFECTS, MEANS, RATES
from data._how import Reading
from data._table import DataError
from data.partial_pooling import SCHOOLS, load, read


def written(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str, **reading: str) -> str:
    with pytest.raises(DataError) as error:
        read(written(folder, text), Reading.of(reading))
    return str(error.value)


def test_what_ships() -> None:
    """Efron and Morris: 18 players, 215 hits in 810 at-bats; eight schools."""
    found, eight = load(), read(SCHOOLS)
    assert (len(found), found["successes"].sum(), found["trials"].sum()) == (18, 215, 810)
    averages = (found["later_successes"] / found["later_trials"]).round(3)
    assert averages.iloc[[0, 1, -1]].tolist() == [0.346, 0.298, 0.2]
    assert (eight.kind, eight.table.shape) == (EFFECTS, (8, 3))


def test_rows_are_counted_by_group(tmp_path: Path) -> None:
    path = written(tmp_path, "ward,ok,day\nx,yes,1\ny,no,1\nx,no,2\nX ,yes,2\n")
    found = read(path, Reading.of({"group": "ward", "outcome": "ok"}))
    assert (found.kind, found.called) == (RATES, "ward")
    assert found.table.to_numpy().tolist() == [["x", 2, 3], ["y", 0, 1]]
    assert found.rows is not None
    assert found.rows["conversions"].tolist() == [1, 0, 0, 1]
    assert list(found.beside.times) == ["day"]


def test_measurements_are_summed_up_by_group(tmp_path: Path) -> None:
    text = "ward;days;nurse\nx;1,5;n1\ny;4;n2\nx;2,5;n1\nX ;5;n2\nz;9;n1\n"
    found = read(written(tmp_path, text), Reading.of({"group": "ward", "outcome": "days"}))
    assert (found.kind, found.called) == (MEANS, "ward")
    assert found.table["group"].tolist() == ["x", "y", "z"]
    assert found.table["size"].tolist() == [3, 1, 1]
    assert found.table["mean"].tolist() == pytest.approx([3, 4, 9])
    assert found.table["square"].tolist() == pytest.approx([1.5**2 + 0.5**2 + 4, 0, 0])
    assert list(found.beside.groups) == ["nurse"]


def test_measurements_that_are_missing_can_be_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, "group,outcome\na,\na,1\na,4\nb,3\nb,2.5\n")
    assert read(path, drop_missing=True).table["size"].tolist() == [2, 2]


def test_columns_under_other_names_and_decimal_commas(tmp_path: Path) -> None:
    path = written(tmp_path, "school;d;se\na;1,5;0,5\nb;-2,25;1\n")
    names = {"group": "school", "effect": "d", "standard_error": "se"}
    found = read(path, Reading.of(names))
    assert found.table["effect"].tolist() == [1.5, -2.25]
    assert found.called == "school"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("group,successes,trials\na,1,2\n", "there is one group"),
        ("group,successes,trials\na,1,2\nA ,3,4\n", "the name of one group alone"),
        ("group,successes,trials\na,1,0\nb,1,2\n", "is not 1 or more"),
        ("group,successes,trials\na,3,2\nb,1,2\n", "is more than the 2 trials"),
        ("group,successes,trials\na,0.5,2\nb,1,2\n", "a whole number"),
        ("group,effect,standard_error\na,1,0\nb,1,2\n", "is not above 0"),
        ("group,effect,standard_error\na,1,-1\nb,1,2\n", "is not above 0"),
        ("group,effect,standard_error\na,1e9,0.1\nb,1,2\n", "is lost beside numbers"),
        ("group,effect,standard_error\na,,1\nb,1,2\nc,1,1\n", "line 2"),
        ("group,effect,standard_error\na,one,1\nb,two,2\n", "is text"),
        ("group,effect\na,1\nb,2\n", "'standard_error' is missing"),
        ("group,outcome\na,1.5\nb,2.5\nc,3\n", "no group has two rows"),
        ("group,outcome\na,1.5\nb,2.5\na,1.5\nb,2.5\nc,3\n", "do not differ"),
        ("group,outcome\na,1.5\na,2.5\nb,\nb,2\n", "line 4"),
        ("group,outcome\na,1e200\na,2.5\nb,1\nb,2\n", "line 2"),
        ("group,outcome\na,1\na,0\nb,1\nb,0\nb,2\n", "line 6, column 'outcome': is neither 0"),
        ("group,outcome\na,1\na,x\nb,3\nb,7\n", "x"),
        ("group,outcome\na,1.5\na,2\na,4\n", "there is one group"),
        ("group,events,exposure\na,1,2.5\nb,2,9\n", "events over an exposure are no successes"),
        ("group,trials\na,1\nb,2\n", "--successes NAME"),
        ("group,successes,trials,later_trials\na,1,2,3\nb,1,2,3\n", "needs 'later_successes'"),
    ],
)
def test_what_is_refused(text: str, why: str, tmp_path: Path) -> None:
    assert why in refused(tmp_path, text)


def test_many_groups_are_refused(tmp_path: Path) -> None:
    rows = "\n".join(f"g{i},1,{2 + i % 3}" for i in range(301))
    assert "301 groups, at most 300" in refused(tmp_path, f"group,successes,trials\n{rows}\n")


def test_rows_without_an_effect_can_be_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, "group,effect,standard_error\na,,1\nb,1,2\nc,1,1\n")
    assert read(path, drop_missing=True).table["group"].tolist() == ["b", "c"]
