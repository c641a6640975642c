"""The command line: the same by both names, light, and sparing with colours."""

import json
import os
import re
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from analyses import __main__ as command_line, _cases, _testing
from analyses._on import On, clustered
from tests.faults.damage import real_set
from tests.terminal import on_terminal
from tests.test_layers import CASES

ROOT = Path(__file__).parent.parent.parent
HEAVY = {"pymc", "arviz_stats", "xarray", "pandas", "matplotlib", "jinja2", "numpy"}
COLOUR = re.compile(r"\x1b\[[\d;]*(?:3[0-7]|4[0-7]|9[0-7])[\d;]*m")
MODULE = [sys.executable, "-m", "analyses"]
SCRIPT = [sys.executable, "-c", "from analyses.__main__ import main; main()"]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `casebook` with these words in a process of its own."""
    return subprocess.run(
        [*MODULE, *words],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def here(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run `casebook` with these words in this process; return its exit code."""
    monkeypatch.setattr(sys, "argv", ["casebook", *words])
    monkeypatch.setattr(command_line, "leave_when_interrupted", lambda: None)
    with pytest.raises(SystemExit) as left:
        command_line.main()
    return int(left.value.code or 0)


def test_both_names_are_the_same_program_and_show_help_alone() -> None:
    shown = {
        subprocess.run(start, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for start in (MODULE, [*MODULE, "--help"], SCRIPT)
    }
    (text,) = shown
    for command in ("list", "run", "build", "new", "open", "--show-completion"):
        assert command in text


@pytest.mark.parametrize("words", [["--help"], ["list"], ["build", "--help"]])
def test_what_should_come_at_once_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: sys.stderr.write(' '.join(sys.modules)))\n"
        f"sys.argv = ['casebook', *{words}]\n"
        "from analyses.__main__ import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "typer" in done.stderr.split()
    assert not HEAVY & set(done.stderr.split())


def test_list_has_every_case_with_question_and_sound_status(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    real_set(tmp_path, "WARN")
    assert here(monkeypatch, "list", "--out", str(tmp_path), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["case"] for one in found] == CASES
    status = {one["case"]: one["status"] for one in found}
    assert status == dict.fromkeys(CASES) | {"ab_test": "WARN"}
    question = "Does the gate at level 40 keep more players than the gate at level 30?"
    assert {"case": "ab_test", "status": "WARN", "question": question} in found
    (tmp_path / "ab_test.nc").write_bytes(b"altered")
    assert here(monkeypatch, "list", "--out", str(tmp_path)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(CASES)
    assert lines[CASES.index("ab_test")].split(maxsplit=1) == ["ab_test", question]


def test_nobody_has_to_read_all_of_it_or_in_this_encoding() -> None:
    words = (
        f"PYTHONIOENCODING=ascii {sys.executable} -m analyses list | head -n 1; exit $PIPESTATUS"
    )
    done = subprocess.run(
        ["bash", "-c", words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("ab_test ")
    assert done.stderr == ""


def test_a_question_needs_no_import_and_no_sound_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_cases, "HERE", tmp_path)
    (tmp_path / "raises.py").write_text('"""Which?\n\nMore."""\nraise RuntimeError\n')
    (tmp_path / "broken.py").write_text("def (")
    (tmp_path / "binary.py").write_bytes(b"\xff\x00")
    (tmp_path / "_helper.py").write_text("")
    assert _cases.cases() == ["binary", "broken", "raises"]
    assert [_cases.question(case) for case in _cases.cases()] == ["", "", "Which?"]


@pytest.mark.parametrize("command", ["run", "build", "open"])
def test_an_unknown_case_is_wrong_usage_and_the_nearest_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, command: str
) -> None:
    assert here(monkeypatch, command, "ab_tets\x1b[31m\u202e") == 2
    said = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert "did you mean ab_test?" in said
    assert all(case in said for case in CASES)
    assert not {"\x1b", "\u202e"} & set(said)


def test_run_takes_the_options_of_the_case() -> None:
    help_text = run("run", "ab_test", "--help", NO_COLOR="1")
    assert help_text.returncode == 0
    assert "casebook run ab_test" in help_text.stdout
    assert "--max-loss" in help_text.stdout
    assert "CASE" in run("run", "--help").stdout
    wrong = run("run", "ab_test", "--alpha", "0")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    unread = run("run", "ab_test", "--data", "none.csv", "--json")
    assert (unread.returncode, unread.stdout) == (3, "")
    assert "none.csv: cannot be read" in unread.stderr


def test_open_opens_the_page_or_says_how_to_make_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda page: not opened.append(page))  # type: ignore[func-returns-value]
    out = tmp_path / "some where"
    assert here(monkeypatch, "open", "ab_test", "--out", str(out)) == 2
    assert f"casebook run ab_test --out '{out}'" in capsys.readouterr().err
    assert here(monkeypatch, "open", "--out", str(out)) == 2
    assert f"casebook build --out '{out}'" in capsys.readouterr().err
    assert opened == []
    real_set(out)
    assert here(monkeypatch, "open", "ab_test", "--out", str(out)) == 0
    assert here(monkeypatch, "open", "--out", str(out)) == 0
    assert opened == [(out / f"{name}.html").as_uri() for name in ("ab_test", "index")]
    monkeypatch.setattr(webbrowser, "open", lambda page: False)
    assert here(monkeypatch, "open", "--out", str(out)) == 2
    assert str(out / "index.html") in capsys.readouterr().err


@pytest.mark.parametrize("words", ["run ab", "build ab", "open ab", "new mine --from ab"])
def test_the_shell_completes_names_of_cases(words: str) -> None:
    environment = {
        "_CASEBOOK_COMPLETE": "complete_bash",
        "COMP_WORDS": f"casebook {words}",
        "COMP_CWORD": str(len(words.split())),
    }
    assert run(**environment).stdout.split() == ["ab_test"]


@pytest.mark.parametrize("words", [["--help"], ["list"], ["run", "nothing"]])
def test_colours_on_a_terminal_unless_they_are_not_wanted(words: list[str], tmp_path: Path) -> None:
    if words == ["list"]:
        words = ["list", "--out", str(real_set(tmp_path))]
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"}
    assert COLOUR.search(on_terminal([*MODULE, *words], environment)[1])
    plain = on_terminal([*MODULE, *words], environment | {"NO_COLOR": "1"})[1]
    assert "casebook" in plain or "ab_test" in plain
    assert not COLOUR.search(plain)


def test_validate_is_the_calibration_of_a_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its options, --help too; without the tests it is wrong usage, and told why in a line."""
    called: list[list[str]] = []

    def spied(words: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        called.append(words[1:])
        return subprocess.CompletedProcess(words, 4)

    monkeypatch.setattr(_testing.subprocess, "run", spied)
    assert here(monkeypatch, "validate", "--on", "local:2", "--replicates", "100") == 4
    assert here(monkeypatch, "validate", "--help") == 4
    of = ["-m", "tests.calibration"]
    assert called == [[*of, "--on", "local:2", "--replicates", "100"], [*of, "--help"]]
    monkeypatch.setattr(_testing, "ROOT", tmp_path)
    assert here(monkeypatch, "validate") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("casebook validate needs the repository")
    assert len(called) == 2


def test_commands_of_a_cluster_take_four_options_and_are_given_a_place(tmp_path: Path) -> None:
    """One place of the four; those that contradict one another are wrong usage."""
    seen: list[tuple[str, On | None]] = []

    @clustered
    def command(name: str = "x", where: On | None = None) -> None:
        seen.append((name, where))

    app, runner = typer.Typer(), CliRunner()
    app.command()(command)
    pem = tmp_path / "a.pem"
    pem.touch()
    keys = [word for one in ("ca", "cert", "key") for word in (f"--tls-{one}", str(pem))]
    assert runner.invoke(app, []).exit_code == 0
    assert runner.invoke(app, ["--name", "y", "--on", "local:2"]).exit_code == 0
    assert runner.invoke(app, ["--on", "tls://a:1", *keys]).exit_code == 0
    wanted = [("x", None), ("y", On("local:2")), ("x", On("tls://a:1", pem, pem, pem))]
    assert seen == wanted
    for words in (["--on", "nowhere"], keys, ["--on", "tls://a:1"], ["--on", "tcp://a:1", *keys]):
        assert runner.invoke(app, words).exit_code == 2, words
    assert seen == wanted
    jobs = runner.invoke(command_line.app, ["build", "--jobs", "2", "--on", "local:2"])
    assert jobs.exit_code == 2
    assert "this machine alone" in jobs.output
