"""The loader: counts under two names, raw rows, and every bad file refused with its place."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from data._table import DataError
from data.prior_sensitivity import load

HEAD = "girls,births\n"
RELAXED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "own.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_shipped_data() -> None:
    assert load().to_dict("list") == {"girls": [437], "births": [980]}


BAD: dict[str, tuple[str | bytes, list[str]]] = {
    "empty file": ("", ["the file is empty"]),
    "no rows": (HEAD, ["no rows"]),
    "no such columns": ("a,b\n1,2\n", ["column 'girls' is missing; found 'a', 'b'", "'births'"]),
    "no births": ("girls\n4\n", ["column 'births' is missing"]),
    "no trials": ("events\n4\n", ["column 'trials' is missing"]),
    "names mixed": ("girls,trials\n4,9\n", ["column 'births' is missing"]),
    "negative": (HEAD + "-1,10\n", ["line 2, column 'girls': '-1' is not a whole number"]),
    "fractional": (HEAD + "1.5,10\n", ["line 2, column 'girls': '1.5'"]),
    "too many": (HEAD + "11,10\n", ["line 2, column 'girls': 11 is more than the 10 births"]),
    "too many events": ("events,trials\n11,10\n", ["11 is more than the 10 trials"]),
    "no trial": (HEAD + "0,0\n", ["line 2, column 'births': '0' is not 1 or more"]),
    "enormous": (HEAD + f"1,{10**9 + 1}\n", ["is not at most 1,000,000,000"]),
    "nan": (HEAD + "nan,10\n", ["line 2, column 'girls': 'nan'"]),
    "text": (HEAD + "four,10\n", ["line 2, column 'girls': 'four'"]),
    "empty cell": (HEAD + ",10\n", ["line 2, column 'girls': ''"]),
    "second row": (HEAD + "4,10\n\n5,10\n", ["line 4: a second row", "use ab_test"]),
    "ragged": (HEAD + "4\n", ["line 2: 1 cells, expected 2"]),
    "raw ragged": ("girl,x\n1\n", ["line 2: 1 cells, expected 2"]),
    "raw, not 0 or 1": ("girl\n1\n2\n", ["line 3, column 'girl': '2' is not 0 or 1, false or"]),
    "twice a column": ("girls,girls\n4,10\n", ["column 'girls' stands there twice"]),
    "not UTF-8": (HEAD.encode() + b"4,\xff\n", ["line 2, byte 3: not UTF-8"]),
    "several at once": (HEAD + "x,10\n5,3\n", ["'x'", "a second row", "5 is more than the 3"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    text, expected = BAD[case]
    path = write(tmp_path, text)
    with pytest.raises(DataError) as error:
        load(path)
    assert str(path) in str(error.value)
    for part in expected:
        assert part in str(error.value)


def test_missing_file() -> None:
    with pytest.raises(DataError, match="cannot be read"):
        load(Path("no such file.csv"))


@pytest.mark.parametrize("raw", ["girl", "event"])
def test_raw_rows_are_counted(raw: str, tmp_path: Path) -> None:
    names = {"girl": ("girls", "births"), "event": ("events", "trials")}[raw]
    counts = load(write(tmp_path, f"when,{raw}\na,1\nb,FALSE\nc,true\n"))
    assert counts.to_dict("list") == dict(zip(names, ([2], [3]), strict=True))


def test_other_columns_and_neutral_names(tmp_path: Path) -> None:
    counts = load(write(tmp_path, "where,trials,events\nhere,10.0,0\n"))
    assert counts.to_dict("list") == {"events": [0], "trials": [10]}


@given(st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@RELAXED
def test_what_is_written_is_read(tmp_path: Path, counts: tuple[int, int]) -> None:
    path = write(tmp_path, f"{HEAD}{counts[0]},{counts[1]}\n")
    assert tuple(load(path).iloc[0]) == counts


@given(st.binary(max_size=100) | st.text(max_size=100).map(lambda text: (HEAD + text).encode()))
@RELAXED
def test_any_file_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)
    with contextlib.suppress(DataError):
        events, trials = load(path).iloc[0]
        assert 0 <= events <= trials
