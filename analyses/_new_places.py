"""Predictions of a curve: what is known of it, and of a new row, at the x of a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from analyses._predicted import SEED, Predictions
from data._how import Reading
from data.smooth_curve import read_new
from workflow.functions.new_places import at
from workflow.functions.points import summed


def of_places(
    posterior: xr.Dataset, design: Mapping[str, Any], path: Path, reading: Reading
) -> Predictions:
    """Predict the curve, and a new row, at every x of a file.

    Raises
    ------
    DataError
        The file cannot be read, or has no such column of numbers.
    """
    x = read_new(path, design["x"], reading)
    where, many, u = (np.array(design[name]) for name in ("where", "many", "u"))
    known = summed(where, many, u, design["mean"], design["level"])
    found = at(known, posterior, x.to_numpy(), seed=SEED)
    outside = int(found["extrapolated"].sum())
    found.insert(0, str(x.name), x.to_numpy())
    found.insert(0, "line", x.index.to_numpy())
    return Predictions(found, f"values of {design['y']}", len(found), outside)
