"""The front page: every case and every proof with a summary in the folder, answer and status."""

import json
from pathlib import Path
from typing import Any

import jinja2

from reports.files import write_text
from workflow.diagnostics import Status


def write_index(folder: Path, environment: jinja2.Environment, icons: dict[Status, str]) -> Path:
    """Write index.html from the summaries (`*.json`) in `folder` and return its path."""
    found = [_read(path) for path in sorted(folder.glob("[!.]*.json"))]
    kinds = {
        kind: [(one, Status[one["status"]]) for one in found if one and kind in one]
        for kind in ("case", "proof")
    }
    template = environment.get_template("index.html.j2")
    path = folder / "index.html"
    write_text(path, template.render(cases=kinds["case"], proofs=kinds["proof"], icons=icons))
    return path


def _read(path: Path) -> dict[str, Any] | None:
    """Return a summary, or None for a file that is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    needed = {"title", "question", "answer", "status", "provenance"}
    return found if isinstance(found, dict) and needed <= found.keys() else None
