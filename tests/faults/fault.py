"""What a fault is, and small sets of files to try it on."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reports.page.index import write_index
from reports.page.page import ENVIRONMENT, ICONS
from reports.publishing.files import locked, publish
from reports.publishing.sealed import seal


@dataclass(frozen=True)
class Fault:
    """Something done to the casebook; `happen` does it in a folder and says what happened.

    It raises an AssertionError if that is not what was expected.
    """

    kind: str
    done: str
    expected: str
    happen: Callable[[Path], str]


AT_MOST = 120  # seconds of a forked process: a lock that another thread held would hang it


def a_set(tag: str, size: int = 3000) -> dict[str, bytes | memoryview]:
    """Return page, draws, estimates and summary of a case called demo; the tag stands in each."""
    text = {"title": "Demo", "question": "Is it whole?", "answer": tag, "status": "PASS"}
    files: dict[str, bytes | memoryview] = {
        f"demo.{kind}": f"{tag} {kind} ".encode() * size for kind in ("nc", "csv", "html")
    }
    provenance = {"seconds": {}, "seed": 1}
    files["demo.json"] = seal({"case": "demo", **text, "provenance": provenance}, files)
    return files


def publish_set(folder: Path, files: dict[str, bytes | memoryview]) -> None:
    """Do what an analysis does when it is ready."""
    with locked(folder):
        publish(folder, "demo", files)
        write_index(folder, ENVIRONMENT, ICONS)


def forked(work: Callable[[], object]) -> int:
    """Do `work` in a forked process; return its exit code, minus the signal if one ended it."""
    child = os.fork()
    if child == 0:
        signal.alarm(AT_MOST)
        code = 1
        try:
            work()
            code = 0
        except BaseException as error:  # the child must not go on as a second test run
            os.write(2, f"{error!r}\n".encode())
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_here() -> None:
    """End this process as a power cut would: nothing is flushed, nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def shown_in(folder: Path) -> dict[str, bytes]:
    """Return the files of demo that a reader sees."""
    return {path.name: path.read_bytes() for path in folder.glob("demo.*")}


def answer_in(folder: Path) -> str:
    """Return the answer that the summary gives."""
    return str(json.loads((folder / "demo.json").read_bytes())["answer"])
