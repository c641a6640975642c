"""Computing many cases, several at a time and each in a process of its own."""

import asyncio
import contextlib
import inspect
import json
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from analyses import interrupted
from analyses._cases import sound
from analyses._on import On
from analyses._options import main_of
from analyses._processes import PLAIN
from reports.blocks.text import visible
from reports.page.index import write_index
from reports.page.page import DONE, ENVIRONMENT, FAILED, ICONS
from reports.play import pages as play
from reports.publishing.files import locked
from reports.publishing.fresh import why_again
from reports.publishing.provenance import ROOT, command
from reports.terminal.board import Board
from reports.terminal.progress import tell
from workflow.checking.diagnostics import Status
from workflow.sampling.background import ASIDE

type Why = tuple[str, Status]  # why a page has to be made again, "" if not, and its status
BUG = 1  # what a case that was ended by a signal counts as
LAST = 12  # lines of what a case said on stderr that are shown if it fails
UP_TO_DATE = "up to date"
LONGEST = 2**24  # bytes of such a line


@dataclass(frozen=True)
class Outcome:
    """What became of a case: its exit code, its summary if it is there, what it said last."""

    case: str
    code: int
    summary: dict[str, Any] | None
    said: tuple[str, ...] = ()

    def in_words(self) -> str:
        """Say how it ended: with which status, or without a page."""
        if self.summary:
            return str(self.summary["status"])
        return f"ended by signal {-self.code}" if self.code < 0 else f"exit code {self.code}"


def build(
    cases: list[str], out: Path, *, jobs: int, quiet: bool, as_json: bool, on: On | None = None
) -> int:
    """Compute `cases`, but those whose page is up to date, at most `jobs` of them at a time.

    With `on` the workers of a cluster do.

    One that fails does not stop the others. When all have ended, their answers are printed in the
    order of `cases`, or their summaries as JSON; return the worst exit code.

    Raises
    ------
    OutputError
        The index cannot be written.
    NoClusterError
        There is no cluster that does the work.
    """
    play.write(out)  # first, since a case's page links to those that are there
    found = {case: why_again(out, case, partial(_shown_command, case)) for case in cases}
    with ended_by_interrupt(), Board(cases, quiet=quiet) as board:
        outcomes = _elsewhere(on, found, out, board) or asyncio.run(_all(found, out, jobs, board))
    play.write(out)  # again, now with links to the cases
    with locked(out):
        write_index(out, ENVIRONMENT, ICONS)
    if as_json:
        tell(json.dumps({one.case: one.summary for one in outcomes}, indent=1, ensure_ascii=False))
    _tell(outcomes, answers=not as_json)
    if not as_json:
        tell(f"reports: {(out / 'index.html').resolve()}")
    worst = max((one.code for one in outcomes), key=badness, default=DONE)
    return worst if worst >= 0 else BUG


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def badness(code: int) -> int:
    """Order exit codes: a bug (1, or ended by a signal) is worse than an answer that is refused."""
    return 1000 if code == 1 or code < 0 else code


def _shown_command(case: str) -> str:
    """Return the command that the page of a case shows when it is run without options."""
    parameters = inspect.signature(main_of(case)).parameters.values()
    return command(case, {one.name: one.default for one in parameters})


def _tell(outcomes: Iterable[Outcome], *, answers: bool) -> None:
    """Print answers on stdout, and on stderr what those said last that have none."""
    for one in outcomes:
        if one.summary is None:
            lines = [f"{one.case}: {one.in_words()}; it said last:", *one.said]
            with contextlib.suppress(OSError, AttributeError):
                sys.stderr.write(visible("\n    ".join(lines)) + "\n")
        elif answers:
            tell(f"{one.case}: {one.summary['status']}: {one.summary['answer']}")


@contextlib.contextmanager
def ended_by_interrupt() -> Iterator[None]:
    """Let Ctrl-C raise, so that all is put in order that this process has begun; then leave."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        interrupted()
    finally:
        signal.signal(signal.SIGINT, before)


def _elsewhere(on: On | None, found: Mapping[str, Why], out: Path, board: Board) -> list[Outcome]:
    """Return what became of all cases by the workers of a cluster; nothing where there is none."""
    if on is None:
        return []
    from analyses._cluster_build import over  # which needs Dask

    fresh = {case: _fresh(case, status, out) for case, (why, status) in found.items() if not why}
    for case in fresh:
        board.end(case, UP_TO_DATE)
    made = over(on, {case: why for case, (why, _) in found.items() if why}, out, board)
    return [(fresh | made)[case] for case in found]


async def _all(
    found: Mapping[str, tuple[str, Status]], out: Path, jobs: int, board: Board
) -> list[Outcome]:
    """Return what became of all cases; the processes end when this ends, however it does."""
    turn = asyncio.Semaphore(jobs)
    at_once = min(jobs, sum(bool(why) for why, _ in found.values()))
    environment = os.environ | PLAIN
    if 2 * at_once > cores():  # with ADVI aside there would be more processes than cores
        environment[ASIDE] = "0"

    async def one(case: str, why: str, status: Status) -> Outcome:
        if not why:
            board.end(case, UP_TO_DATE)
            return _fresh(case, status, out)
        async with turn:
            board.begin(case, why)
            outcome = await _run(case, out, board, environment)
            board.end(case, outcome.in_words())
            return outcome

    async with asyncio.TaskGroup() as group:  # which waits for the end of each
        tasks = [group.create_task(one(case, *why)) for case, why in found.items()]
    return [task.result() for task in tasks]


def _fresh(case: str, status: Status, out: Path) -> Outcome:
    """Return the outcome of a case whose page is up to date."""
    return Outcome(case, FAILED if status is Status.FAIL else DONE, sound(out, case))


async def _run(case: str, out: Path, board: Board, environment: dict[str, str]) -> Outcome:
    """Run a case in a process that ends when this task does, and tell each step of it."""
    words = [sys.executable, "-m", f"analyses.{case}", "--out", str(out.absolute())]
    pipes: dict[str, Any] = {"stdin": DEVNULL, "stdout": PIPE, "stderr": PIPE, "limit": LONGEST}
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, env=environment, **pipes)
    said: deque[str] = deque(maxlen=LAST)
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        async for line in process.stderr:
            text = line.decode(errors="backslashreplace").rstrip()
            step = re.fullmatch(rf"{re.escape(case)}: (.+) …", text)
            if step:
                board.step(case, step[1])
            else:
                said.append(text)
        answered = await process.stdout.read()
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Outcome(case, code, sound(out, case) if answered.strip() else None, tuple(said))
