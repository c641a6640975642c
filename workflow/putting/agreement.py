"""Do counts agree with a curve, distance by distance, and are putts that share something alike?"""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from workflow.checking.alike import Residuals
from workflow.checking.checks import Statistic
from workflow.quantities import SAMPLE

type OfRows = Callable[[np.ndarray], np.ndarray]  # last axis: row


def shares(putts: pd.DataFrame) -> dict[str, Statistic]:
    """Return the share of putts that are made, of all and at both ends, as test statistics."""
    n = putts["tries"].to_numpy()
    found: dict[str, OfRows] = {
        "share made, all putts": lambda missed: 1 - missed.sum(-1) / n.sum(),
        "share made from nearest": lambda missed: 1 - missed[..., 0] / n[0],
        "share made from farthest": lambda missed: 1 - missed[..., -1] / n[-1],
    }
    return {name: partial(_of_rows, of=of) for name, of in found.items()}


def misfits(putts: pd.DataFrame, p: np.ndarray) -> dict[str, Statistic]:
    """Return what a curve with one parameter does not fit, as test statistics.

    `p` are the chances by the curve, at the posterior mean; rows are in the order of distance.
    """
    n, place = putts["tries"].to_numpy(), np.linspace(-1, 1, len(putts))
    bend = place**2 - (place**2).mean()

    def left(missed: np.ndarray) -> np.ndarray:
        found: np.ndarray = (n * (1 - p) - missed) / np.sqrt(n * p * (1 - p))
        return found

    found: dict[str, OfRows] = {
        "counts against the curve (chi-square)": lambda missed: (left(missed) ** 2).sum(-1),
        "farthest count from the curve (sds)": lambda missed: np.abs(left(missed)).max(-1),
        "near and far against the middle": lambda missed: (
            left(missed) @ bend / np.sqrt(bend @ bend)
        ),
        "neighbours off on the same side (correlation, 0 if below)": lambda missed: _neighbours(
            left(missed)
        ),
    }
    return {name: partial(_of_rows, of=of) for name, of in found.items()}


def residuals(rows: pd.DataFrame, p: Mapping[float, float]) -> Residuals:
    """Return by how many sds each row of the file is above the curve (`p` by distance).

    What is estimated is the angle, which errs by the sum of the rows' scores.
    """
    n, x = rows["tries"], rows["distance_ft"]
    of_row = x.map(p)
    sd = np.sqrt(n * of_row * (1 - of_row))
    z = stats.norm.ppf((1 + of_row) / 2)  # the angle that the hole allows, in sds
    slope = z * np.exp(-(z**2) / 2)
    weights = pd.DataFrame({"the angle": n * slope / sd})
    return Residuals((rows["successes"] - n * of_row) / sd, weights, np.zeros(len(rows), dtype=int))


def _neighbours(z: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.maximum((z[..., 1:] * z[..., :-1]).sum(-1), 0) / (z**2).sum(-1)
    return found


def _of_rows(y: xr.DataArray, given: xr.Dataset, *, of: OfRows) -> xr.DataArray:
    kept = [dim for dim in SAMPLE if dim in y.dims]
    return xr.DataArray(of(y.transpose(*kept, "row").to_numpy().astype(float)), dims=kept)
