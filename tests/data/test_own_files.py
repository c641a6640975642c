"""Files as spreadsheets, R and pandas write them: separators, encodings, names, what is missing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from data import ab_test, linear_regression, logistic_regression, prior_sensitivity, spam_words
from data._how import Reading, said_of
from data._table import DataError, read_table

OWN = Path(__file__).parents[1] / "own_data"
COLUMNS = "a{0}b{0}y\n1{0}5{0}2\n2{0}3{0}1\n4{0}4{0}7\n3{0}9{0}5\n"
US = "g: US rather than FR"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "own.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(load: Callable[..., Any], path: Path, *more: Any, **options: Any) -> str:
    with pytest.raises(DataError) as error:
        load(path, *more, **options)
    return str(error.value).replace(f"{path}: ", "")


def told(path: Path) -> str:
    return " ".join(said_of(path).notes)


def test_a_german_spreadsheet() -> None:
    """Windows-1252, sep=;, decimal commas, euros, percentages and days: all at once, and said."""
    path = OWN / "umsatz.csv"
    said = refused(linear_regression.load, path)
    assert "line 2, byte 30: not UTF-8" in said
    assert "the line reads 'Datum;Region;Umsatz;Rabatt;Stück'" in said
    assert "--encoding cp1252" in said
    found = linear_regression.load(path, reading=Reading(encoding="cp1252"))
    assert found.outcome.name == "Stück"
    regions = [f"Region: {one} rather than Nord" for one in ("Köln", "Süd")]
    assert list(found.terms) == ["Datum", *regions, "Umsatz", "Rabatt"]
    assert found.terms["Datum"].tolist() == list(range(24))
    assert found.terms["Umsatz"].iloc[0] == 723.17
    assert set(found.terms["Rabatt"]) <= {0, 0.025, 0.05, 0.1}
    assert found.terms.index[0] == 3
    for words in (
        "read as cp1252 (--encoding)",
        "separated by semicolons (its first line says so)",
        "'Datum' looks like dates ('29.01.2024'): read as days since the first, 2024-01-29",
        "'Umsatz' looks like amounts of money ('723,17 €'): read as numbers, 723.17",
        "'Rabatt' looks like percentages",
    ):
        assert words in told(path)


def test_a_file_of_r() -> None:
    path = OWN / "from_r.csv"
    said = refused(linear_regression.load, path)
    assert "line 4: no value in 'land'" in said
    assert "11 rows have missing values" in said
    assert "'NA' in column 'land' is taken as missing" in said
    found = linear_regression.load(path, drop_missing=True)
    assert list(found.terms) == ["land: US rather than FR", "x"]
    assert len(found.terms) == 19
    assert "numbers the rows, as the index that pandas and R write: it is left out" in told(path)
    kept = linear_regression.load(path, drop_missing=True, reading=Reading(as_text=("land",)))
    assert list(kept.terms) == [
        "land: NA rather than FR",
        "land: US rather than FR",
        "x",
    ]  # NA is no reference
    assert "'NA' in column 'land' is a value like the others here" in " ".join(kept.notes)


def test_the_total_of_a_pivot_table_is_named() -> None:
    path = OWN / "pivot.csv"
    found = linear_regression.load(path, "Sales ~ Visits + Staff")
    assert len(found.terms) == 7
    ((text, advice),) = said_of(path).warnings
    assert text.startswith("Line 8 ('Grand Total') is the sum of other rows in 'Visits', 'Staff'")
    assert "delete that line" in advice


def test_an_ab_test_under_other_names() -> None:
    path = OWN / "bought.csv"
    said = refused(ab_test.load, path)
    assert "column 'arm' is missing; found 'variant', 'customer', 'state'" in said
    assert "--arm NAME --converted NAME" in said
    columns = (("arm", "variant"), ("converted", "state"))
    said = refused(ab_test.read, path, reading=Reading(columns=columns))
    assert "column 'state' has two values, found 'left', 'bought': name the one to count" in said
    said = refused(ab_test.read, path, reading=Reading(columns=columns, event="bougth"))
    assert "did you mean 'bought'?" in said
    counts = ab_test.read(path, reading=Reading(columns=columns, event="bought")).counts
    text = path.read_text()
    assert counts["visitors"].sum() == 40
    assert counts["conversions"].sum() == text.count(",bought")
    said = refused(ab_test.read, path, reading=Reading(columns=(("arm", "varient"),)))
    assert "--arm: there is no column 'varient'" in said
    assert "did you mean 'variant'?" in said


@pytest.mark.parametrize("separator", [";", "\t", "|", " ", ","])
def test_any_separator_is_seen_and_said(separator: str, tmp_path: Path) -> None:
    path = write(tmp_path, COLUMNS.format(separator))
    assert linear_regression.load(path).terms["b"].tolist() == [5, 3, 4, 9]
    assert ("Cells are separated by" in told(path)) is (separator != ",")
    assert linear_regression.load(path, reading=Reading(separator=separator)).terms.shape == (4, 2)


def test_a_header_that_splits_two_ways_is_refused_with_both(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b;y\n1,2;3\n2,3;4\n3,1;1\n4,8;2\n")
    said = refused(linear_regression.load, path)
    assert "by commas into 'a', 'b;y', with '1', '2;3' in the first row" in said
    assert "by semicolons into 'a,b', 'y', with '1,2', '3' in the first row" in said
    found = linear_regression.load(path, reading=Reading(separator=";"))
    assert found.terms["a,b"].tolist() == [1.2, 2.3, 3.1, 4.8]
    assert "--separator: 'xx' is not one of" in refused(
        linear_regression.load, path, reading=Reading(separator="xx")
    )


def test_one_separator_in_names_or_texts_is_not_the_other(tmp_path: Path) -> None:
    path = write(tmp_path, '"a;b","c|d",y\n1,5,2\n2,3,1\n4,4,7\n')
    assert list(linear_regression.load(path).terms) == ["a;b", "c|d"]
    path = write(tmp_path, "label,text\nspam,win; cash\nham,you; see\n")
    assert read_table(path)[0].shape == (2, 2)


ENCODED = [("utf-16", None), ("utf-8-sig", None), ("latin-1", "latin-1"), ("utf-16-le", "utf-16le")]


@pytest.mark.parametrize(("encoding", "option"), ENCODED)
def test_encodings(encoding: str, option: str | None, tmp_path: Path) -> None:
    path = write(tmp_path, "Ort,x,y\nKöln,1,3\nBonn,3,1\nKöln,2,8\nBonn,5,2\n".encode(encoding))
    if option:
        said = refused(linear_regression.load, path)
        latin = "As Latin-1 the line reads 'Köln,1,3': if that is right, --encoding latin-1"
        assert (latin if option == "latin-1" else "--encoding utf-16-le") in said
    found = linear_regression.load(path, reading=Reading(encoding=option))
    assert list(found.terms) == ["Ort: Köln rather than Bonn", "x"]


def test_an_encoding_that_is_none(tmp_path: Path) -> None:
    path = write(tmp_path, COLUMNS.format(","))
    said = refused(linear_regression.load, path, reading=Reading(encoding="latin1x"))
    assert "--encoding: 'latin1x' is no encoding; did you mean 'latin-1'?" in said


LEFT_OUT: dict[str, tuple[str, str]] = {
    "pandas": (",a,y\n0,5,2\n1,3,1\n2,4,7\n", "The first column has no name and numbers the rows"),
    "rows of a larger table": (",a,y\n17,5,2\n4,3,1\n9,4,7\n", "The first column has no name"),
    "pandas twice": ("Unnamed: 0,a,y\n0,5,2\n1,3,1\n2,4,7\n", "The first column has no name"),
    "an empty column": ("a,b,y\n5,,2\n3,,1\n4,,7\n", "Without a value in any row, and so left"),
    "empty without a name": ("a,y,\n5,2,\n3,1,\n4,7,\n", "Column 3 has no name and no values"),
    "a separator at the end": ("a,y\n5,2,\n3,1,\n4,7,\n", "Every row ends with a separator"),
    "empty rows": ("a,y\n5,2\n3,1\n4,7\n,\n,\n", "Rows without any value were skipped: 2"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_is_no_data_is_left_out_and_that_is_said(case: str, tmp_path: Path) -> None:
    text, words = LEFT_OUT[case]
    path = write(tmp_path, text)
    found = linear_regression.load(path)
    assert list(found.terms) == ["a"]
    assert found.terms["a"].tolist() == [5, 3, 4]
    assert words in told(path)


def test_names_of_rows_of_r_without_a_header(tmp_path: Path) -> None:
    rows = "".join(f'"{i}" {i * i % 7} {i}\n' for i in range(1, 13))
    path = write(tmp_path, f'"a" "y"\n{rows}')
    assert list(linear_regression.load(path).terms) == ["a"]
    decimals = write(tmp_path, "a,y\n3,7,5\n4,2,6\n5,5,7\n")
    said = refused(linear_regression.load, decimals)
    assert "line 2: 3 cells, expected 2" in said
    assert "if numbers have decimal commas" in said


def test_another_column_without_a_name_is_refused_with_advice(tmp_path: Path) -> None:
    path = write(tmp_path, "a,,y\n5,1,2\n3,1,1\n4,2,7\n")
    said = refused(linear_regression.load, path)
    assert said.startswith("line 1: column 2 has no name (line 2 has '1' there); name it in the")


def test_an_empty_column_that_a_formula_names_is_to_be_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,y\n5,,2\n3,NA,1\n4,,7\n")
    said = refused(linear_regression.load, path, "y ~ a + b", drop_missing=True)
    assert said == "column 'b' has no value in any row; leave it out of --formula"
    outcome = write(tmp_path, "a,b,y\n5,1,\n3,2,\n4,2,\n")
    assert "the outcome 'y' has no value in any row; name" in refused(
        linear_regression.load, outcome
    )
    mostly = write(tmp_path, "a,b,y\n5,,2\n3,,1\n4,1,7\n2,,2\n")
    said = refused(linear_regression.load, mostly, drop_missing=True)
    assert "column 'b' has no value in 3 of 4 rows: leave it out with --formula" in said


SIGNS: dict[str, tuple[str, bool]] = {
    "no sign": ("g,x,y\nNA,1,2\nFR,3,1\nUS,2,2\nFR,5,4\n", False),
    "an index": (",g,x,y\n0,NA,1,2\n1,FR,3,1\n2,US,2,2\n3,FR,5,4\n", True),
    "NA among numbers": ("g,x,y\nNA,1,2\nFR,3,1\nUS,2,2\nFR,5,4\nFR,NA,2\n", True),
    "quoted by R": ('"g","x","y"\nNA,1,2\n"FR",3,1\n"US",2,2\n"FR",5,4\n', True),
    "NA in quotes of R": ('"g","x","y"\n"NA",1,2\n"FR",3,1\n"US",2,2\n"FR",5,4\n', False),
    "one value left": (",g,x,y\n0,+,1,2\n1,-,3,1\n2,+,2,2\n3,-,5,4\n", False),
}


@pytest.mark.parametrize("case", SIGNS)
def test_na_in_text_is_missing_where_r_or_pandas_wrote_it(case: str, tmp_path: Path) -> None:
    text, missing = SIGNS[case]
    path = write(tmp_path, text)
    found = linear_regression.load(path, drop_missing=True)
    levels = [name for name in found.terms if name.startswith("g")]
    assert levels == ([US] if missing else ["g: - rather than +"] if "+" in text else levels)
    assert ("taken as missing" in told(path)) is missing
    assert missing or "is a value like the others here" in " ".join(found.notes)
    assert missing or "+" in text or levels == ["g: NA rather than FR", US]


@pytest.mark.parametrize("word", ["N/A", "null", "nan", "None", "-", ".", "#N/A", "<NA>"])
def test_every_word_for_missing_is_one(word: str, tmp_path: Path) -> None:
    rows = f"g,x,y\nFR,1,2\nUS,3,1\n{word},2,2\nFR,5,4\nUS,{word},3\nUS,8,1\n"
    found = linear_regression.load(write(tmp_path, rows), drop_missing=True)
    assert list(found.terms.index) == [2, 3, 5, 7]


TRUE = ["1", "1.0", "true", "TRUE", "T", "yes", "Yes", "y", "Y", "t"]
FALSE = ["0", "0.0", "false", "FALSE", "F", "no", "No", "n", "N", "f"]


@pytest.mark.parametrize(("yes", "no"), list(zip(TRUE, FALSE, strict=True)))
def test_yes_is_yes_in_every_case(yes: str, no: str, tmp_path: Path) -> None:
    rows = [(1, yes), (2, no), (3, yes), (4, yes)]
    path = write(tmp_path, "x,y\n" + "".join(f"{x},{y}\n" for x, y in rows))
    assert logistic_regression.load(path).outcome.tolist() == [1, 0, 1, 1]
    path = write(tmp_path, "arm,converted\n" + "".join(f"{x % 2},{y}\n" for x, y in rows))
    assert ab_test.load(path)["conversions"].tolist() == [2, 1]
    path = write(tmp_path, "event\n" + "".join(f"{y}\n" for _, y in rows))
    assert prior_sensitivity.load(path).to_numpy().tolist() == [[3, 4]]
    texts = ["win cash", "see you", "win now", "cash now"]
    rows_of_text = "".join(f"{y},{t}\n" for (_, y), t in zip(rows, texts, strict=True))
    words = spam_words.load(write(tmp_path, "label,text\n" + rows_of_text))
    assert words[["spam_total", "ham_total"]].to_numpy()[0].tolist() == [2, 1]


def test_another_two_values_need_an_event_in_every_case(tmp_path: Path) -> None:
    births = write(tmp_path, "sex\nf\nm\nf\nf\n")
    said = refused(prior_sensitivity.read, births, reading=Reading(outcome="sex"))
    assert "column 'sex' has two values, found 'f', 'm': name the one to count, --event" in said
    found = prior_sensitivity.read(births, reading=Reading(outcome="sex", event="f"))
    assert found.counts.to_numpy().tolist() == [[3, 4]]
    mail = write(tmp_path, "v1,v2\njunk,win cash\nok,see you\njunk,win now\nok,he is\n")
    columns = (("label", "v1"), ("text", "v2"))
    said = refused(spam_words.read, mail, reading=Reading(columns=columns))
    assert "labels are 'junk' and 'ok': name that of spam, --event" in said
    words = spam_words.read(mail, reading=Reading(columns=columns, event="junk")).words
    assert words[["spam_total", "ham_total"]].to_numpy()[0].tolist() == [2, 1]


def test_an_event_is_that_of_converted_and_not_of_the_guardrail(tmp_path: Path) -> None:
    path = write(tmp_path, "arm,converted,guardrail\nA,no,no\nA,yes,yes\nB,no,yes\nB,no,yes\n")
    found = ab_test.read(path, reading=Reading(event="no")).counts
    assert found[["conversions", "guardrail"]].to_numpy().tolist() == [[1, 1], [2, 2]]
    said = refused(ab_test.read, path, reading=Reading(event="sold"))
    assert said == "column 'converted' is never 'sold', the --event; found 'no', 'yes'"
    path = write(tmp_path, "arm,converted\nA,+\nA,-\nB,+\nB,+\n")
    assert ab_test.read(path, reading=Reading(event="+")).counts["conversions"].tolist() == [1, 2]


def test_columns_of_counts_under_other_names(tmp_path: Path) -> None:
    path = write(tmp_path, "N,k\n100,48\n")
    assert "--events NAME --trials NAME" in refused(prior_sensitivity.load, path)
    columns = (("events", "k"), ("trials", "N"))
    found = prior_sensitivity.read(path, reading=Reading(columns=columns))
    assert found.counts.to_dict("list") == {"events": [48], "trials": [100]}
    path = write(tmp_path, "Arm;Visitors;Conversions\nA;12.500;1.150\nB;12.480;1.201\n")
    assert ab_test.load(path)["visitors"].tolist() == [12500, 12480]
    bad = write(tmp_path, "who,n,k\nA,10,x\nB,10,2\n")
    named = (("arm", "who"), ("visitors", "n"), ("conversions", "k"))
    said = refused(ab_test.read, bad, reading=Reading(columns=named))
    assert said == "line 2, column 'k': 'x' is not a whole number of 0 or more"


def test_any_column_is_the_outcome(tmp_path: Path) -> None:
    path = write(tmp_path, "price,a,b\n1,5,2\n2,3,1\n4,4,7\n1,9,5\n")
    for formula, terms in ((None, ["a", "b"]), ("~ a", ["a"]), ("a + b", ["a", "b"])):
        found = linear_regression.load(path, formula, reading=Reading(outcome="price"))
        assert (found.outcome.name, list(found.terms)) == ("price", terms)
    said = refused(linear_regression.load, path, reading=Reading(outcome="prize"))
    assert "--outcome: there is no column 'prize'" in said
    assert "did you mean 'price'?" in said
    said = refused(linear_regression.load, path, "a ~ b", reading=Reading(outcome="price"))
    assert "--outcome is 'price' and that of --formula 'a'; leave one out" in said


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = "a,a,c,d,y\n1,1,5,x,3\n1,3,2,4,1\n1,2,1\n1,5,,6,1\n1,7,4,9,2\n1,7,4,7,3\n"
    said = refused(linear_regression.load, write(tmp_path, text)).split("\n")
    for words in (
        "line 1: column 'a' stands there twice",
        "line 4: 3 cells, expected 5",
        "line 2, column 'd': 'x' is not a number",
        "line 5: no value in 'c'",
        "1 row has missing values",
        "column 'a' is constant (1)",
    ):
        assert sum(words in line for line in said) == 1, words
    said = refused(linear_regression.load, tmp_path / "own.csv", "y ~ c + d + e").split("\n")
    assert any("there is no column 'e'" in line for line in said)
    assert any("line 2, column 'd': 'x'" in line for line in said)


NOT_CONSTANT: dict[str, tuple[list[str], str]] = {
    "names from 2^53": ([str(2**53 + i) for i in range(6)], "varies in its last digits alone"),
    "longer names": ([f"{10**20 + i}" for i in range(6)], "differs only in digits that no number"),
    "tiny": ([f"{i}e-200" for i in range(1, 7)], "too small for squares"),
    "less than tiny": ([f"{i}e-400" for i in range(1, 7)], "differs only in digits"),
    "far away": ([f"{10**15 + i / 2}" for i in range(6)], "subtract 1000000000000000 from it"),
}


@pytest.mark.parametrize("case", NOT_CONSTANT)
def test_only_what_is_constant_is_called_so(case: str, tmp_path: Path) -> None:
    cells, why = NOT_CONSTANT[case]
    rows = "".join(f"{x},{i},{i * i % 5}\n" for i, x in enumerate(cells))
    said = refused(linear_regression.load, write(tmp_path, "x,z,y\n" + rows))
    assert why in said
    assert "constant" not in said


def test_small_and_large_columns_that_can_be_used_are(tmp_path: Path) -> None:
    rows = "".join(f"{i * i}e-90,{10**9 + i / 7},{i * i % 5}\n" for i in range(6))
    found = linear_regression.load(write(tmp_path, "x,z,y\n" + rows))
    assert (found.terms.std() > 0).all()


names = st.text("abcxyz;|, \t\"'", min_size=1, max_size=6).filter(lambda text: text.strip() == text)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(names, min_size=2, max_size=4, unique_by=str.lower), st.sampled_from(",;\t|"))
def test_a_table_with_any_separator_that_is_named_is_read(
    tmp_path: Path, header: list[str], separator: str
) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    rows = [header, *([str(i * 3 + j) for j in range(len(header))] for i in range(3))]
    path = write(tmp_path, "\n".join(separator.join(map(quoted, row)) for row in rows))
    table, problems = read_table(path, Reading(separator=separator))
    assert not problems
    assert np.array_equal(table.to_numpy(), rows[1:])
