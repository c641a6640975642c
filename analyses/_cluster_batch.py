"""A batch over the workers of a cluster: rows come back, in any order, and are kept here."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from analyses import _cluster_worker as worker
from analyses._batch_work import Work, died, told, without
from analyses._cluster import Cluster, connected
from analyses._data_sets import DataSet
from analyses._on import On
from analyses._row import Row
from reports.publishing.files import OutputError
from reports.publishing.provenance import sha256
from workflow.sampling.background import ASIDE

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def over(on: On, work: Work, options: Mapping[str, Any]) -> None:
    """Compute the rows that wait by the workers of a cluster.

    Raises
    ------
    NoClusterError
        There is none, or it is gone.
    OutputError
        The folder cannot be written.
    """
    if not work.waiting:
        return
    own = [options[name] for name in {*options} - {"data", "out"}]
    named = [one for one in own if isinstance(one, Path) and one.is_file()]
    files = {str(one.absolute()): sha256(one) for one in (work.waiting[0].path, *named)}
    with _probe(work.asked.out) as probe, connected(on, files | probe) as cluster:
        _compute(work, cluster)


@contextmanager
def _probe(folder: Path) -> Iterator[dict[str, str]]:
    """Put a file into the folder of the pages, by which workers are known that have it, too."""
    path = folder.absolute() / f".seen-{secrets.token_hex(8)}"
    try:
        path.write_text(path.name, encoding="utf-8")
        yield {str(path): sha256(path)}
    except OSError as error:
        raise OutputError.of(folder, error) from None
    finally:
        with suppress(OSError):
            path.unlink()


def _compute(work: Work, cluster: Cluster) -> None:
    order = work.order() | {"cwd": os.getcwd(), "environment": environment()}
    order["casebook"] = cluster.wanted["casebook"]  # after a change of the code it is another one
    items = [(one, (order, told(one), sha256(one.path))) for one in work.waiting]
    work.waiting.clear()
    for one, found in cluster.each(worker.row, items):
        row, again = _row(one, found)
        if isinstance(found, dict) and "by" in found:
            work.compiles[found["by"]] = found["compiles"]
        work.done(one, row, again=again)


def environment() -> dict[str, str | None]:
    """Return what a process of a worker has as this one has it, None for what is not set.

    Last digits hang on the threads of linear algebra, which Dask sets. A worker has all its cores
    at work: nothing is done aside.
    """
    return {name: os.environ.get(name) for name in THREADS} | {ASIDE: "0"}


def _row(one: DataSet, found: Any) -> tuple[Row, bool]:
    """Return the row of what a worker gave back, and whether it says nothing of the data set."""
    if isinstance(found, Exception):
        killed = type(found).__name__ == "KilledWorker"
        why = "its workers were ended over it, again and again" if killed else f"{found!r}"
        return without(one, f"No worker computed it: {why}"), True
    if "unseen" in found:
        why = f"{found['unseen']} does not see {one.path} as it is here; share its folder"
        return without(one, f"The worker on {why}"), True
    if "died" in found:
        return died(found["died"], one), False
    return Row(**found["row"]), False
