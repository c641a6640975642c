"""How long work takes, here or in a process of its own, and how far a measurement is."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn

ROOT = Path(__file__).parent.parent.parent
VERDICT = "so far"


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def watched(words: list[str]) -> tuple[float, float]:
    """Run an analysis; return the seconds until it says what it found so far, and in all."""
    start, verdict = time.perf_counter(), float("nan")
    command = [sys.executable, *words]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            verdict = time.perf_counter() - start if VERDICT in line else verdict
    assert process.returncode == 0, words
    return verdict, time.perf_counter() - start


def in_turn[T](what: str, works: Sequence[tuple[str, T]]) -> Iterator[tuple[str, T]]:
    """Yield what is to be measured, by its name; on a terminal a bar on stderr says which it is."""
    columns = (*Progress.get_default_columns(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=len(works))
        for name, work in works:
            bar.update(task, description=f"{what}: {name}")
            yield name, work
            bar.advance(task)
