"""Running a command on a terminal that is none but looks like one."""

import os
import pty
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent


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
