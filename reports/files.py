"""Writing a file whole or not at all: under a temporary name, flushed to disk, then renamed."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xarray as xr


def write(path: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a file beside `path` and rename it to `path` when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        fill(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    write(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def write_tree(path: Path, tree: xr.DataTree) -> None:
    """Write a tree as netCDF (compressed where that helps), whole or not at all."""
    encoding = {
        node.path: {
            name: {"zlib": True, "complevel": 1}
            for name, variable in node.data_vars.items()
            if np.issubdtype(variable.dtype, np.integer) or variable.dtype == bool
        }
        for node in tree.subtree
    }
    write(path, lambda name: tree.to_netcdf(name, engine="h5netcdf", encoding=encoding))
