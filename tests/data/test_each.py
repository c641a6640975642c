"""Several series of one file: on one scale of time, and what is refused."""

from pathlib import Path

import pytest

from data._each import MANY, read_each
from data._how import Reading, said_of
from data._table import DataError


def made(path: Path, rows: list[str], header: str = "time,series,value") -> Path:
    """Write a file and return its path."""
    file = path / "own.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def rows_of(name: str, times: list[int], add: float = 0.0) -> list[str]:
    """Return rows of one series, whose values are squares of its times' numbers."""
    return [f"{time},{name},{i * i + add}" for i, time in enumerate(times)]


EVEN, LATE = [2000, 2002, 2004, 2006, 2010, 2012], [2005, 2006, 2007, 2010, 2011]


def test_series_have_one_scale_of_time(tmp_path: Path) -> None:
    """One with values every second year has steps of a year, as the other has; gaps stay gaps."""
    rows = rows_of("north", EVEN) + rows_of("south", LATE, 0.5)
    found = read_each(made(tmp_path, rows[::-1]))
    assert [*found] == ["south", "north"]
    assert found["north"].at.tolist() == [0, 2, 4, 6, 10, 12]
    assert found["south"].at.tolist() == [0, 1, 2, 5, 6]
    assert {one.unit for one in found.values()} == {"year"}
    assert found["south"].values.index.tolist() == [str(time) for time in LATE]
    assert found["south"].values.tolist() == [i * i + 0.5 for i in range(5)]
    assert found["south"].missing == ["2008", "2009"]
    assert found["north"].ahead(2) == ["2013", "2014"]
    assert "put into the order of their times" in " ".join(said_of(tmp_path / "own.csv").notes)


def test_the_column_is_the_one_with_fewest_names(tmp_path: Path) -> None:
    """A number of the row tells rows apart, too, and no series."""
    north, south = rows_of("north", LATE), rows_of("south", LATE, 0.5)
    rows = [f"{i},{row}" for i, row in enumerate([*north, *south])]
    path = made(tmp_path, rows, "id,year,place,price")
    found = read_each(path, Reading.of({"time": "year", "value": "price"}))
    assert [*found] == ["north", "south"]
    assert "'place' says of which series" in " ".join(said_of(path).notes)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (rows_of("a", LATE), "no column tells several series apart"),
        (rows_of("a", LATE) + rows_of("a", LATE), "no column tells several series apart"),
        (rows_of("a", LATE) + rows_of("b", LATE[:3]), "series 'b' has 3 values, and needs 5"),
        (rows_of("a", LATE) + [f"{one},b,7" for one in LATE], "series 'b': .*7"),
        (rows_of("a", LATE) + rows_of("", LATE), "line 7, column 'series': nothing"),
        (rows_of("a", LATE) + rows_of("b", LATE)[:4] + ["2011,b,x"], "'x'"),
        (rows_of("a", LATE) + rows_of("b", [1, 2, 3, 4, 5]), "steps"),
        ([one for i in range(MANY + 1) for one in rows_of(f"s{i}", LATE)], "13 series with 65"),
    ],
    ids=["one", "twice", "short", "constant", "nobody's", "text", "far apart", "many"],
)
def test_what_is_refused(tmp_path: Path, rows: list[str], said: str) -> None:
    if said == "steps":
        rows = [row.replace("1,b", "0.5001,b") for row in rows]
    with pytest.raises(DataError, match=said):
        read_each(made(tmp_path, rows))


def test_columns_have_to_be_there(tmp_path: Path) -> None:
    path = made(tmp_path, ["a,1,0", "b,2,0"], "series,value,x")
    with pytest.raises(DataError, match="column 'time' is missing"):
        read_each(path)
