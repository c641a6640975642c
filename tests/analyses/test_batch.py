"""Many data sets: a row is what its own page says; whatever happens, each has a row, once."""

import csv
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from analyses import _batch_work, _row, ab_test
from analyses.__main__ import app
from analyses._batch_work import Batch
from analyses._batching import _keys
from analyses._data_sets import of_files
from analyses._row import row_of
from data._reading import DataError
from data._table import DataError as Refused
from reports.blocks.wanted import numbers_only
from tests.conftest import SEED
from workflow.sampling.shared import shared_compiles

ROOT = Path(__file__).parent.parent.parent
COUNTS = {
    "good": "A,4000,400\nB,4010,520\n",
    "close": "A,4000,400\nB,4010,405\n",
    "bad": "A,10,20\nB,10,3\n",
}
FEW: dict[str, Any] = {"draws": 400, "tune": 300, "seed": SEED}
OF_FILES = {"provenance", "files", "analysis", "case", "title"}
# A process that answers at once, as its data say: it ends where they say so.
WORKER = """
import json, os, sys
order = json.loads(sys.stdin.readline())
with open({log!r}, "a") as log:
    log.write(json.dumps(order) + "\\n")
for line in sys.stdin:
    one = json.loads(line)
    text = open(one["data"]).read()
    if "dies" in text:
        os.kill(os.getpid(), 9)
    code = 4 if "withheld" in text else 3 if "refused" in text else 0
    shown = {{"label": "B", "told": "+1", "column": "points", "mcse": 0.01}}
    shown |= {{"median": 1.0, "low": 0.0, "high": 2.0}}
    row = dict(name=one["name"], data=one["data"], sha256="", code=code, seed=2026, rows=2,
               status={{0: "WARN", 4: "FAIL"}}.get(code, ""), decision=None if code else "choose B",
               answer="" if code == 3 else f"Of {{one['name']}}.", reason="no" if code == 3 else "",
               warnings=0, shown=None if code else shown,
               wrong=None if code else 0.25, wrong_mcse=None if code else 0.01, page="", key="")
    print(json.dumps({{"row": row, "compiles": 1}}), flush=True)
"""


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """Let processes answer at once; the function returns what each was told."""
    log = tmp_path / "log"
    log.touch()
    words = [sys.executable, "-c", WORKER.format(log=str(log))]
    monkeypatch.setattr(_batch_work, "WORKER", words)
    return lambda: [json.loads(line) for line in log.read_text().splitlines()]


def batch(*words: str | Path) -> Any:
    """Run `casebook batch ab_test` in this process."""
    return CliRunner().invoke(app, ["batch", "ab_test", *map(str, words)])


def written(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(f"arm,visitors,conversions\n{text}")
    return folder


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "batch.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_has_the_numbers_of_its_own_page(tmp_path: Path) -> None:
    """To the bit, though its model was compiled for another one."""
    sets = written(tmp_path / "sets", **COUNTS)
    ab_test.main(data=sets / "good.csv", out=tmp_path, quick=True, quiet=True, **FEW)
    page = json.loads((tmp_path / "ab_test.json").read_text())
    with shared_compiles() as shared:
        for name in ("close", "good"):
            with numbers_only() as found:
                out = tmp_path / "none"
                ab_test.main(data=sets / f"{name}.csv", out=out, quick=True, quiet=True, **FEW)
    assert (shared.made, shared.used) == (1, 1)
    assert not (tmp_path / "none").exists()
    kept = {key: value for key, value in found[0].items() if key not in OF_FILES}
    assert json.loads(json.dumps(kept)) == {key: page[key] for key in kept}
    assert kept["quantities"]
    assert kept["predictive"]["prior"]


def test_a_row_says_how_much_more_data_is_for_the_page(tmp_path: Path) -> None:
    sets = written(tmp_path / "sets", **COUNTS)
    options = {"quick": False, **FEW}
    row = row_of(
        "close", sets / "close.csv", ab_test.main, options, pages="none", folder=tmp_path, stem="c"
    )
    assert (row.code, row.status, row.decision) == (0, "WARN", "not decided yet")
    assert "simulated for its page alone" in row.answer
    assert (row.wrong, row.rows, row.page, row.warnings) == (None, 2, "", 0)


def test_whatever_happens_there_is_a_row(tmp_path: Path) -> None:
    def refuses(**options: Any) -> int:
        raise Refused(f"{options['data']}: no arms")

    def breaks(**options: Any) -> int:
        raise ZeroDivisionError("by nothing")

    about: dict[str, Any] = {"pages": "none", "folder": tmp_path, "stem": "x"}
    first, second = (
        row_of("x", tmp_path / "x.csv", main, {"seed": 1}, **about) for main in (refuses, breaks)
    )
    assert (first.code, first.reason) == (3, f"{tmp_path}/x.csv: no arms")
    assert (second.code, second.reason) == (1, "ZeroDivisionError: by nothing (breaks)")
    assert first.status == second.status == ""


@pytest.mark.parametrize(
    ("pages", "code", "made"),
    [("none", 4, [True]), ("failed", 4, [True, False]), ("failed", 0, [True]), ("all", 0, [False])],
)
def test_pages_are_made_for_those_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: Any, code: int, made: list[bool]
) -> None:
    """The page is made by the whole study, and then the row is that of the page."""
    looks = []
    summary: dict[str, Any] = {
        "status": "FAIL",
        "decision": None,
        "answer": "Withheld.",
        "warnings": [],
    }

    def main(**options: Any) -> int:
        looks.append(bool(options.get("quick")))
        if not options.get("quick"):
            options["out"].mkdir()
            (options["out"] / f"{options['stem']}.json").touch()
        return code

    monkeypatch.setattr(_row, "read_summary", lambda path: summary | {"scalars": {}, "shown": None})
    about: dict[str, Any] = {"pages": pages, "folder": tmp_path, "stem": "x"}
    row = row_of("x", tmp_path / "x.csv", main, {"seed": 1, "quick": False}, **about)
    assert looks == made
    assert row.page == ("pages/x.html" if not made[-1] else "")


def test_one_that_is_refused_and_one_that_dies_are_rows_among_the_others(
    tmp_path: Path, worker: Callable[[], list[dict[str, Any]]]
) -> None:
    texts = {"a": "ok", "b": "dies", "c": "refused", "d": "withheld", "e": "ok too", "f": "dies"}
    sets, out = written(tmp_path / "sets", **texts), tmp_path / "out"
    done = batch("--data", sets / "*.csv", "--out", out, "--jobs", "1", "--alpha", "2")
    found = rows(out)
    assert [row["data_set"] for row in found] == list("abcdef")
    assert [row["exit_code"] for row in found] == ["0", "1", "3", "4", "0", "1"]
    assert "signal 9" in found[1]["reason"]
    assert done.exit_code == 1  # a bug is worse than an answer that is refused
    assert "6 data sets, 2 answered, 1 withheld, 3 without a result" in done.stdout
    assert [one["words"] for one in worker()] == [["--alpha", "2"]] * 2  # the second after a death
    page = (out / "index.html").read_text()
    assert "Of the 2 choices, 0.5 are expected to be wrong: 25.0%" in page
    once_more = batch("--data", sets / "*.csv", "--out", out, "--jobs", "1", "--alpha", "2")
    assert "for 2 computed now" in once_more.stdout  # what ended a process may have passed


def test_finished_rows_are_taken_over_and_changed_ones_made_again(
    tmp_path: Path, worker: Callable[[], list[dict[str, Any]]]
) -> None:
    sets, out = written(tmp_path / "sets", a="ok", b="refused", c="ok too"), tmp_path / "out"
    words: list[str | Path] = ["--data", sets / "*.csv", "--out", out, "--jobs", "2"]
    assert batch(*words).exit_code == 3
    kept = (out / "batch.jsonl").read_text().splitlines(keepends=True)
    (out / "batch.jsonl").write_text("".join(kept[:2]) + kept[2][:40])  # ended in the third
    again = batch(*words)
    assert "for 1 computed now" in again.stdout
    assert "for 0 computed now" in batch(*words).stdout
    written(sets, b="ok now")
    changed = batch(*words)
    assert "for 1 computed now" in changed.stdout
    assert changed.exit_code == 0
    assert "for 3 computed now" in batch(*words, "--beta", "5").stdout
    assert [row["data_set"] for row in rows(out)] == ["a", "b", "c"]


def test_a_row_depends_on_every_file_that_its_options_name(tmp_path: Path) -> None:
    pool, one = tmp_path / "pool.csv", of_files(str(written(tmp_path, a="ok") / "a.csv"))
    asked = Batch("next_experiment", (), "a.csv", None, "none", tmp_path)
    keys = []
    for text in ("1", "1", "2"):
        pool.write_text(text)
        keys.append(_keys(asked, {"data": None, "out": tmp_path, "pool": pool}, one))
    assert keys[0] == keys[1] != keys[2]


def test_one_file_is_split_by_a_column(
    tmp_path: Path, worker: Callable[[], list[dict[str, Any]]]
) -> None:
    path, out = tmp_path / "all.csv", tmp_path / "out"
    path.write_bytes("arm;test;visitors\nA;größe 1;3\nB;../x;4\nB;größe 1;5\n".encode("latin-1"))
    done = batch("--data", path, "--by", "test", "--out", out, "--encoding", "latin-1")
    assert done.exit_code == 0
    found = rows(out)
    assert [row["data_set"] for row in found] == ["größe 1", "../x"]
    assert (out / "data/gr_e_1.csv").read_text() == "arm;visitors\nA;3\nB;5\n"
    assert {path.parent for path in map(Path, (row["data"] for row in found))} == {out / "data"}
    assert worker()[0]["reading"] == {"encoding": None, "separator": ";"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--data", "none/*.csv"], 3, "none/*.csv: no file is called so"),
        (["--data", "none.csv"], 3, "a pattern stands in quotes"),
        (["--data", "{two}/*.csv", "--by", "arm"], 3, "--by splits one file"),
        (["--data", "{two}/a.csv", "--by", "tset"], 3, "no column 'tset'"),
        (["--data", "{two}/*.csv", "--alpha", "-1"], 2, "--alpha"),
        (["--data", "{two}/*.csv", "--nonsense", "1"], 2, "--nonsense"),
        (["--data", "{two}/*.csv", "--name", "x"], 2, "--name"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_computed(
    tmp_path: Path,
    worker: Callable[[], list[dict[str, Any]]],
    capfd: pytest.CaptureFixture,
    words: list[str],
    code: int,
    said: str,
) -> None:
    two = written(tmp_path / "two", a="ok", b="ok")
    done = batch(*(one.format(two=two) for one in words), "--out", tmp_path / "out")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.output + capfd.readouterr().err)
    assert said in " ".join(plain.split())
    assert done.exit_code == code
    assert worker() == []


def test_a_folder_with_another_index_is_refused(
    tmp_path: Path, worker: Callable[[], list[dict[str, Any]]]
) -> None:
    sets = written(tmp_path / "sets", a="ok")
    (tmp_path / "index.html").write_text("mine")
    done = batch("--data", sets / "*.csv", "--out", tmp_path)
    assert done.exit_code == 5
    assert (tmp_path / "index.html").read_text() == "mine"


def test_names_are_those_of_files_and_no_two_pages_share_one(tmp_path: Path) -> None:
    for name in ("x", "y"):
        written(tmp_path / name, same="ok", **{"=SUM(A1)": "ok", "ab_test": "ok", "a[1]": "ok"})
    found = of_files(f"{tmp_path}/*/*.csv")
    stems = [one.stem for one in found]
    assert len({*map(str.lower, stems)}) == len(found) == 8
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", stem) for stem in stems)
    assert "ab_test" not in stems  # which is what a page of a case is called
    assert {one.name for one in found} == {str(one.path) for one in found}  # two of each stem
    (exact,) = of_files(f"{tmp_path}/x/a[1].csv")
    assert exact.name == "a[1]"
    with pytest.raises(DataError, match="no file is called so"):
        of_files(f"{tmp_path}/x/b[1].csv")
