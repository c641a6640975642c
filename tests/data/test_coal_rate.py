"""When events happened, or counts of periods: what is read, what is refused with which words."""

from pathlib import Path

import numpy as np
import pytest

from data._how import Reading, said_of
from data._periods import Periods
from data._table import DataError
from data.coal_rate import load, read

YEARS = [f"{year},{year % 4}" for year in range(1900, 1920)]


def made(folder: Path, *lines: str, **options: str) -> Periods:
    path = folder / "own.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read(path, **options)  # type: ignore[arg-type]


def test_the_shipped_events_are_counted_by_year() -> None:
    counts = load()
    assert counts.sum() == 191
    assert list(counts.index) == [str(year) for year in range(1851, 1963)]
    assert counts["1851":"1856"].tolist() == [4, 5, 4, 1, 0, 4]


def test_counts_of_years_are_read_in_their_order(tmp_path: Path) -> None:
    found = made(tmp_path, "period,count", *YEARS[::-1])
    assert found.unit == "year"
    assert found.counts.tolist() == [year % 4 for year in range(1900, 1920)]
    assert found.starts.tolist() == list(range(1900, 1920))
    assert "Rows were put into the order" in said_of(tmp_path / "own.csv").notes[0]


@pytest.mark.parametrize(
    ("cells", "unit", "starts"),
    [
        ([f"2020-{m:02d}" for m in range(1, 7)], "month", [2020 + m / 12 for m in range(6)]),
        (["2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30", "2020-05-31"], "month", None),
        ([f"{2000 + q // 4}-{q % 4 * 3 + 1:02d}" for q in range(6)], "quarter", None),
        ([f"{year}-12-31" for year in range(1990, 1996)], "year", list(range(1990, 1996))),
        ([f"2024-01-{day:02d}" for day in range(1, 30, 7)], "week", None),
        ([f"2024-02-{day}" for day in range(26, 30)] + ["2024-03-01"], "day", None),
        ([f"{2000 + q / 4}" for q in range(6)], "period", [2000 + q / 4 for q in range(6)]),
        (["1", "2", "3", "4", "5"], "period", [1, 2, 3, 4, 5]),
    ],
)
def test_periods_are_steps_of_the_calendar_or_numbers(
    tmp_path: Path, cells: list[str], unit: str, starts: list[float] | None
) -> None:
    found = made(tmp_path, "period,count", *(f"{cell},{i}" for i, cell in enumerate(cells)))
    assert found.unit == unit
    assert found.counts.tolist() == list(range(len(cells)))
    assert (np.diff(found.starts) > 0).all()
    if starts:
        assert found.starts == pytest.approx(starts, abs=1e-12)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["period,count", *YEARS[:5], *YEARS[6:]], "between 1904 and 1906 1 period is missing"),
        (["period,count", *YEARS[:5], *YEARS[8:]], "between 1904 and 1908 3 periods are missing"),
        (["period,count", *YEARS, YEARS[3]], "period '1903' comes more than once"),
        (["period,count", *YEARS, "Total,30"], "'Total' is neither a number"),
        (["period,count", *YEARS[:4]], "too few periods, 4; at least 5"),
        (["period,count", "1900,1"], "one period"),
        (["period,count", *YEARS, "1920,-1"], "'-1' is not a whole number of 0 or more"),
        (["period,count", *YEARS, "1920,"], "line 22, column 'count'"),
        (["period,count", "1,1", "2,1", "3.5,1", "5,1", "6,2"], "are not all the same"),
        (["a,b,c", "1,2,3"], "column 'date' is missing"),
        (["date", "1850.1", "soon", "1850.3"], "'soon' is neither a number"),
        (["date", "1850.1", "inf"], "'inf' is neither"),
        (["date", "1850.1", "1850.2"], "too few periods, 1;"),
        (["date", "0", "1000000"], "1,000,001 periods, at most 10,000"),
        (["date,x", "1850.1,a", ",b", "1860,c"], "line 3, column 'date': nothing"),
        (["date", "01/03/2020", "02/03/2020"], "day first"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, lines: list[str], words: str) -> None:
    with pytest.raises(DataError, match=words.replace("(", r"\(")):
        made(tmp_path, *lines)


def test_dates_are_counted_by_what_they_span_or_by_what_is_asked(tmp_path: Path) -> None:
    lines = ["date", *(f"{year}-{month:02d}-03" for year in (2020, 2023) for month in (1, 3, 9))]
    by_month = made(tmp_path, *lines)
    assert (by_month.unit, len(by_month.counts)) == ("month", 45)
    weekly = made(tmp_path, *lines, every="week")
    assert weekly.counts.index[0] == "2019-12-30"  # a Monday
    assert weekly.counts.sum() == 6
    yearly = made(tmp_path, *lines, every="year", since="2018", until="2024-05-01")
    assert yearly.counts.to_dict() == {
        **{"2018": 0, "2019": 0, "2020": 3, "2021": 0},
        **{"2022": 0, "2023": 3, "2024": 0},
    }


def test_a_time_without_events_is_known_by_since_and_until(tmp_path: Path) -> None:
    lines = ["date", "1850.1", "1850.2", "1859.9"]
    assert len(made(tmp_path, *lines).counts) == 10
    longer = made(tmp_path, *lines, since="1840", until="1865")
    assert (longer.counts.index[0], longer.counts.index[-1]) == ("1840", "1865")
    shorter = made(tmp_path, *lines, since="1851")
    assert shorter.counts.sum() == 1
    assert "2 events" in said_of(tmp_path / "own.csv").notes[-1]
    with pytest.raises(DataError, match="--until xx: not when"):
        made(tmp_path, *lines, until="xx")
    with pytest.raises(DataError, match="--every is for dates"):
        made(tmp_path, *lines, every="month")
    with pytest.raises(DataError, match="--since is for files with a row an event"):
        made(tmp_path, "period,count", *YEARS, since="1900")
    with pytest.raises(DataError, match="--until is before --since"):
        made(tmp_path, *lines, since="1860", until="1850")


def test_columns_under_other_names(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("\n".join(["year,n,site", *(f"{y},x" for y in YEARS)]), encoding="utf-8")
    found = read(path, Reading.of({"period": "year", "count": "n"}))
    assert found.counts.sum() == 30
    two = made(tmp_path, "year,count", *YEARS)
    assert two.counts.sum() == 30


def test_rows_that_come_twice_are_warned_of_beyond_chance(tmp_path: Path) -> None:
    days = [
        f"{year}-0{month}-1{day}" for year in range(2000, 2020) for month in (1, 5) for day in "18"
    ]
    once = [f"{day},{i % 3}" for i, day in enumerate(days)]
    made(tmp_path, "date,site", *once, once[0])
    assert not said_of(tmp_path / "own.csv").warnings
    made(tmp_path, "date,site", *once, *once[:20])
    assert "20" in said_of(tmp_path / "own.csv").warnings[0][0]
