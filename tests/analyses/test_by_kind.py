"""What --expected and --before say of kinds: by order or by name, and what is refused."""

import pandas as pd
import pytest
import typer

from analyses._by_kind import asked
from data.mendel_shares import Kinds

COUNTS = pd.Series([30, 12, 0], pd.Index(["red", "dark, blue", "a=b"], name="kind"), name="count")
FILE = Kinds(COUNTS)
ROWS = Kinds(COUNTS[:2], pd.Series(["red"] * 30 + ["dark, blue"] * 12))


def test_by_order() -> None:
    found = asked(FILE, "2:1:1", "3:0:5", ordered=False)
    assert found.expected.tolist() == [0.5, 0.25, 0.25]
    assert found.before.tolist() == [3, 0, 5]
    assert found.stand == "stand 2:1:1"


def test_by_name_and_what_only_an_option_names() -> None:
    """A kind that was never seen has the count 0; names may have commas and equal signs."""
    found = asked(ROWS, "dark, blue=1, red=2.5 ,green=.5", "green=2", ordered=True)
    assert found.counts.to_dict() == {"red": 30, "dark, blue": 12, "green": 0}
    assert found.expected.tolist() == [0.625, 0.25, 0.125]
    assert found.before.tolist() == [0, 0, 2]
    assert found.codes(ROWS.rows)[[0, -1]].tolist() == [0, 1]


def test_nothing_said_is_equal_shares() -> None:
    found = asked(FILE, None, None, ordered=False)
    assert found.expected.tolist() == [1 / 3] * 3
    assert not found.before.any()
    assert found.stand == "come in equal shares"


def test_what_goes_on_reads_as_it_was() -> None:
    """In whatever order the kinds of the new file come."""
    first = asked(FILE, "2:1:1", "3:0:5", ordered=False)
    turned = Kinds(COUNTS.iloc[::-1])
    again = asked(turned, **first.goes_on, ordered=False)
    assert again.counts.index.tolist() == ["a=b", "dark, blue", "red"]
    assert again.before.tolist() == [5, 12, 33]
    assert again.expected.tolist() == [0.25, 0.25, 0.5]


REFUSED = {
    ("9:3:3:1", None): "4 numbers for 3 kinds",
    ("9:3", None): "2 numbers for 3 kinds",
    ("9:3:x", None): "'x' is not a number",
    ("9:3:0", None): "not above 0",
    ("9:3:-1", None): "not above 0",
    ("red=9,dark, blue=3", None): "no share for 'a=b'",
    ("rad=9,dark, blue=3,a=b=1", None): "no share for 'red'; did you mean 'rad'?",
    ("red=9,red=3,dark, blue=3,a=b=1", None): "comes twice",
    (None, "1:2:1.5"): "not whole numbers",
    (None, "1:2:-1"): "not whole numbers",
    ("1:1:1", "green=4"): "3 numbers for 4 kinds",
}


@pytest.mark.parametrize(("expected", "before"), REFUSED)
def test_what_is_refused(expected: str | None, before: str | None) -> None:
    with pytest.raises(typer.BadParameter) as error:
        asked(FILE, expected, before, ordered=False)
    assert REFUSED[expected, before] in str(error.value)


def test_the_order_of_counted_rows_is_chance() -> None:
    with pytest.raises(typer.BadParameter, match="the order of the kinds is chance"):
        asked(ROWS, "3:1", None, ordered=False)
    assert asked(ROWS, "1:1", None, ordered=False).stand == "come in equal shares"
    with pytest.raises(typer.BadParameter, match="the order of the kinds is chance"):
        asked(ROWS, None, "3:1", ordered=False)


def test_counts_have_no_order() -> None:
    with pytest.raises(typer.BadParameter, match="--ordered is for a file with a row"):
        asked(FILE, None, None, ordered=True)
