"""The loader: what it accepts, and that every bad file is refused with place and reason."""

import contextlib
import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from data._control import named
from data._label import labels as shortened
from data._table import DataError
from data.ab_test import control_first, load, read

HEAD = "arm,visitors,conversions\n"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "own.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_shipped_data() -> None:
    arms = load()
    assert list(arms["arm"]) == ["gate_30", "gate_40"]
    assert arms[["visitors", "conversions", "guardrail"]].to_numpy().tolist() == [
        [44700, 8502, 20034],
        [45489, 8279, 20119],
    ]


BAD: dict[str, tuple[str | bytes, list[str]]] = {
    "missing column": ("arm,visitors\nA,1\nB,2\n", ["column 'conversions' is missing"]),
    "empty file": ("", ["the file is empty"]),
    "no rows": (HEAD, ["no rows"]),
    "negative": (HEAD + "A,10,-1\nB,5,1\n", ["line 2, column 'conversions': '-1'"]),
    "fractional": (HEAD + "A,10,1.5\nB,5,1\n", ["line 2", "'1.5' is not a whole number"]),
    "too many": (HEAD + "A,10,1\nB,5,7\n", ["line 3", "7 is more than the 5 visitors"]),
    "zero visitors": (HEAD + "A,0,0\nB,5,1\n", ["line 2, column 'visitors': '0' is not 1 or more"]),
    "one arm": (HEAD + "A,10,1\n", ["there is one arm, 'A'"]),
    "duplicate": (HEAD + "A,10,1\nA,9,1\n", ["line 3, column 'arm': 'A'", "comes again"]),
    "nan": (HEAD + "A,nan,1\nB,5,1\n", ["line 2, column 'visitors': 'nan'"]),
    "text": (HEAD + "A,ten,1\nB,5,1\n", ["line 2, column 'visitors': 'ten'"]),
    "empty cell": (HEAD + "A,10,\nB,5,1\n", ["line 2, column 'conversions': ''"]),
    "no label": (HEAD + ",10,1\nB,5,1\n", ["line 2, column 'arm': ''"]),
    "not UTF-8": (HEAD.encode() + b"A,1,1\nB\xff,2,2\n", ["line 3, byte 2: not UTF-8"]),
    "ragged": (HEAD + "A,10\nB,5,1,9\n", ["line 2: 2 cells, expected 3", "line 3: 4 cells"]),
    "twice a column": ("arm,arm,visitors\nA,B,1\n", ["column 'arm' stands there twice"]),
    "unnamed column": ("arm,,visitors\nA,B,1\n", ["column 2 has no name"]),
    "open quote": (HEAD + '"A,10,1\nB,5,1\n', ["not a CSV row"]),
    "enormous": (HEAD + f"A,{10**9 + 1},1\nB,5,1\n", ["is not at most 1,000,000,000"]),
    "raw, not 0 or 1": ("arm,converted\nA,2\nB,1\n", ["line 2, column 'converted': '2'"]),
    "several at once": (
        HEAD + "A,10\nB,-5,x\nB,3,4\n",
        ["line 2: 2 cells", "line 3, column 'visitors': '-5'", "'x'", "4 is more than the 3"],
    ),
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


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.csv", "cannot be read"), (tmp_path, "no Parquet file")):
        with pytest.raises(DataError, match=said):
            load(path)


def test_at_most_twenty_of_a_kind(tmp_path: Path) -> None:
    rows = "".join(f"A{i},x,1\n" for i in range(50))
    with pytest.raises(DataError) as error:
        load(write(tmp_path, HEAD + rows))
    assert str(error.value).count("'x' is not") == 20
    assert "and 30 more of this kind" in str(error.value)


def test_labels_stay_labels(tmp_path: Path) -> None:
    arms = load(write(tmp_path, HEAD + "NA,10,1\nNone,5,1.0\n<b>,7,0\n"))
    assert list(arms["arm"]) == ["NA", "None", "<b>"]
    assert list(arms["conversions"]) == [1, 1, 0]


def test_control_comes_first(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "A,10,1\nB,5,1\nC,6,2\n")
    assert list(control_first(path, read(path), "C")["arm"]) == ["C", "A", "B"]
    assert list(control_first(path, read(path), None)["arm"]) == ["A", "B", "C"]
    with pytest.raises(DataError, match="no arm is called 'D'"):
        control_first(path, read(path), "D")


@pytest.mark.parametrize(
    ("arms", "control"),
    [
        (["short_form", "control"], "control"),
        (["Variant B", "Variant A"], "Variant A"),
        (["new", "old"], "old"),
        (["drug", "Placebo"], "Placebo"),
        (["red", "blue"], None),
        (["control_1", "control_2"], None),
        (["on", "off"], "off"),
    ],
)
def test_the_control_is_known_by_its_name(
    tmp_path: Path, arms: list[str], control: str | None
) -> None:
    """Whoever came first in a file of visitors was there by chance; with counts, somebody wrote."""
    assert named(arms) == control
    first, second = arms
    visits = write(tmp_path, f"arm,converted\n{first},1\n{second},0\n{first},0\n{second},1\n")
    if control is None:
        with pytest.raises(DataError, match=r"nothing says which arm is the control.*--control"):
            control_first(visits, read(visits), None)
    else:
        assert control_first(visits, read(visits), None)["arm"][0] == control
    counts = write(tmp_path, HEAD + f"{first},10,1\n{second},5,1\n")
    assert control_first(counts, read(counts), None)["arm"][0] == (control or first)


def test_raw_rows_are_counted(tmp_path: Path) -> None:
    text = "arm,converted,guardrail\nB,1,true\nA,0,FALSE\nB,False,1\n"
    arms = load(write(tmp_path, text))
    assert arms.to_dict("list") == {
        "arm": ["B", "A"],
        "visitors": [2, 1],
        "conversions": [1, 0],
        "guardrail": [2, 0],
    }


def test_a_million_rows_take_seconds(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    visitors = pd.DataFrame(
        {"arm": rng.choice(["A", "B"], 10**6), "converted": rng.integers(0, 2, 10**6)}
    )
    path = tmp_path / "raw.csv"
    visitors.to_csv(path, index=False)
    start = time.perf_counter()
    arms = load(path)
    assert arms["visitors"].sum() == 10**6
    assert arms["conversions"].sum() == visitors["converted"].sum()
    print(f"a million rows: {time.perf_counter() - start:.1f} s")


counts = st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
labels = st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1, max_size=20).filter(
    lambda text: text.strip() == text
)


@given(st.dictionaries(labels, counts, min_size=2, max_size=5))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_written_is_read(tmp_path: Path, arms: dict[str, tuple[int, int]]) -> None:
    frame = pd.DataFrame(
        [(arm, *n) for arm, n in arms.items()], columns=["arm", "visitors", "conversions"]
    )
    path = tmp_path / "own.csv"
    frame.to_csv(path, index=False)
    found = load(path)
    assert found.drop(columns="arm").equals(frame.drop(columns="arm"))
    assert list(found["arm"]) == shortened(arms)
    assert found["arm"].nunique() == len(arms)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEAD + text).encode()))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_file_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)
    with contextlib.suppress(DataError):
        assert len(load(path)) >= 2


VISITS = "arm,user,converted\nB,u1,1\nA,u2,0\nB,u1,0\nA,u3,1\nA,u1,1\n"


def test_visits_are_counted_by_cluster(tmp_path: Path) -> None:
    found = read(write(tmp_path, VISITS), "user")
    assert found.rows is None
    assert found.clusters is not None
    assert found.clusters.to_numpy().tolist() == [
        ["B", "u1", 2, 1],
        ["A", "u2", 1, 0],
        ["A", "u3", 1, 1],
        ["A", "u1", 1, 1],
    ]
    assert (found.assigned, found.crossing) == ([1, 3], 1)
    counts = HEAD.replace("arm", "user,arm") + "u1,B,2,1\nu2,A,1,0\nu3,A,1,1\nu1,A,1,1\n"
    same = read(write(tmp_path, counts), "user")
    assert same.clusters is not None
    assert same.clusters.equals(found.clusters)
    assert same.counts.equals(found.counts)


@pytest.mark.parametrize(
    ("text", "cluster", "said"),
    [
        (VISITS, "person", "--cluster: there is no column 'person'; found 'user'"),
        (VISITS, "arm", "there is no column 'arm'"),
        (VISITS.replace("u2", ""), "user", "line 3: no value in 'user' (--cluster)"),
        (VISITS.replace("B,u1,0\n", ""), "user", "every 'user' has one row"),
        (HEAD + "A,2,1\nA,3,1\nB,1,1\n", None, "name the column that says whose, --cluster"),
    ],
)
def test_a_cluster_that_cannot_be(
    text: str, cluster: str | None, said: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=re.escape(said)):
        read(write(tmp_path, text), cluster)


def test_rows_come_with_what_they_belong_to(tmp_path: Path) -> None:
    found = read(write(tmp_path, VISITS))
    assert found.rows is not None
    assert found.rows["conversions"].tolist() == [1, 0, 0, 1, 1]
    assert list(found.beside.groups) == ["user"]
    assert found.counts["visitors"].tolist() == [2, 3]
