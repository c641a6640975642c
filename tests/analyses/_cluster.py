"""Clusters of real processes for tests: workers whose batch processes answer at once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import distributed

from analyses import _processes
from tests.analyses.test_batch import WORKER

LONG = 60  # seconds after which a test fails rather than waits
# Each data set is noted before it is answered, which takes a while where the data say so.
SLOW = """    text = open(one["data"]).read()
    import time
    with open({log!r} + ".asked", "a") as log:
        log.write(one["name"] + "\\n")
    time.sleep(0.4 * ("slow" in text))
"""
QUIET = {"dashboard_address": ":0", "silence_logs": 60, "host": "127.0.0.1"}
# A case that notes that it begins, and after a while writes a page, unless it is to fail.
PAGE = """
import sys, time
from pathlib import Path
from reports.publishing.sealed import seal

case, out = sys.argv[1], Path(sys.argv[3])
with open({log!r} + ".asked", "a") as log:
    log.write(case + "\\n")
time.sleep(0.8)
if case == "bandit":
    sys.stderr.write("a bug\\n")
    sys.exit(1)
files = {{f"{{case}}.html": b"<title>casebook</title>"}}
(out / f"{{case}}.html").write_bytes(files[f"{{case}}.html"])
text = {{"title": case, "question": "Which?", "answer": f"Of {{case}}."}}
found = {{"case": case, **text, "status": "PASS", "provenance": {{"seconds": {{}}, "seed": 1}}}}
(out / f"{{case}}.json").write_bytes(seal(found, files))
print("PASS: answer")
"""


@dataclass
class Workers:
    """A scheduler with workers, and what their processes were asked."""

    cluster: Any
    log: Path

    @property
    def address(self) -> str:
        found: str = self.cluster.scheduler_address
        return found

    def asked(self) -> list[str]:
        """Return the names of the data sets that were begun, one as often as it was."""
        path = Path(f"{self.log}.asked")
        return path.read_text().split() if path.exists() else []


@contextmanager
def workers(folder: Path, number: int, **more: Any) -> Iterator[Workers]:
    """Start a scheduler and workers, processes of their own; what they compute is simulated."""
    log = folder / "log"
    log.touch()
    text = WORKER.replace('    text = open(one["data"]).read()\n', SLOW).format(log=str(log))
    words = [*_processes.WORKER[:1], "-c", text]
    page = [*_processes.PAGE[:1], "-c", PAGE.format(log=str(log))]
    preload = folder / "preload.py"
    set_ = f"_processes.WORKER, _processes.PAGE = {words!r}, {page!r}\n"
    preload.write_text(f"from analyses import _processes\n{set_}")
    about: dict[str, Any] = {"n_workers": number, "threads_per_worker": 1, "memory_limit": 0}
    with distributed.LocalCluster(**about, **QUIET, **more, preload=[str(preload)]) as cluster:
        yield Workers(cluster, log)


@contextmanager
def worker_of(address: str, casebook: Path, *words: str) -> Iterator[subprocess.Popen]:
    """Start a worker by hand, with the casebook of a folder."""
    command = [sys.executable, "-P", "-m", "dask", "worker", address, "--nthreads", "1", *words]
    environment = os.environ | {"PYTHONPATH": str(casebook)}
    usual: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=casebook, env=environment, **usual) as process:
        try:
            yield process
        finally:
            process.terminate()


def until(true: Callable[[], Any]) -> None:
    """Wait for something that other processes do."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def casebook(*words: str | Path) -> list[str]:
    """Return the command in a process of its own."""
    return [sys.executable, "-m", "analyses", *map(str, words)]
