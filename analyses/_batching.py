"""Many data sets of one case: processes that compute rows, what is kept, the table, the index."""

import asyncio
import dataclasses
import hashlib
import json
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analyses import UNWRITABLE
from analyses._batch_work import Batch, Work
from analyses._batch_worker import options_of, read_as
from analyses._build import badness, cores, ended_by_interrupt
from analyses._data_sets import DataSet, of_files, of_parts
from analyses._on import NoClusterError
from analyses._row import Row
from data._how import AS_IT_IS
from data._reading import DataError
from reports.blocks.text import visible
from reports.page.batch import write_batch
from reports.publishing.files import OutputError, check_writable
from reports.publishing.provenance import code, sha256, versions
from reports.terminal.counted import Counted
from reports.terminal.progress import tell

DATA_UNUSABLE = 3
ROWS = "batch.jsonl"  # a line for each data set that is done: what an interrupted batch begins with


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
        keys = _keys(asked, options, sets)
        known = _known(asked.out, set(keys.values()))
        waiting = [one for one in sets if keys[one.stem] not in known]
        counted = Counted(asked.case, len(sets), len(sets) - len(waiting), quiet=quiet)
        with _opened(asked.out / ROWS) as keep, ended_by_interrupt(), counted:
            work = Work(asked, reading, deque(waiting), keys, keep, counted)
            _compute(work, options, jobs)
        rows = [known.get(keys[one.stem]) or work.rows[one.stem] for one in sets]
        rows = [
            dataclasses.replace(row, name=one.name) for row, one in zip(rows, sets, strict=True)
        ]
        write_batch(asked.out, asked.case, _command(asked), [dataclasses.asdict(r) for r in rows])
    except DataError as error:
        return _said(str(error), DATA_UNUSABLE)
    except (OutputError, NoClusterError) as error:
        return _said(str(error), UNWRITABLE)
    _tell(asked, rows, work)
    return max((row.code for row in rows), key=badness, default=0)


def _compute(work: Work, options: Mapping[str, Any], jobs: int | None) -> None:
    """Compute what waits, here or where it was asked for."""
    if work.asked.on is None:
        asyncio.run(work.all(min(jobs or cores(), max(len(work.waiting), 1))))
        return
    from analyses._cluster_batch import over  # which needs Dask

    over(work.asked.on, work, options)


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


def _keys(asked: Batch, options: Mapping[str, Any], sets: Sequence[DataSet]) -> dict[str, str]:
    """Return by stem what a row depends on: case, options, pages, code, versions, files."""
    given = {name: repr(value) for name, value in options.items() if name not in {"data", "out"}}
    files = {name: sha256(value) for name, value in options.items() if isinstance(value, Path)}
    about = [asked.case, given, files, asked.pages, code(), versions()]
    base = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    found = {}
    for one in sets:
        own = base.copy()
        own.update(json.dumps([one.stem, sha256(one.path)]).encode())
        found[one.stem] = own.hexdigest()
    return found


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


def _command(asked: Batch) -> list[str]:
    """Return the words that make the batch again."""
    words = ["casebook", "batch", asked.case, "--data", asked.data]
    words += ["--by", asked.by] if asked.by else []
    return [*words, "--pages", asked.pages, "--out", str(asked.out), *asked.words]


def _tell(asked: Batch, rows: Sequence[Row], work: Work) -> None:
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
