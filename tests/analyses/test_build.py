"""Cases computed side by side: what is told of them, the worst exit code, and their end."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analyses import _build
from reports.publishing.files import OutputError
from tests.terminal import on_terminal
from workflow.checking.status import Status

ROOT = Path(__file__).parent.parent.parent
# A case that does what its name says, and writes page and summary as a case does.
CASE = """
import os, sys, time
from pathlib import Path
from reports.publishing.sealed import seal

case, out = Path(__file__).stem, Path(sys.argv[2])
(out / f"{{case}}.pid").write_text(str(os.getpid()))
sys.stderr.write(f"{{case}}: NUTS …\\n")
sys.stderr.flush()

def write(status):
    files = {{f"{{case}}.html": b"<title>casebook</title>"}}
    (out / f"{{case}}.html").write_bytes(files[f"{{case}}.html"])
    text = {{"title": case, "question": "Which?", "answer": f"The \\x1b answer of {{case}}."}}
    found = {{"case": case, **text, "status": status, "provenance": {{"seconds": {{}}, "seed": 1}}}}
    (out / f"{{case}}.json").write_bytes(seal(found, files))
    print(f"{{status}}: answer")

{work}
"""
WORK = {
    "good": "write('PASS')",
    "refused": "write('FAIL'); sys.exit(4)",
    "unreadable": "sys.stderr.write('none.csv: \\x1b[31mcannot be read\\n'); sys.exit(3)",
    "bug": "print('x' * 9, file=sys.stderr); raise RuntimeError('a bug')",
    "killed": "os.kill(os.getpid(), 9)",
    "slow": "time.sleep(1); write('PASS')",
    "told": "sys.stderr.write(os.environ.get('CASEBOOK_BACKGROUND', 'aside')); sys.exit(3)",
    "endless": "time.sleep(600)",
}
MEETS = """
end = time.monotonic() + 30
while len(list(out.glob("meets_*.pid"))) < 2 and time.monotonic() < end:
    time.sleep(0.01)
write("PASS" if time.monotonic() < end else "FAIL")
"""
ALONE = """
assert not list(out.glob("*.busy")), "another one runs"
(out / f"{case}.busy").touch()
time.sleep(0.2)
(out / f"{case}.busy").unlink()
write("PASS")
"""
BY_HAND = """
import sys
from pathlib import Path
from analyses import _build
_build.ROOT = Path({root!r})
sys.exit(_build.build({cases}, Path({out!r}), jobs=2, quiet=False, as_json=False))
"""


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for pages, beside a project that has small cases."""
    monkeypatch.setattr(_build, "ROOT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder = tmp_path / "analyses"
    folder.mkdir()
    (folder / "__init__.py").touch()
    meeting = dict.fromkeys(("meets_one", "meets_another"), MEETS)
    alone = dict.fromkeys(("alone", "lonely", "single"), ALONE)
    for name, work in (WORK | meeting | alone).items():
        (folder / f"{name}.py").write_text(CASE.format(work=work))
    (tmp_path / "html").mkdir()
    return tmp_path / "html"


def built(out: Path, *cases: str, jobs: int = 2, quiet: bool = False, as_json: bool = False) -> int:
    return _build.build(list(cases), out, jobs=jobs, quiet=quiet, as_json=as_json)


def test_a_failing_case_stops_no_other_and_each_is_told(
    out: Path, capsys: pytest.CaptureFixture
) -> None:
    assert built(out, "unreadable", "refused", "good") == 4
    printed, said = capsys.readouterr()
    assert printed.splitlines() == [
        "refused: FAIL: The ⟨U+001B⟩ answer of refused.",
        "good: PASS: The ⟨U+001B⟩ answer of good.",
        f"reports: {out / 'index.html'}",
    ]
    assert "\x1b" not in said
    assert "unreadable: begins: no page yet\n" in said
    assert re.search(r"^unreadable: exit code 3 after \d+ s$", said, flags=re.MULTILINE)
    assert re.search(r"^good: PASS after \d+ s$", said, flags=re.MULTILINE)
    assert said.endswith(
        "unreadable: exit code 3; it said last:\n    none.csv: ⟨U+001B⟩[31mcannot be read\n"
    )
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "answer of good" in index
    assert "answer of refused" in index


@pytest.mark.parametrize(
    ("cases", "jobs", "cores", "expected"),
    [
        (["told", "good"], 2, 2, "0"),
        (["told", "good"], 1, 2, "aside"),
        (["told"], 2, 2, "aside"),
        (["told", "good"], 2, 4, "aside"),
    ],
)
def test_advi_has_a_process_of_its_own_where_there_is_a_core_for_it(
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    cases: list[str],
    jobs: int,
    cores: int,
    expected: str,
) -> None:
    monkeypatch.setattr(_build, "cores", lambda: cores)
    built(out, *cases, jobs=jobs)
    said = capsys.readouterr().err
    assert said.endswith(f"told: exit code 3; it said last:\n    {expected}\n")


@pytest.mark.parametrize(("worst", "code"), [("bug", 1), ("killed", 1)])
def test_a_bug_is_worse_than_an_answer_that_is_refused(
    out: Path, capsys: pytest.CaptureFixture, worst: str, code: int
) -> None:
    assert built(out, worst, "refused", "good", quiet=True) == code
    printed, said = capsys.readouterr()
    assert "good: PASS" in printed
    told = {"bug": "exit code 1", "killed": "ended by signal 9"}[worst]
    assert said.startswith(f"{worst}: {told}; it said last:\n")
    assert ("RuntimeError: a bug" in said) == (worst == "bug")
    assert "refused" not in said


def test_an_old_summary_is_no_answer(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    built(out, "good", quiet=True)
    (out.parent / "analyses" / "good.py").write_text("import sys; sys.exit(4)")
    monkeypatch.setattr(_build, "why_again", lambda *_: ("data changed", Status.PASS))
    capsys.readouterr()
    assert built(out, "good", quiet=True, as_json=True) == 4
    assert json.loads(capsys.readouterr().out) == {"good": None}


def test_as_json_there_are_all_summaries_and_nothing_else(
    out: Path, capsys: pytest.CaptureFixture
) -> None:
    assert built(out, "unreadable", "good", quiet=True, as_json=True) == 3
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["unreadable", "good"]
    assert found["unreadable"] is None
    assert (found["good"]["status"], found["good"]["case"]) == ("PASS", "good")


def test_jobs_run_side_by_side_but_not_more(out: Path, capsys: pytest.CaptureFixture) -> None:
    assert built(out, "meets_one", "meets_another", jobs=2, quiet=True) == 0
    assert capsys.readouterr().out.count(": PASS: ") == 2
    assert built(out, "alone", "lonely", "single", jobs=1, quiet=True) == 0


def test_an_index_that_cannot_be_written_is_said(out: Path) -> None:
    (out / "index.html").mkdir()
    with pytest.raises(OutputError, match=r"index\.html|a folder has the name"):
        built(out, "good", quiet=True)


def test_a_line_for_each_even_if_there_is_much_to_say() -> None:
    script = (
        "from reports.terminal.board import Board\n"
        "with Board(['ready', 'runs', 'waits'], quiet=False) as board:\n"
        "    board.end('ready', 'up to date')\n"
        "    board.begin('runs', 'a reason ' * 40)\n"
    )
    environment = os.environ | {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "60"}
    _, seen = on_terminal([sys.executable, "-c", script], environment)
    last = [line.rstrip() for line in seen.split("\x1b[2K")[-1].splitlines()[:3]]
    assert re.fullmatch(r" +ready +up to date", last[0])
    assert re.fullmatch(r". runs +0 s a reason .*…", last[1])
    assert re.fullmatch(r" +waits +waits", last[2])


def test_a_terminal_shows_the_step_that_runs(out: Path) -> None:
    code = BY_HAND.format(root=str(out.parent), cases=["slow", "good"], out=str(out))
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"}
    code_left, seen = on_terminal([sys.executable, "-c", code], environment)
    assert code_left == 0
    assert re.search(r"slow .*\d s.* NUTS", seen)
    assert seen.index("\x1b[?25l") < seen.rindex("\x1b[?25h"), "the cursor is not shown again"
    assert "begins" not in seen


def test_ctrl_c_ends_all_at_once(out: Path) -> None:
    """Also where only this process hears of it, not its children."""
    (out.parent / "analyses" / "other.py").write_text(CASE.format(work=WORK["endless"]))
    code = BY_HAND.format(root=str(out.parent), cases=["endless", "other", "good"], out=str(out))
    words = [sys.executable, "-c", code]
    process = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    pids = [out / "endless.pid", out / "other.pid"]
    end = time.monotonic() + 60
    while not all(path.exists() and path.read_text() for path in pids):
        assert time.monotonic() < end
        time.sleep(0.05)
    start = time.perf_counter()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    print(f"ended {time.perf_counter() - start:.2f} s after the interrupt")
    assert process.returncode == 130
    assert said.endswith("\ninterrupted; a page that was there before is whole\n")
    assert "Traceback" not in said
    for path in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.read_text()), 0)
    assert not (out / "good.pid").exists()
