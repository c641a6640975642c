"""Values at times: what is read, what the times between and after are called, what is refused."""

from pathlib import Path

import pytest

from data._how import AS_IT_IS, Reading, said_of
from data._table import DataError
from data.river_level import LONGEST, MOST, Recorded, load, read


def made(folder: Path, *lines: str, **columns: str) -> Recorded:
    path = folder / "own.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read(path, Reading.of(columns))


def test_the_shipped_years() -> None:
    nile = load()
    assert nile.values.name == "volume"
    assert (nile.values["1871"], nile.values["1970"], len(nile.values)) == (1120, 740, 100)
    assert (nile.unit, nile.missing, nile.ahead(2)) == ("year", [], ["1971", "1972"])


@pytest.mark.parametrize(
    ("times", "unit", "missing", "following"),
    [
        (["2001", "2002", "2004", "2005", "2006"], "year", ["2003"], "2007"),
        ([f"2020-{m:02d}" for m in (9, 10, 12, 11, 8)], "month", [], "2021-01"),
        (["2024-01-31", "2024-02-29", "2024-03-31", "2024-05-31", "2024-06-30"], "month", *(
            [["2024-04"], "2024-07"])),
        ([f"2024-02-{d}" for d in (25, 26, 27, 29)] + ["2024-03-01"], "day", *(
            [["2024-02-28"], "2024-03-02"])),
        ([f"2024-01-{d:02d}" for d in (1, 8, 15, 29)] + ["2024-02-05"], "week", *(
            [["2024-01-22"], "2024-02-12"])),
        ([f"{2000 + q // 4}-{q % 4 * 3 + 1:02d}" for q in (0, 1, 3, 4, 5)], "quarter", *(
            [["2000-07"], "2001-07"])),
        (["0.5", "1", "2", "2.5", "3"], "period", ["1.5"], "3.5"),
        (["2000", "2010", "2020", "2030", "2050"], "period", ["2040"], "2060"),
        (["2000-01", "2000-07", "2001-01", "2002-01", "2002-07"], "period", *(
            [["2001-07-01"], "2003-01-01"])),
    ],
)  # fmt: skip
def test_times_between_and_after_have_names(
    tmp_path: Path, times: list[str], unit: str, missing: list[str], following: str
) -> None:
    found = made(tmp_path, "when,level", *(f"{one},{i * i}" for i, one in enumerate(times)))
    assert (found.unit, found.missing, found.ahead(1)) == (unit, missing, [following])
    assert found.values.name == "level"
    assert len(found.all) == found.at[-1] + 1 == len(times) + len(missing)


def test_rows_in_any_order_and_cells_without_a_value(tmp_path: Path) -> None:
    lines = ["3,9", "1,1", "5,", "2,4", "4,16", "6,36"]
    found = made(tmp_path, "t,y", *lines)
    assert found.values.to_dict() == {"1": 1, "2": 4, "3": 9, "4": 16, "6": 36}
    assert found.missing == ["5"]
    notes = " ".join(said_of(tmp_path / "own.csv").notes)
    assert "order of their times" in notes
    assert "1 of 6 rows were left out because a value is missing" in notes


def test_columns_of_a_wider_file_are_named(tmp_path: Path) -> None:
    lines = [f"x,{2000 + i},{i % 3}" for i in range(6)]
    found = made(tmp_path, "note,jahr,preis", *lines, time="jahr", value="preis")
    assert found.values.tolist() == [0, 1, 2, 0, 1, 2]
    with pytest.raises(DataError, match="--time NAME --value NAME"):
        made(tmp_path, "note,jahr,preis", *lines)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["1,2", "2,3", "2,4", "3,5", "4,7"], "time '2' comes more than once"),
        (["1,2", "2,3", "3.7,4", "4,5", "5,7"], "no multiples of the smallest"),
        (["1,2", "2,b", "3,4", "4,5", "5,7"], "'b' is not a number"),
        (["1,2", "x,3", "3,4", "4,5", "5,7"], "'x' is neither a number"),
        (["1,2", ",3", "3,4", "4,5", "5,7"], "leave the row out if it has no time"),
        ([f"{i},3" for i in range(9)], "is constant"),
        (["1,2", "2,3", "3,4", "4,5"], "4 values, and 5 to 20,000 are read"),
        ([f"{i},{i % 7}" for i in range(MOST + 1)], "means of longer stretches"),
        (["1,2", "2,3", "3,4", "4,5", f"{LONGEST + 1},7"], "values over 40,001 steps of time"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(DataError, match=said):
        made(tmp_path, "time,value", *lines)


SEVERAL = [f"{year},{place},{value}" for i, year in enumerate(range(2001, 2008))
           for place, value in (("north", i * i), ("south east", 9 - i), ("west", ""))]  # fmt: skip


def test_one_of_several_series(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("\n".join(["year,place,price", *SEVERAL]) + "\n", encoding="utf-8")
    reading = Reading.of({"time": "year", "value": "price"})
    found = read(path, reading, "south east")
    assert found.values.tolist() == [9 - i for i in range(7)]
    assert found.values.name == "value of south east"
    assert "the 7 of 21 rows that say 'south east' in the column 'place'" in " ".join(
        said_of(path).notes
    )
    assert read(path, AS_IT_IS, "north").values.name == "price of north"  # of two columns left
    with pytest.raises(DataError, match=r"2 series, told apart by the column 'place'.*--series n"):
        read(path, reading)
    with pytest.raises(DataError, match="no column says 'East'"):
        read(path, reading, "East")
    with pytest.raises(DataError, match="0 values"):
        read(path, reading, "west")


def test_a_name_in_two_columns_is_no_series(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = [f"{i},a,a,{i * i}" for i in range(6)]
    path.write_text("\n".join(["time,kind,place,value", *rows]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="columns 'kind' and 'place' say 'a'"):
        read(path, AS_IT_IS, "a")


YEARS = [f"{2000 + i // 12}-{i % 12 + 1:02d},{i * i}" for i in range(3, 80)]  # 2000-04 to 2006-08


@pytest.mark.parametrize(
    ("each", "unit", "names", "following"),
    [
        (12, "year", ["2001", "2002", "2004", "2005"], "2006"),
        (3, "quarter", ["2000-04", "2000-07", "2000-10", "2001-01"], "2006-07"),
        (5, "stretch of 5 months", ["2000-04-01", "2000-09-01", "2001-02-01"], "2006-07-01"),
    ],
)
def test_means_of_whole_stretches(
    tmp_path: Path, each: int, unit: str, names: list[str], following: str
) -> None:
    """A stretch with a gap has no value; years and quarters begin where the calendar has them."""
    path = tmp_path / "own.csv"
    rows = [one for one in YEARS if not one.startswith("2003-05")]
    more = [f"{2007 + i // 12}-{i % 12 + 1:02d},{i}" for i in range(60)] if each == 12 else []
    path.write_text("\n".join(["month,price", *rows, *more]) + "\n", encoding="utf-8")
    found = read(path, means=each)
    assert found.unit == unit
    assert found.values.index[: len(names)].tolist() == names
    assert found.values.name == "mean price"
    assert f"a mean of {each} months" in " ".join(said_of(path).notes)
    monthly = read(path).values
    first = list(monthly.index).index("2001-01" if each == 12 else "2000-04")
    assert found.values.iloc[0] == monthly.iloc[first : first + each].mean()
    assert [name for name in found.missing if name.startswith("2003")] == (
        ["2003"] if each == 12 else ["2003-04"] if each == 3 else ["2003-03-01"]
    )
    if not more:
        assert found.ahead(1) == [following]


def test_what_is_too_long_is_read_as_means_and_what_is_too_short_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = [f"{i},{i % 7}" for i in range(7 * 4000)]
    path.write_text("\n".join(["t,y", *rows]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="--means 7"):
        read(path)
    with pytest.raises(DataError, match="all 4,000 means are alike"):
        read(path, means=7)
    assert read(path, means=8).values.iloc[:2].tolist() == [2.625, 2.75]
    with pytest.raises(DataError, match="4 whole stretches"):
        read(path, means=7000)


MONTHS = [f"{2001 + i // 12}-{i % 12 + 1:02d}" for i in range(40)]


@pytest.mark.parametrize(
    ("times", "season", "first", "last"),
    [
        (MONTHS[3:], 12, "April", "March"),
        ([f"{2001 + i // 4}-{i % 4 * 3 + 1:02d}" for i in range(12)], 4, "January", "October"),
        ([f"2024-02-{i:02d}" for i in range(1, 22)], 7, "Thursday", "Wednesday"),
        ([str(i) for i in range(12)], 4, "1 of 4", "4 of 4"),
        (MONTHS, 5, "1 of 5", "5 of 5"),
    ],
)
def test_places_of_a_season_have_names(
    tmp_path: Path, times: list[str], season: int, first: str, last: str
) -> None:
    path = tmp_path / "own.csv"
    lines = [f"{one},{i * i % 11}" for i, one in enumerate(times)]
    path.write_text("\n".join(["when,level", *lines]) + "\n", encoding="utf-8")
    places = read(path, season=season).places(season)
    assert (places[0], places[-1], len(places)) == (first, last, season)


@pytest.mark.parametrize(
    ("values", "season", "said"),
    [
        ({i: i * i % 7 for i in range(20)}, 12, "needs 24: two whole periods"),
        ({i: i * i % 11 for i in range(30) if i % 12 != 4}, 12, "have fewer: 5 of 12"),
        ({i: [3, 5, 8, 2][i % 4] for i in range(20)}, 4, "each value is that of 4 steps before"),
        ({i: i * i % 7919 for i in range(700)}, 24, "at most 625 are read"),
    ],
    ids=["short", "a place unseen", "no noise", "many"],
)
def test_what_is_no_season_is_refused(
    tmp_path: Path, values: dict[int, int], season: int, said: str
) -> None:
    path = tmp_path / "own.csv"
    lines = [f"{i},{one}" for i, one in values.items()]
    path.write_text("\n".join(["t,y", *lines]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read(path, season=season)


@pytest.mark.parametrize(
    ("values", "season", "said"),
    [
        ({i: f"{5 - 0.1 * i:.1f}" for i in range(20)}, 0, "all values lie on one straight line"),
        ({i: 7 * i + [3, 5, 8, 2][i % 4] for i in range(20)}, 4, "with a season, lie on one"),
        ({i: i * i % 7919 for i in range(7_501)}, 0, "a trend .--trend. at most 7,500 are read"),
        ({i: i * i % 7919 for i in range(1_200)}, 12, "season of 12 .--trend. at most 1,153"),
    ],
    ids=["a line", "a line with a season", "many", "many with a season"],
)
def test_what_is_no_trend_is_refused(
    tmp_path: Path, values: dict[int, str | int], season: int, said: str
) -> None:
    """And read without one, or with a value that is off the line."""
    path = tmp_path / "own.csv"
    lines = [f"{i},{one}" for i, one in values.items()]
    path.write_text("\n".join(["t,y", *lines]) + "\n", encoding="utf-8")
    assert len(read(path, season=season).values) == len(values)
    with pytest.raises(DataError, match=said):
        read(path, season=season, trend=True)
    few = [*lines[:19], f"{len(values)},1"]
    path.write_text("\n".join(["t,y", *few]) + "\n", encoding="utf-8")
    assert len(read(path, season=4, trend=True).values) == 20
