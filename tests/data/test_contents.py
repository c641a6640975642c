"""What a page says is in a file is what is in it."""

from pathlib import Path

import pandas as pd

from data._contents import contents
from data._how import Reading, said_of
from data.linear_regression import load

OWN = Path(__file__).parent.parent / "own_data"
CELLS = pd.DataFrame(
    {
        "n": ["1", "2", "", "2"],
        "x": ["1.5", "NA", "2.5", "4"],
        "g": ["b", "a", "b", "b"],
        "code": ["01067", "01069", "01067", "01067"],
        "empty": ["", "", "", ""],
    },
    index=[2, 3, 4, 5],
    dtype="str",
)


def test_types_missing_cells_and_values() -> None:
    found = contents(CELLS)
    n, x, g, _, empty = found.columns
    assert (n.kind, n.missing, n.values, n.counts) == ("whole number", 1, 2, (("1", 1), ("2", 2)))
    assert (x.kind, x.missing, x.span) == ("number", 1, (1.5, 2.5, 4.0))
    assert (g.kind, g.counts) == ("text", (("b", 3), ("a", 1)))
    assert (empty.kind, empty.missing, empty.values) == ("text", 4, 0)
    assert found.rows == 4
    assert found.lines == (2, 3, 4, 5)
    assert found.first[0] == ("1", "1.5", "b", "01067", "")


def test_what_was_read_as_text_or_as_numbers_is_told_so() -> None:
    typed = pd.DataFrame(
        {"code": pd.Categorical(CELLS["code"]), "x": [1.5, None, 2.5, 4]}, [2, 3, 4, 5]
    )
    found = {one.name: one for one in contents(CELLS, typed).columns}
    assert found["code"].kind == "text"
    assert found["code"].counts == (("01067", 3), ("01069", 1))
    assert found["x"].missing == 1
    assert found["x"].span == (1.5, 2.5, 4.0)


def test_a_regression_tells_of_its_file() -> None:
    load(path := OWN / "flats.csv", "price ~ area")
    found = said_of(path).contents
    area, district, price = found.columns
    assert (area.kind, district.kind, price.kind) == ("whole number", "text", "whole number")
    assert dict(district.counts)["Hafen"] == 1
    assert found.first[0] == ("144", "Altstadt", "501200")


def test_numbers_that_are_written_as_text_are_numbers_once_read() -> None:
    reading = Reading(encoding="cp1252", outcome="Umsatz")
    load(path := OWN / "umsatz.csv", "Umsatz ~ Rabatt + Stück", reading=reading)
    kinds = {one.name: one.kind for one in said_of(path).contents.columns}
    assert kinds["Umsatz"] == "number"  # 723,17 €
    assert kinds["Region"] == "text"
