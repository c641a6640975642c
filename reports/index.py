"""The front page: every case and every proof with a summary in the folder, answer and status."""

import shlex
from pathlib import Path
from typing import Any

import jinja2

from reports.files import publish
from reports.sealed import DamagedError, damage, read_summary
from workflow.diagnostics import Status


def write_index(folder: Path, environment: jinja2.Environment, icons: dict[Status, str]) -> Path:
    """Write index.html from the summaries (`*.json`) in `folder` and return its path.

    The caller holds the folder's lock. Where files are not those that a summary vouches for, the
    index says so in the place of the answer.
    """
    found = [_read(path) for path in sorted(folder.glob("[!.]*.json"))]
    kinds = {
        kind: [(one, Status[one["status"]]) for one in found if one and kind in one]
        for kind in ("case", "proof")
    }
    template = environment.get_template("index.html.j2")
    page = template.render(cases=kinds["case"], proofs=kinds["proof"], icons=icons)
    publish(folder, "index", {"index.html": page.encode()})
    return folder / "index.html"


def _read(path: Path) -> dict[str, Any] | None:
    """Return a summary; one without an answer where it is damaged; None for a file that is none."""
    try:
        found = read_summary(path)
    except DamagedError as error:
        ours = _is_page(path.with_suffix(".html"))
        return _damaged(path.stem, path.stem, [str(error)]) if ours else None
    needed = {"title", "question", "answer", "status", "provenance"}
    ours = path.stem in (found.get("case"), found.get("proof"))
    if not needed <= found.keys() or not ours or found["status"] not in Status.__members__:
        return None
    wrong = damage(path.parent, found)
    return found | _damaged(path.stem, found["title"], wrong) if wrong else found


def _is_page(path: Path) -> bool:
    """Say whether the file at `path` is a page of ours."""
    try:
        with path.open("rb") as file:
            return b"casebook</title>" in file.read(4096)
    except OSError:
        return False


def _damaged(stem: str, title: str, wrong: list[str]) -> dict[str, Any]:
    """Return what the index says of a case or proof whose files are not as they were written."""
    kind = "proof" if stem.startswith("proof_") else "case"
    module = f"{'tests' if kind == 'proof' else 'analyses'}.{stem.removeprefix('proof_')}"
    again = f"python -m {shlex.quote(module)}"
    return {
        kind: stem,
        "title": title,
        "question": "",
        "answer": f"Not to be relied on: {'; '.join(wrong)}. Make it again: {again}",
        "status": Status.FAIL.name,
        "provenance": {"seconds": {}},
    }
