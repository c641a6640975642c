"""The command line: options from the signature, exit codes, messages, and nothing overwritten."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analyses import _command, _running, ab_test
from reports.publishing.provenance import command
from reports.terminal.progress import tell
from workflow.sampling.fit import SamplerError

ROOT = Path(__file__).parent.parent.parent


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the A/B test's command in this process and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["ab_test", *words])
    monkeypatch.setattr(_running, "leave_when_interrupted", lambda: None)
    with pytest.raises(SystemExit) as left:
        _command.run(ab_test.main)
    return int(left.value.code or 0)


def test_help_has_every_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(monkeypatch, "--help") == 0
    shown = capsys.readouterr().out
    options = [
        "data",
        "alpha",
        "beta",
        "max-loss",
        "rope",
        "allocation",
        "draws",
        "tune",
        "chains",
        "seed",
        "out",
        "quiet",
        "json",
    ]
    for option in options:
        assert f"--{option}" in shown
    assert "Does the gate at level 40" in shown
    assert "which arm to choose, what that choice may cost" in shown  # wrapped by the terminal only


@pytest.mark.parametrize(
    "words",
    [
        ["--alpha", "0"],
        ["--alpha", "nan"],
        ["--beta", "-1"],
        ["--max-loss", "1"],
        ["--rope", "x"],
        ["--draws", "0"],
        ["--seed", "-1"],
        ["--allocation", "1:1:1"],
        ["--allocation", "1:zero"],
        ["--no-such-option"],
    ],
)
def test_wrong_usage_is_two(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str]
) -> None:
    assert run(monkeypatch, *words, "--out", str(tmp_path)) == 2
    assert list(tmp_path.iterdir()) == []


def test_bad_data_is_three_and_overwrites_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "ab_test.html").write_text("old")
    data = tmp_path / "own.csv"
    data.write_text("arm,visitors,conversions\nA,10,11\nB,ten,1\n")
    assert run(monkeypatch, "--data", str(data), "--out", str(tmp_path)) == 3
    message = capsys.readouterr().err
    assert f"{data}: line 2, column 'conversions': 11 is more than the 10 visitors" in message
    assert f"{data}: line 3, column 'visitors': 'ten' is not a whole number" in message
    assert (tmp_path / "ab_test.html").read_text() == "old"


def test_a_sampler_without_draws_is_four_and_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def main() -> int:
        raise SamplerError("no point to begin from")

    monkeypatch.setattr(sys, "argv", ["x"])
    monkeypatch.setattr(_running, "leave_when_interrupted", lambda: None)
    with pytest.raises(SystemExit) as left:
        _command.run(main)
    assert left.value.code == 4
    assert capsys.readouterr().err == "no answer: no point to begin from\n"


@pytest.mark.parametrize(
    "option",
    ["--alpha=1e-300", "--beta=1e31", "--draws=100000000000000000000", "--chains=65", "--tune=1e3"],
)
def test_numbers_beyond_all_measure_are_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, option: str
) -> None:
    assert run(monkeypatch, option, "--out", str(tmp_path)) == 2
    assert list(tmp_path.iterdir()) == []


def test_the_code_that_main_returns_is_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def main(draws: int = 3) -> int:
        return draws

    monkeypatch.setattr(sys, "argv", ["x", "--draws", "4"])
    monkeypatch.setattr(_running, "leave_when_interrupted", lambda: None)
    with pytest.raises(SystemExit) as left:
        _command.run(main)
    assert left.value.code == 4


@pytest.mark.parametrize(("code", "printed"), [(0, True), (4, True), (3, False)])
def test_json_prints_the_summary_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
    code: int,
    printed: bool,
) -> None:
    """Where `main` says that it has written one; else an older one would pass for an answer."""
    summary = tmp_path / f"{Path(__file__).stem}.json"

    def main(out: Path = tmp_path) -> int:
        summary.write_text('{"answer": "−1"}\n', encoding="utf-8")
        tell("PASS: −1")
        return code

    monkeypatch.setattr(sys, "argv", ["x", "--json"])
    monkeypatch.setattr(_running, "leave_when_interrupted", lambda: None)
    with pytest.raises(SystemExit) as left:
        _command.run(main)
    assert left.value.code == code
    assert capsys.readouterr().out == ('{"answer": "−1"}\n' if printed else "")


def test_json_prints_no_summary_that_was_there_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / f"{Path(__file__).stem}.json").write_text("{}")

    def main(out: Path = tmp_path) -> int:
        raise SamplerError("no point to begin from")

    monkeypatch.setattr(_running, "leave_when_interrupted", lambda: None)
    with pytest.raises(SystemExit) as left:
        _command.run(main, ["--json"], "casebook run x")
    assert left.value.code == 4
    assert capsys.readouterr().out == ""


def test_command_shown_repeats_the_settings() -> None:
    settings = {"data": ROOT / "data" / "ab_test.csv", "control": None, "alpha": 1.0, "out": ROOT}
    shown = command("ab_test", {**settings, "quiet": True})
    assert shown == "python -m analyses.ab_test --data data/ab_test.csv --alpha 1.0"


def test_a_switch_is_shown_alone_or_not_at_all() -> None:
    assert command("x", {"drop_missing": True}) == "python -m analyses.x --drop-missing"
    assert command("x", {"drop_missing": False}) == "python -m analyses.x"


@pytest.mark.parametrize("as_module", [True, False])
def test_runs_from_any_folder(tmp_path: Path, as_module: bool) -> None:
    """Also from one that has folders called like ours."""
    for name in ("data", "models", "reports"):
        (tmp_path / name).mkdir()
    where = ["-m", "analyses.ab_test"] if as_module else [str(ROOT / "analyses" / "ab_test.py")]
    done = subprocess.run(
        [sys.executable, *where, "--data", "none.csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert re.search(r"^none\.csv: cannot be read", done.stderr, flags=re.MULTILINE)


@pytest.mark.parametrize("words", [["analyses.ab_test"], ["analyses", "run", "ab_test"]])
def test_interrupt_ends_at_once_with_130(tmp_path: Path, words: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", *words, "--out", str(tmp_path)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"COLUMNS": "200"},
    )
    assert process.stderr
    assert any("NUTS …" in line for line in process.stderr)
    start = time.perf_counter()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    print(f"ended {time.perf_counter() - start:.1f} s after the interrupt")
    assert list(tmp_path.iterdir()) == []
