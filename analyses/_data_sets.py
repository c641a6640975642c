"""The data sets of a batch: the files that a pattern names, or the parts of one file."""

import glob
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analyses._cases import cases
from data._parts import parts
from data._reading import DataError
from reports.publishing.files import locked, publish

KEPT = ("proof_", "compare_")  # pages of another kind
LONGEST = 60  # characters of a name that come into that of a file


@dataclass(frozen=True)
class DataSet:
    """A data set: what it is called, its file, and what its page is called."""

    name: str
    path: Path
    stem: str


def of_files(pattern: str) -> list[DataSet]:
    """Return the files that a pattern names, sorted; a path that exists is itself, brackets or not.

    Raises
    ------
    DataError
        It names none.
    """
    one = Path(pattern)
    paths = [one] if one.is_file() else sorted(map(Path, glob.glob(pattern, recursive=True)))
    paths = [path for path in paths if path.is_file()]
    if not paths:
        more = "; a pattern stands in quotes, as in 'tests/*.csv'" if one == Path(pattern) else ""
        raise DataError(f"{pattern}: no file is called so{more}")
    stems = Counter(path.stem for path in paths)
    names = [p.stem if stems[p.stem] == 1 else str(p) for p in paths]
    return _named(names, paths)


def of_parts(
    path: Path, by: str, folder: Path, *, encoding: str | None, separator: str | None
) -> tuple[list[DataSet], str]:
    """Write the parts of a file into `folder`; return them, and what separates their cells.

    Raises
    ------
    DataError
        The file cannot be split.
    OutputError
        A part cannot be written.
    """
    found, between = parts(path, by, encoding=encoding, separator=separator)
    names = [one.name for one in found]
    sets = _named(names, [folder] * len(found))
    there = [folder / f"{one.stem}.csv" for one in sets]
    with locked(folder):
        made = {at.name: one.content for at, one in zip(there, found, strict=True)}
        publish(folder, "parts", made)
    return [
        DataSet(one.name, target, one.stem) for one, target in zip(sets, there, strict=True)
    ], between


def _named(names: Sequence[str], paths: Sequence[Path]) -> list[DataSet]:
    """Give each a name that its files can have: no two are the same, in capitals or not."""
    taken = {"index", *cases()}
    last: Counter[str] = Counter()  # number that a name has got: ten thousand may begin alike
    found = []
    for name, path in zip(names, paths, strict=True):
        base = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")[:LONGEST] or "data"
        base = f"data_{base}" if base.startswith(KEPT) else base
        stem, low = base, base.lower()
        last[low] = max(last[low], 1)
        while stem.lower() in taken:
            last[low] += 1
            stem = f"{base}_{last[low]}"
        taken.add(stem.lower())
        found.append(DataSet(name, path, stem))
    return found
