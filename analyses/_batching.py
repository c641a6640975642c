"""Many data sets of one case: processes that compute rows, what is kept, the table, the index."""

import asyncio
import dataclasses
import hashlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyses import UNWRITABLE
from analyses._batch_worker import options_of, read_as
from analyses._build import BUG, PLAIN, badness, cores, ended_by_interrupt
from analyses._data_sets import DataSet, of_files, of_parts
from analyses._options import main_of
from analyses._row import Row
from data._how import AS_IT_IS
from data._reading import DataError
from reports.blocks.text import visible
from reports.page.batch import write_batch
from reports.publishing.files import OutputError, check_writable
from reports.publishing.provenance import ROOT, sha256, versions
from reports.terminal.counted import Counted
from reports.terminal.progress import tell
from workflow.sampling.background import ASIDE

DATA_UNUSABLE = 3
ROWS = "batch.jsonl"  # a line for each data set that is done: what an interrupted batch begins with
OURS = ("analyses", "data", "models", "reports", "workflow")
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


def run(asked: Batch, *, jobs: int | None, quiet: bool) -> int:
    """Compute a row for each data set, write table and index; return the worst exit code.

    Rows that an interrupted batch has left are taken over where case, options, code, versions and
    data are the same.
    """
    options = options_of(asked.case, asked.words)
    try:
        _check_folder(asked.out)
        sets, reading = _data_sets(asked, options)
        options = read_as(options, reading)
        keys = {one.stem: _key(asked, options, one) for one in sets}
        known = _known(asked.out, set(keys.values()))
        waiting = [one for one in sets if keys[one.stem] not in known]
        with _opened(asked.out / ROWS) as keep, ended_by_interrupt():
            with Counted(asked.case, len(sets), len(sets) - len(waiting), quiet=quiet) as counted:
                work = _Work(asked, reading, deque(waiting), keys, keep, counted)
                asyncio.run(work.all(min(jobs or cores(), max(len(waiting), 1))))
        rows = [known.get(keys[one.stem]) or work.rows[one.stem] for one in sets]
        rows = [dataclasses.replace(row, name=one.name) for row, one in zip(rows, sets, strict=True)]
        write_batch(asked.out, asked.case, _command(asked), [dataclasses.asdict(r) for r in rows])
    except DataError as error:
        return _said(str(error), DATA_UNUSABLE)
    except OutputError as error:
        return _said(str(error), UNWRITABLE)
    _tell(asked, rows, work)
    return max((row.code for row in rows), key=badness, default=0)


def _data_sets(asked: Batch, options: Mapping[str, Any]) -> tuple[list[DataSet], dict[str, Any]]:
    """Return the data sets, and what is to be read otherwise than the options say."""
    if asked.by is None:
        return of_files(asked.data), {}
    files = of_files(asked.data)
    if len(files) > 1:
        raise DataError(f"--by splits one file, and {asked.data} names {len(files):,}")
    how = options.get("reading", AS_IT_IS)
    about = {"encoding": how.encoding, "separator": how.separator}
    sets, between = of_parts(files[0].path, asked.by, asked.out / "data", **about)
    return sets, {"encoding": None, "separator": None if between == "," else between}


def _check_folder(out: Path) -> None:
    """Refuse a folder whose index is another's."""
    check_writable(out)
    if (out / "index.html").exists() and not (out / ROWS).exists():
        raise OutputError(f"{out}: has an index that is no batch's; name another folder with --out")


def _key(asked: Batch, options: Mapping[str, Any], one: DataSet) -> str:
    """Return what a row depends on: case, options, pages, code, versions, data."""
    given = {name: repr(value) for name, value in options.items() if name not in {"data", "out"}}
    about = [asked.case, given, asked.pages, one.stem, _code(), versions(), sha256(one.path)]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


_CODE: list[str] = []


def _code() -> str:
    """Return a checksum of the casebook's own modules."""
    if not _CODE:
        found = hashlib.sha256()
        for path in sorted(path for part in OURS for path in (ROOT / part).rglob("*.py")):
            found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
        _CODE.append(found.hexdigest())
    return _CODE[0]


def _known(out: Path, keys: set[str]) -> dict[str, Row]:
    """Return the rows of an earlier batch that are those that are asked for, by their keys."""
    try:
        lines = (out / ROWS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeError) as error:
        raise OutputError(f"{out / ROWS}: cannot be read ({error}); remove it") from None
    found = {}
    for line in lines:
        try:
            row = Row(**json.loads(line))
        except (ValueError, TypeError):  # half a line, of a batch that was ended
            continue
        if row.key in keys and (not row.page or (out / row.page).is_file()):
            found[row.key] = row
    return found


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Give a function that keeps a row on disk at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = not path.exists() or path.read_bytes()[-1:] in {b"", b"\n"}
        with path.open("a", encoding="utf-8") as file:
            file.write("" if whole else "\n")

            def keep(row: Row) -> None:
                file.write(json.dumps(dataclasses.asdict(row)) + "\n")
                file.flush()

            yield keep
    except OSError as error:
        raise OutputError.of(path.parent, error) from None


@dataclass
class _Work:
    """What is to be done, and the rows so far."""

    asked: Batch
    reading: dict[str, Any]
    waiting: "deque[DataSet]"
    keys: Mapping[str, str]
    keep: Any
    counted: Counted
    rows: dict[str, Row] = dataclasses.field(default_factory=dict)
    compiles: dict[int, int] = dataclasses.field(default_factory=dict)

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
                while self.waiting:
                    one = self.waiting.popleft()
                    row = await self._asked(process, one)
                    self._keep(one, row or await _died(process, one))
                    if row is None:
                        break
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    async def _begun(self, jobs: int) -> Process:
        words = [sys.executable, "-m", "analyses._batch_worker"]
        environment = os.environ | PLAIN | {"PYTHONPATH": str(ROOT)}
        if 2 * jobs > cores():  # with ADVI aside there would be more processes than cores
            environment[ASIDE] = "0"
        pipes: dict[str, Any] = {"stdin": PIPE, "stdout": PIPE, "stderr": DEVNULL}
        process = await asyncio.create_subprocess_exec(
            *words, env=environment, limit=LONGEST, **pipes
        )
        asked = self.asked
        order = {"case": asked.case, "words": asked.words, "pages": asked.pages}
        await _say(process, order | {"reading": self.reading, "out": str(asked.out.absolute())})
        return process

    async def _asked(self, process: Process, one: DataSet) -> Row | None:
        """Return the row of a data set; None where the process died over it."""
        path = str(one.path.absolute())
        await _say(process, {"name": one.name, "data": path, "stem": one.stem})
        assert process.stdout is not None
        line = await process.stdout.readline()
        if not line.endswith(b"\n"):
            return None
        found = json.loads(line)
        self.compiles[process.pid] = found["compiles"]
        return Row(**found["row"])

    def _keep(self, one: DataSet, row: Row) -> None:
        row = dataclasses.replace(row, data=str(one.path), key=self.keys[one.stem])
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


async def _died(process: Process, one: DataSet) -> Row:
    """Return the row of a data set over which the process ended."""
    code = await process.wait()
    why = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
    path = str(one.path)
    reason = f"The process {why}; run it by itself: --data {path}"
    return Row(one.name, path, sha256(one.path), BUG, 0, reason=reason)


def _command(asked: Batch) -> list[str]:
    """Return the words that make the batch again."""
    words = ["casebook", "batch", asked.case, "--data", asked.data]
    words += ["--by", asked.by] if asked.by else []
    return [*words, "--pages", asked.pages, "--out", str(asked.out), *asked.words]


def _tell(asked: Batch, rows: Sequence[Row], work: _Work) -> None:
    """Print what came out in a line, and where the table is."""
    withheld = sum(row.code == 4 for row in rows)
    without = sum(row.code not in {0, 4} for row in rows)
    compiles = sum(work.compiles.values())
    told = f"{asked.case}: {len(rows):,} data sets, {len(rows) - withheld - without:,} answered, "
    told += f"{withheld:,} withheld, {without:,} without a result"
    tell(f"{told}; {compiles:,} compiles for {len(work.rows):,} computed now")
    tell(f"index: {(asked.out / 'index.html').resolve()}")


def _said(text: str, code: int) -> int:
    sys.stderr.write(f"{visible(text)}\n")
    return code


__all__ = ["Batch", "main_of", "run"]
