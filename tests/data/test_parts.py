"""One file with many data sets: every cell comes into one part, as it was written."""

import csv
import io
import re
from pathlib import Path

import pytest

from data._parts import parts
from data._reading import DataError


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "all.csv"
    path.write_bytes(text.encode(encoding))
    return path


def cells(content: bytes, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode()), delimiter=separator))


def test_rows_go_to_the_part_of_their_value_without_the_column(tmp_path: Path) -> None:
    path = written(tmp_path, 'arm,test,n\nA,one,1\n"B, ""x""",two,02\n\nC, one ,3\n')
    found, between = parts(path, "test")
    assert between == ","
    assert [one.name for one in found] == ["one", "two"]
    assert cells(found[0].content) == [["arm", "n"], ["A", "1"], ["C", "3"]]
    assert cells(found[1].content) == [["arm", "n"], ['B, "x"', "02"]]


def test_parts_are_utf_8_with_the_separator_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "größe;test\n1,5;a\n2,5;b\n", "latin-1")
    found, between = parts(path, "test", encoding="latin-1")
    assert between == ";"
    assert cells(found[1].content, ";") == [["größe"], ["2,5"]]


def test_rows_that_are_too_short_stay_so_for_the_case_to_refuse(tmp_path: Path) -> None:
    path = written(tmp_path, "test,a,b\nx,1,2\nx,1\n")
    assert cells(parts(path, "test")[0][0].content) == [["a", "b"], ["1", "2"], ["1"]]


@pytest.mark.parametrize(
    ("text", "by", "said"),
    [
        ("a,b\n1,2\n", "tset", "no column 'tset'"),
        ("test,b\n1,2\n", "tset", "did you mean 'test'"),
        ("test,test\n1,2\n", "test", "2 columns are called 'test'"),
        ("test,b\nx,2\n,3\nx,1\n  ,3\n", "test", "2 rows have no value in 'test'"),
        ("b,test\n1,x\n2\n", "test", "line 3"),
        ("test,b\n", "test", "no rows"),
        ("", "test", "no rows"),
        ('test,b\n"x,2\n', "test", "all.csv"),
    ],
)
def test_a_file_that_cannot_be_split_is_refused(
    tmp_path: Path, text: str, by: str, said: str
) -> None:
    with pytest.raises(DataError, match=re.escape(said)):
        parts(written(tmp_path, text), by)
