"""Which cases there are, and what they ask: found in this folder, without importing any."""

import ast
import difflib
import re
from pathlib import Path
from typing import Any

import typer

from reports.blocks.text import visible
from reports.publishing.sealed import DamagedError, damage, read_summary

HERE = Path(__file__).parent
STAGES = {"scoring", "__pycache__", "__init__.py"}  # what both folders have, and is no subject


def cases() -> list[str]:
    """Return the names of all cases, sorted."""
    return sorted(path.stem for path in HERE.glob("[!_]*.py"))


def question(case: str) -> str:
    """Return what a case asks: the first line of its docstring, "" where there is none."""
    try:
        said = ast.get_docstring(ast.parse((HERE / f"{case}.py").read_bytes()))
    except (OSError, SyntaxError, ValueError):
        said = None
    return (said or "").partition("\n")[0]


def subject(case: str) -> str:
    """Return what a case is about: the room of its words in `reports/`, "" where it has none."""
    rooms = (
        {path.name for path in (HERE.parent / part).iterdir()} for part in ("reports", "workflow")
    )
    try:
        text = (HERE / f"{case}.py").read_text(encoding="utf-8")
    except OSError:
        return ""
    shared = set.intersection(*rooms) - STAGES
    taken = re.findall(r"^from reports\.(\w+) import", text, flags=re.MULTILINE)
    return next((room for room in taken if room in shared), "")


def sound(folder: Path, case: str) -> dict[str, Any] | None:
    """Return the summary of a case in `folder`; None where it or a file it vouches for is not."""
    try:
        found = read_summary(folder / f"{case}.json")
    except DamagedError:
        return None
    return found if found.get("case") == case and not damage(folder, found) else None


def own(folder: Path) -> list[str]:
    """Return the names of the pages in `folder` that are called otherwise than their case."""
    pages = {path.stem for path in folder.glob("[!.]*.html")} - {*cases()}
    found = {name: sound(folder, name) for name in pages}
    return sorted(name for name, one in found.items() if one and one.get("analysis") != name)


def listed(folder: Path) -> dict[str, dict[str, Any]]:
    """Return status and question of every case, then of the pages in `folder` of one's own."""
    found = {
        case: {"status": (sound(folder, case) or {}).get("status"), "question": question(case)}
        for case in cases()
    }
    more = {name: sound(folder, name) or {} for name in own(folder)}
    return found | {
        name: {"status": one.get("status"), "question": one.get("question")}
        for name, one in more.items()
    }


def known(case: str | None) -> str | None:
    """Return `case`, or none; anything that is no case is wrong usage."""
    if case is None or case in (there := cases()):
        return case
    near = difflib.get_close_matches(case, there, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    raise typer.BadParameter(visible(f"{case!r} is not one of {', '.join(there)}{meant}"))


def all_known(names: list[str] | None) -> list[str]:
    """Return `names`, each once, or all cases where there are none; see `known`."""
    return [name for name in dict.fromkeys(names or cases()) if known(name)]


def begun(incomplete: str) -> list[str]:
    """Return the cases that begin so: the shell completes names with them."""
    return [case for case in cases() if case.startswith(incomplete)]
