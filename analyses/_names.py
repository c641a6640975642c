"""What the files of a run are called: as --name says, else as the case, else also as the data.

What ships is never overwritten by data of one's own: they have a name with that of their file in
it, unless they go to a folder of their own (--out). Imports nothing that takes long.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from analyses import _cases as found
from reports.publishing.files import HTML

LONGEST = 80
ALLOWED = re.compile(r"[A-Za-z0-9_-]+")
OURS = {"index"}  # files that are no case's
DATA = found.HERE.parent / "data"


def usable(name: str | None) -> str | None:
    """Return `name`, or none; one that cannot be a file's is wrong usage."""
    if name is None or (ALLOWED.fullmatch(name) and len(name) <= LONGEST):
        return name
    raise typer.BadParameter(
        f"{name!r}: a name has letters (a to z), digits, - and _ alone, {LONGEST} at most"
    )


def output_name(case: str, settings: Mapping[str, Any]) -> str:
    """Return what page, draws and summary of a run are called, without the ending.

    Raises
    ------
    typer.BadParameter
        The name that was given is that of another case, or of a file that is no case's.
    """
    given = usable(settings.get("stem"))
    if given is None:
        shipped = DATA / f"{case}.csv"
        data = Path(settings.get("data") or shipped)
        beside = Path(settings.get("out") or HTML).resolve() == HTML.resolve()
        return _of_data(case, data) if beside and data.resolve() != shipped else case
    if given != case and not _free(given):
        raise typer.BadParameter(f"--name {given} is what another page is called; choose another")
    return given


def _free(name: str) -> bool:
    """Say whether a name is no other case's, on file systems without capitals too."""
    taken = {*found.cases(), *OURS}
    kept = name.startswith(("proof_", "compare_"))
    return not kept and name.lower() not in {one.lower() for one in taken}


def _of_data(case: str, path: Path) -> str:
    """Return a name made of the case's and the file's, of characters that any name may have."""
    own = re.sub(r"[^A-Za-z0-9_-]+", "_", path.stem).strip("_") or "data"
    name = f"{case}_{own}"[:LONGEST]
    return name if _free(name) else f"{name[: LONGEST - 4]}_own"
