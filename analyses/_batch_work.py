"""The processes of a batch: each gets one data set after the other, and may die over one."""

import asyncio
import dataclasses
import json
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyses._build import BUG, cores
from analyses._data_sets import DataSet
from analyses._on import On
from analyses._processes import FRESH, PLAIN, WORKER
from analyses._row import Row
from reports.publishing.provenance import ROOT, sha256
from reports.terminal.counted import Counted
from workflow.sampling.background import ASIDE

LONGEST = 2**26  # bytes of a row


@dataclass(frozen=True)
class Batch:
    """What was asked for: a case, its own options as words, the data, which pages, the folder."""

    case: str
    words: tuple[str, ...]
    data: str
    by: str | None
    pages: str
    out: Path
    on: On | None = None


@dataclass
class Work:
    """What is to be done, and the rows so far."""

    asked: Batch
    reading: dict[str, Any]
    waiting: "deque[DataSet]"
    keys: Mapping[str, str]
    keep: Callable[[Row], None]
    counted: Counted
    rows: dict[str, Row] = dataclasses.field(default_factory=dict)
    compiles: dict[str, int] = dataclasses.field(default_factory=dict)

    async def all(self, jobs: int) -> None:
        """Let so many processes work until nothing waits."""
        async with asyncio.TaskGroup() as group:
            for _ in range(jobs if self.waiting else 0):
                group.create_task(self._work(jobs))

    async def _work(self, jobs: int) -> None:
        """Give one process after the other work: one that died has a row that says so."""
        while self.waiting:
            process = await self._begun(jobs)
            try:
                for _ in range(FRESH):
                    if not self.waiting:  # the others were faster
                        break
                    one = self.waiting.popleft()
                    row = await self._asked(process, one)
                    found = row or died(await process.wait(), one)
                    self.done(one, found, again=row is None)
                    if row is None:
                        break
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    async def _begun(self, jobs: int) -> Process:
        environment = os.environ | PLAIN | {"PYTHONPATH": str(ROOT)}
        if 2 * jobs > cores():  # with ADVI aside there would be more processes than cores
            environment[ASIDE] = "0"
        pipes: dict[str, Any] = {"stdin": PIPE, "stdout": PIPE, "stderr": DEVNULL}
        process = await asyncio.create_subprocess_exec(
            *WORKER, env=environment, limit=LONGEST, **pipes
        )
        await _say(process, self.order())
        return process

    def order(self) -> dict[str, Any]:
        """Return what a process is told before the first data set."""
        asked = self.asked
        order = {"case": asked.case, "words": asked.words, "pages": asked.pages}
        return order | {"reading": self.reading, "out": str(asked.out.absolute())}

    async def _asked(self, process: Process, one: DataSet) -> Row | None:
        """Return the row of a data set; None where the process died over it."""
        await _say(process, told(one))
        assert process.stdout is not None
        line = await process.stdout.readline()
        if not line.endswith(b"\n"):
            return None
        found = json.loads(line)
        self.compiles[str(process.pid)] = found["compiles"]
        return Row(**found["row"])

    def done(self, one: DataSet, row: Row, *, again: bool = False) -> None:
        """Keep a row; one that says nothing of its data set is computed `again` by the next run."""
        key = "" if again else self.keys[one.stem]
        row = dataclasses.replace(row, data=str(one.path), key=key)
        self.rows[one.stem] = row
        self.keep(row)
        self.counted.one(row.code)


async def _say(process: Process, what: Mapping[str, Any]) -> None:
    """Write a line to a process; that it is dead is found when it should answer."""
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(what).encode() + b"\n")
        await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        return


def told(one: DataSet) -> dict[str, Any]:
    """Return what a process is told of a data set."""
    return {"name": one.name, "data": str(one.path.absolute()), "stem": one.stem}


def died(code: int, one: DataSet) -> Row:
    """Return the row of a data set over which the process ended."""
    why = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return without(one, f"The process {why}; run it by itself: --data {one.path}")


def without(one: DataSet, reason: str) -> Row:
    """Return the row of a data set of which there is no result."""
    return Row(one.name, str(one.path), sha256(one.path), BUG, 0, reason=reason)
