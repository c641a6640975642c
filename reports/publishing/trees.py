"""The draws as netCDF: to bytes, and from a file whose checksum is right."""

import contextlib
import hashlib
import io
from collections.abc import Collection
from pathlib import Path

import xarray as xr

from reports.publishing.sealed import DamagedError, read_summary

PREDICTIVE = ("prior_predictive", "posterior_predictive")
PREDICTIONS = 1000


def to_netcdf(tree: xr.DataTree) -> memoryview:
    """Return a tree as netCDF.

    Numbers for every row of the data take the room: they are written in single precision, and of
    the predictions `PREDICTIONS` draws at most. Posterior and prior stay as they are. In memory,
    because HDF5 has many ways to fail when a disk is full, and plain writing has one.
    """
    kept = xr.DataTree.from_dict({node.path: _thinned(node) for node in tree.subtree})
    kept.attrs |= tree.attrs
    encoding = {
        node.path: {
            name: _encoding(node.name, variable) for name, variable in node.data_vars.items()
        }
        for node in kept.subtree
    }
    return kept.to_netcdf(engine="h5netcdf", encoding=encoding)


def read_tree(path: Path, only: Collection[str] = ()) -> xr.DataTree:
    """Return the tree in `<case>.nc`, if it is the one that `<case>.json` beside it vouches for.

    Of the groups `only` these, as far as they are there; else all, which takes a second.

    Raises
    ------
    DamagedError
        One of the two is missing, truncated or altered; nothing of the tree was opened.
    """
    vouched = read_summary(path.with_suffix(".json"))["files"].get(path.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedError(f"{path.name}: cannot be read ({error.strerror})") from None
    if hashlib.sha256(content).hexdigest() != vouched:
        raise DamagedError(f"{path.name}: truncated or altered since it was written")
    if not only:
        return xr.open_datatree(io.BytesIO(content), engine="h5netcdf").load()
    found = {}
    for group in only:
        with contextlib.suppress(OSError):  # there is none
            opened = xr.open_dataset(io.BytesIO(content), engine="h5netcdf", group=group)
            found[group] = opened.load()
    return xr.DataTree.from_dict(found)


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
