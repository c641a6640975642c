"""Whether a page has to be made again: something it depends on has changed, or it is damaged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from reports.publishing.files import locked
from reports.publishing.provenance import ROOT, checksum, commit, versions
from reports.publishing.sealed import DamagedError, damage, read_summary
from workflow.checking.diagnostics import Status


def why_again(folder: Path, case: str, command: Callable[[], str]) -> tuple[str, Status]:
    """Return why the page of a case has to be made again, "" if not, and its status.

    What a killed run left half moved is put right first.

    Parameters
    ----------
    command
        Returns the command that the page should show; it is called only if all else is the same.
    """
    try:
        if not folder.is_dir():
            return "no page yet", Status.PASS
        with locked(folder):
            if not (folder / f"{case}.html").exists():
                return "no page yet", Status.PASS
            found = read_summary(folder / f"{case}.json")
            damaged = damage(folder, found)
    except DamagedError as error:
        return str(error), Status.PASS
    changed = damaged or _changed(found["provenance"])
    if not changed and found["provenance"]["command"] != command():
        changed = ["made with other options"]
    return "; ".join(changed), Status[found["status"]]


def _changed(provenance: dict[str, Any]) -> list[str]:
    """Return what is not what it was."""
    now = commit()
    if now == "unknown" or now.endswith("+changes"):
        return ["the code cannot be told from what it was" if now == "unknown" else "code changed"]
    changed = [] if now == provenance["commit"] else ["code changed"]
    files = {provenance["data"]: provenance["data_sha256"], **provenance["other_data"]}
    changed += [f"{name}: changed" for name, was in files.items() if checksum(ROOT / name) != was]
    here = versions()
    return changed + [
        f"{name}: another version"
        for name, was in provenance["versions"].items()
        if here.get(name) != was
    ]
