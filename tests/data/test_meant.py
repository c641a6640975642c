"""Numbers and dates as people write them are read as what they mean, or refused with both ways."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from data._dates import dated
from data._how import Reading
from data._meant import Meant, meant
from data._written import plainly, written

type Columns = dict[str, list[str]]


def read(columns: Columns, separator: str = ",", *, whole: bool = False, **options: str) -> Meant:
    table = pd.DataFrame(columns, dtype="str")
    return meant(table, list(table), Reading.of(options), separator=separator, whole=whole)


READ: dict[str, tuple[list[str], list[str]]] = {
    "percentages": (["15%", "7.5 %", "0"], ["0.15", "0.075", "0"]),
    "money before": (["$20", "-$1,200.50", "$ 7"], ["20", "-1200.50", "7"]),
    "money behind": (["20 €", "1.200,50 €", "7 €"], ["20", "1200.50", "7"]),
    "thousands of money": (["£1.2k", "£3k", "£900"], ["1200", "3000", "900"]),
    "prices below and above a thousand": (["1,299", "899", "2,499"], ["1299", "899", "2499"]),
    "a code": (["EUR 20", "EUR 1,250.5"], ["20", "1250.5"]),
    "brackets": (["(20)", "(1,200)", "5"], ["-20", "-1200", "5"]),
    "decimal commas": (["3,7", "12,25", "4"], ["3.7", "12.25", "4"]),
    "commas and points": (["1.234,5", "12,5"], ["1234.5", "12.5"]),
    "commas told by a point": (["1,234", "1,234.5"], ["1234", "1234.5"]),
    "twice": (["1,234,567", "1,234"], ["1234567", "1234"]),
    "a leading nought": (["0,500", "1,234"], ["0.500", "1.234"]),
    "noughts that are kept": (["12,500", "950", "1000"], ["12500", "950", "1000"]),
    "blanks": (["1 200", "12 000,5"], ["1200", "12000.5"]),
    "narrow blanks": (["1\u202f200", "2\u00a0000"], ["1200", "2000"]),
    "apostrophes": (["1'200", "1’200.5"], ["1200", "1200.5"]),
    "in India": (["1,00,000", "12,34,567"], ["100000", "1234567"]),
    "a long minus": (["−2", "3"], ["-2", "3"]),
    "other digits": (["١٢", "٣"], ["12", "3"]),
    "a unit": (["12 kg", "9.5kg", "1"], ["12", "9.5", "1"]),
    "one of many": (["1", "2", "3", "12,500", "4000"], ["1", "2", "3", "12500", "4000"]),
    "missing beside": (["15%", "NA", "-", "20%", ""], ["0.15", "NA", "-", "0.20", ""]),
    "days": (["2024-02-28", "2024-03-01"], ["0", "2"]),
    "hours": (["2024-01-05 12:00", "2024-01-06T18:00:00Z"], ["0.5", "1.75"]),
    "in German": (["28.02.2024", "1.3.2024"], ["0", "2"]),
    "day first": (["01/02/2024", "13/02/2024"], ["0", "12"]),
    "month first": (["02/01/2024", "02/13/2024"], ["0", "12"]),
    "a name of a month": (["3 Jan 2024", "Feb 1, 2024"], ["0", "29"]),
    "a German month": (["28. Februar 2024", "1. März 2024"], ["0", "2"]),
    "months": (["2024-01", "2024-03"], ["0", "60"]),
    "yes in several ways": (["yes", "Yes", "NO", "no"], ["yes", "yes", "no", "no"]),
    "yes and 1": (["yes", "TRUE", "no", "0"], ["1", "1", "0", "0"]),
}


@pytest.mark.parametrize("case", READ)
def test_a_column_is_read_as_it_is_meant_and_that_is_said(case: str) -> None:
    cells, expected = READ[case]
    found = read({"x": cells})
    assert found.table["x"].tolist() == expected
    assert not found.problems
    assert found.notes[0].startswith("Column 'x' ")
    assert "--as-text 'x' keeps it as text" in found.notes[0]
    kept = read({"x": cells}, as_text="x")
    assert kept.table["x"].tolist() == cells
    assert not kept.notes


def test_the_page_shows_how_one_is_read() -> None:
    (note,) = read({"discount": ["15%", "20%"]}).notes
    said = "Column 'discount' looks like percentages ('15%'): read as numbers, .15"
    assert note == f"{said} (--as-text 'discount' keeps it as text)."


SAME = [
    ["1", "2.5", "1e3", "-4"],
    ["1.234", "2.345"],  # points are decimal signs, where cells are separated by commas
    ["18-24", "25-34", "65+"],
    ["5A", "3K", "20s"],
    ["A+", "B-", "C"],
    ["10% off", "20% off"],
    ["yes", "no", "no"],
    ["12:30", "14:00"],
    ["192.168.1.1", "10.0.0.1"],
    ["1.2.3", "1.2.4"],
    ["555-1234", "555-4321"],
    ["1/2", "3/4"],
    ["2024-W05", "2024-W06"],
    ["(a)", "(b)"],
]


@pytest.mark.parametrize("cells", SAME, ids=lambda cells: cells[0])
def test_what_is_no_such_number_stays_as_it_is(cells: list[str]) -> None:
    found = read({"x": cells})
    assert found.table["x"].tolist() == cells
    assert not found.notes + found.problems


OPEN: dict[str, tuple[Columns, str, list[str]]] = {
    "a comma": ({"x": ["1,234", "2,345"]}, ",", ["1234 (decimal", "1.234 (decimal", "--decimal ."]),
    "a point": ({"x": ["1.234", "2.345"]}, ";", ["1.234 (decimal", "1234 (decimal"]),
    "a date": ({"x": ["03/04/2024"]}, ",", ["2024-04-03 (day", "2024-03-04 (mon", "--dates dmy"]),
    "two moneys": ({"x": ["$5", "€5"]}, ",", ["in $ and in €"]),
    "two units": ({"x": ["5 cm", "1 m"]}, ",", ["in cm and in m"]),
    "20 beside 15%": ({"x": ["15%", "10%", "20"]}, ",", ["line 2, column 'x': '20' lacks a %"]),
    "a slip": ({"x": ["$15", "$10", "$2O"]}, ",", ["line 2, column 'x': '$2O'", "as '$15'"]),
    "no such day": ({"x": ["2024-02-28", "2024-02-27", "2024-02-30"]}, ",", ["'2024-02-30' is no"]),
}


@pytest.mark.parametrize("case", OPEN)
def test_what_may_be_two_things_is_refused_with_both(case: str) -> None:
    columns, separator, expected = OPEN[case]
    problems = "\n".join(read(columns, separator).problems)
    for words in expected:
        assert words in problems


def test_other_columns_and_options_tell() -> None:
    cells = ["1,234", "2,345"]
    assert read({"x": cells, "z": ["3.5", "1"]}).table["x"].tolist() == ["1234", "2345"]
    assert read({"x": cells, "z": ["3,5", "1"]}).table["x"].tolist() == ["1.234", "2.345"]
    assert read({"x": cells}, decimal=",").table["x"].tolist() == ["1.234", "2.345"]
    assert read({"x": cells}, decimal=".").table["x"].tolist() == ["1234", "2345"]
    points = {"x": ["1.234", "2.345"], "z": ["3,5", "1"]}
    assert read(points, ";").table["x"].tolist() == ["1234", "2345"]
    days = {"x": ["03/04/2024", "04/04/2024"]}
    assert read({**days, "z": ["13/01/2024", "01/01/2024"]}).table["x"].tolist() == ["0", "1"]
    assert read(days, dates="mdy").table["x"].tolist() == ["0", "31"]


def test_counts_have_commas_between_thousands_and_no_doubtful_points() -> None:
    assert read({"n": ["12,000", "1,000"]}, whole=True).table["n"].tolist() == ["12000", "1000"]
    points = {"n": ["12.000", "10.000"], "k": ["1.150", "1.201"]}
    assert read(points, whole=True).table["n"].tolist() == ["12000", "10000"]
    assert "may be 12.000" in read({"n": ["12.000", "10.000"]}, whole=True).problems[0]
    shares = read({"n": ["7.5%", "8%"]}, whole=True)
    assert shares.table["n"].tolist() == ["7.5%", "8%"]  # no counts, which the schema says


numbers = st.decimals(-10_000_000, 10_000_000, places=2, allow_nan=False)
groups = st.sampled_from([",", " ", "'", "\u202f", ""])
dresses = st.sampled_from(["{}", "{}%", "${}", "{} €", "{} kg", "USD {}"])


@given(numbers, groups, dresses)
def test_a_number_written_in_any_way_is_that_number(
    number: Decimal, group: str, dress: str
) -> None:
    body = f"{number:,}".replace(",", group)
    mirrored = body.translate(str.maketrans(".,", ",."))
    expected = number / 100 if "%" in dress else number
    for text, sign in ((body, "."), (mirrored, ",")):
        one = written(dress.format(text))
        assert one is not None
        found = one.by(sign)
        assert found == expected
        assert Decimal(plainly(found)) == found


@given(
    st.dates(date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%Y/%m/%d"])
)
def test_a_date_written_in_any_way_is_that_day(day: date, form: str) -> None:
    found = dated(day.strftime(form))
    assert found is not None
    assert found.dmy == found.mdy == (day - date(1970, 1, 1)).days


@given(st.text(max_size=25))
def test_any_cell_is_a_number_a_date_or_neither(cell: str) -> None:
    written(cell)
    dated(cell)
