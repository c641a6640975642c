"""Generated files, and what is no file, for every loader: a model that can be fitted, or exit 3."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings, strategies as st

from data._table import DataError
from tests.brought._brought import BROUGHT, brought, ways
from tests.faults.fault import Fault
from tests.faults.tables import tables

EXAMPLES = 40  # generated files a loader
MODELS = 8  # of them, with numbers of all sizes, that become models


def finite(case: str, way: str, found: object) -> bool:
    """Say whether the model of what was read has a finite log density where NUTS starts."""
    model = brought(case).READERS[way].build(found)
    if model is None:
        return True
    point = model.initial_point()
    return bool(np.isfinite(model.compile_logp(mode="FAST_COMPILE")(point)))


def read(case: str, way: str, path: Path) -> Any:
    """Return what is read from the file at `path`; None if it is refused with a message."""
    try:
        return brought(case).READERS[way].load(path)
    except DataError as error:
        if not str(error):
            raise
        return None


def any_file(folder: Path, case: str, way: str) -> Counter[str]:
    """Feed a loader generated files; return how they ended."""
    ends: Counter[str] = Counter()
    path = folder / "any.csv"
    looks = brought(case).LIKE
    like = tables(looks.get(way, looks[""]))
    lines = st.lists(st.tuples(st.sampled_from(["spam", "ham", "x", ""]), st.text(max_size=20)))
    messages = lines.map(lambda found: "\n".join(f"{a}\t{b}" for a, b in found).encode())
    kinds = st.binary(max_size=300) | messages | like | like | like

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(kinds)
    def feed(content: bytes) -> None:
        path.write_bytes(content)
        ends["refused" if read(case, way, path) is None else "read"] += 1

    feed()
    return ends


def extreme(folder: Path, case: str) -> Counter[str]:
    """Feed a loader numbers of all sizes, and build the model of those that it takes."""
    ends: Counter[str] = Counter()
    path = folder / "extreme.csv"

    @settings(
        max_examples=MODELS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(brought(case).numbers())
    def feed(content: bytes) -> None:
        path.write_bytes(content)
        found = read(case, "", path)
        ends["refused" if found is None else "read"] += 1
        assert found is None or finite(case, "", found), content

    feed()
    return ends


def generated(folder: Path) -> str:
    """Feed all loaders."""
    ends: Counter[str] = Counter()
    for case, way in ways():
        ends += any_file(folder, case, way)
    return (
        f"{ends.total():,} files for {len([*ways()])} ways to read one: {ends['refused']:,} "
        f"refused with a message, {ends['read']:,} read, no other end."
    )


def sizes(folder: Path) -> str:
    """Feed the loader of each case numbers of all sizes."""
    ends: Counter[str] = Counter()
    for case in BROUGHT:
        ends += extreme(folder, case)
    return (
        f"{ends.total()} files: {ends['refused']} refused with a message; of the other "
        f"{ends['read']} the model has a finite log density where the sampler starts."
    )


def no_file(folder: Path) -> str:
    """Name what is no file of text."""
    os.mkfifo(folder / "pipe")
    (folder / "endless").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "utf16.csv").write_text("arm,visitors,conversions\n", encoding="utf-16")
    (folder / "image.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    paths = [folder, *folder.iterdir(), folder / "none", folder / ("x" * 300), folder / "a\x00b"]
    paths += [Path("/dev/zero"), Path("/dev/tty"), Path("/proc/self/mem")]
    for case, way in ways():
        for path in paths:
            assert _refused(brought(case).READERS[way].load, path), path
    return f"{len(paths)} of them, each refused at once by each of {len([*ways()])} ways to read."


def _refused(load: Callable[[Path], object], path: Path) -> bool:
    try:
        load(path)
    except DataError as error:
        return str(path)[:50] in str(error)
    return False


FAULTS = [
    Fault(
        "Files",
        "generated files: bytes, encodings, marks, quotes, NULs, ragged rows, twice the same "
        "column, no rows, numbers that are none, cells of 10,000 characters",
        "read, or exit code 3 with a message",
        generated,
    ),
    Fault(
        "Files",
        "files in order with numbers from 1e-99 to 1e99, or up to 1,000,000,000 cases",
        "a model with a finite log density at the start, or exit code 3 with a message",
        sizes,
    ),
    Fault(
        "Files",
        "a folder, a pipe, a device without end, a loop of links, nothing, an image, UTF-16",
        "exit code 3, at once",
        no_file,
    ),
]
