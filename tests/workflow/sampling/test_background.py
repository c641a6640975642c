"""A process on the other core: its result, its error, and that it never outlives its parent."""

import math
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workflow.sampling.background import ASIDE, in_background

PARENT = """
import time
from workflow.sampling.background import in_background
if __name__ == "__main__":
    print(in_background(__import__("os").getpid).result(), flush=True)
    child = in_background(time.sleep, 600)
    time.sleep(600)
"""


def test_result_and_error_come_back() -> None:
    assert in_background(math.sqrt, 9).result(timeout=60) == 3
    with pytest.raises(ValueError, match=r"nonnegative|math domain"):
        in_background(math.sqrt, -1).result(timeout=60)


def test_it_is_done_here_and_once_where_the_environment_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(ASIDE, "0")
    done: list[int] = []

    def work(number: int) -> int:  # which no other process could be given
        done.append(number)
        return os.getpid()

    call = in_background(work, 7)
    assert done == []
    assert call.result() == call.result() == os.getpid()
    assert done == [7]


def runs(pid: int) -> bool:
    """Say whether a process is there and no zombie."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks for processes in /proc")
def test_a_killed_parent_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    parent.stdout.readline()
    time.sleep(5)
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent.pid)], capture_output=True, text=True, check=True
    )
    children = [int(pid) for pid in listed.stdout.split()]
    assert children
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 20
    while alive := [pid for pid in children if runs(pid)]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.2)


def _end(tag: str) -> int:
    """End the process, unless it is the one that the tests run in."""
    if multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return len(tag)


def test_what_a_killed_process_should_have_done_is_done_here_once() -> None:
    call = in_background(_end, "abc")
    assert call.result(timeout=60) == 3
    assert call.result() == 3
