"""What a worker of a cluster does: it says which casebook it has, and lets processes do the work.

The processes are those of a batch on one machine (`analyses._batch_worker`), so that a row is the
same to the bit: one for each thread of the worker, which compiles once and is kept.
"""

import contextlib
import importlib.metadata
import json
import os
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from typing import Any

from analyses import _processes
from reports.publishing.provenance import ROOT, checksum, code, versions

MODULE = [sys.executable, "-P", "-m"]
DASK = ("distributed", "dask")
LOADED = code()  # when this process read its modules: they may have been changed since


@dataclass
class Kept:
    """A process that has its order, and how many data sets it was given."""

    order: str
    process: Popen[str]
    given: int = 0


_IDLE: list[Kept] = []
_LOCK = threading.Lock()


def about() -> dict[str, str]:
    """Return what two casebooks must have in common if their numbers are to be the same."""
    dask = {name: importlib.metadata.version(name) for name in DASK}
    return {"casebook": code(), "loaded": LOADED, **versions(), **dask}


async def admit(
    wanted: Mapping[str, str], files: Mapping[str, str], resource: str, dask_worker: Any
) -> tuple[dict[str, str], dict[str, str], int]:
    """Let a worker have tasks if it has the same casebook, and the files, by their SHA-256.

    Return what it has of both, and how many tasks at a time it gets.
    """
    here, there = about(), {path: checksum(Path(path)) for path in files}
    threads: int = dask_worker.state.nthreads
    if here == wanted and there == files:
        await dask_worker.set_resources(**{resource: threads})
    return here, there, threads


def row(order: Mapping[str, Any], one: Mapping[str, Any], sha256: str) -> dict[str, Any]:
    """Return the row of a data set, from a process that is kept.

    `unseen` is in it where the file is not the one that the client has, `died` where the process
    ended, with its exit code.
    """
    if checksum(Path(one["data"])) != sha256:
        return {"unseen": socket.gethostname()}
    return ask(order, one)


def ask(order: Mapping[str, Any], told: Any) -> dict[str, Any]:
    """Return what a process that has this order, and is kept, answers."""
    kept = _taken(json.dumps(order, sort_keys=True))
    with contextlib.suppress(BrokenPipeError):
        assert kept.process.stdin is not None
        kept.process.stdin.write(json.dumps(told) + "\n")
        kept.process.stdin.flush()
    assert kept.process.stdout is not None
    line = kept.process.stdout.readline()
    if not line.endswith("\n"):
        _end(kept)
        return {"died": kept.process.returncode}
    kept.given += 1
    _put_back(kept)
    return json.loads(line) | {"by": f"{socket.gethostname()} {kept.process.pid}"}


def page(order: Mapping[str, Any], case: str, data: Mapping[str, str]) -> dict[str, Any]:
    """Make the page of a case in a process that ends with this one.

    Return its exit code, whether it answered, and what it said last; `unseen` where a file that
    ships with it is another here.
    """
    for path, sha256 in data.items():
        if checksum(ROOT / path) != sha256:
            return {"host": socket.gethostname(), "unseen": path}
    words = [*_processes.PAGE, case, "--out", order["out"]]
    about: dict[str, Any] = {"env": _environment(order), "cwd": ROOT, "stdin": PIPE, "stdout": PIPE}
    with TemporaryFile() as said, Popen(words, stderr=said, **about) as one:
        assert one.stdout is not None
        answered = one.stdout.read()
        one.wait()  # its stdin is open until it has ended
        said.seek(0)
        lines = said.read().decode(errors="backslashreplace").rstrip().splitlines()
    return {
        "code": one.returncode,
        "answered": bool(answered.strip()),
        "said": lines[-order["last"] :],
    }


def rest() -> None:
    """End the processes that have nothing to do."""
    with _LOCK:
        ended, _IDLE[:] = _IDLE[:], []
    for one in ended:
        _end(one, kill=True)


def _taken(order: str) -> Kept:
    """Return a process that has this order: one that is idle, or a new one."""
    with _LOCK:
        others = [one for one in _IDLE if one.order != order]
        mine = [one for one in _IDLE if one.order == order]
        _IDLE[:] = mine[1:]
    for one in others:
        _end(one, kill=True)
    return mine[0] if mine else _begun(order)


def _begun(order: str) -> Kept:
    told = json.loads(order)
    process = Popen(
        [*MODULE, told["module"]] if "module" in told else _processes.WORKER,
        env=_environment(told),
        cwd=told.get("cwd", ROOT),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        encoding="utf-8",
    )
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(order + "\n")
        process.stdin.flush()
    return Kept(order, process)


def _environment(order: Mapping[str, Any]) -> dict[str, str]:
    own = os.environ | _processes.PLAIN | {"PYTHONPATH": str(ROOT)} | order["environment"]
    return {name: value for name, value in own.items() if value is not None}


def _put_back(kept: Kept) -> None:
    if kept.given >= _processes.FRESH:
        _end(kept, kill=True)
        return
    with _LOCK:
        _IDLE.append(kept)


def _end(kept: Kept, *, kill: bool = False) -> None:
    if kill:
        kept.process.kill()
    for pipe in (kept.process.stdin, kept.process.stdout):
        with contextlib.suppress(OSError):
            assert pipe is not None
            pipe.close()
    kept.process.wait()
