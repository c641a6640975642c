"""Running a command: in this process, and on a terminal that is none but looks like one."""

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from analyses import __main__ as command_line, _plan

ROOT = Path(__file__).parent.parent


def casebook(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """Run `casebook` with these words in this process; return its exit code."""
    monkeypatch.setattr(sys, "argv", ["casebook", *map(str, words)])
    for module in (command_line, _plan):
        monkeypatch.setattr(module, "leave_when_interrupted", lambda: None)
    with pytest.raises(SystemExit) as left:
        command_line.main()
    return int(left.value.code or 0)


def on_terminal(words: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Run a command on a pseudo-terminal; return its exit code and all that it wrote there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        words, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        said = b""
        while chunk := _read(ours):
            said += chunk
    os.close(ours)
    return process.returncode, said.decode()


def _read(terminal: int) -> bytes:
    """Read what is there; nothing where the other side is closed, which Linux calls an error."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
