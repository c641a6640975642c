"""The loader: counts or rows of kinds, and every bad file refused with its place."""

from pathlib import Path

import pytest

from data._how import Reading, said_of
from data._table import DataError
from data.mendel_shares import load, read

HEAD = "kind,count\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_data() -> None:
    found = {"round yellow": 315, "wrinkled yellow": 101, "round green": 108, "wrinkled green": 32}
    assert load().to_dict() == found


def test_rows_are_counted_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "kind,plant_id\nb,1\na,1\nB,2\nb,2\n")
    found = read(path)
    assert found.counts.to_dict() == {"b": 3, "a": 1}
    assert found.rows is not None
    assert found.rows.to_dict() == {2: "b", 3: "a", 4: "b", 5: "b"}
    assert list(found.beside.groups) == ["plant_id"]
    assert "'B' as 'b'" in " ".join(said_of(path).notes)


def test_columns_have_other_names(tmp_path: Path) -> None:
    path = write(tmp_path, "colour,n\nred,1\nblue,0\n")
    assert read(path, Reading.of({"kind": "colour", "count": "n"})).counts.to_dict() == {
        "red": 1,
        "blue": 0,
    }
    assert load(write(tmp_path, "answer\nyes\nno\nyes\n")).to_dict() == {"yes": 2, "no": 1}


def test_a_kind_called_as_what_is_missing_and_a_total_warn(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "NA,4\nb,3\ntotal,7\n")
    load(path)
    told = " ".join(text for text, _ in said_of(path).warnings)
    assert "'NA' is counted as a kind" in told
    assert "Line 4 ('total') is the sum of other rows" in told


BAD: dict[str, tuple[str, list[str]]] = {
    "no rows": (HEAD, ["no rows"]),
    "no such columns": ("a,b\n1,2\n", ["column 'kind' is missing; found 'a', 'b'", "--kind NAME"]),
    "counts under another name": ("kind,n\na,3\nb,4\n", ["'n' may have the counts", "--count"]),
    "the same of many rows": ("kind,n\na,3\na,4\n", ["'n' may have the counts"]),
    "counts under any name": ("kind,seeds\na,3\nb,4\n", ["every kind comes once", "'seeds'"]),
    "negative": (HEAD + "a,-1\nb,2\n", ["line 2, column 'count': '-1' is not a whole number"]),
    "percentages": (HEAD + "a,56.3\nb,43.7\n", ["'56.3' is not a whole number"]),
    "enormous": (HEAD + f"a,{10**9 + 1}\nb,2\n", ["is not at most 1,000,000,000"]),
    "enormous together": (HEAD + f"a,{10**9}\nb,2\n", ["at most 1,000,000,000 are read"]),
    "empty cell": (HEAD + "a,\nb,2\n", ["line 2, column 'count': ''"]),
    "no name": (HEAD + ",1\nb,2\n", ["line 2, column 'kind': ''"]),
    "twice a kind": (HEAD + "a,1\nb,2\nA ,3\n", ["line 4, column 'kind': 'A'", "add up"]),
    "one kind": (HEAD + "a,1\n", ["there is one kind, 'a'"]),
    "one kind in rows": ("kind\na\na\n", ["there is one kind, 'a'"]),
    "nothing counted": (HEAD + "a,0\nb,0\n", ["nothing was observed"]),
    "too many kinds": (
        HEAD + "".join(f"k{i},1\n" for i in range(51)),
        ["51 kinds, at most 50 can be told apart"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    text, expected = BAD[case]
    path = write(tmp_path, text)
    with pytest.raises(DataError) as error:
        load(path)
    assert str(path) in str(error.value)
    for words in expected:
        assert words in str(error.value)
