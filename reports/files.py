"""Writing a file whole or not at all: under a temporary name, flushed to disk, then renamed."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import xarray as xr

PREDICTIVE = ("prior_predictive", "posterior_predictive")
PREDICTIONS = 1000


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
    """Write a tree as netCDF, whole or not at all.

    Numbers for every row of the data take the room: they are written in single precision, and of
    the predictions `PREDICTIONS` draws at most. Posterior and prior stay as they are.
    """
    kept = xr.DataTree.from_dict({node.path: _thinned(node) for node in tree.subtree})
    kept.attrs |= tree.attrs
    encoding = {
        node.path: {
            name: _encoding(node.name, variable) for name, variable in node.data_vars.items()
        }
        for node in kept.subtree
    }
    write(path, lambda name: kept.to_netcdf(name, engine="h5netcdf", encoding=encoding))


def _thinned(node: xr.DataTree) -> xr.Dataset:
    """Return a group's data; of predictions every so many draws, evenly."""
    data = node.to_dataset()
    if node.name not in PREDICTIVE:
        return data
    every = -(-data.sizes["chain"] * data.sizes["draw"] // PREDICTIONS)
    return data.isel(draw=slice(0, None, every))


def _encoding(group: str | None, variable: xr.DataArray) -> dict[str, object]:
    if variable.dtype.kind in "ib":
        return {"zlib": True, "complevel": 1}
    if variable.dtype.kind == "f" and group in {*PREDICTIVE, "log_likelihood"}:
        return {"dtype": "float32", "zlib": True, "complevel": 1, "shuffle": True}
    return {}
