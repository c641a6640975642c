"""Draws of a posterior as plain arrays, and quantiles of many rows at once."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

TAILS = (0.025, 0.975)
CHUNK = 1_000  # rows at a time: draws times rows would not fit into memory for large files


def flat(posterior: xr.Dataset, name: str) -> np.ndarray:
    """Return the draws of a variable, all chains in one; dims: draw, then those of the variable."""
    found = posterior[name]
    others = [dim for dim in found.dims if dim not in ("chain", "draw")]
    array = found.transpose("chain", "draw", *others).to_numpy()
    return array.reshape(-1, *array.shape[2:])


def chunks(n: int) -> Iterator[slice]:
    """Yield slices of so many rows, `CHUNK` at a time."""
    return (slice(at, at + CHUNK) for at in range(0, n, CHUNK))


def ends(drawn: np.ndarray, tails: tuple[float, ...] = TAILS) -> np.ndarray:
    """Return quantiles of each row of draws, without interpolation; dims: row, quantile.

    By sorting: numpy does that several times as fast as it selects.
    """
    at = [min(int(p * drawn.shape[1]), drawn.shape[1] - 1) for p in tails]
    found: np.ndarray = np.sort(drawn, axis=1)[:, at]
    return found
