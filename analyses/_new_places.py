"""Predictions of a curve: what is known of it, and of a new row, at the x of a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analyses._predicted import SEED, Predictions
from data._how import Reading
from data._table import refuse
from data.smooth_curve import read_new
from workflow.functions.basis import Basis
from workflow.functions.new_places import at
from workflow.functions.points import summed
from workflow.functions.waves import about

SHOWN = 20  # problems


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
    if "waves" in design:
        known = about(known, Basis(**design["waves"]))
        refuse(path, _outside(x, known.basis.ends))
    found = at(known, posterior, x.to_numpy(), seed=SEED)
    outside = int(found["extrapolated"].sum())
    found.insert(0, str(x.name), x.to_numpy())
    found.insert(0, "line", x.index.to_numpy())
    return Predictions(found, f"values of {design['y']}", len(found), outside)


def _outside(x: pd.Series, ends: tuple[float, float]) -> list[str]:
    """Say which x lie where the waves of a fit do not tell the curve."""
    low, high = ends
    return [
        f"line {line}: {x.name} {value:g} lies outside of {low:g} to {high:g}: a curve that was "
        "fitted at so many x is told between them alone; leave such rows out"
        for line, value in x[(x < low) | (x > high)].items()
    ][:SHOWN]
