"""Disks that are full, folders that cannot be written, readers that are gone, and no home."""

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from analyses import UNWRITABLE, _command, _running, ab_test
from reports.page.page import DONE
from reports.publishing.files import OutputError, check_writable, locked
from tests.faults.fault import Fault, a_set, forked, publish_set, shown_in
from tests.faults.killing import step_by_step, steps

ROOT = Path(__file__).parent.parent.parent
OLD, LARGE = a_set("old"), a_set("new", size=100_000)
ERRORS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT)


def refused(act: Callable[[], object]) -> str:
    """Return the message of the OutputError that `act` raises: one line."""
    with pytest.raises(OutputError) as error:
        act()
    (line,) = str(error.value).splitlines()
    return line


def full_at_every_step(folder: Path) -> str:
    """Let every call on the disk fail, one after the other and each with several errors."""
    out = folder / "dry"
    publish_set(out, OLD)
    calls = steps(lambda: publish_set(out, LARGE))
    tried = 0
    for step in range(1, len(calls) + 1):
        code = ERRORS[step % len(ERRORS)]
        if step == 1 or calls[step - 1] == "close":
            continue  # makes a folder that is there; closes a file that is on disk already

        def fail(
            number: int,
            name: str,
            function: Callable,
            words: tuple,
            step: int = step,
            code: int = code,
        ) -> object:
            if number == step:
                raise OSError(code, os.strerror(code))
            return function(*words)

        out = folder / str(step)
        publish_set(out, OLD)
        assert str(out) in refused(partial(failing, fail, out))
        with locked(out):
            assert shown_in(out) in (OLD, LARGE)
        publish_set(out, LARGE)
        assert shown_in(out) == LARGE
        tried += 1
    return f"{tried} calls failed one at a time: one line each, and the next run writes all."


def failing(fail: Callable[..., object], out: Path) -> None:
    """Publish with calls that fail."""
    with step_by_step(fail):
        publish_set(out, LARGE)


def really_full(folder: Path) -> str:
    """Let the system refuse files above 100 kB, which is what a full disk does in mid-file."""
    publish_set(folder, OLD)
    said = folder / "said"

    def write() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            publish_set(folder, LARGE)
        except OutputError as error:
            said.write_text(str(error))

    assert forked(write) == 0
    assert shown_in(folder) == OLD
    assert not list(folder.glob(".casebook-*"))
    (line,) = said.read_text().splitlines()
    return f"“{line.replace(str(folder), 'FOLDER')}”; the old report is there byte for byte."


def known_before_the_work(folder: Path) -> str:
    """Run an analysis with output folders that cannot be used, before anything is computed."""
    (folder / "file").write_text("mine")
    said = []
    for out in (folder / "file", folder / "file" / "below", folder / ("x" * 300)):
        code, line = in_this_process("--out", str(out))
        assert code == UNWRITABLE, line
        said.append(line.replace(str(folder), "FOLDER").replace("x" * 300, "x…"))
    assert (folder / "file").read_text() == "mine"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", _fails(errno.EROFS))
        said.append(refused(lambda: check_writable(folder)).replace(str(folder), "FOLDER"))
    return f"Exit code {UNWRITABLE}, " + "; ".join(f"“{line}”" for line in said)


def in_this_process(*words: str) -> tuple[int, str]:
    """Run the A/B test's command; return its exit code and what it says on stderr."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["ab_test", "--quiet", *words])
        patch.setattr(_running, "leave_when_interrupted", lambda: None)
        patch.setattr(sys.stderr, "write", said.append)
        with pytest.raises(SystemExit) as left:
            _command.run(ab_test.main)
    return int(left.value.code or 0), "".join(said).strip()


def nobody_reads(folder: Path) -> str:
    """Close the pipe that the answer goes to, or give it a full disk."""
    code = "from reports.terminal.progress import tell; tell('answer'); tell('again')"
    command = [sys.executable, "-c", code]
    with open("/dev/full", "w") as full:
        ends = [subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)]
    reader, writer = os.pipe()
    os.close(reader)
    ends.append(
        subprocess.run(command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, check=False)
    )
    told = "from reports.terminal.progress import Steps; s = Steps('x'); s.begin('y')"
    told += "; s.end(); s.say('z')"
    listening = [sys.executable, "-c", f"{told}; print('done')"]
    unheard = subprocess.run(
        listening, cwd=ROOT, stdout=subprocess.PIPE, stderr=writer, check=False
    )
    assert (unheard.returncode, unheard.stdout) == (DONE, b"done\n")
    os.close(writer)
    closed = ["sh", "-c", f'exec "{sys.executable}" -c "{code}" >&-']
    ends.append(subprocess.run(closed, cwd=ROOT, stderr=subprocess.PIPE, check=False))
    assert [(end.returncode, end.stderr) for end in ends] == [(DONE, b"")] * 3
    return (
        "Exit code 0 and no traceback: full device, closed pipe (also of stderr), no stdout at all."
    )


def no_home(folder: Path) -> str:
    """Ask for the folder of compiled code where the home folder cannot be made, or has no name."""
    code = "import analyses, pytensor; print(pytensor.config.compiledir)"
    for home in ("/proc/none", ""):
        environment = {k: v for k, v in os.environ.items() if k != "PYTENSOR_FLAGS"}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env=environment | {"HOME": home, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "casebook-" in done.stdout
        assert not Path(done.stdout.strip()).exists(), "it is left behind"
    assert list(folder.iterdir()) == []
    return "Code is compiled in a folder for the run alone, which is gone afterwards."


def _fails(code: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


FAULTS = [
    Fault(
        "Disk",
        "every call on the disk fails, with: full, read-only, not allowed, broken, over quota",
        "one line that says so; the old report or the new one; the next run succeeds",
        full_at_every_step,
    ),
    Fault(
        "Disk",
        "the system refuses a file in the middle of writing it (RLIMIT_FSIZE)",
        "one line that says so, the old report whole",
        really_full,
    ),
    Fault(
        "Disk",
        "--out is a file, lies below one, has a name too long, or is read-only",
        "said before anything is computed, with an exit code of its own",
        known_before_the_work,
    ),
    Fault(
        "Disk",
        "the answer is printed to a full device, a closed pipe, or nowhere",
        "the run ends as if it had been read",
        nobody_reads,
    ),
    Fault(
        "Disk",
        "the home folder cannot be made or written",
        "it runs all the same, and leaves nothing in the current folder",
        no_home,
    ),
]
