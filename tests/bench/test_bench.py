"""Each entry of the bench runs, at a tiny size, and prints what was measured; no time is claimed.

What takes processes of its own runs in them by `make validate`, and here with these left out.
"""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from analyses import _many_rows, ab_test
from analyses._cases import cases
from tests.bench import __main__ as command, batches, pages, rows
from workflow.checking.diagnostics import Status

FEW = 60


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=300)


def printed(console: Console) -> list[str]:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize(
    ("case", "by"),
    [
        ("linear_regression", "NUTS, from sums"),
        ("logistic_regression", "Gaussian at the mode"),
        ("logistic_regression", "NUTS by row"),
        pytest.param("count_regression", "Student t at the mode", marks=pytest.mark.validate),
    ],
)
def test_rows_are_read_and_fitted(
    case: str, by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the way of the page: many rows from their sums, or at the mode. Two files of Parquet."""
    monkeypatch.setattr(rows, "AT_A_TIME", 200)
    if "row" not in by:
        monkeypatch.setattr(_many_rows, "MANY", 300)
        monkeypatch.setattr(_many_rows, "OTHERS", 300)
    path = rows.written(tmp_path, case, 300)
    assert len(list(path.iterdir())) == 2
    found = rows.measured(case, path)
    assert (found["rows"], found["by"]) == (300, by)
    assert found["status"] in {Status.PASS.value, Status.WARN.value}
    assert found["reading"] > 0
    assert found["posterior"] > 0
    assert found["memory"] > 1e7


def test_sizes_are_measured_one_after_the_other(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by itself, up to what is asked for or the most of its case; a ratio to the first."""
    sizes = []

    def by_itself(case: str, data: Path) -> dict[str, object]:
        sizes.append((case, int(data.name.rpartition("_")[2])))
        took = {"reading": 1.0, "posterior": 2.0 * len(sizes), "memory": 2**30}
        return {"by": "sums", "status": "PASS", **took}

    monkeypatch.setattr(rows, "by_itself", by_itself)
    monkeypatch.setattr(rows, "MOST", {"linear_regression": 6000, "logistic_regression": 60})
    rows.bench_rows(console, least=FEW)
    wanted = [("linear_regression", n) for n in (60, 600, 6000)] + [("logistic_regression", 60)]
    assert sizes == wanted
    ratios = [re.findall(r"([\d.]+) times that of 60", line)[0] for line in printed(console)]
    assert ratios == ["1.0", "2.0", "3.0", "1.0"]
    rows.bench_rows(console, 600, least=FEW)
    assert sizes[4:] == [wanted[0], wanted[1], wanted[3]]


def test_a_size_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    found = rows.by_itself("linear_regression", rows.written(tmp_path, "linear_regression", FEW))
    assert (found["rows"], found["by"]) == (FEW, "NUTS by row")


def test_a_sweep_is_set_against_fits(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep itself; fits in the usual way take minutes to compile, and are left out here."""
    few = {name: values[:i] for i, (name, values) in enumerate(ab_test.KNOBS.items(), start=1)}
    monkeypatch.setattr(pages, "sampled", lambda: None)
    monkeypatch.setattr(pages, "PRIORS", 2)
    monkeypatch.setattr(ab_test, "KNOBS", few)
    pages.bench_sweep(console)
    first, *ratios = printed(console)
    assert first.startswith("sweep of 2 priors: ")
    assert len(ratios) == 2


def test_batches_are_told_by_where_they_ran(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def watched(words: list[str]) -> tuple[float, float]:
        asked.append(words)
        return 0.0, 4.0

    monkeypatch.setattr(batches, "watched", watched)
    batches.bench_batch(console, 2)
    alone, *told = printed(console)
    assert alone == "a quick look by itself: 4.0 s"
    assert [line.split(", ")[1].split(":", 1)[0] for line in told[:2]] == ["--jobs 1", "--jobs 2"]
    assert ["--on local" in line for line in told] == [False, False, True, True]
    assert all("0.50 a second, 0.500 of the time by themselves" in line for line in told)
    assert [words[-4:-2] for words in asked[2:]] == [list(one) for one in batches.WHERE]


def test_words_choose_what_is_measured(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[object, ...]] = []
    for name in ("bench_cases", "bench_batch", "bench_sweep", "bench_rows"):
        monkeypatch.setattr(command, name, lambda _, *of, name=name: done.append((name, *of)))
    monkeypatch.setattr(
        command, "PARTS", {one: getattr(command, f"bench_{one}") for one in command.PARTS}
    )
    command.main(["rows", "100"], console)
    command.main(["batch"], console)
    command.main(["ab_test", "churn"], console)
    assert done == [("bench_rows", 100), ("bench_batch",), ("bench_cases", ["ab_test", "churn"])]
    done.clear()
    command.main([], console)
    assert [one[0] for one in done[:2]] == ["bench_cases", "bench_batch"]
    assert done[0][1] == cases()
    assert done[2:] == [("bench_cases", ["churn"]), ("bench_sweep",), ("bench_rows",)]


@pytest.mark.validate
def test_a_sweep_is_faster_than_fits(console: Console) -> None:
    pages.bench_sweep(console, measured=1)
    _, model, whole = printed(console)
    assert float(model.split()[-1]) > float(whole.split()[-1]) > 1  # without the compile, with it


@pytest.mark.validate
def test_a_case_is_measured_whole(console: Console) -> None:
    pages.bench_cases(console, ["prior_sensitivity"])
    assert printed(console)[0].startswith("prior_sensitivity: help ")


@pytest.mark.validate
def test_a_batch_is_measured_whole(console: Console) -> None:
    batches.bench_batch(console, 2)
    assert len(printed(console)) == 5
