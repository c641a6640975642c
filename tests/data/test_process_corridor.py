"""The loader: which column is meant, numbers as people write them, what is refused and where."""

from pathlib import Path

import pytest

from data._how import Reading, said_of
from data._table import DataError
from data.process_corridor import load, read, read_both

FIVE = "5.1\n5.2\n5.3\n5.2\n5.4\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_data() -> None:
    rings = load()
    assert (rings.name, len(rings)) == ("diameter", 75)
    assert rings.mean() == pytest.approx(5.6136)
    assert (rings.min(), rings.max()) == (5.5, 5.72)


def test_which_column_is_meant(tmp_path: Path) -> None:
    """The only one; `value`, in any case; or the one that is named. The others say what belongs."""
    assert load(write(tmp_path, f"length\n{FIVE}")).name == "length"
    rows = "".join(f"{'ab'[i % 2]},{one}\n" for i, one in enumerate(FIVE.split()))
    values, beside = read(write(tmp_path, f"machine_id,Value\n{rows}"))
    assert values.tolist() == [5.1, 5.2, 5.3, 5.2, 5.4]
    assert beside.groups["machine_id"].tolist() == [0, 1, 0, 1, 0]
    named, _ = read(write(tmp_path, f"machine_id,w\n{rows}"), Reading(outcome="w"))
    assert (named.name, named.index.tolist()) == ("w", [2, 3, 4, 5, 6])


def test_numbers_as_people_write_them(tmp_path: Path) -> None:
    path = write(tmp_path, "weight;day\n" + "".join(f"{x},5 g;1\n" for x in range(5, 11)))
    values, _ = read(path, Reading(outcome="weight"))
    assert values.tolist() == [5.5, 6.5, 7.5, 8.5, 9.5, 10.5]
    assert said_of(path).notes


def test_missing_values_are_left_out_where_that_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, f"value,id\n{FIVE.replace(chr(10), ',x' + chr(10))}NA,x\n")
    with pytest.raises(DataError, match="line 7: no value in 'value'"):
        load(path)
    values, beside = read(path, drop_missing=True)
    assert len(values) == 5
    assert "1 of 6 rows were left out" in " ".join(said_of(path).notes)
    assert all(len(of) == 5 for of in beside.groups.values())


def test_a_setting_beside_the_measurement(tmp_path: Path) -> None:
    rows = "".join(f"{one},{180 + i * i},m{i % 2}\n" for i, one in enumerate(FIVE.split()))
    path = write(tmp_path, f"value,temp,machine\n{rows}")
    both, beside = read_both(path, setting="temp")
    assert list(both) == ["value", "temp"]
    assert both["temp"].tolist() == [180, 181, 184, 189, 196]
    assert "temp" not in beside.columns
    for setting, why in (
        ("tmp", "column 'tmp' is missing; found 'value', 'temp', 'machine'; did you mean 'temp'"),
        ("value", "is the measurement itself"),
        ("machine", "column 'machine' is text"),
    ):
        with pytest.raises(DataError, match=why):
            read_both(path, setting=setting)
    twice = "".join(f"{one},{2 * float(one) + 1}\n" for one in FIVE.split())
    with pytest.raises(DataError, match="'double' is a copy of 'value'"):
        read_both(write(tmp_path, f"value,double\n{twice}"), setting="double")


BAD: dict[str, tuple[str, list[str]]] = {
    "empty file": ("", ["the file is empty"]),
    "no rows": ("value\n", ["no rows"]),
    "several columns": ("a,b\n1,2\n", ["column 'value' is missing; found 'a', 'b'", "--outcome"]),
    "text": ("value\na\nb\na\nb\nc\n", ["column 'value' is text"]),
    "a word among numbers": (f"value\n{FIVE}four\n", ["line 7, column 'value': 'four'"]),
    "a bound": (f"value\n{FIVE}<3\n", ["line 7, column 'value': '<3'"]),
    "infinite": (f"value\n{FIVE}inf\n", ["line 7"]),
    "few": ("value\n1\n2\n3\n4\n", ["4 values: at least 5"]),
    "one value": ("value\n" + "3\n" * 9, ["the same value in all 9 rows"]),
    "last digits": (
        "value\n" + "".join(f"1000000000000000.{i}\n" for i in range(9)),
        ["column 'value'"],
    ),
    "twice a column": (f"value,value\n{FIVE}", ["column 'value' stands there twice"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    text, expected = BAD[case]
    path = write(tmp_path, text)
    with pytest.raises(DataError) as error:
        load(path)
    assert str(path) in str(error.value)
    for one in expected:
        assert one in str(error.value)
