"""Where a page comes from: data hash, code commit, versions, seed, settings, seconds, command."""

import hashlib
import importlib.metadata
import os
import platform
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from reports.blocks.text import visible

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("analyses", "data", "models", "reports", "workflow")
BESIDE = ("reports/page/templates", "reports/play/scripts")  # of what is no module
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
    compiling: str = ""  # why nutpie's functions are compiled anew every time; "": they are kept


class Sources:
    """The files that numbers come from; `sums` has the SHA-256 of each.

    Parameters
    ----------
    as_read
        SHA-256 of the bytes that were read, by resolved path. It is filled while files are read; of
        a file that is not in it yet the sum is what it is now.
    """

    def __init__(self, paths: Iterable[Path], as_read: Mapping[Path, str]) -> None:
        self._as_read = as_read
        self.sums = {path: checksum(path, as_read) for path in paths}

    def changed(self) -> list[Path]:
        """Return the files that are not, or were not when they were read, what `sums` say."""
        return [
            path
            for path, was in self.sums.items()
            if {checksum(path), checksum(path, self._as_read)} != {was}
        ]


def checksum(path: Path, known: Mapping[Path, str] = MappingProxyType({})) -> str:
    """Return the SHA-256 of what a path names, in hexadecimal; "" for what cannot be read.

    Of a folder it is that of a line for each of its Parquet files, name and SHA-256; of a query,
    FILE::QUERY, that of the SHA-256 of the file, a line end, and the query. `known` has sums of
    files already, by resolved path.
    """

    def of(file: Path) -> str:
        return known.get(file.resolve()) or sha256(file)

    if os.path.isdir(path):
        lines = [f"{one.name}\t{of(one)}\n" for one in _parts(path)]
        return hashlib.sha256("".join(lines).encode()).hexdigest()
    database, query = _query(path)
    if query:
        return hashlib.sha256(f"{of(database)}\n{query}".encode()).hexdigest()
    return of(path)


def _parts(folder: Path) -> list[Path]:
    """Return the Parquet files of a folder, as the reader takes them."""
    there = sorted(folder.iterdir(), key=lambda one: one.name)
    parquet = [one for one in there if one.suffix.lower() in {".parquet", ".pq"}]
    return [one for one in parquet if not one.name.startswith((".", "_"))]


def _query(path: Path) -> tuple[Path, str]:
    """Return the database and the query that FILE::QUERY names; of any other path no query."""
    words = str(path).split("::")
    ends = [i for i in range(1, len(words)) if os.path.isfile("::".join(words[:i]))]
    if os.path.exists(path) or not ends:
        return path, ""
    return Path("::".join(words[: ends[0]])), "::".join(words[ends[0] :]).strip()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal; "" for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def versions() -> dict[str, str]:
    """Return the versions of Python, of the system and of the packages that matter."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), "system": platform.system(), **found}


def code() -> str:
    """Return a checksum of the casebook's own modules, templates and scripts."""
    modules = [path for part in OURS for path in (ROOT / part).rglob("*.py")]
    beside = [path for part in BESIDE for path in (ROOT / part).iterdir() if path.is_file()]
    found = hashlib.sha256()
    for path in sorted([*modules, *beside]):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()


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
        if value is None or value is False or value == [] or name in {"out", "quiet"}:
            continue
        option = f"--{name.replace('_', '-')}"
        if isinstance(value, list):
            words += [word for one in value for word in (option, shown(one))]
            continue
        words += [option] if value is True else [option, shown(value)]
    return shlex.join(words)


def shown(value: object) -> str:
    """Return a setting as printable text; a path inside the project relative to it."""
    if isinstance(value, Path):
        path = value.resolve()
        value = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return visible(str(value))
