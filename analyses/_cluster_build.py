"""Pages over the workers of a cluster: each is written into the folder that all of them see."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analyses import _cluster_worker as worker
from analyses._build import BUG, LAST, Outcome
from analyses._cases import sound
from analyses._cluster_joined import connected, environment, probe
from analyses._on import On
from reports.publishing.provenance import ROOT, sha256
from reports.terminal.board import Board


def over(on: On, cases: Mapping[str, str], out: Path, board: Board) -> dict[str, Outcome]:
    """Return what became of these cases, each with why its page has to be made.

    Raises
    ------
    NoClusterError
        There is no cluster, or it is gone: pages that were finished are kept.
    OutputError
        The folder cannot be written.
    """
    if not cases:
        return {}
    found = {}
    order = {"out": str(out.absolute()), "environment": environment(), "last": LAST}
    items = [(case, (order, case, _data(case))) for case in cases]
    with probe(out) as files, connected(on, files) as cluster:
        told = cluster.each(
            worker.page, items, ahead=1, begun=lambda case: board.begin(case, cases[case])
        )
        for case, ended in told:
            found[case] = _outcome(case, ended, out)
            board.end(case, found[case].in_words())
    return found


def _data(case: str) -> dict[str, str]:
    """Return the SHA-256 of what ships with a case, by its path in the casebook."""
    paths = sorted(path for path in (ROOT / "data").glob(f"{case}*") if path.is_file())
    return {str(path.relative_to(ROOT)): sha256(path) for path in paths}


def _outcome(case: str, ended: Any, out: Path) -> Outcome:
    """Return the outcome of a case by what a worker gave back."""
    if isinstance(ended, Exception):
        killed = type(ended).__name__ == "KilledWorker"
        why = "its workers were ended over it, again and again" if killed else f"{ended!r}"
        return Outcome(case, BUG, None, (why,))
    if "unseen" in ended:
        return Outcome(case, BUG, None, ("{host}: its {unseen} is another".format(**ended),))
    found = sound(out, case) if ended["answered"] else None
    return Outcome(case, ended["code"], found, tuple(ended["said"]))
