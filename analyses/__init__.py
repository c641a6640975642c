"""The arguments: one module a case. `analyses/[!_]*.py` is the list of cases.

Importing this package sees to it that libraries have a folder to keep what they compile in, before
they look for one: the home folder may be missing, or closed to us.
"""

import atexit
import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

# `python -m analyses.<case>` puts the current folder first on the path, where a user's own `data/`
# or `models/` would hide ours.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

UNWRITABLE, INTERRUPTED = 5, 130


def _usable(home: Path) -> bool:
    """Say whether PyTensor can keep its folder in `home`."""
    there = home / ".pytensor"
    return home.is_absolute() and os.access(there if there.exists() else home, os.W_OK | os.X_OK)


def _find_room() -> None:
    """Let PyTensor compile in a folder for this run alone if there is no room in the home folder.

    Ends the process, with one line and exit code 5, where there is none for temporary files either.
    """
    flags = os.environ.get("PYTENSOR_FLAGS", "")
    try:
        tempfile.gettempdir()
        home = os.environ.get("HOME", os.path.expanduser("~"))  # which may be empty
        if "compiledir" in flags or _usable(Path(home)):
            return
        folder = tempfile.mkdtemp(prefix="casebook-")
    except OSError as error:
        sys.stderr.write(
            f"no room for temporary files ({error.strerror}); set TMPDIR to a folder\n"
        )
        raise SystemExit(UNWRITABLE) from None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PYTENSOR_FLAGS"] = f"{flags},base_compiledir={folder}".lstrip(",")


def interrupted(*_: object) -> NoReturn:
    """Leave at once: nutpie and PyMC would swallow the interrupt and return truncated draws."""
    with contextlib.suppress(Exception):  # such as: interrupted while it was writing there
        if multiprocessing.parent_process() is None:  # or each worker would say it, too
            os.write(2, b"\ninterrupted; a page that was there before is whole\n")
    os._exit(INTERRUPTED)


def leave_when_interrupted() -> None:
    """Let Ctrl-C end this process at once, with exit code 130."""
    signal.signal(signal.SIGINT, interrupted)


_find_room()
_started = Path(sys.argv[0])
if (
    sys.argv[0] == "-m"
    or _started.name == "casebook"
    or _started.resolve().parent == Path(__file__).resolve().parent
):
    leave_when_interrupted()  # an analysis is being started: importing takes seconds already
