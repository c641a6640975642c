"""Fits that are saved without sampling: draws of one's own with a design, sealed as a run does."""

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from analyses import _designs as designs
from reports.publishing.sealed import seal
from reports.publishing.trees import to_netcdf

S = (4, 500)


def saved(
    folder: Path, posterior: dict[str, tuple], design: dict[str, Any] | None, **said: Any
) -> Path:
    """Write fit.nc and fit.json; `posterior` has (dims beside chain and draw, draws) by name."""
    variables = {name: (("chain", "draw", *dims), x) for name, (dims, x) in posterior.items()}
    tree = xr.DataTree.from_dict({"posterior": xr.Dataset(variables)})
    designs.keep(tree, "a_case", design)
    return sealed(folder, tree, **said)


def sealed(folder: Path, tree: xr.DataTree, **said: Any) -> Path:
    """Write a tree and the summary that vouches for it."""
    files: dict[str, bytes | memoryview] = {"fit.nc": to_netcdf(tree)}
    summary = {"case": "fit", "status": "PASS", "decision": "x", "answer": "It is.", "warnings": []}
    files["fit.json"] = seal(summary | said, files)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder / "fit.nc"


def regression(design: dict[str, Any], **noise: float) -> dict[str, tuple]:
    """Return draws of a regression with the terms of a design, about 1 for every coefficient."""
    rng, k = np.random.default_rng(14), len(design["terms"])
    found: dict[str, tuple] = {
        "intercept": ((), rng.normal(1, 0.1, S)),
        "slope": (("term",), rng.normal(1, 0.1, (*S, k))),
    }
    return found | {name: ((), np.full(S, value)) for name, value in noise.items()}
