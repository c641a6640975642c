"""Files as people bring them: each was read in silence as something else, or led nowhere."""

from pathlib import Path

import pytest

from data import ab_test, linear_regression, logistic_regression
from data._how import Reading, said_of
from tests.data.test_own_files import refused, told, write


def table(column: list[str], name: str = "g", separator: str = ",") -> str:
    """Return a file of 24 rows with x, a column and y."""
    cells = [column[i % len(column)] for i in range(24)]
    rows = [[str(i * 7 % 11), cell, str(i * 5 % 13)] for i, cell in enumerate(cells)]
    return "\n".join(separator.join(row) for row in [["x", name, "y"], *rows]) + "\n"


CODES = [["01067", "10115", "80331"], ["0170555", "03012345"], ["001", "010", "NA", "100"]]


@pytest.mark.parametrize("cells", CODES)
def test_codes_with_leading_noughts_are_no_numbers(cells: list[str], tmp_path: Path) -> None:
    path = write(tmp_path, table(cells, "zip"))
    found = linear_regression.load(path, drop_missing="NA" in cells)
    assert all(" rather than " in name for name in list(found.terms)[1:])
    assert f"'zip' looks like codes ({cells[0]!r})" in told(path)


@pytest.mark.parametrize("cells", [["05", "7", "12"], ["0", "10"], ["0.5", "0.7"], ["00.5", "1"]])
def test_numbers_that_begin_with_nought_are_numbers(cells: list[str], tmp_path: Path) -> None:
    found = linear_regression.load(write(tmp_path, table(cells)))
    assert found.terms["g"].tolist()[:2] == [float(cell) for cell in cells[:2]]


def test_one_value_in_several_spellings_is_one(tmp_path: Path) -> None:
    path = write(tmp_path, table(["Nord", "nord", "Nord", "Ost", "OST"]))
    found = linear_regression.load(path)
    assert list(found.terms) == ["x", "g: Ost rather than Nord"]
    assert "'nord' as 'Nord', 'OST' as 'Ost' is read (--as-text 'g' keeps them" in told(path)
    kept = linear_regression.load(path, reading=Reading(as_text=("g",)))
    assert kept.terms.shape[1] == 4


def test_one_arm_in_several_spellings_is_one_and_na_is_told(tmp_path: Path) -> None:
    rows = "arm,converted\n" + "Control,1\ncontrol,0\nControl,0\nB,1\nNA,1\n" * 3
    path = write(tmp_path, rows)
    counts = ab_test.load(path).set_index("arm")
    assert counts["visitors"].to_dict() == {"Control": 9, "B": 3, "NA": 3}
    assert "'control' as 'Control' is read" in told(path)
    assert [text for text, _ in said_of(path).warnings] == [
        "'NA' is counted as an arm like the others."
    ]


def test_two_decimal_signs_in_a_column_are_told(tmp_path: Path) -> None:
    for cells in (["6.5", "1,5"], ["1.234,50", "1,234.50"]):
        said = refused(linear_regression.load, write(tmp_path, table(cells, separator=";")))
        assert "has a decimal point and" in said
        assert "write all in one way" in said


MARKS = {
    "#DIV/0!": "an error of a spreadsheet",
    ">50": "a bound and not a number",
    "90+": "a bound and not a number",
    "Inf": "is not a number of 1e+100 at most",
    "about 5": "if nothing is known there, empty the cell",
}


@pytest.mark.parametrize("cell", MARKS)
def test_what_is_no_number_is_told_once_and_what_to_do(cell: str, tmp_path: Path) -> None:
    said = refused(linear_regression.load, write(tmp_path, table([cell, *"12345678"])))
    assert MARKS[cell] in said
    assert said.count("line 2,") == 1


def test_names_of_rows_are_no_categories(tmp_path: Path) -> None:
    path = write(tmp_path, table([f"u{i}" for i in range(24)], "user"))
    assert "'user' is text with another value in every row" in refused(linear_regression.load, path)


def test_a_header_that_comes_again_or_ends_in_a_separator(tmp_path: Path) -> None:
    head, *rows = table(["1", "4", "2"]).splitlines()
    path = write(tmp_path, "\n".join([head, *rows[:9], head, *rows[9:]]))
    found = linear_regression.load(path)
    assert len(found.outcome) == 24
    assert found.outcome.index[9] == 12
    assert "The header comes again, and is left out there: line 11." in told(path)
    path = write(tmp_path, "\n".join([head + ",", *rows]))
    assert linear_regression.load(path).outcome.tolist() == found.outcome.tolist()
    assert "The header ends with a separator" in told(path)


@pytest.mark.parametrize("remark", ["(24 rows affected)", "# exported", "Source: my db"])
def test_a_remark_is_shown(remark: str, tmp_path: Path) -> None:
    said = refused(linear_regression.load, write(tmp_path, table(["1", "4"]) + remark))
    assert f"line 26: 1 cells, expected 3; delete the line if it is a remark: {remark!r}" in said


def test_remarks_above_the_names(tmp_path: Path) -> None:
    path = write(tmp_path, "# ---\n# Web\n# 2024\narm,visitors,conversions\nA,100,10\nB,90,20\n")
    assert "line 1 may be a title or a remark" in refused(ab_test.load, path)


@pytest.mark.parametrize("mark", [b"PK\x03\x04", b"\0" * 8 + b"DUCK", b"$FL2"])
def test_a_file_that_is_no_text_is_called_what_it_is(mark: bytes, tmp_path: Path) -> None:
    said = refused(linear_regression.load, write(tmp_path, mark + bytes(range(256))))
    assert "and no text; save it as CSV" in said
    assert "--encoding" not in said


COUNTS = "k,n,x\n" + "".join(f"{i % 4},{5 + i % 3},{i}\n" for i in range(12))


def test_cbind_with_a_difference_counts_trials(tmp_path: Path) -> None:
    path = write(tmp_path, COUNTS)
    found = logistic_regression.load(path, "cbind(k, n - k) ~ x")
    same = logistic_regression.load(path, "k | trials(n) ~ x")
    assert found.outcome.equals(same.outcome)
    assert len(found.outcome) == sum(5 + i % 3 for i in range(12))


ADVICE = {
    "k | trials(20) ~ x": "make one in the file, 20 in every row",
    "k/n ~ x": "of counts write successes | trials(n)",
    "cbind(k, x - n) ~ x": "cbind(successes, failures) or successes | trials(n)",
}


@pytest.mark.parametrize("formula", ADVICE)
def test_counts_are_told_how_to_be_written(formula: str, tmp_path: Path) -> None:
    said = refused(logistic_regression.load, write(tmp_path, COUNTS), formula)
    assert ADVICE[formula] in said


WRITE = {
    "y ~ relevel(g, ref='2')": 'write C(g, Treatment("level"))',
    "y ~ C(g)[T.b]": "make a column of 0 and 1 in the file",
}


@pytest.mark.parametrize("formula", WRITE)
def test_other_notations_are_told_what_to_write(formula: str, tmp_path: Path) -> None:
    path = write(tmp_path, table(["1", "2", "3"]))
    assert WRITE[formula] in refused(linear_regression.load, path, formula)


def test_true_of_r_is_true(tmp_path: Path) -> None:
    path = write(tmp_path, table(["1", "2", "4"]))
    found = linear_regression.load(path, "y ~ poly(x, 2, raw=TRUE)")
    assert found.terms.iloc[3].tolist() == [10, 100]


def test_levels_of_numbers_are_told_how(tmp_path: Path) -> None:
    path = write(tmp_path, table(["1", "2", "3"]))
    said = refused(linear_regression.load, path, reading=Reading(levels=("g=3,2,1",)))
    assert "becomes one by C(...) in --formula, or by --as-text" in said


def test_a_column_called_true_is_one(tmp_path: Path) -> None:
    path = write(tmp_path, table(["1", "2", "4"], "TRUE"))
    assert list(linear_regression.load(path, "y ~ TRUE + log(TRUE)").terms) == ["TRUE", "log(TRUE)"]


CALLED = {"id": 1, "userId": 1, "Customer ID": 1, "zip_code": 1, "plz": 1, "width": 0, "valid": 0}


@pytest.mark.parametrize("name", CALLED)
def test_a_slope_of_numbers_that_are_names_is_warned_of(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, table(["10115", "80331", "50667"], name))
    linear_regression.load(path)
    assert len(said_of(path).warnings) == CALLED[name]
    linear_regression.load(path, f"y ~ `{name}`")  # asked for
    assert not said_of(path).warnings


def test_counts_with_leading_noughts_are_counts(tmp_path: Path) -> None:
    rows = "".join(f"{i % 5:02d},{10 + i % 3:03d},{i}\n" for i in range(12))
    found = logistic_regression.load(write(tmp_path, f"k,n,x\n{rows}"), "k | trials(n) ~ x")
    assert len(found.outcome) == sum(10 + i % 3 for i in range(12))
