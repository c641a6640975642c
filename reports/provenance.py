"""Where a page comes from: data hash, code commit, versions, seed, settings, seconds, command."""

import hashlib
import importlib.metadata
import platform
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from reports.text import visible

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "pymc",
    "arviz",
    "nutpie",
    "pytensor",
    "numba",
    "numpy",
    "scipy",
    "pandas",
    "xarray",
    "matplotlib",
)


@dataclass(frozen=True)
class Provenance:
    """What it takes to make a page again, and to know that it is the same."""

    data: str
    data_sha256: str
    other_data: dict[str, str]  # path: SHA-256 of further files that numbers come from
    commit: str
    seed: int
    versions: dict[str, str]
    command: str
    settings: dict[str, str]
    seconds: dict[str, float]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of Python, of the system and of the packages that matter."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), "system": platform.system(), **found}


def commit() -> str:
    """Return the commit of the code, "+changes" if files differ from it; else "unknown"."""
    try:
        head = _git("rev-parse", "HEAD").strip()
        return head + ("+changes" if _git("status", "--porcelain").strip() else "")
    except (OSError, ValueError, subprocess.SubprocessError):
        return "unknown"


def _git(*words: str) -> str:
    command = ["git", "-C", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout


def command(case: str, settings: dict[str, object]) -> str:
    """Return the command that makes the page again, to be run in the project's folder.

    `settings` are the arguments of the analysis' `main` by name.
    """
    words = ["python", "-m", f"analyses.{case}"]
    for name, value in settings.items():
        if value is None or value is False or name in {"out", "quiet"}:
            continue
        option = f"--{name.replace('_', '-')}"
        words += [option] if value is True else [option, shown(value)]
    return shlex.join(words)


def shown(value: object) -> str:
    """Return a setting as printable text; a path inside the project relative to it."""
    if isinstance(value, Path):
        path = value.resolve()
        value = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return visible(str(value))
