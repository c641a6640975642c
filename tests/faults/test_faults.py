"""Every fault of the gallery ends as expected, and no pickle is read anywhere."""

import os
import re
from pathlib import Path

import pytest

from reports.publishing.files import OutputError, locked, publish
from tests.faults.__main__ import Outcome, proof, try_out
from tests.faults.fault import Fault, a_set, answer_in, publish_set, shown_in
from tests.faults.gallery import FAULTS
from workflow.checking.diagnostics import Status

ROOT = Path(__file__).parent.parent.parent
SOURCES = [
    path
    for f in ("analyses", "data", "models", "reports", "workflow")
    for path in (ROOT / f).rglob("*.py")
]
UNPICKLES = (
    r"\b(c?[pP]ickle|cloudpickle|joblib|dill|shelve|marshal|allow_pickle)\b|read_pickle"
    r"|(?<![.\w])(eval|exec)\("
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}: {fault.done[:40]}")
def test_it_is_survived(fault: Fault, tmp_path: Path) -> None:
    assert fault.happen(tmp_path)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_reads_a_pickle(path: Path) -> None:
    code = re.sub(r'"""(.|\n)*?"""|#.*', "", path.read_text(encoding="utf-8"))
    assert not re.search(UNPICKLES, code)


def test_what_reads_a_pickle_is_seen() -> None:
    for code in ("import pickle", "np.load(x, allow_pickle=True)", "pd.read_pickle(x)", "eval(x)"):
        assert re.search(UNPICKLES, code)


def test_the_page_counts_what_went_wrong(tmp_path: Path) -> None:
    def fails(_: Path) -> str:
        raise AssertionError("it is gone")

    good, bad = Fault("A", "this", "that", lambda _: "fine"), Fault("B", "these", "those", fails)
    outcomes = [try_out(fault, tmp_path / fault.kind) for fault in (good, bad)]
    assert [one.survived for one in outcomes] == [True, False]
    page = proof(outcomes, seconds=1.0)
    assert page.status is Status.FAIL
    assert page.answer.startswith("No: 1 of 2")
    assert "these" in page.answer
    assert "it is gone" in str(page.sections)
    assert proof(outcomes[:1], seconds=1.0).answer.startswith("Yes")


def test_a_survivor_is_no_failure() -> None:
    assert Outcome(FAULTS[0], True, "", 0.0).survived


def test_a_folder_in_the_place_of_a_page_blocks_nobody(tmp_path: Path) -> None:
    """It is said before anything is moved; what else is published there is published."""
    publish_set(tmp_path, a_set("old"))
    (tmp_path / "demo.html").unlink()
    (tmp_path / "demo.html").mkdir()
    with (
        pytest.raises(OutputError, match="a folder has the name of a file of ours"),
        locked(tmp_path),
    ):
        publish(tmp_path, "demo", a_set("new"))
    with locked(tmp_path):
        publish(tmp_path, "other", {"other.html": b"there"})
    assert answer_in(tmp_path) == "old"
    (tmp_path / "demo.html").rmdir()
    publish_set(tmp_path, a_set("new"))
    assert shown_in(tmp_path) == a_set("new")


def test_a_pipe_among_the_reports_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "notes.json")
    publish_set(tmp_path, a_set("new"))
    assert "notes" not in (tmp_path / "index.html").read_text()
