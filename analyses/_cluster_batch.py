"""A batch over the workers of a cluster: rows come back, in any order, and are kept here."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analyses import _cluster_worker as worker
from analyses._batch_work import Work, died, told, without
from analyses._cluster import Cluster
from analyses._cluster_joined import connected, environment, probe
from analyses._data_sets import DataSet
from analyses._on import On
from analyses._row import Row
from reports.publishing.provenance import sha256


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
    with probe(work.asked.out) as seen, connected(on, files | seen) as cluster:
        _compute(work, cluster)


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
        return died(found["died"], one), True
    return Row(**found["row"]), False
