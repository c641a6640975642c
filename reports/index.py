"""The front page: every case that has a summary in the folder, with its answer and status."""

import json
from pathlib import Path
from typing import Any

import jinja2

from reports.files import write_text
from workflow.diagnostics import Status


def write_index(folder: Path, environment: jinja2.Environment, icons: dict[Status, str]) -> Path:
    """Write index.html from the summaries (`<case>.json`) in `folder` and return its path."""
    cases = [_read(path) for path in sorted(folder.glob("[!.]*.json"))]
    found = [(case, Status[case["status"]]) for case in cases if case is not None]
    path = folder / "index.html"
    write_text(path, environment.get_template("index.html.j2").render(cases=found, icons=icons))
    return path


def _read(path: Path) -> dict[str, Any] | None:
    """Return a summary, or None for a file that is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    needed = {"case", "title", "question", "answer", "status", "provenance"}
    return found if isinstance(found, dict) and needed <= found.keys() else None
